//! How far back a mailbox or a domain may still reach while a text grows.

use super::mailbox::BARE_WORDS;
use crate::detect::Detector;
use crate::detect::english::Class;
use crate::detect::growing::{TextSoFar, ValueReach};
use crate::detect::number::NUMBERS_ONLY;
use crate::detect::read::{Lexicon, Token, TokenKind};

/// That of an address as it is dictated.
pub(crate) const REACH: ValueReach = ValueReach {
    crosses,
    is_begun,
    begins,
};

// A web address is said with the same signs.
fn wants_addresses(growing: &TextSoFar) -> bool {
    growing.wants(Detector::Email) || growing.wants(Detector::Url)
}

fn crosses(growing: &TextSoFar, at: usize) -> bool {
    let token = growing.reader.tokens[at];
    token.has(Class::SIGN | Class::DOT)
        || growing.reader.says(at, "at")
        || is_in_domain(growing, at)
        || is_spelling(growing, at)
        || is_inside(growing, at)
        || is_hint(growing, at)
        || (token.has(Class::CLOSED) && is_before_sign(growing, at))
}

// "My company dot com", "at the mail": the closed class stands in domains too.
fn is_in_domain(growing: &TextSoFar, at: usize) -> bool {
    let is_of_date = growing.reader.says_any(at, &["the", "of", "in"]);
    let is_behind_sign = || {
        growing.before(at).any(|before| {
            growing.reader.says(before, "at") || is_sign(&growing.reader.tokens[before])
        })
    };
    growing.reader.tokens[at].has(Class::IN_DOMAIN)
        && !is_of_date
        && (is_behind_sign() || !growing.is_whole(at + 1))
}

// "Will dot smith", "info at": a word before a sign may be a mailbox.
fn is_before_sign(growing: &TextSoFar, at: usize) -> bool {
    let next = at + 1;
    growing.reader.token(next).is_some_and(|token| {
        let grows = token.is_word() && !growing.is_whole(next);
        (grows && may_become_sign(growing.reader.word(next)))
            || token.has(Class::SIGN | Class::DOT | Class::FILLER)
            || growing.reader.says(next, "at")
            || matches!(token.kind, TokenKind::Mark(_))
    })
}

// "R as in robert", "s for sugar": said of a letter of a mailbox.
fn is_spelling(growing: &TextSoFar, at: usize) -> bool {
    let reader = &growing.reader;
    let letter = |back: usize| at.checked_sub(back).is_some_and(|at| reader.is_letter(at));
    wants_addresses(growing)
        && (reader.says_any(at, &["as", "for", "like"]) && letter(1)
            || reader.says(at, "in") && letter(2) && reader.says(at - 1, "as"))
}

// "All one word", "with a k": said of a mailbox, and perhaps not to its end.
fn is_hint(growing: &TextSoFar, at: usize) -> bool {
    const LONGEST: usize = 5;
    let reader = &growing.reader;
    let is_within = |start: &usize| {
        let end = reader.spelling_hint(*start);
        end.is_some_and(|end| end > at)
    };
    let may_begin = || {
        reader.says_any(
            at,
            &[
                "with", "without", "all", "no", "in", "as", "it's", "that's", "the",
            ],
        )
    };
    wants_addresses(growing)
        && ((at.saturating_sub(LONGEST)..=at).any(|start| is_within(&start))
            || may_begin() && !growing.is_whole(at + 3) && is_behind_mailbox(growing, at))
}

// Whether a word that may be a mailbox's stands before a token.
fn is_behind_mailbox(growing: &TextSoFar, at: usize) -> bool {
    let before = at
        .checked_sub(1)
        .and_then(|before| growing.reader.token(before));
    before.is_some_and(|word| {
        let is_name = word.is_word() && !word.has(Class::CLOSED);
        is_name || word.is_letter() || word.says_digits() || word.is_mark(b',')
    })
}

// "At the rate of gmail", "dot co dot in", "m c n no sorry m c a n", "dot org, sorry, dot com".
fn is_inside(growing: &TextSoFar, at: usize) -> bool {
    const CORRECTION: usize = 4;
    let reader = &growing.reader;
    let said_before = |word: &str| at > 0 && reader.says(at - 1, word);
    let begun = reader.word(at + 1);
    let is_rate = !begun.is_empty()
        && "rate"
            .get(..begun.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(begun));
    let is_correction = |letter: usize| {
        let is_end = || letter > 0 && reader.says(letter - 1, "dot");
        let is_silent = |between: usize| {
            let token = &reader.tokens[between];
            token.has(Class::IN_GAP | Class::FILLER) || token.is_mark(b',')
        };
        (reader.is_letter(letter) || reader.says(letter, "at") || is_end())
            && (letter + 1..=at).all(is_silent)
    };
    wants_addresses(growing)
        && (reader.says(at, "the") && said_before("at") && is_rate
            || reader.says(at, "of") && said_before("rate")
            || reader.says_any(at, &["in", "is", "it", "at", "be", "us", "me", "no"])
                && said_before("dot")
            || (at.saturating_sub(CORRECTION)..at).any(is_correction))
}

// A sign or an "at". In numbers there is no "at", and in names no sign.
fn is_begun(growing: &TextSoFar, from: usize) -> bool {
    let at = Lexicon::get().at;
    let is_at = |token: &Token| {
        token.is_mark(b'@') || (token.is_word() && token.len() == 2 && token.entry.id == at)
    };
    let open = growing.reader.tokens.get(from..).unwrap_or(&[]);
    let has_sign = || open.iter().any(|token| token.has(Class::DOT | Class::SIGN));
    let has_at = || !growing.wants_only(&NUMBERS_ONLY) && open.iter().any(is_at);
    !growing.wants_only(&[Detector::Name]) && (has_sign() || has_at())
}

// A few plain words and any number of letters may be the mailbox of an "at" to come.
fn begins(growing: &TextSoFar) -> usize {
    let mut begins = growing.formed(&[Detector::Email]);
    if !wants_addresses(growing) {
        return begins;
    }
    let whole = growing.whole_tokens();
    let mut bare = 0;
    for at in (0..whole).rev() {
        let token = growing.reader.tokens[at];
        let next = growing.reader.token(at + 1).filter(|_| at + 1 < whole);
        let is_sentence_end = matches!(
            token.kind,
            TokenKind::Mark(b'.' | b'!' | b'?' | b':' | b';')
        ) && next.is_none_or(|next| next.start > token.end)
            && !is_behind_initial(growing, at);
        let is_no_name = token.has(Class::CLOSED | Class::COPULA | Class::LEAD);
        match token.kind {
            _ if is_sentence_end => break,
            TokenKind::Line if at + 1 < whole => break,
            TokenKind::Word if token.is_letter() => {}
            TokenKind::Word if next.is_none_or(is_sign) => bare += 1,
            TokenKind::Word if token.has(Class::FILLER) => continue,
            // The letter before it goes on with the mailbox.
            TokenKind::Word
                if is_spelling(growing, at) || is_inside(growing, at) || is_hint(growing, at) =>
            {
                continue;
            }
            TokenKind::Word if !is_no_name && bare < BARE_WORDS => bare += 1,
            TokenKind::Word | TokenKind::Digits => break,
            TokenKind::Mark(_) | TokenKind::Line => {}
        }
        begins = begins.min(token.start);
    }
    begins
}

// "J. doe@…": the dot of an initial, which goes on with the mailbox.
fn is_behind_initial(growing: &TextSoFar, at: usize) -> bool {
    let reader = &growing.reader;
    let is_initial = |letter: usize| reader.is_letter(letter) && reader.touches_next(letter);
    reader.is_mark(at, b'.') && at.checked_sub(1).is_some_and(is_initial)
}

fn is_sign(token: &Token) -> bool {
    token.has(Class::SIGN | Class::DOT)
        || matches!(
            token.kind,
            TokenKind::Mark(b'.' | b'-' | b'_' | b'+' | b'@' | b'[' | b'(' | b'{' | b'<')
        )
}

fn may_become_sign(begun: &str) -> bool {
    const SIGNS: [&str; 16] = [
        "dot",
        "period",
        "point",
        "underscore",
        "underline",
        "under",
        "score",
        "dash",
        "hyphen",
        "minus",
        "plus",
        "uh",
        "um",
        "er",
        "hmm",
        "at",
    ];
    SIGNS.iter().any(|sign| {
        sign.get(..begun.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(begun))
    })
}
