//! The one pass over a text: the finders are asked in order of certainty, and no two findings
//! overlap. A finder whose values are not wanted still claims its words, so that an IBAN is never
//! taken for a phone number.

use std::ops::Range;

use super::claims::Claims;
use super::dialogue::{AnswerPart, AskedSlot, ToldValues, answer_parts, passages};
use super::english::{Topic, Wording, Wordings};
use super::hearing::Hearing;
use super::read::{Cue, SpokenPassage, TokenReader, View, cues, runs, tokenize};
use super::themes::{Themes, ThemesHere};
use super::value::{
    address, answer, bic, birthdate, code, email, iban, ip, mac, name, national, secret, url,
};
use super::{Cues, Detector, Detectors, Scanned, Speaker, number, placeholders, record};

/// Looks at a passage and claims what is its own.
type Finder = fn(&mut Hearing);

/// Who tells a value by its form alone, wherever it stands: asked first, of the whole text.
const BY_FORM: &[Finder] = &[
    secret::claim_form,
    email::claim_form,
    url::claim_form,
    iban::claim_form,
    ip::claim_form,
    mac::claim_form,
];

/// Who tells a value by what is said around it: asked of one passage after the other.
const BY_WORDS: &[Finder] = &[
    number::claim_bank,
    code::claim_plates,
    bic::claim,
    birthdate::claim,
    email::claim_piece,
    url::claim_asked,
    address::claim,
    code::claim_written,
    code::claim,
    secret::claim,
    secret::claim_typed,
    national::claim,
    code::claim_dictated,
    answer::claim_told,
    answer::claim,
    name::claim,
    number::claim,
    answer::claim_whole,
];

/// Finds the private values in a text. Pure, linear in the text's length, never panics.
pub fn scan(text: &str, speaker: Speaker, before: &Cues, wanted: Detectors) -> Scanned {
    scan_with_names(text, speaker, before, wanted, &[])
}

/// The same where something else, such as a model, suggests words that may be of names; `suggested`:
/// their places in the text, in order.
pub fn scan_with_names(
    text: &str,
    speaker: Speaker,
    before: &Cues,
    wanted: Detectors,
    suggested: &[Range<usize>],
) -> Scanned {
    if wanted.is_empty() || text.is_empty() {
        return Scanned {
            findings: Vec::new(),
            after: before.clone(),
        };
    }
    let view = View::of(text);
    let tokens = tokenize(view.text());
    let reader = TokenReader::new(view.text(), &tokens);
    let mut claims = Claims::new(&tokens);
    placeholders::take(reader, &mut claims);
    let mut after = before.clone();
    // Of an address that is hidden whole, no part is a record's. Instructions are by nobody who talks.
    let records: &[Finder] = match speaker {
        Speaker::Assistant => &[],
        Speaker::Caller => &[record::claim],
        Speaker::Other => &[name::claim_persona, record::claim],
    };
    let finders = match wanted.contains(Detector::Url) {
        true => [BY_FORM, records],
        false => [records, BY_FORM],
    };
    for finders in finders {
        let whole = SpokenPassage::unasked(reader, 0..tokens.len(), &[]);
        ask(finders, whole, speaker, wanted, &after, &mut claims);
    }
    let cues: Vec<_> = cues(reader.tokens)
        .into_iter()
        .filter(|cue| !claims.is_taken(cue.first))
        .collect();
    claims.note(&cues);
    hear_passages(reader, &cues, speaker, wanted, &mut after, &mut claims);
    if !suggested.is_empty() {
        name::claim_suggested(reader, &view, suggested, &mut claims);
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
    Scanned { findings, after }
}

/// Every number in a text, written or dictated, whatever it may be of: its bytes and its digits.
pub fn numbers(text: &str) -> Vec<(Range<usize>, String)> {
    let view = View::of(text);
    let tokens = tokenize(view.text());
    let runs = runs(TokenReader::new(view.text(), &tokens), 0, &|_| false);
    runs.into_iter()
        .map(|run| {
            let place = tokens[run.first].start..tokens[run.end - 1].end;
            (view.source_range(place), run.digits)
        })
        .collect()
}

// Hears all that is said, by one speaker after the other.
fn hear_passages<'a>(
    reader: TokenReader<'a>,
    cues: &'a [Cue],
    speaker: Speaker,
    wanted: Detectors,
    state: &mut Cues,
    claims: &mut Claims<'a>,
) {
    for (range, speaker) in passages(reader, speaker) {
        let own = cues.partition_point(|cue| cue.first < range.start)
            ..cues.partition_point(|cue| cue.first < range.end);
        let passage = SpokenPassage::unasked(reader, range, &cues[own]);
        let parts = match speaker {
            Speaker::Caller => answer_parts(state, &passage),
            _ => None,
        };
        match parts {
            Some(parts) => hear_parts(&passage, &parts, wanted, state, claims),
            None => hear(passage, speaker, wanted, state, claims),
        }
    }
}

const EMAIL: AskedSlot = AskedSlot::Number(Topic::Email);

// Hears the parts of a caller's answer to several things, each as the answer to one.
fn hear_parts<'a>(
    whole: &SpokenPassage<'a>,
    parts: &[AnswerPart],
    wanted: Detectors,
    state: &mut Cues,
    claims: &mut Claims<'a>,
) {
    let before = state.clone();
    let part = |range: &Range<usize>| {
        let own = whole.cues.partition_point(|cue| cue.first < range.start)
            ..whole.cues.partition_point(|cue| cue.first < range.end);
        let reader = TokenReader::new(whole.text, whole.tokens);
        SpokenPassage::unasked(reader, range.clone(), &whole.cues[own])
    };
    for (range, _) in parts.iter().filter(|(_, slot)| slot == &Some(EMAIL)) {
        let finders: &[Finder] = &[email::claim_parted];
        ask(finders, part(range), Speaker::Caller, wanted, state, claims);
    }
    for (range, slot) in parts {
        state.focus(*slot);
        hear(part(range), Speaker::Caller, wanted, state, claims);
    }
    let told: Vec<_> = parts.iter().map(|(_, slot)| *slot).collect();
    state.wait_again(&before, &told);
}

fn hear<'a>(
    mut passage: SpokenPassage<'a>,
    speaker: Speaker,
    wanted: Detectors,
    state: &mut Cues,
    claims: &mut Claims<'a>,
) {
    match speaker {
        Speaker::Caller => state.ask_caller(&mut passage),
        Speaker::Assistant => state.ask_assistant(&mut passage),
        Speaker::Other => {}
    }
    let known = claims.count();
    let Hearing {
        passage,
        given,
        open,
        words,
        own_name,
        ..
    } = ask(BY_WORDS, passage, speaker, wanted, state, claims);
    if speaker != Speaker::Other {
        state.set_own_name(own_name);
        let own = passage.tokens.get(passage.first..passage.end);
        state.hear_themes(own.unwrap_or(&[]));
    }
    match speaker {
        Speaker::Caller => {
            state.hear_question(&passage, &given);
            state.hear_caller(&given, open, words);
        }
        Speaker::Assistant => {
            let mut words = Wordings::default();
            for (detector, wording) in [
                (Detector::Name, Wording::Name),
                (Detector::Address, Wording::Address),
            ] {
                if claims.has_new(known, detector) {
                    words.insert(wording);
                }
            }
            let given = &given;
            state.hear_assistant(&passage, ToldValues { given, words });
        }
        Speaker::Other => {}
    }
}

fn ask<'h, 'a>(
    finders: &[Finder],
    passage: SpokenPassage<'a>,
    speaker: Speaker,
    wanted: Detectors,
    state: &'h Cues,
    claims: &'h mut Claims<'a>,
) -> Hearing<'h, 'a> {
    let reader = passage.reader();
    let mut hearing = Hearing {
        used: vec![false; passage.cues.len()],
        speaker,
        themes: ThemesHere::of(
            match speaker {
                Speaker::Other => Themes::default(),
                _ => state.themes(),
            },
            passage.tokens,
            passage.first,
            passage.end,
        ),
        passage,
        region: state.region(),
        wanted,
        claims,
        given: Vec::new(),
        words: state.words(),
        told: state.told(reader, speaker),
        open: None,
        own_name: state.own_name(),
    };
    for find in finders {
        find(&mut hearing);
    }
    hearing
}

#[cfg(test)]
mod tests;
