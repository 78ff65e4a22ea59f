//! Numbers that are said digit by digit, in groups: phone numbers, cards, codes, versions.

use super::{Read, cues, words};
use crate::stream::sweep::Glimpse;

/// No number has more groups.
const MOST_GROUPS: usize = 10;

/// Digits by themselves, in groups that one can write down: "four one one one, two two two two".
pub(super) fn grouped(text: &str) -> String {
    let sizes: &[usize] = match (text.len(), text.as_bytes().first()) {
        (0..=5, _) => return words::digits(text),
        (7, _) => &[3, 4],
        (10, _) => &[3, 3, 4],
        (11, Some(b'1')) => &[1, 3, 3, 4],
        (len, _) if len % 4 == 0 => &[4],
        _ => &[3],
    };
    let mut groups = Vec::new();
    let mut rest = text;
    let mut at = 0;
    while !rest.is_empty() {
        let size = sizes
            .get(at)
            .or(sizes.last())
            .copied()
            .unwrap_or(3)
            .min(rest.len());
        // A single digit at the end belongs to the group before it.
        let size = if rest.len() - size == 1 {
            rest.len()
        } else {
            size
        };
        let (group, behind) = rest.split_at(size);
        groups.push(group);
        (rest, at) = (behind, at + 1);
    }
    said(&groups)
}

fn said(groups: &[&str]) -> String {
    let is_toll_free = |group: &str| groups.len() > 2 && group.len() == 3 && group.ends_with("00");
    let words = groups.iter().map(
        |group| match is_toll_free(group) && group.starts_with('8') {
            true => words::cardinal_of(group),
            false => words::digits(group),
        },
    );
    words.collect::<Vec<String>>().join(", ")
}

/// The digits of a code behind letters, as in `ORD-12345`.
pub(super) fn code(here: &Glimpse<'_>, at: usize) -> Option<Read> {
    let len = here.run(at, 40, |sign| sign.is_ascii_digit());
    let is_digit = |sign: char| sign.is_ascii_digit();
    let goes_on =
        here.byte(at + len) == Some(b'-') && here.letter(at + len + 1).is_some_and(is_digit);
    let is_whole = here.is_apart(at + len) && !goes_on;
    if !is_whole || here.byte(at + len) == Some(b'/') {
        return None;
    }
    let text = here.text(at..at + len);
    Some((
        at + len,
        if len < 3 {
            words::decimal(text, None)
        } else {
            grouped(text)
        },
    ))
}

/// A number in several groups of digits.
pub(super) fn groups(here: &Glimpse<'_>, at: usize) -> Option<Read> {
    let (groups, sign, end) = written(here, at)?;
    let sizes: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let all: usize = sizes.iter().sum();
    // `030 901820`: the code of an area, and what is called there.
    if let [area @ 3..=5, number @ 4..=8] = sizes.as_slice()
        && area + number > 7
        && sign != '.'
        && groups[0].starts_with('0')
    {
        let said = format!("{}, {}", words::digits(groups[0]), grouped(groups[1]));
        return Some((end, said));
    }
    let is_grouped = match (sizes.as_slice(), sign) {
        ([3, 4] | [5, 4], '-') | ([3, 3, 4] | [1, 3, 3, 4] | [3, 2, 4], _) => true,
        (_, '.') => false,
        ([_, _, ..], '-') if groups.len() > 2 => true,
        (sizes, _) => {
            groups.len() > 2 && all > 7 && sizes.iter().all(|size| (2..=6).contains(size))
        }
    };
    is_grouped.then(|| (end, said(&groups)))
}

/// Numbers that one calls in need, or for a service (ITU's and North America's), and nothing else
/// where a call is spoken of.
const SERVICES: [&str; 12] = [
    "911", "112", "999", "988", "000", "111", "101", "311", "211", "411", "511", "811",
];

/// "Call 911".
pub(super) fn service(here: &Glimpse<'_>, at: usize) -> Option<Read> {
    let len = here.run(at, 4, |sign| sign.is_ascii_digit());
    let is_number = len == 3 && here.is_apart(at + len) && cues::tells_call(here, at);
    let text = here.text(at..at + len);
    let goes_on = [",", ".", "-", "/", ":"].iter().any(|sign| {
        let is_digit = |sign: char| sign.is_ascii_digit();
        here.has(at + len, sign) && here.letter(at + len + 1).is_some_and(is_digit)
    });
    let fits = is_number && SERVICES.contains(&text) && !goes_on;
    fits.then(|| (at + len, words::digits(text)))
}

/// `1-800-FLOWERS`: the digits before the word.
pub(super) fn before_word(here: &Glimpse<'_>, at: usize) -> Option<Read> {
    let is_number = here.has(at, "1-8") && here.run(at + 2, 4, |sign| sign.is_ascii_digit()) == 3;
    let is_word =
        is_number && here.byte(at + 5) == Some(b'-') && here.letter(at + 6)?.is_uppercase();
    is_word.then(|| {
        (
            at + 6,
            format!(
                "{}, ",
                said(&["1", here.text(at + 2..at + 5), ""]).trim_end_matches(", ")
            ),
        )
    })
}

/// The groups of digits from an offset on, the sign between them, and where they end.
fn written<'t>(here: &Glimpse<'t>, at: usize) -> Option<(Vec<&'t str>, char, usize)> {
    let mut groups = Vec::new();
    let mut between = None;
    let mut end = at;
    while groups.len() < MOST_GROUPS {
        let begin = end + usize::from(!groups.is_empty());
        let len = here.run(begin, 13, |sign| sign.is_ascii_digit());
        if len == 0 {
            break;
        }
        groups.push(here.text(begin..begin + len));
        end = begin + len;
        let next = here.letter(end).filter(|next| " -.".contains(*next));
        let is_digit = |at| here.byte(at).is_some_and(|byte: u8| byte.is_ascii_digit());
        match (next, between) {
            (Some(next), None) if is_digit(end + 1) => between = Some(next),
            (Some(next), Some(before)) if next == before && is_digit(end + 1) => {}
            _ => break,
        }
    }
    let is_whole = here.is_apart(end)
        && !here
            .byte(end)
            .is_some_and(|byte| byte == b'/' || byte == b'%');
    Some((groups, between?, end)).filter(|_| is_whole)
}

/// `(415) 555-0123`.
pub(super) fn with_area(here: &Glimpse<'_>) -> Option<Read> {
    let is_digit = |sign: char| sign.is_ascii_digit();
    let len = here.run(1, 5, is_digit);
    if !(2..=4).contains(&len) || here.byte(1 + len) != Some(b')') {
        return None;
    }
    let area = here.text(1..1 + len);
    let begin = 2 + len + here.run(2 + len, 1, |sign| " -".contains(sign));
    let (end, rest) = match written(here, begin) {
        Some((groups, _, end)) if groups.concat().len() > 5 => (end, said(&groups)),
        _ => {
            let len = here.run(begin, 9, is_digit);
            let is_phone = (6..9).contains(&len) && here.is_apart(begin + len);
            is_phone.then(|| (begin + len, grouped(here.text(begin..begin + len))))?
        }
    };
    Some((end, format!("{}, {rest}", words::digits(area))))
}

/// `#4521`.
pub(super) fn with_hash(here: &Glimpse<'_>) -> Option<Read> {
    let len = here.run(1, 20, |sign| sign.is_ascii_digit());
    let is_code = len > 2 && here.is_apart(1 + len);
    is_code.then(|| {
        (
            1 + len,
            format!("number {}", grouped(here.text(1..1 + len))),
        )
    })
}

/// `+44 20 7946 0958`, `+1 (415) 555-0123`, `+14155550123`.
pub(super) fn with_plus(here: &Glimpse<'_>) -> Option<Read> {
    let is_digit = |sign: char| sign.is_ascii_digit();
    let mut groups = Vec::new();
    let mut at = 1;
    while groups.len() < MOST_GROUPS {
        let opening = usize::from(here.byte(at) == Some(b'('));
        let len = here.run(at + opening, 15, is_digit);
        if len == 0 {
            break;
        }
        groups.push((
            here.text(at + opening..at + opening + len),
            at + opening + len,
        ));
        at += opening + len;
        let closing = usize::from(opening == 1 && here.byte(at) == Some(b')'));
        let between = here.run(at + closing, 1, |sign| " -./".contains(sign));
        let next = at + closing + between;
        let goes_on = closing + between > 0
            && here
                .letter(next)
                .is_some_and(|next| is_digit(next) || next == '(');
        if !goes_on {
            break;
        }
        at = next;
    }
    let all: usize = groups.iter().map(|(group, _)| group.len()).sum();
    let (_, end) = groups.last()?;
    if !(8..=15).contains(&all) || !here.is_apart(*end) {
        return None;
    }
    let said = match groups.as_slice() {
        [(whole, _)] => grouped(whole),
        groups => said(
            &groups
                .iter()
                .map(|(group, _)| *group)
                .collect::<Vec<&str>>(),
        ),
    };
    Some((*end, format!("plus {said}")))
}

/// `1.2.3`: a version, or the address of a server.
pub(super) fn dotted(here: &Glimpse<'_>, at: usize) -> Option<Read> {
    let mut parts = Vec::new();
    let mut end = at;
    while parts.len() < MOST_GROUPS {
        let begin = end + usize::from(!parts.is_empty());
        let len = here.run(begin, 8, |sign| sign.is_ascii_digit());
        if len == 0 {
            break;
        }
        parts.push(here.text(begin..begin + len));
        end = begin + len;
        let goes_on = here.byte(end) == Some(b'.')
            && here.byte(end + 1).is_some_and(|byte| byte.is_ascii_digit());
        if !goes_on {
            break;
        }
    }
    if parts.len() < 3 || !here.is_apart(end) {
        return None;
    }
    let is_grouped = parts.iter().skip(1).all(|part| part.len() == 3);
    let is_address = parts.len() == 4 && !parts.contains(&"000");
    if is_grouped && !is_address {
        return Some((end, words::cardinal_of(&parts.concat())));
    }
    let part = |part: &&str| match is_address {
        true => words::digits(part),
        false => words::decimal(part, None),
    };
    let parts: Vec<String> = parts.iter().map(part).collect();
    Some((
        end,
        parts.join(if is_address { " dot " } else { " point " }),
    ))
}
