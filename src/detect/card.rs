//! Payment card numbers.
//!
//! In a card's place any 12 to 19 digits are one: a caller who says a digit wrong still gave a
//! card away. Elsewhere the issuer's digits and the check digit decide.

use std::ops::Range;

use super::cues::Place;
use super::digits::Run;

/// Finds the cards in a run of digits, as ranges of its groups.
pub(super) fn written(text: &str, run: &Run, place: Place) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut first = 0;
    while first < run.groups.len() {
        match valid_from(text, run, first) {
            Some(end) => {
                found.push(first..end);
                first = end;
            }
            None => first += 1,
        }
    }
    let length = run.shape().iter().sum::<usize>();
    if found.is_empty() && place == Place::Card && (12..=19).contains(&length) {
        found.push(0..run.groups.len());
    }
    found
}

/// Whether an issuer gives out such numbers and the check digit is right.
pub(super) fn is_valid(digits: &str) -> bool {
    is_issued(digits) && has_right_check_digit(digits)
}

// A card starts and ends with a group, so the pieces of one long number are not tried.
fn valid_from(text: &str, run: &Run, first: usize) -> Option<usize> {
    let mut digits = String::new();
    for (at, group) in run.groups.iter().enumerate().skip(first) {
        digits.push_str(&text[group.start..group.end]);
        if digits.len() > 19 {
            return None;
        }
        if is_valid(&digits) && !run.is_glued {
            return Some(at + 1);
        }
    }
    None
}

fn is_issued(digits: &str) -> bool {
    let leading = |count: usize| {
        digits
            .get(..count)
            .and_then(|head| head.parse::<u32>().ok())
            .unwrap_or(0)
    };
    match digits.len() {
        14 => matches!(leading(2), 30 | 36 | 38 | 39),
        15 => matches!(leading(2), 34 | 37) || matches!(leading(4), 1800 | 2131),
        13 => leading(1) == 4,
        16 => {
            leading(1) == 4
                || matches!(leading(2), 51..=55 | 50 | 56..=58 | 62 | 63 | 64 | 65 | 67 | 35 | 36)
                || matches!(leading(4), 2221..=2720 | 6011 | 2200..=2204)
                || leading(2) == 60
        }
        17..=19 => matches!(leading(1), 4..=6),
        _ => false,
    }
}

fn has_right_check_digit(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, byte)| {
            let value = u32::from(byte.wrapping_sub(b'0'));
            match at % 2 {
                0 => value,
                _ if value > 4 => value * 2 - 9,
                _ => value * 2,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::super::digits::runs;
    use super::*;

    fn check(text: &str, place: Place, expected: &[&str]) {
        let found: Vec<_> = runs(text)
            .iter()
            .flat_map(|run| {
                written(text, run, place)
                    .into_iter()
                    .map(|groups| &text[run.range_of(groups)])
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn every_way_to_group_is_read() {
        for text in [
            "4111111111111111",
            "4111 1111 1111 1111",
            "4111  1111  1111  1111",
            "4111-1111-1111-1111",
            "4111.1111.1111.1111",
            "4111/1111/1111/1111",
            "4111 - 1111 - 1111 - 1111",
            "3782 822463 10005",
            "2223 0000 4841 0010",
            "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
        ] {
            check(text, Place::Anywhere, &[text]);
        }
    }

    #[test]
    fn the_check_digit_decides_only_where_no_card_is_spoken_of() {
        check("4111 1111 1111 1112", Place::Anywhere, &[]);
        check("4111 1111 1111 1112", Place::Card, &["4111 1111 1111 1112"]);
    }

    #[test]
    fn a_card_ends_before_its_expiry() {
        check(
            "4111 1111 1111 1111 12/27",
            Place::Card,
            &["4111 1111 1111 1111"],
        );
    }
}
