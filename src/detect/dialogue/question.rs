//! What a question asks for, and what is no new question: a nod, a request to say it again.

use std::ops::Range;

use crate::detect::english::{Class, Topic, Wording};
use crate::detect::read::{Cue, Lexicon, Token, is_complement, phrase_words};

/// The last question among tokens that is answered in words: what it asks for, and its tokens.
pub(super) fn question(tokens: &[Token]) -> Option<(Wording, Range<usize>)> {
    let lexicon = Lexicon::get();
    let mut last = None;
    let mut at = 0;
    while at < tokens.len() {
        let found = lexicon.questions.longest(phrase_words(tokens, at));
        let Some((end, wording)) = found.filter(|_| tokens[at].entry.id != 0) else {
            at += 1;
            continue;
        };
        if wording != Wording::Other {
            last = Some((wording, at..end + 1));
        }
        at = end + 1;
    }
    last
}

/// The last noun of the last sentence that has one, or the first of those that "and" joins to it.
pub(super) fn asked_for(tokens: &[Token], cues: &[&Cue]) -> (Option<Topic>, Option<Topic>) {
    // "The last four of your social" asks for the social.
    let ends_behind = |at: usize| at > 0 && cues[at - 1].topic == Topic::LastFour;
    let heads: Vec<_> = cues
        .iter()
        .enumerate()
        .filter(|(at, cue)| !is_complement(tokens, cue) || ends_behind(*at))
        .filter(|(at, cue)| *at == 0 || is_vague(cues[at - 1]) || !is_verb(tokens, cue))
        .filter(|(at, cue)| cue.topic != Topic::LastFour || at + 1 == cues.len())
        .map(|(_, cue)| cue)
        .collect();
    let heads = if heads.is_empty() {
        cues.iter().collect()
    } else {
        heads
    };
    let Some(mut at) = heads.len().checked_sub(1) else {
        return (None, None);
    };
    let is_joined = |left: &Cue, right: &Cue| {
        let between = tokens.get(left.end..right.first).unwrap_or(&[]);
        between.len() <= 5
            && between
                .iter()
                .any(|token| token.has(Class::LOOSE) || token.is_mark(b','))
            && between
                .iter()
                .all(|token| token.has(Class::LOOSE | Class::DETERMINER) || token.is_mark(b','))
    };
    while at > 0 && is_joined(heads[at - 1], heads[at]) {
        at -= 1;
    }
    // A card's expiry is nothing to wait for.
    let mut asked = heads[at..]
        .iter()
        .map(|cue| cue.topic)
        .filter(|topic| *topic != Topic::Expiry);
    match asked.next() {
        Some(Topic::LastFour) => (Some(Topic::Card), asked.next()),
        Some(topic) => (Some(topic), asked.next()),
        None => (Some(Topic::Expiry), None),
    }
}

/// "Okay", "mhm", "got it".
pub(super) fn is_nod(tokens: &[Token]) -> bool {
    let mut words = tokens.iter().filter(|token| token.is_word());
    words.clone().count() <= 3
        && words.all(|token| token.has(Class::FILLER | Class::JOIN | Class::LEAD | Class::GO_ON))
}

/// "Say that again", but not "come again tomorrow".
pub(super) fn is_retry(tokens: &[Token], at: usize) -> bool {
    let ends = tokens
        .get(at + 1)
        .is_none_or(|next| !next.is_word() || next.has(Class::LEAD));
    tokens[at].has(Class::RETRY) && (ends || !tokens[at].has(Class::JOIN))
}

fn is_vague(cue: &Cue) -> bool {
    matches!(cue.topic, Topic::Reference | Topic::Number)
}

// "The code we texted you": a verb behind its subject asks for nothing.
fn is_verb(tokens: &[Token], cue: &Cue) -> bool {
    let pronouns = Lexicon::get().pronouns;
    cue.topic == Topic::Phone
        && cue
            .first
            .checked_sub(1)
            .is_some_and(|before| pronouns.contains(&tokens[before].entry.id))
}
