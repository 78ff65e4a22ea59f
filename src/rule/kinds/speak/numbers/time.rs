//! Times of the day: `3:30 pm`, `15:00`, `9:05`; and what has their shape, such as `16:9`.

use super::{Read, words};
use crate::stream::sweep::Glimpse;

const HALVES: [(&str, &str); 8] = [
    ("a.m.", "a.m."),
    ("p.m.", "p.m."),
    ("am", "a.m."),
    ("pm", "p.m."),
    (" a.m.", "a.m."),
    (" p.m.", "p.m."),
    (" am", "a.m."),
    (" pm", "p.m."),
];

/// The half of the day that is told at an offset, and where it ends.
pub(super) fn half_of_day(here: &Glimpse<'_>, at: usize) -> Option<(&'static str, usize)> {
    let found = HALVES.iter().find(|(half, _)| here.has_word(at, half))?;
    let (half, said) = found;
    let end = at + half.len();
    // The full stop of the sentence is that of the word, too.
    let is_stopped = !half.ends_with('.') && here.byte(end) == Some(b'.');
    Some((
        if is_stopped {
            said.trim_end_matches('.')
        } else {
            said
        },
        end,
    ))
}

/// A time that begins at an offset.
pub(super) fn read(here: &Glimpse<'_>, at: usize) -> Option<Read> {
    let is_digit = |sign: char| sign.is_ascii_digit();
    let first = here.run(at, 3, is_digit);
    if first > 2 || here.byte(at + first) != Some(b':') {
        return None;
    }
    let second_at = at + first + 1;
    let second = here.run(second_at, 3, is_digit);
    if second == 0 || second > 2 {
        return None;
    }
    let (hour, minute) = (
        here.text(at..at + first),
        here.text(second_at..second_at + second),
    );
    let (hour, minute): (u64, u64) = (hour.parse().ok()?, minute.parse().ok()?);
    let mut end = second_at + second;
    if second == 1 || hour > 24 || minute > 59 {
        let is_over = here
            .letter(end)
            .is_none_or(|next| !next.is_alphanumeric() && next != ':');
        return is_over.then(|| {
            (
                end,
                format!("{} to {}", words::cardinal(hour), words::cardinal(minute)),
            )
        });
    }
    let mut seconds = None;
    if here.byte(end) == Some(b':') && here.run(end + 1, 3, is_digit) == 2 {
        seconds = here.text(end + 1..end + 3).parse::<u64>().ok();
        end += 3;
    }
    let half = half_of_day(here, end);
    if half.is_none()
        && here
            .letter(end)
            .is_some_and(|next| next.is_alphanumeric() && next != 'Z')
    {
        return None;
    }
    let mut said = clock(hour, minute, half.map(|(half, _)| half));
    if let Some(seconds) = seconds.filter(|seconds| *seconds > 0) {
        said = format!("{said} and {} seconds", words::cardinal(seconds));
    }
    Some((half.map_or(end, |(_, end)| end), said))
}

/// "three thirty p.m.", "nine oh five", "three o'clock".
fn clock(hour: u64, minute: u64, half: Option<&str>) -> String {
    let half = match (hour, half) {
        (0 | 24, _) => Some("a.m."),
        (13.., Some(half)) => Some(if half.ends_with('.') { "p.m." } else { "p.m" }),
        (13.., None) => Some("p.m."),
        (_, half) => half,
    };
    let hour = match hour % 12 {
        0 => 12,
        hour => hour,
    };
    let hour = words::cardinal(hour);
    let minutes = match minute {
        0 if half.is_none() => " o'clock".to_owned(),
        0 => String::new(),
        1..=9 => format!(" oh {}", words::cardinal(minute)),
        _ => format!(" {}", words::cardinal(minute)),
    };
    match half {
        None => format!("{hour}{minutes}"),
        Some(half) => format!("{hour}{minutes} {half}"),
    }
}
