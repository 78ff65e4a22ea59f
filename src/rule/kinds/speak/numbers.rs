//! Numbers as they are said in English: money, times, dates, phone numbers in groups, percent,
//! ordinals, years, units, what is reckoned.
//!
//! A number within a word, a name or an address (`B12`, `CARD_1`, `a@9.com`) stays as it is.

mod amount;
mod cues;
mod date;
mod digits;
mod fraction;
mod money;
mod months;
mod time;
mod units;
mod words;
mod written;

use crate::stream::sweep::{Glimpse, Swept};

/// The bytes with which a number can begin: digits, signs before them, and those of `½`, `€` and
/// the like.
pub(super) const STARTS: &[u8] = b"0123456789$+-(#~.*ACEGIJMU\xC2\xE2";

/// A number that was read: where it ends, and how it is said.
type Read = (usize, String);

/// What begins here and is a number.
pub(super) fn look(here: &Glimpse<'_>) -> Option<Swept> {
    let first = here.letter(0)?;
    let (end, said) = match first {
        '0'..='9' => {
            let is_code = place_of_digit(here)?;
            match is_code {
                true => digits::code(here, 0)?,
                false => chain(here, 0)?,
            }
        }
        _ if fraction::sign(first).is_some() => fraction::alone(here)?,
        _ if money::sign(first).is_some() => chain(here, 0)?,
        '+' | '-' | '−' | '~' | '#' | '*' | '.' if !begins_word(here) => return None,
        '+' => digits::with_plus(here).or_else(|| signed(here, "plus "))?,
        '-' | '−' => signed(here, "minus ")?,
        '~' => signed(here, "about ")?,
        '#' => digits::with_hash(here).or_else(|| signed(here, "number "))?,
        // Two of them are marks of emphasis.
        '*' if here.last() == Some('*') => return None,
        '*' => signed(here, "star ")?,
        '.' => {
            let len = here.run(1, 12, |sign| sign.is_ascii_digit());
            let is_alone = len > 0 && here.is_apart(1 + len);
            is_alone.then(|| {
                (
                    1 + len,
                    format!("point {}", words::digits(here.text(1..1 + len))),
                )
            })?
        }
        '(' => digits::with_area(here)?,
        'A'..='Z' if begins_word(here) => {
            let (currency, len) = money::code(here)?;
            amount::priced(here, len, currency)?
        }
        _ => return None,
    };
    // As in `US$5`.
    let is_glued = here.last().is_some_and(char::is_alphanumeric);
    let said = if is_glued { format!(" {said}") } else { said };
    Some(Swept::Said(end, said))
}

fn begins_word(here: &Glimpse<'_>) -> bool {
    let last = here.last();
    last.is_none_or(|last| last.is_whitespace() || "([\"'“‘*—–:".contains(last))
}

/// Whether a digit that stands here is of a code behind letters (`ORD-1234`); none: it is of a word.
fn place_of_digit(here: &Glimpse<'_>) -> Option<bool> {
    let mut before = here.before().chars().rev();
    let (last, other) = (before.next(), before.next());
    let other_is = |is: fn(char) -> bool| other.is_some_and(is);
    match last {
        None => Some(false),
        Some(last) if last.is_alphanumeric() || "_@=?&%~\\/".contains(last) => None,
        Some('.' | ':') if other_is(char::is_alphanumeric) => None,
        Some('-') if other_is(char::is_numeric) => None,
        Some('-') => Some(other_is(char::is_alphabetic)),
        Some(_) => Some(false),
    }
}

/// A number behind a sign, which is said as a word.
fn signed(here: &Glimpse<'_>, word: &str) -> Option<Read> {
    let len = here.letter(0)?.len_utf8();
    let next = here.letter(len)?;
    if !next.is_ascii_digit() && money::sign(next).is_none() {
        return None;
    }
    let (end, said) = chain(here, len)?;
    Some((end, format!("{word}{said}")))
}

/// A number, and what is reckoned with it or reaches from it.
fn chain(here: &Glimpse<'_>, at: usize) -> Option<Read> {
    if let Some(whole) = whole(here, at) {
        return Some(whole);
    }
    let currency = money::prefix(here, at).map(|(currency, _)| currency);
    let (mut end, mut said) = value(here, at)?;
    for _ in 0..8 {
        let Some((word, next)) = joint(here, end) else {
            break;
        };
        let priced = || amount::priced(here, next, currency?);
        let Some((behind, second)) = priced().or_else(|| value(here, next)) else {
            break;
        };
        let word = match word {
            TO if here.text(at..end) == here.text(next..behind) => " ",
            TO if goes_on(here, behind) => break,
            BY if money::prefix(here, next).is_some() => " times ",
            LESS if !is_reckoned(here, behind) => TO,
            word => word,
        };
        let mut second = second;
        if word == TO
            && let Some((first, last)) = date::days(here, (at, end), (next, behind), &second)
        {
            (said, second) = (first, last);
        }
        said.push_str(word);
        said.push_str(&second);
        end = behind;
    }
    Some((end, said))
}

const TO: &str = " to ";
const BY: &str = " by ";
const LESS: &str = " minus ";

/// Whether what looks like a range goes on, as a code does.
fn goes_on(here: &Glimpse<'_>, end: usize) -> bool {
    here.byte(end) == Some(b'-') && here.letter(end + 1).is_some_and(char::is_alphanumeric)
}

/// Whether the result of something that is reckoned follows.
fn is_reckoned(here: &Glimpse<'_>, end: usize) -> bool {
    [" =", " is ", " equals"]
        .iter()
        .any(|sign| here.has(end, sign))
}

/// What is a number of several parts: a date, a phone number, an address of a server.
fn whole(here: &Glimpse<'_>, at: usize) -> Option<Read> {
    date::read(here, at)
        .or_else(|| digits::service(here, at))
        .or_else(|| digits::groups(here, at))
        .or_else(|| digits::before_word(here, at))
        .or_else(|| digits::dotted(here, at))
}

/// One number with all that belongs to it.
fn value(here: &Glimpse<'_>, at: usize) -> Option<Read> {
    if let Some((currency, len)) = money::prefix(here, at) {
        return amount::priced(here, at + len, currency);
    }
    if !here.letter(at)?.is_ascii_digit() {
        return None;
    }
    time::read(here, at)
        .or_else(|| fraction::read(here, at))
        .or_else(|| units::height(here, at))
        .or_else(|| amount::read(here, at))
}

/// What joins two numbers, and where the second begins.
fn joint(here: &Glimpse<'_>, at: usize) -> Option<(&'static str, usize)> {
    let blanks = here.run(at, 1, |sign| sign == ' ');
    let sign = here.letter(at + blanks)?;
    let word = match sign {
        '-' if blanks == 0 => TO,
        '–' => TO,
        '-' | '−' => LESS,
        '*' | '×' => " times ",
        'x' => BY,
        '+' => " plus ",
        '=' => " equals ",
        '÷' => " divided by ",
        '/' if blanks > 0 => " divided by ",
        '<' => " is less than ",
        '>' => " is more than ",
        _ => return None,
    };
    let behind = at + blanks + sign.len_utf8();
    let next = behind + here.run(behind, 1, |sign| sign == ' ');
    if (next > behind) != (blanks > 0) {
        return None;
    }
    let first = here.letter(next)?;
    (first.is_ascii_digit() || money::sign(first).is_some()).then_some((word, next))
}
