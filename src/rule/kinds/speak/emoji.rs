//! Emoji, letter by letter: a picture, and what makes another one of it (skin tones, joiners,
//! variation selectors, tags). None of them waits for the next letter.

use std::sync::LazyLock;

use regex::Regex;

use crate::stream::sweep::{Glimpse, Swept};

/// The bytes with which any of it begins in UTF-8.
pub(super) const STARTS: &[u8] = b":;\xE2\xE3\xEF\xF0\xF3";

// Unicode's own list, compiled once.
static PICTURE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^[\p{Extended_Pictographic}\x{1F1E6}-\x{1F1FF}\x{1F3FB}-\x{1F3FF}]$").ok()
});

/// What begins here and is no sound.
pub(super) fn look(here: &Glimpse<'_>) -> Option<Swept> {
    let letter = here.letter(0)?;
    if letter == ':' || letter == ';' {
        return smiley(here);
    }
    let is_gone = is_picture(letter) || (is_part(letter) && follows_picture(here));
    is_gone.then_some(Swept::Gone(letter.len_utf8()))
}

/// `:)` and its like, where they stand apart.
fn smiley(here: &Glimpse<'_>) -> Option<Swept> {
    if here.last().is_some_and(|last| !last.is_whitespace()) {
        return None;
    }
    let nose = here.run(1, 1, |sign| sign == '-');
    let is_mouth = here
        .letter(1 + nose)
        .is_some_and(|sign| ")(DPp|/".contains(sign));
    (is_mouth && here.is_apart(2 + nose)).then_some(Swept::Gone(2 + nose))
}

/// Whether a letter is a picture by itself. Signs that are read aloud are none.
fn is_picture(letter: char) -> bool {
    if letter.is_ascii() || "©®™℠‼⁉〰〽↔↕ℹ".contains(letter) {
        return false;
    }
    let mut text = [0; 4];
    let picture = PICTURE.as_ref();
    picture.is_some_and(|picture| picture.is_match(letter.encode_utf8(&mut text)))
}

/// Whether a letter only changes the picture before it.
fn is_part(letter: char) -> bool {
    matches!(
        letter,
        '\u{FE0E}' | '\u{FE0F}' | '\u{200D}' | '\u{20E3}' | '\u{E0020}'..='\u{E007F}'
    )
}

fn follows_picture(here: &Glimpse<'_>) -> bool {
    let mut before = here
        .before()
        .chars()
        .rev()
        .skip_while(|letter| is_part(*letter));
    let last = before.next();
    // Behind a digit or sign these make a key of it, as in 1️⃣, and the digit is said.
    last.is_some_and(|last| is_picture(last) || last.is_ascii() || "©®™℠‼⁉〰〽↔↕ℹ".contains(last))
}
