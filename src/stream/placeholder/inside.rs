//! What may stand between the brackets of a placeholder.
//!
//! Each look says whether the signs are what is looked for, can't be, or may be when more follow.

use super::signs::is_separator;
use super::{Label, Marks};

/// So many words may stand before the label, each of so many letters.
const MOST_WORDS: usize = 3;
const LONGEST_WORD: usize = 20;
/// So many blanks and the like may stand between two parts.
pub(super) const WIDEST_GAP: usize = 4;
/// A number has no more digits than this.
const MOST_DIGITS: usize = 6;

/// Numbers as words, the longest of those that begin alike first.
const WORDS: [(&str, u32); 20] = [
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("fourteen", 14),
    ("four", 4),
    ("five", 5),
    ("sixteen", 16),
    ("six", 6),
    ("seventeen", 17),
    ("seven", 7),
    ("eighteen", 18),
    ("eight", 8),
    ("nineteen", 19),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("thirteen", 13),
    ("fifteen", 15),
    ("twenty", 20),
];

/// A part of what stands between brackets.
#[derive(Clone, Copy)]
pub(super) struct Signs<'i> {
    pub(super) signs: &'i [char],
    /// Whether the bracket is closed behind them.
    pub(super) is_closed: bool,
}

/// Whether signs are what they might be.
pub(super) enum Fit<T> {
    No,
    /// More signs must come.
    Partial,
    Is(T),
}

/// Where a number stands among the signs, and its value.
pub(super) type Number = (usize, u32);

impl Signs<'_> {
    /// How many separators stand at a place.
    pub(super) fn gap(self, from: usize) -> usize {
        let rest = self.signs.get(from..).unwrap_or(&[]);
        rest.iter().take_while(|sign| is_separator(**sign)).count()
    }

    /// How many letters stand at a place.
    fn letters(self, from: usize) -> usize {
        let rest = self.signs.get(from..).unwrap_or(&[]);
        rest.iter().take_while(|sign| sign.is_alphabetic()).count()
    }

    /// The signs are over, and more are wanted.
    pub(super) fn partial<T>(self) -> Fit<T> {
        if self.is_closed {
            Fit::No
        } else {
            Fit::Partial
        }
    }
}

/// Where a label may begin: at one of the first words, or at a capital within them. And whether the
/// signs end while a label may still begin.
pub(super) fn starts(signs: Signs<'_>, lead: usize) -> ([Option<usize>; 8], bool) {
    let mut starts = [None; 8];
    let mut free = starts.iter_mut();
    let mut add = |at: usize| {
        if let Some(place) = free.next() {
            *place = Some(at);
        }
    };
    let mut at = lead;
    add(at);
    for _ in 0..MOST_WORDS {
        let length = signs.letters(at);
        let word = &signs.signs[at..at + length];
        let humps = word.windows(2).enumerate();
        let mut humps = humps.filter(|(_, pair)| pair[0].is_lowercase() && pair[1].is_uppercase());
        humps
            .by_ref()
            .take(1)
            .for_each(|(hump, _)| add(at + hump + 1));
        at += length;
        let gap = signs.gap(at);
        if length == 0 || length > LONGEST_WORD || gap > WIDEST_GAP {
            return (starts, false);
        }
        at += gap;
        if at == signs.signs.len() {
            return (starts, !signs.is_closed);
        }
        if gap == 0 {
            return (starts, false);
        }
        add(at);
    }
    (starts, false)
}

/// A label in one of its forms from a place on, and what stands behind it; an underscore may be
/// blanks and the like, or nothing.
fn label_at(form: &str, signs: Signs<'_>, start: usize) -> Fit<usize> {
    let mut at = start;
    for letter in form.chars() {
        if letter == '_' {
            let gap = signs.gap(at);
            if gap > WIDEST_GAP {
                return Fit::No;
            }
            at += gap;
            continue;
        }
        match signs.signs.get(at) {
            None => return signs.partial(),
            Some(sign) if sign.eq_ignore_ascii_case(&letter) => at += 1,
            Some(_) => return Fit::No,
        }
    }
    Fit::Is(at)
}

/// A label and a number, and nothing behind them.
pub(super) fn label_and_number(
    form: &str,
    signs: Signs<'_>,
    start: usize,
    marks: Marks,
) -> Fit<Number> {
    let mut at = match label_at(form, signs, start) {
        Fit::Is(at) => at,
        Fit::Partial => return Fit::Partial,
        Fit::No => return Fit::No,
    };
    let gap = signs.gap(at);
    if gap > WIDEST_GAP {
        return Fit::No;
    }
    at += gap;
    let is_marked = signs.signs.get(at) == Some(&'~');
    if is_marked && marks == Marks::None {
        return Fit::No;
    }
    at += usize::from(is_marked);
    let Some(first) = signs.signs.get(at) else {
        return signs.partial();
    };
    if !is_marked && marks == Marks::Some {
        return Fit::No;
    }
    let number_at = at;
    let number = match first.is_ascii_digit() {
        true => digits(signs, &mut at),
        false => word(signs, &mut at),
    };
    let number = match number {
        Fit::Is(number) => number,
        Fit::Partial => return Fit::Partial,
        Fit::No => return Fit::No,
    };
    let gap = signs.gap(at);
    match at + gap == signs.signs.len() && gap <= WIDEST_GAP {
        true if signs.is_closed => Fit::Is((number_at, number)),
        true => Fit::Partial,
        false => Fit::No,
    }
}

fn digits(signs: Signs<'_>, at: &mut usize) -> Fit<u32> {
    let rest = signs.signs.get(*at..).unwrap_or(&[]);
    let digits = rest.iter().map_while(|sign| sign.to_digit(10));
    let (count, number) = digits.fold((0, 0_u32), |(count, number), digit| {
        (count + 1, number.saturating_mul(10).saturating_add(digit))
    });
    *at += count;
    if count <= MOST_DIGITS {
        Fit::Is(number)
    } else {
        Fit::No
    }
}

fn word(signs: Signs<'_>, at: &mut usize) -> Fit<u32> {
    let length = signs.letters(*at);
    let written = &signs.signs[*at..*at + length];
    let is_over = *at + length == signs.signs.len();
    let begins = |word: &str| {
        let mut letters = word.chars();
        let mut same = written.iter();
        same.all(|sign| {
            letters
                .next()
                .is_some_and(|c| sign.eq_ignore_ascii_case(&c))
        })
    };
    let mut is_partial = false;
    for (word, number) in WORDS {
        if length > 0 && begins(word) {
            if word.len() == length {
                *at += length;
                return Fit::Is(number);
            }
            is_partial = true;
        }
    }
    if is_partial && is_over {
        signs.partial()
    } else {
        Fit::No
    }
}

/// `WORD_n`, whatever the word: where the number stands.
pub(super) fn shape(signs: Signs<'_>, marks: Marks) -> Fit<usize> {
    let all = signs.signs;
    if all.is_empty() {
        return signs.partial();
    }
    if !all[0].is_alphabetic() {
        return Fit::No;
    }
    let is_of_word = |sign: &&char| sign.is_alphanumeric() || **sign == '_' || **sign == '~';
    let length = all.iter().take_while(is_of_word).count();
    let gap = signs.gap(length);
    if length + gap != all.len() || gap > WIDEST_GAP {
        return Fit::No;
    }
    let written = &all[..length];
    let counted = written
        .iter()
        .rev()
        .take_while(|sign| sign.is_ascii_digit());
    let number_at = length - counted.count();
    let is_marked = number_at > 0 && written[number_at - 1] == '~';
    let name = &written[..number_at - usize::from(is_marked)];
    let is_marked_right = match marks {
        Marks::None => !is_marked,
        Marks::Any => true,
        Marks::Some => is_marked,
    };
    let has_stray_mark = name.contains(&'~');
    let is_whole = number_at < length && name.ends_with(&['_']) && is_marked_right;
    match () {
        () if has_stray_mark || (is_marked && marks == Marks::None) => Fit::No,
        () if signs.is_closed && is_whole => Fit::Is(number_at),
        // A mark is followed by digits only.
        () if !signs.is_closed && (gap == 0 || is_whole) => Fit::Partial,
        () => Fit::No,
    }
}

/// A label, the end of its word, and anything else that can't be a part of something larger.
pub(super) fn begins(label: &Label, signs: Signs<'_>) -> Fit<()> {
    let is_other = |sign: &char| matches!(sign, '"' | '~' | '{' | '}') || sign.is_control();
    let lead = signs.gap(0);
    if lead > WIDEST_GAP || signs.signs.iter().any(is_other) {
        return Fit::No;
    }
    let mut fit = Fit::No;
    for form in &label.forms {
        match label_at(form, signs, lead) {
            Fit::No => {}
            Fit::Partial => fit = Fit::Partial,
            Fit::Is(at) => match signs.signs.get(at) {
                Some(sign) if sign.is_alphabetic() => {}
                _ if signs.is_closed => return Fit::Is(()),
                _ => fit = Fit::Partial,
            },
        }
    }
    fit
}
