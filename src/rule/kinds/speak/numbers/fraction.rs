//! Parts of a whole: `1/2`, `1 1/2`, `½`; and what has their shape, such as `24/7` and `7/10`.

use super::{Read, words};
use crate::stream::sweep::Glimpse;

const SIGNS: [(char, u64, u64); 9] = [
    ('½', 1, 2),
    ('¼', 1, 4),
    ('¾', 3, 4),
    ('⅓', 1, 3),
    ('⅔', 2, 3),
    ('⅛', 1, 8),
    ('⅜', 3, 8),
    ('⅝', 5, 8),
    ('⅞', 7, 8),
];

/// What a sign such as `½` stands for.
pub(super) fn sign(sign: char) -> Option<(u64, u64)> {
    let found = SIGNS.iter().find(|(known, ..)| *known == sign)?;
    Some((found.1, found.2))
}

/// A sign such as `½` by itself.
pub(super) fn alone(here: &Glimpse<'_>) -> Option<Read> {
    let first = here.letter(0)?;
    let (upper, lower) = sign(first)?;
    Some((first.len_utf8(), part(upper, lower)?))
}

/// A fraction that begins at an offset with a digit.
pub(super) fn read(here: &Glimpse<'_>, at: usize) -> Option<Read> {
    let is_digit = |sign: char| sign.is_ascii_digit();
    let first = here.run(at, 5, is_digit);
    let whole: u64 = here.text(at..at + first).parse().ok()?;
    let end = at + first;
    let glued = here
        .letter(end)
        .and_then(|found| Some((found, sign(found)?)));
    if let Some((found, (upper, lower))) = glued {
        let said = format!("{} and {}", words::cardinal(whole), part_of(upper, lower)?);
        return Some((end + found.len_utf8(), said));
    }
    if here.byte(end) == Some(b' ')
        && let Some((upper, lower, end)) =
            slashed(here, end + 1).filter(|(upper, lower, _)| upper < lower)
    {
        let said = format!("{} and {}", words::cardinal(whole), part_of(upper, lower)?);
        return Some((end, said));
    }
    let (upper, lower, end) = slashed(here, at)?;
    let (many, all) = (words::cardinal(upper), words::cardinal(lower));
    let said = match (upper, lower) {
        (24, 7) | (9, 11) => format!("{many} {all}"),
        _ if upper == lower && upper > 9 => format!("{many} {all}"),
        (1..=9, 2..=9) if upper < lower => part(upper, lower)?,
        _ if upper <= lower => format!("{many} out of {all}"),
        _ => format!("{many} over {all}"),
    };
    Some((end, said))
}

/// Two numbers with a slash between them, and where they end.
fn slashed(here: &Glimpse<'_>, at: usize) -> Option<(u64, u64, usize)> {
    let is_digit = |sign: char| sign.is_ascii_digit();
    let first = here.run(at, 4, is_digit);
    if first == 0 || here.byte(at + first) != Some(b'/') {
        return None;
    }
    let second_at = at + first + 1;
    let second = here.run(second_at, 4, is_digit);
    let end = second_at + second;
    let upper = here.text(at..at + first).parse().ok()?;
    let lower = here.text(second_at..end).parse().ok()?;
    let is_whole = here.is_apart(end) && here.byte(end) != Some(b'/');
    is_whole.then_some((upper, lower, end))
}

/// "one half", "three quarters".
fn part(upper: u64, lower: u64) -> Option<String> {
    let name = match lower {
        2 if upper == 1 => "half".to_owned(),
        2 => "halve".to_owned(),
        4 => "quarter".to_owned(),
        3..20 => words::ordinal(lower),
        _ => return None,
    };
    let name = if upper == 1 {
        name
    } else {
        words::plural(&name)
    };
    Some(format!("{} {name}", words::cardinal(upper)))
}

/// The same behind a whole number: "a half".
fn part_of(upper: u64, lower: u64) -> Option<String> {
    let said = part(upper, lower)?;
    Some(match said.strip_prefix("one ") {
        Some(name) => format!("a {name}").replace("a eighth", "an eighth"),
        None => said,
    })
}
