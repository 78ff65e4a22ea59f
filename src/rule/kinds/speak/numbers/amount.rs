//! An amount: a number with its decimals, and the unit, currency or sign behind it.

use super::cues::NumberCue;
use super::money::{self, Currency};
use super::written::WrittenAmount;
use super::{Read, cues, date, digits, time, units, words};
use crate::stream::sweep::Glimpse;

/// Words for thousands and more, with their short forms.
const SIZES: [(&str, &str); 9] = [
    (" thousand", "thousand"),
    (" million", "million"),
    (" billion", "billion"),
    (" trillion", "trillion"),
    ("bn", "billion"),
    ("k", "thousand"),
    ("m", "million"),
    ("b", "billion"),
    (" mil", "million"),
];

/// How it is said where nothing behind it tells.
fn alone(amount: &WrittenAmount, here: &Glimpse<'_>, at: usize) -> String {
    let Ok(number) = amount.whole.parse::<u64>() else {
        return digits::grouped(&amount.whole);
    };
    if amount.has_commas || amount.decimals.is_some() {
        return amount.said();
    }
    let cue = cues::before(here, at);
    let len = amount.whole.len();
    match cue {
        Some(NumberCue::Month) if (1..=31).contains(&number) && len < 3 => {
            return words::ordinal(number);
        }
        Some(NumberCue::Month | NumberCue::Year) if len == 4 && (1100..2100).contains(&number) => {
            return words::year(number);
        }
        Some(NumberCue::Code) if len > 2 => return digits::grouped(&amount.whole),
        _ => {}
    }
    if len > 1 && amount.whole.starts_with('0') {
        return digits::grouped(&amount.whole);
    }
    match len {
        4 if (1900..2100).contains(&number) => words::year(number),
        0..=4 => words::cardinal(number),
        _ if amount.whole.ends_with("00") => words::cardinal(number),
        _ => digits::grouped(&amount.whole),
    }
}

/// A size that follows an amount, with its end.
fn size(here: &Glimpse<'_>, at: usize) -> Option<(&'static str, usize)> {
    let found = SIZES.iter().find(|(size, _)| here.has_word(at, size))?;
    Some((found.1, at + found.0.len()))
}

/// An amount of money, whose currency stands before it.
pub(super) fn priced(here: &Glimpse<'_>, at: usize, currency: &Currency) -> Option<Read> {
    let amount = WrittenAmount::read(here, at)?;
    let (end, said) = match size(here, amount.end) {
        Some((size, end)) => (end, format!("{} {size} {}", amount.said(), currency.many)),
        None => money::said(here, &amount, currency)?,
    };
    let (behind, said) = with_rate(here, end, said);
    is_end(here, behind).then_some((behind, said))
}

/// Any other amount.
pub(super) fn read(here: &Glimpse<'_>, at: usize) -> Option<Read> {
    let amount = WrittenAmount::read(here, at)?;
    let end = amount.end;
    let blanks = here.run(end, 1, |sign| sign == ' ' || sign == '\u{a0}');
    let unit_at = end + blanks;
    if here.byte(unit_at) == Some(b'%') {
        return Some(with_rate(
            here,
            unit_at + 1,
            format!("{} percent", amount.said()),
        ));
    }
    if let Some(number) = ordinal(here, &amount) {
        return Some(number);
    }
    if let Some((currency, len)) = money::suffix(here, unit_at) {
        let (_, said) = money::said(here, &amount, currency)?;
        return Some(with_rate(here, unit_at + len, said));
    }
    if let Some((said, end)) = time::half_of_day(here, end) {
        let hour = (amount.decimals.is_none() && amount.whole.len() < 3).then_some(amount.said());
        return hour.map(|hour| (end, format!("{hour} {said}")));
    }
    if let Some((unit, len)) = units::read(here, unit_at, amount.is_one()) {
        return Some(with_rate(
            here,
            unit_at + len,
            format!("{} {unit}", amount.said()),
        ));
    }
    if !is_end(here, end) {
        return None;
    }
    if let Some(day) = date::day_before_month(here, at, &amount) {
        return Some((end, day));
    }
    Some((end, alone(&amount, here, at)))
}

/// `1st`, `21st`, `1990s`.
fn ordinal(here: &Glimpse<'_>, amount: &WrittenAmount) -> Option<Read> {
    let end = amount.end;
    if amount.decimals.is_some() {
        return None;
    }
    let number: u64 = amount.whole.parse().ok()?;
    for ending in ["st", "nd", "rd", "th"] {
        if here.has_word(end, ending) {
            return Some((end + 2, words::ordinal(number)));
        }
    }
    let apostrophe = usize::from(here.byte(end) == Some(b'\'') && here.has(end + 1, "s"));
    let is_decade = number.is_multiple_of(10) && matches!(amount.whole.len(), 2 | 4);
    if is_decade && number > 19 && here.has_word(end + apostrophe, "s") {
        let said = match number {
            0..100 => words::cardinal(number),
            _ => words::year(number),
        };
        return Some((end + apostrophe + 1, words::plural(&said)));
    }
    None
}

/// With what it is paid for, as in `/month`.
fn with_rate(here: &Glimpse<'_>, end: usize, said: String) -> Read {
    match units::rate(here, end) {
        Some((rate, behind)) => (behind, format!("{said} {rate}")),
        None => (end, said),
    }
}

/// Whether a number ends there: no word and no sign of an address goes on.
fn is_end(here: &Glimpse<'_>, end: usize) -> bool {
    match here.letter(end) {
        None => true,
        Some('@' | '_' | '\\') => false,
        Some('/') => !here.letter(end + 1).is_some_and(char::is_alphanumeric),
        Some(sign) => !sign.is_alphanumeric(),
    }
}
