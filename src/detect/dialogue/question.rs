//! What a question asks for, and what is no new question: a nod, a request to say it again.
//!
//! Whether something is asked at all, `request.rs` says.

use std::ops::Range;

use super::request::{AskingPart, AskingWay};
use crate::detect::english::{AskingRole, Class, PEOPLE, Topic, Wording};
use crate::detect::read::{Cue, Lexicon, Token, TokenReader, is_complement, phrase_words};

/// The phrases among some tokens that are answered in words: what each asks for, and its tokens.
pub(super) fn word_questions(
    tokens: &[Token],
    range: Range<usize>,
) -> Vec<(Wording, Range<usize>)> {
    let lexicon = Lexicon::get();
    let mut found = Vec::new();
    let mut at = range.start;
    while at < range.end {
        let phrase = lexicon.questions.longest(phrase_words(tokens, at));
        let Some((last, wording)) = phrase.filter(|_| tokens[at].entry.id != 0) else {
            at += 1;
            continue;
        };
        // "The name of the restaurant" is no "the name".
        let longer = lexicon.questions.longest(phrase_words(tokens, last));
        let longer = longer.filter(|(end, _)| last > at && *end > last + 1);
        let (last, wording) = longer.unwrap_or((last, wording));
        found.push((wording, at..last + 1));
        at = last + 1;
    }
    found
}

/// The topics of the nouns of a part that asks, in order: "the zip for that card" asks for the zip.
pub(super) fn asked_for(tokens: &[Token], cues: &[&Cue]) -> Vec<Topic> {
    // "The last four of your social" asks for the social.
    let ends_behind = |at: usize| at > 0 && cues[at - 1].topic == Topic::LastFour;
    let is_head = |at: usize, cue: &Cue| {
        let is_noun = at == 0 || is_vague(cues[at - 1]) || !is_verb(tokens, cue);
        let is_part = cue.topic == Topic::LastFour && at + 1 < cues.len();
        // "The passport's expiry".
        let next = cues.get(at + 1).filter(|next| next.first == cue.end);
        let is_owner = next.is_some() && tokens[cue.end - 1].has(Class::POSSESSIVE);
        is_noun && !is_part && !is_owner && (!is_complement(tokens, cue) || ends_behind(at))
    };
    let mut heads: Vec<_> = cues
        .iter()
        .enumerate()
        .filter(|(at, cue)| is_head(*at, cue))
        .map(|(_, cue)| cue.topic)
        .collect();
    if heads.is_empty() {
        heads = cues.iter().map(|cue| cue.topic).collect();
    }
    // A card's expiry is nothing to wait for.
    if heads.iter().any(|topic| *topic != Topic::Expiry) {
        heads.retain(|topic| *topic != Topic::Expiry);
    }
    // "Your date of birth, day, month and year": how to say it.
    if heads.contains(&Topic::Birth) {
        heads.retain(|topic| *topic != Topic::Reference);
    }
    for topic in &mut heads {
        if *topic == Topic::LastFour {
            *topic = Topic::Card;
        }
    }
    heads
}

/// Whether parts ask for what was announced: "read it out", "tell me the digits".
pub(super) fn asks_for_it(reader: TokenReader, parts: &[AskingPart]) -> bool {
    let is_same = |at: usize| {
        let token = reader.token(at);
        token.is_some_and(|token| token.asks(AskingRole::SAME))
            || reader.says_any(at, &["digits", "numbers", "back", "aloud"])
    };
    let is_of_it =
        |part: &AskingPart| part.way == AskingWay::Value && part.tokens.clone().any(is_same);
    parts.iter().any(is_of_it)
}

/// Whether a part asks how somebody is called: "what's your little boy called?"
pub(super) fn asks_called(reader: TokenReader, part: &AskingPart) -> bool {
    let last = part.tokens.end.saturating_sub(1);
    let is_one = |at: usize| reader.says_any(at, PEOPLE);
    reader.says(last, "called") && part.tokens.clone().any(is_one)
}

/// Whether a phrase only speaks of calling: "when can we call you", "the text we sent".
pub(super) fn is_call(reader: TokenReader, cue: &Cue) -> bool {
    const NOUNS: [&str; 20] = [
        "number",
        "numbers",
        "phone",
        "phones",
        "cell",
        "mobile",
        "telephone",
        "tel",
        "line",
        "landline",
        "fax",
        "whatsapp",
        "callback",
        "handset",
        "pager",
        "cellphone",
        "no",
        "code",
        "ph",
        "mob",
    ];
    cue.topic == Topic::Phone && !(cue.first..cue.end).any(|at| reader.says_any(at, &NOUNS))
}

/// "Okay", "mhm", "got it".
pub(super) fn is_nod(tokens: &[Token]) -> bool {
    let mut words = tokens.iter().filter(|token| token.is_word());
    words.clone().count() <= 3
        && words.all(|token| token.has(Class::FILLER | Class::JOIN | Class::LEAD | Class::GO_ON))
}

/// Whether one who should answer asks: "where do I find that", "which one is that".
pub(super) fn asks_back(reader: TokenReader) -> bool {
    const BEGINNING: usize = 4;
    let asks = |at: usize| {
        let token = reader.token(at);
        token.is_some_and(|token| token.asks(AskingRole::WHICH | AskingRole::HOW))
    };
    (reader.floor..reader.floor + BEGINNING).any(asks)
}

/// "Say that again", but not "come again tomorrow".
pub(super) fn is_retry(tokens: &[Token], at: usize) -> bool {
    let ends = tokens
        .get(at + 1)
        .is_none_or(|next| !next.is_word() || next.has(Class::LEAD));
    // "Again to confirm".
    let confirms = || {
        let behind = tokens.get(at + 2).filter(|_| !ends);
        behind.is_some_and(|next| next.asks(AskingRole::TAKE) && next.asks(AskingRole::SAY))
    };
    tokens[at].has(Class::RETRY) && (ends || !tokens[at].has(Class::JOIN) || confirms())
}

/// Whether a noun is the caller's: "your zip code, can I get that?".
pub(super) fn is_yours(reader: TokenReader, at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| reader.token(before));
    before.is_some_and(|word| word.has(Class::DETERMINER))
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
