//! Names that people have, and common words that are no names: what a word alone says of being one.
//!
//! It reads no text and decides nothing: a name's finder does, by what stands around the word.

use std::cmp::Ordering;
use std::sync::LazyLock;

/// What the table says of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct NameSense(u8);

impl NameSense {
    const GIVEN: u8 = 1;
    const FAMILY: u8 = 2;
    const ELSE: u8 = 4;
    const OFTEN: u8 = 8;

    /// Looks a word up, in any case, with accents, apostrophes and an owner's "'s" or without.
    pub(crate) fn of(word: &str) -> Self {
        let word = word.strip_suffix("'s").unwrap_or(word);
        let mut buffer = [0; LONGEST];
        let sense = plain(word, &mut buffer).map_or(Self(0), look_up);
        match sense.0 {
            0 if is_prefixed(word) => Self(Self::FAMILY),
            _ => sense,
        }
    }

    /// Whether it is a given name.
    pub(crate) fn is_given(self) -> bool {
        self.0 & Self::GIVEN != 0
    }

    /// Whether it is a family name.
    pub(crate) fn is_family(self) -> bool {
        self.0 & Self::FAMILY != 0
    }

    /// Whether people have it as a name.
    pub(crate) fn is_name(self) -> bool {
        self.0 & (Self::GIVEN | Self::FAMILY) != 0
    }

    /// Whether many people have it as a name.
    pub(crate) fn is_often(self) -> bool {
        self.0 & Self::OFTEN != 0
    }

    /// Whether it is a word, a place, a brand or a dish, be it a name as well or not.
    pub(crate) fn is_something_else(self) -> bool {
        self.0 & Self::ELSE != 0
    }

    /// Whether it is a name and nothing else.
    pub(crate) fn is_clear(self) -> bool {
        self.is_name() && !self.is_something_else()
    }

    /// Whether it is a given name that many people have, and nothing else.
    pub(crate) fn is_clear_given(self) -> bool {
        self.is_clear() && self.is_given() && self.is_often()
    }

    /// Whether it is a common word and no name.
    pub(crate) fn is_word_only(self) -> bool {
        self.0 == Self::ELSE
    }

    /// Whether the table does not have it.
    pub(crate) fn is_unknown(self) -> bool {
        self.0 == 0
    }
}

// "D'Souza", "O'Hanrahan": family names, the table has them or not.
fn is_prefixed(word: &str) -> bool {
    const FEWEST: usize = 4;
    let mut letters = word.bytes();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase());
    matches!(first, Some(b'd' | b'o'))
        && letters.next() == Some(b'\'')
        && letters.len() >= FEWEST
        && letters.all(|letter| letter.is_ascii_alphabetic())
}

const LONGEST: usize = 24;

// One line for each first two letters; data/names tells how it is made.
static TABLE: &str = include_str!("people/table.txt");

// Where the words are in the table.
struct Places {
    // For each line the first of its places, and the end of all.
    lines: Vec<u32>,
    // Line by line, where each word's letters begin, and the line's end.
    words: Vec<u32>,
}

static PLACES: LazyLock<Places> = LazyLock::new(Places::build);

impl Places {
    fn build() -> Self {
        let (mut lines, mut words) = (vec![0], vec![0]);
        for (at, byte) in TABLE.bytes().enumerate() {
            let next = at as u32 + 1;
            if byte == b'\n' {
                lines.push(words.len() as u32);
                words.push(next);
            } else if !byte.is_ascii_lowercase() {
                words.push(next);
            }
        }
        Self { lines, words }
    }
}

// A word in plain small letters, as the table has it; none if it has others, or is too long.
fn plain<'b>(word: &str, buffer: &'b mut [u8; LONGEST]) -> Option<&'b mut [u8]> {
    let mut len = 0;
    let mut push = |letter: u8| {
        let place = buffer.get_mut(len)?;
        *place = letter.to_ascii_lowercase();
        len += 1;
        Some(())
    };
    for character in word.chars() {
        match character {
            'a'..='z' | 'A'..='Z' => push(character as u8)?,
            '\'' | '-' => {}
            _ => {
                for letter in without_accent(character)?.bytes() {
                    push(letter)?;
                }
            }
        }
    }
    buffer.get_mut(..len)
}

// The letters of western Europe, Poland, the Balkans and Turkey.
fn without_accent(letter: char) -> Option<&'static str> {
    Some(match letter {
        'À'..='Å' | 'à'..='å' | 'ă' | 'ą' | 'Ă' | 'Ą' | 'ā' | 'Ā' => "a",
        'È'..='Ë' | 'è'..='ë' | 'ę' | 'ě' | 'Ę' | 'Ě' | 'ē' | 'ė' => "e",
        'Ì'..='Ï' | 'ì'..='ï' | 'ı' | 'İ' | 'ī' => "i",
        'Ò'..='Ö' | 'Ø' | 'ò'..='ö' | 'ø' | 'ő' | 'Ő' | 'ō' => "o",
        'Ù'..='Ü' | 'ù'..='ü' | 'ű' | 'Ű' | 'ů' | 'Ů' | 'ū' => "u",
        'Ý' | 'ý' | 'ÿ' => "y",
        'Ç' | 'ç' | 'ć' | 'Ć' | 'č' | 'Č' => "c",
        'Ñ' | 'ñ' | 'ń' | 'Ń' | 'ň' | 'Ň' => "n",
        'ś' | 'Ś' | 'š' | 'Š' | 'ş' | 'Ş' | 'ș' | 'Ș' => "s",
        'ź' | 'Ź' | 'ż' | 'Ż' | 'ž' | 'Ž' => "z",
        'ł' | 'Ł' | 'ľ' | 'ĺ' => "l",
        'ř' | 'Ř' | 'ŕ' => "r",
        'đ' | 'Đ' | 'ď' | 'Ď' | 'ð' | 'Ð' => "d",
        'ť' | 'Ť' | 'ţ' | 'Ţ' | 'ț' | 'Ț' => "t",
        'ğ' | 'Ğ' => "g",
        'ß' => "ss",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'þ' | 'Þ' => "th",
        _ => return None,
    })
}

// Endings, and the letter that they stand for.
const ENDINGS: &[(&[u8], Option<u8>)] = &[
    (b"s", None),
    (b"es", None),
    (b"ies", Some(b'y')),
    (b"ed", None),
    (b"d", None),
    (b"ing", None),
    (b"ing", Some(b'e')),
    (b"ly", None),
    (b"er", None),
    (b"ness", None),
];

fn look_up(word: &mut [u8]) -> NameSense {
    if let Some(sense) = find(word) {
        return sense;
    }
    for (ending, letter) in ENDINGS {
        let Some(stem) = word.strip_suffix(*ending).map(<[u8]>::len) else {
            continue;
        };
        if stem < 3 {
            continue;
        }
        let last = word.get(stem).copied();
        if let Some((place, letter)) = word.get_mut(stem).zip(*letter) {
            *place = letter;
        }
        let end = stem + usize::from(letter.is_some());
        let sense = word.get(..end).and_then(find);
        if let Some((place, last)) = word.get_mut(stem).zip(last) {
            *place = last;
        }
        if let Some(sense) = sense.filter(|sense| sense.is_word_only()) {
            return sense;
        }
    }
    NameSense::default()
}

fn find(word: &[u8]) -> Option<NameSense> {
    let (&first, rest) = word.split_first()?;
    let (&second, rest) = rest.split_first()?;
    let letter = |letter: u8| usize::from(letter - b'a');
    let line = letter(first) * 26 + letter(second);
    let places = &*PLACES;
    let (start, end) = (*places.lines.get(line)?, *places.lines.get(line + 1)?);
    let words = places.words.get(start as usize..end as usize)?;
    let table = TABLE.as_bytes();
    // The letters of a word, with its digit behind them.
    let (mut low, mut high) = (0, words.len().checked_sub(1)?);
    while low < high {
        let middle = (low + high) / 2;
        let (start, end) = (*words.get(middle)?, *words.get(middle + 1)?);
        let (&digit, letters) = table.get(start as usize..end as usize)?.split_last()?;
        match letters.cmp(rest) {
            Ordering::Equal => {
                let digit = char::from(digit).to_digit(16)?;
                return Some(NameSense(digit as u8));
            }
            Ordering::Less => low = middle + 1,
            Ordering::Greater => high = middle,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_words() {
        for name in [
            "Jennifer",
            "PRIYA",
            "oluwaseun",
            "José",
            "Wojciech",
            "Siobhán",
            "Li's",
        ] {
            assert!(NameSense::of(name).is_given(), "{name}");
        }
        for name in [
            "Whitfield",
            "o'brien",
            "OBrien",
            "Müller",
            "nguyen",
            "Łukasik",
        ] {
            assert!(NameSense::of(name).is_family(), "{name}");
        }
        for word in ["table", "reservation", "the", "tomorrow"] {
            assert!(NameSense::of(word).is_word_only(), "{word}");
        }
        for word in ["tables", "Cancelled", "hoping", "parties", "badly"] {
            assert!(NameSense::of(word).is_word_only(), "{word}");
        }
        for both in ["Grace", "Houston", "Will", "May", "Ford"] {
            let sense = NameSense::of(both);
            assert!(sense.is_name() && sense.is_something_else(), "{both}");
        }
        assert!(NameSense::of("Priya").is_clear_given());
    }

    #[test]
    fn what_is_no_word_is_unknown() {
        for text in [
            "",
            "x",
            "'",
            "zzyzx",
            "Пётр",
            "abcdefghijklmnopqrstuvwxyzabc",
            "a1",
        ] {
            assert!(NameSense::of(text).is_unknown(), "{text}");
        }
    }

    #[test]
    fn every_word_of_the_table_is_found() {
        assert_eq!(PLACES.lines.len(), 26 * 26 + 1);
        for (at, line) in TABLE.lines().enumerate() {
            let head = [b'a' + (at / 26) as u8, b'a' + (at % 26) as u8];
            for rest in line.split_inclusive(|c: char| !c.is_ascii_lowercase()) {
                let (rest, code) = rest.split_at(rest.len() - 1);
                let mut word = [&head, rest.as_bytes()].concat();
                let digit = u8::from_str_radix(code, 16).expect("a digit");
                assert_eq!(look_up(&mut word), NameSense(digit), "{head:?} {rest}");
            }
        }
    }
}
