//! What people say of how an address is spelled, in the middle of it.

use super::Meanings;

/// What a phrase says of the letters around it, and is none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SpellingHint {
    /// How they are written: small, capital, joined.
    Form,
}

/// The phrases of such hints.
pub(crate) const HINTS: &Meanings<SpellingHint> = &[(
    SpellingHint::Form,
    "all lowercase, all lower case, lowercase, lower case, all in lowercase, all in lower case, in lowercase, \
     in lower case, all small letters, small letters, all small, in small letters, all one word, all one, \
     as one word, it's one word, that's one word, one word, all together, altogether, all joined up, joined up, \
     joined together, run together, written together, no dots, no dot, with no dots, without dots, without a dot, \
     with no dot, no spaces, no space, with no spaces, without spaces, without a space, no gaps, no gap, \
     no underscore, no underscores, no hyphen, no hyphens, no dashes, no capitals, no caps, all caps, in caps, \
     in capitals, all capitals, all uppercase, uppercase, upper case, capital letter, small letter, \
     no punctuation, the number, as a number, the digit, as digits, in digits, the numeral, the letter, the word, \
     as in the number, as in the word, spelled out, spelt out",
)];
