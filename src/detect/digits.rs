//! Runs of written digits: groups with blanks, dashes, dots, slashes or brackets between them.
//!
//! A run says how it is written; what it means is the detectors' business.

use std::ops::Range;

/// One group of digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Group {
    /// Its first byte.
    pub(super) start: usize,
    /// The byte behind it.
    pub(super) end: usize,
}

impl Group {
    fn len(self) -> usize {
        self.end - self.start
    }
}

/// Groups of digits that may be one number.
#[derive(Debug)]
pub(super) struct Run {
    /// The groups in order; never none.
    pub(super) groups: Vec<Group>,
    /// The bytes from an opening `+` or bracket to the last digit.
    pub(super) range: Range<usize>,
    /// Whether letters touch the run.
    pub(super) is_glued: bool,
}

impl Run {
    /// All digits of some of its groups.
    pub(super) fn digits(&self, text: &str, groups: Range<usize>) -> String {
        self.groups[groups]
            .iter()
            .map(|group| &text[group.start..group.end])
            .collect()
    }

    /// How many digits each group has.
    pub(super) fn shape(&self) -> Vec<usize> {
        self.groups.iter().map(|group| group.len()).collect()
    }

    /// The bytes of some of its groups.
    pub(super) fn range_of(&self, groups: Range<usize>) -> Range<usize> {
        let first = if groups.start == 0 {
            self.range.start
        } else {
            self.groups[groups.start].start
        };
        first..self.groups[groups.end - 1].end
    }
}

/// Whether a text has a digit at all; quick, because most texts have none.
pub(super) fn has_digit(bytes: &[u8]) -> bool {
    bytes.chunks(32).any(|chunk| {
        chunk
            .iter()
            .fold(false, |any, byte| any | byte.is_ascii_digit())
    })
}

/// Where groups of digits start.
pub(super) fn starts(bytes: &[u8]) -> impl Iterator<Item = usize> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = next_digit(bytes, at)?;
        at = group_end(bytes, start);
        Some(start)
    })
}

/// Finds the runs of a text.
pub(super) fn runs(text: &str) -> Vec<Run> {
    let bytes = text.as_bytes();
    let mut runs = Vec::new();
    let mut at = 0;
    while let Some(start) = next_digit(bytes, at) {
        let mut groups = vec![Group {
            start,
            end: group_end(bytes, start),
        }];
        let mut end = groups[0].end;
        while let Some(next) = joined(bytes, end) {
            end = group_end(bytes, next);
            groups.push(Group { start: next, end });
        }
        let first = opening(bytes, start);
        let touches = |at: Option<usize>| {
            at.and_then(|at| bytes.get(at))
                .is_some_and(|b| b.is_ascii_alphabetic())
        };
        let is_glued = touches(first.checked_sub(1)) || (touches(Some(end)) && bytes[end] != b'x');
        runs.push(Run {
            groups,
            range: first..end,
            is_glued,
        });
        at = end;
    }
    runs
}

fn next_digit(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(chunk) = bytes.get(at..at + 32) {
        if has_digit(chunk) {
            break;
        }
        at += 32;
    }
    bytes
        .get(at..)?
        .iter()
        .position(u8::is_ascii_digit)
        .map(|found| at + found)
}

fn group_end(bytes: &[u8], start: usize) -> usize {
    start
        + bytes[start..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count()
}

// A `+` and brackets in front belong to the number.
fn opening(bytes: &[u8], start: usize) -> usize {
    let mut first = start;
    while first > 0 && (bytes[first - 1] == b'(' || bytes[first - 1] == b'+') {
        first -= 1;
    }
    if first < start && bytes[first..start].contains(&b'+') {
        return first
            + bytes[first..start]
                .iter()
                .position(|b| *b == b'+')
                .unwrap_or(0);
    }
    let closes = bytes[start..].iter().take(6).any(|b| *b == b')');
    if closes { first } else { start }
}

// Where the next group starts when what lies between can stand inside a number.
fn joined(bytes: &[u8], end: usize) -> Option<usize> {
    let mut at = end;
    let (mut blanks, mut marks, mut brackets) = (0, 0, 0);
    loop {
        match bytes.get(at)? {
            b' ' | b'\t' => blanks += 1,
            b'-' | b'.' | b'/' => marks += 1,
            b'(' | b')' => brackets += 1,
            byte if byte.is_ascii_digit() => return Some(at),
            _ => return None,
        }
        if blanks > 2 || marks > 1 || brackets > 2 {
            return None;
        }
        // A full stop and a blank end a sentence.
        if marks == 1 && blanks == 1 && bytes[at] == b' ' && bytes[at - 1] == b'.' {
            return None;
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<_> = runs(text).into_iter().map(|run| &text[run.range]).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn groups_are_joined_by_what_stands_inside_numbers() {
        check(
            "4414 - 9128 - 4822 - 1634 ok",
            &["4414 - 9128 - 4822 - 1634"],
        );
        check(
            "call (699)-768-7687 or +1(619)758-6987.",
            &["(699)-768-7687", "+1(619)758-6987"],
        );
        check("on 5. 6 came", &["5", "6"]);
        check("+49 (0)151 75657279", &["+49 (0)151 75657279"]);
    }

    #[test]
    fn letters_that_touch_are_noticed() {
        assert!(runs("A6058710")[0].is_glued);
        assert!(!runs("a 6058710.")[0].is_glued);
    }

    #[test]
    fn a_digit_is_found_in_every_place() {
        for at in 0..80 {
            let mut text = vec![b'a'; 80];
            text[at] = b'7';
            assert!(has_digit(&text));
            assert_eq!(starts(&text).collect::<Vec<_>>(), [at]);
        }
    }
}
