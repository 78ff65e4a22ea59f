//! Who gets which words of a text: the detectors are asked in order of certainty, and no two
//! findings overlap. A detector that is not wanted still claims its words, so that an IBAN is
//! never taken for a phone number.

use std::ops::Range;

use super::claims::Claims;
use super::govern::Passage;
use super::numbers as dictation;
use super::spoken;
use super::tokens::{Token, tokenize};
use super::topics::{self, Cue, Topic};
use super::view::View;
use super::{Cues, Detector, Detectors, Scan, Speaker};
use super::{
    address, answer, birthdate, code, cues, email, fragment, iban, ip, name, secret, site, url,
};

/// Finds the private values in a text. Pure, linear in the text's length, never panics.
pub fn scan(text: &str, speaker: Speaker, before: &Cues, wanted: Detectors) -> Scan {
    if wanted.is_empty() || text.is_empty() {
        return Scan {
            findings: Vec::new(),
            after: before.clone(),
        };
    }
    let view = View::of(text);
    let tokens = tokenize(view.text());
    let mut claims = Claims::new(view.text(), &tokens);
    claim_written(view.text(), &tokens, &mut claims);
    let mut after = before.clone();
    let cues: Vec<_> = topics::cues(&tokens)
        .into_iter()
        .filter(|cue| !claims.is_taken(cue.first))
        .collect();
    claims.note(&cues);
    for (range, speaker) in passages(view.text(), &tokens, speaker) {
        let own = cues.partition_point(|cue| cue.first < range.start)
            ..cues.partition_point(|cue| cue.first < range.end);
        hear(
            &tokens,
            range,
            &cues[own],
            speaker,
            wanted,
            &mut after,
            &mut claims,
        );
    }
    let mut findings = claims.into_findings(wanted);
    for finding in &mut findings {
        let source = view.source_range(finding.start..finding.end);
        (finding.start, finding.end) = (source.start, source.end);
    }
    // What a system message or a tool says is no part of the conversation.
    let after = if speaker == Speaker::Other {
        before.clone()
    } else {
        after
    };
    Scan { findings, after }
}

/// Every number in a text, written or dictated, whatever it may be of: its bytes and its digits.
pub fn numbers(text: &str) -> Vec<(Range<usize>, String)> {
    let view = View::of(text);
    let tokens = tokenize(view.text());
    let runs = spoken::runs(view.text(), &tokens, 0, &|_| false);
    let place = |run: &spoken::Run| tokens[run.first].start..tokens[run.end - 1].end;
    runs.into_iter()
        .map(|run| (view.source_range(place(&run)), run.digits))
        .collect()
}

// What is told by its form alone.
fn claim_written(text: &str, tokens: &[Token], claims: &mut Claims) {
    for range in secret::written(text) {
        claims.claim_bytes(range.clone(), Detector::Secret, text[range].to_owned());
    }
    for range in email::written(text) {
        claims.claim_bytes(range.clone(), Detector::Email, text[range].to_lowercase());
    }
    let whole = Passage {
        tokens,
        first: 0,
        end: tokens.len(),
        cues: &[],
        asked: None,
        is_bare: false,
    };
    email::claim_spoken(&whole, claims);
    site::claim_spoken(tokens, claims);
    for range in url::written(text) {
        let value = url::canonical(&text[range.clone()]);
        claims.claim_bytes(range, Detector::Url, value);
    }
    for range in iban::written(text) {
        let value = iban::canonical(&text[range.clone()]);
        claims.claim_bytes(range, Detector::Iban, value);
    }
    iban::claim_spoken(tokens, claims);
    for range in ip::written(text) {
        let value = ip::canonical(&text[range.clone()]);
        claims.claim_bytes(range, Detector::Ip, value);
    }
    ip::claim_spoken(tokens, claims);
}

// A text may itself be a transcript: "agent: …", "caller: …".
fn passages(text: &str, tokens: &[Token], speaker: Speaker) -> Vec<(Range<usize>, Speaker)> {
    let mut passages = Vec::new();
    let (mut start, mut current) = (0, speaker);
    for at in 0..tokens.len() {
        if let Some(next) = cues::is_speaker_mark(text, tokens, at) {
            passages.push((start..at, current));
            (start, current) = (at + 2, next);
        }
    }
    passages.push((start.min(tokens.len())..tokens.len(), current));
    passages.retain(|(range, _)| !range.is_empty());
    passages
}

fn hear(
    tokens: &[Token],
    range: Range<usize>,
    own: &[Cue],
    speaker: Speaker,
    wanted: Detectors,
    state: &mut Cues,
    claims: &mut Claims,
) {
    let asked = match speaker {
        Speaker::Caller => state.asked(),
        Speaker::Assistant => state.asked().filter(|_| state.is_under_way()),
        Speaker::Other => None,
    };
    let mut passage = Passage {
        tokens,
        first: range.start,
        end: range.end,
        cues: own,
        asked,
        is_bare: false,
    };
    let mut given = Vec::new();
    let mut used = vec![false; own.len()];
    birthdate::claim(&passage, claims, &mut given, &mut used);
    fragment::claim(&passage, speaker, claims);
    code::claim(&passage, claims, &mut given);
    secret::claim(&passage, speaker, claims);
    if wanted.contains(Detector::Address) {
        address::claim(&passage, claims);
    }
    if wanted.contains(Detector::Name) {
        name::claim(&passage, claims);
    }
    let wording = answer::is_asked(speaker, state.wording())
        .and_then(|wording| answer::claim(&passage, wording, wanted, claims));
    let open = dictation::claim(
        &mut passage,
        speaker,
        state.region(),
        claims,
        &mut given,
        used,
    );
    match speaker {
        Speaker::Caller => state.hear_caller(&given, open, wording),
        Speaker::Assistant => state.hear_assistant(tokens, range, own),
        Speaker::Other => {}
    }
}

/// A topic with the digits that were given for it.
pub(super) type Given = Vec<(Topic, usize)>;

#[cfg(test)]
mod tests;
