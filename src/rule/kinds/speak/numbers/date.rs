//! Dates: `2025-03-04`, `3/4/2025` (the month first, unless it can be none), `3 March`.

use super::cues::NumberCue;
use super::months::MONTHS;
use super::written::WrittenAmount;
use super::{Read, cues, time, words};
use crate::stream::sweep::Glimpse;

/// A date that begins at an offset.
pub(super) fn read(here: &Glimpse<'_>, at: usize) -> Option<Read> {
    let (first, sign) = part(here, at)?;
    let sign = sign.filter(|sign| "/-.".contains(*sign))?;
    let second_at = at + first.len() + 1;
    let (second, other) = part(here, second_at)?;
    let numbers = |text: &str| text.parse::<u64>().ok();
    let is_over = other.is_none_or(|other| !other.is_alphanumeric());
    if sign == '/'
        && other != Some('/')
        && is_over
        && let Some(said) = month_of_year(here, at, (first, second))
    {
        return Some((second_at + second.len(), said));
    }
    if second.len() > 2 {
        return None;
    }
    if other != Some(sign) {
        let is_likely =
            numbers(second).is_some_and(|day| (13..=31).contains(&day) && day != 16 && day != 20);
        let is_day = sign == '/' && first.len() < 3 && (is_likely || cues::tells_day(here, at));
        let day = is_day
            .then(|| said(numbers(first)?, numbers(second)?, None))
            .flatten();
        let end = second_at + second.len();
        return day.filter(|_| is_over).map(|day| (end, day));
    }
    let third_at = second_at + second.len() + 1;
    let (third, behind) = part(here, third_at)?;
    let end = third_at + third.len();
    let is_time = behind == Some('T')
        && here
            .letter(end + 1)
            .is_some_and(|next| next.is_ascii_digit());
    if behind.is_some_and(|behind| behind.is_alphanumeric() || behind == '_') && !is_time {
        return None;
    }
    let date = match (first.len(), second.len(), third.len()) {
        (4, 2, 1 | 2) if numbers(second)? <= 12 => {
            said(numbers(second)?, numbers(third)?, numbers(first))?
        }
        (1 | 2, 1 | 2, 4) => said(numbers(first)?, numbers(second)?, numbers(third))?,
        (1 | 2, 1 | 2, 2) if sign == '/' => {
            let year = numbers(third)?;
            let year = if year < 40 { 2000 + year } else { 1900 + year };
            said(numbers(first)?, numbers(second)?, Some(year))?
        }
        _ => return None,
    };
    if !is_time {
        return Some((end, date));
    }
    let Some((behind, time)) = time::read(here, end + 1) else {
        return Some((end + 1, format!("{date} at ")));
    };
    let zone = usize::from(here.byte(behind) == Some(b'Z'));
    Some((behind + zone, format!("{date} at {time}")))
}

/// `12/2026`, and `12/26` where a card's expiry is spoken of: a month and its year.
fn month_of_year(here: &Glimpse<'_>, at: usize, (month, year): (&str, &str)) -> Option<String> {
    let number: usize = month.parse().ok()?;
    let name = MONTHS.get(number.checked_sub(1)?)?;
    let is_whole = year.len() == 4 && (year.starts_with("19") || year.starts_with("20"));
    let is_short = year.len() == 2 && cues::tells_expiry(here, at);
    if month.len() > 2 || !(is_whole || is_short) {
        return None;
    }
    let year: u64 = year.parse().ok()?;
    let year = if is_whole { year } else { 2000 + year };
    Some(format!("{name} {}", words::year(year)))
}

/// The digits at an offset, four at most, and the sign behind them.
fn part<'t>(here: &Glimpse<'t>, at: usize) -> Option<(&'t str, Option<char>)> {
    let len = here.run(at, 5, |sign| sign.is_ascii_digit());
    let is_part = (1..=4).contains(&len);
    is_part.then(|| (here.text(at..at + len), here.letter(at + len)))
}

/// A date in words. Where the first can't be a month, it is the day.
fn said(month: u64, day: u64, year: Option<u64>) -> Option<String> {
    let (month, day) = if month > 12 {
        (day, month)
    } else {
        (month, day)
    };
    let name = MONTHS.get(usize::try_from(month.checked_sub(1)?).ok()?)?;
    // A leap year is not reckoned: what may be a day is one.
    let longest = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if !(1..=longest).contains(&day) {
        return None;
    }
    let day = words::ordinal(day);
    Some(match year {
        None => format!("{name} {day}"),
        Some(year) => format!("{name} {day}, {}", words::year(year)),
    })
}

/// The day before the name of a month, as in `3 March`: "the third of".
pub(super) fn day_before_month(
    here: &Glimpse<'_>,
    at: usize,
    amount: &WrittenAmount,
) -> Option<String> {
    let day: u64 = amount.whole.parse().ok()?;
    if !(1..=31).contains(&day) || amount.decimals.is_some() || here.byte(amount.end) != Some(b' ')
    {
        return None;
    }
    let next = amount.end + 1;
    // Most words that follow are decided by their first letter.
    let is_capital = here.letter(next).is_some_and(char::is_uppercase);
    let mut names = MONTHS.iter();
    if !is_capital || !names.any(|name| here.has_word(next, name)) {
        return None;
    }
    let is_told = at == 0 && here.before().trim_end().ends_with(" the");
    let day = words::ordinal(day);
    Some(if is_told {
        format!("{day} of")
    } else {
        format!("the {day} of")
    })
}

/// Two days of one month, as in `Dec 5-7` and `5-7 March`; none: they are other numbers. `last` is
/// how the second would be said by itself.
pub(super) fn days(
    here: &Glimpse<'_>,
    first: (usize, usize),
    second: (usize, usize),
    last: &str,
) -> Option<(String, String)> {
    let day = |(from, to): (usize, usize)| {
        let number = here.text(from..to).parse::<u64>().ok();
        number.filter(|day| to - from < 3 && (1..=31).contains(day))
    };
    let (first_day, last_day) = (words::ordinal(day(first)?), words::ordinal(day(second)?));
    if cues::before(here, first.0) == Some(NumberCue::Month) {
        return Some((first_day, last_day));
    }
    let is_before_month = last.starts_with("the ") && last.ends_with(" of");
    is_before_month.then(|| (format!("the {first_day}"), last.to_owned()))
}
