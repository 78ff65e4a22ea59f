//! How a placeholder looks: `[CARD_1]`, and what models make of it.
//!
//! In brackets: a label in any case, singular or plural, alone or behind up to three words, then
//! the number in digits or as a word, with blanks, `_`, `-`, `#`, signs that nobody sees, or
//! nothing between. Bare: `LABEL_n` with its underscore, in any case, also as markdown has it
//! (`_CARD_1_`). Never plain words ("card 1"). Beside those, what has the shape `[WORD_n]`, or
//! begins in brackets with a label, stands for nothing.

mod bare;
mod bracketed;
mod inside;
mod scan;
mod signs;
mod written;

pub use scan::{Part, Scan};
pub use written::{for_people, is_written, written};

/// So many letters before a word decide whether it begins there.
const CONTEXT: usize = 4;

/// The labels of placeholders, and all that they may be called.
#[derive(Debug, Clone, Default)]
pub struct Labels {
    labels: Vec<Label>,
    /// The first two letters of the labels, in small letters.
    pairs: Vec<[u8; 2]>,
    /// Which bytes may begin a placeholder: letters only at the beginning of a word.
    starts: Starts,
}

#[derive(Debug, Clone)]
struct Label {
    name: String,
    /// In small letters: as it is, and its plural and singular.
    forms: Vec<String>,
}

#[derive(Debug, Clone)]
struct Starts(Box<[bool; 256]>);

/// What is looked for beside the placeholders of the labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wanted {
    /// Nothing.
    Values,
    /// `[WORD_n]` of any word.
    Shapes,
    /// That, and whatever begins in brackets with a label.
    All,
}

/// The signs `~` that stand before the number of an escaped placeholder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marks {
    /// None may stand there.
    None,
    /// Any number of them.
    Any,
    /// At least one.
    Some,
}

/// How a text is to be looked at.
#[derive(Debug, Clone, Copy)]
pub struct Looking<'l> {
    /// What is wanted.
    pub wanted: Wanted,
    /// Whether the placeholders are escaped.
    pub marks: Marks,
    /// Labels that others look after.
    pub others: &'l [String],
}

/// What stands at a place of a text.
#[derive(Debug, PartialEq, Eq)]
enum Look {
    /// No placeholder.
    Nothing,
    /// One may stand there when more text has come.
    MayMatch,
    /// One that ends before a byte.
    Match(usize, Meaning),
}

/// What a placeholder stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// The value of one of the labels.
    Value {
        /// Which label.
        label: usize,
        /// Which value.
        number: u32,
        /// Where the number begins.
        number_at: usize,
    },
    /// Nothing.
    Nothing {
        /// Where its number begins, if it has one.
        number_at: Option<usize>,
    },
    /// Something that others look after.
    OfOthers,
}

impl Meaning {
    /// Where the number begins.
    pub fn number_at(self) -> Option<usize> {
        match self {
            Meaning::Value { number_at, .. } => Some(number_at),
            Meaning::Nothing { number_at } => number_at,
            Meaning::OfOthers => None,
        }
    }
}

/// A place of a text, and what is known of the text there.
#[derive(Debug, Clone, Copy)]
struct Spot<'t> {
    text: &'t str,
    at: usize,
    /// How many backslashes an escape such as `\u005b` may have there.
    escapes: usize,
    /// Whether nothing follows the text.
    is_over: bool,
}

impl Labels {
    /// The labels of some placeholders, each in capitals.
    pub fn new<L: AsRef<str>>(names: &[L]) -> Labels {
        let labels: Vec<Label> = names.iter().map(|name| Label::new(name.as_ref())).collect();
        let mut starts = [false; 256];
        let mut pairs = Vec::new();
        for label in &labels {
            let name = label.name.to_ascii_lowercase();
            let (first, second) = match name.as_bytes() {
                [] => continue,
                [first] => (*first, b'_'),
                [first, second, ..] => (*first, *second),
            };
            pairs.push([first, second]);
            starts[usize::from(first)] = true;
            starts[usize::from(first.to_ascii_uppercase())] = true;
        }
        if !labels.is_empty() {
            for opening in signs::OPENINGS {
                starts[usize::from(opening.as_bytes()[0])] = true;
            }
            starts[usize::from(b'_')] = true;
        }
        Labels {
            labels,
            pairs,
            starts: Starts(Box::new(starts)),
        }
    }

    /// The name of a label.
    pub fn name(&self, label: usize) -> &str {
        self.labels
            .get(label)
            .map_or("", |label| label.name.as_str())
    }

    /// Every place before whose number an escape stands, or may be put: also of placeholders that
    /// lie within others.
    pub fn numbers(&self, text: &str, looking: Looking<'_>) -> Vec<usize> {
        let mut numbers = Vec::new();
        let mut from = 0;
        while let Some(at) = self.next_start(text, from, None) {
            let spot = Spot {
                text,
                at,
                escapes: signs::MOST_ESCAPES,
                is_over: true,
            };
            if let Look::Match(_, meaning) = self.look(spot, looking) {
                numbers.extend(meaning.number_at());
            }
            from = at + 1;
        }
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    /// What begins at a place.
    fn look(&self, spot: Spot<'_>, looking: Looking<'_>) -> Look {
        match spot.text.as_bytes().get(spot.at) {
            None => Look::Nothing,
            Some(byte) if signs::is_opening(*byte) => self.look_bracketed(spot, looking),
            Some(_) => self.look_bare(spot, looking),
        }
    }

    /// The next place at which a placeholder may begin; `before`: the sign before the text.
    fn next_start(&self, text: &str, from: usize, before: Option<char>) -> Option<usize> {
        let bytes = text.as_bytes();
        for (at, byte) in bytes.iter().enumerate().skip(from) {
            if !self.starts.0[usize::from(*byte)] {
                continue;
            }
            if !byte.is_ascii_alphanumeric() {
                if text.is_char_boundary(at) {
                    return Some(at);
                }
                continue;
            }
            let is_inside = match at.checked_sub(1) {
                Some(previous) => bytes[previous].is_ascii_alphanumeric(),
                None => before.is_some_and(char::is_alphanumeric),
            };
            if !is_inside && self.may_begin(*byte, bytes.get(at + 1)) {
                return Some(at);
            }
        }
        None
    }

    /// Whether a label may begin with a letter and what follows it.
    fn may_begin(&self, first: u8, second: Option<&u8>) -> bool {
        let first = first.to_ascii_lowercase();
        let mut pairs = self.pairs.iter().filter(|pair| pair[0] == first);
        match second {
            Some(second) if second.is_ascii_alphanumeric() || *second == b'_' => {
                pairs.any(|pair| pair[1] == second.to_ascii_lowercase())
            }
            // Behind the first letter there may be signs that nobody sees.
            Some(0..0x80) if second != Some(&b'\\') => false,
            _ => pairs.next().is_some(),
        }
    }
}

impl Label {
    fn new(name: &str) -> Label {
        let lower = name.to_ascii_lowercase();
        let mut forms = vec![lower.clone()];
        match lower.strip_suffix('y') {
            Some(stem) => forms.push(format!("{stem}ies")),
            None => forms.push(format!("{lower}es")),
        }
        forms.push(format!("{lower}s"));
        if let Some(stem) = lower.strip_suffix("ies") {
            forms.push(format!("{stem}y"));
        }
        if let Some(stem) = lower.strip_suffix("es") {
            forms.push(stem.to_owned());
        }
        if let Some(stem) = lower
            .strip_suffix('s')
            .filter(|stem| stem.len() > 2 && !stem.ends_with('s'))
        {
            forms.push(stem.to_owned());
        }
        Label {
            name: name.to_owned(),
            forms,
        }
    }
}

impl Default for Starts {
    fn default() -> Starts {
        Starts(Box::new([false; 256]))
    }
}

#[cfg(test)]
mod tests;
