//! Who says what: a text may itself be a transcript, "agent: …", "caller: …", or questions and
//! answers, "Q: …", "A: …". Before its speaker a line may tell the time, "[10:02] agent: …".

use std::ops::Range;

use crate::detect::Speaker;
use crate::detect::read::{TokenKind, TokenReader};

/// The passages of a text and who says each; its speaker says what no line gives to another.
pub(crate) fn passages(reader: TokenReader, speaker: Speaker) -> Vec<(Range<usize>, Speaker)> {
    let mut passages = Vec::new();
    let (mut start, mut current) = (0, speaker);
    let end = reader.tokens.len();
    let mut is_asked = false;
    // Whether both sides of a chat have their names.
    let mut chat = None;
    for at in 0..end {
        let Some(line) = line_start(&reader, at) else {
            continue;
        };
        let is_timed = line < at;
        is_asked |= is_one_of(&reader, at, &QUESTIONS);
        let named = named_speaker(&reader, at).or_else(|| {
            let is_answer = is_asked && is_one_of(&reader, at, &ANSWERS);
            is_answer.then_some(Speaker::Caller)
        });
        let side = || {
            let side = chat_side(reader.word(at))?;
            let is_chat = *chat.get_or_insert_with(|| is_chat(&reader));
            is_chat.then_some(side)
        };
        if let Some(next) = named.or_else(side) {
            passages.push((start..line, current));
            (start, current) = (at + 2, next);
        } else if is_timed {
            // Whoever has a name there is no agent's voice; the name itself is read with the line.
            passages.push((start..line, current));
            (start, current) = (at, speaker);
        }
    }
    passages.push((start.min(end)..end, current));
    passages.retain(|(range, _)| !range.is_empty());
    passages
}

/// How questions begin where they are noted with their answers, and how those do.
const QUESTIONS: [&str; 2] = ["q", "question"];
const ANSWERS: [&str; 2] = ["a", "answer"];

// Whom a line of a chat is by; such a word may be the name of a field as well.
fn chat_side(label: &str) -> Option<Speaker> {
    const SERVICE: [&str; 7] = [
        "support", "helpdesk", "advisor", "adviser", "service", "host", "staff",
    ];
    const OTHERS: [&str; 7] = [
        "visitor", "member", "patient", "resident", "tenant", "shopper", "me",
    ];
    let is_one = |labels: &[&str]| labels.iter().any(|one| label.eq_ignore_ascii_case(one));
    match () {
        () if is_one(&SERVICE) => Some(Speaker::Assistant),
        () if is_one(&OTHERS) => Some(Speaker::Caller),
        () => None,
    }
}

// Whether lines are by both sides, as those of a chat that goes to and fro are.
fn is_chat(reader: &TokenReader) -> bool {
    let side = |at: usize| {
        line_start(reader, at)?;
        speaker_of(reader.word(at)).or_else(|| chat_side(reader.word(at)))
    };
    let sides = || (0..reader.tokens.len()).filter_map(side);
    let is_by = |speaker| sides().any(|side| side == speaker);
    let goes_on = || reader.text.contains('?') || sides().count() > 2;
    is_by(Speaker::Assistant) && is_by(Speaker::Caller) && goes_on()
}

// Where the line begins whose speaker stands at a place, before a colon and perhaps behind the
// time: "[2026-11-03 10:02]", "10:02 am".
fn line_start(reader: &TokenReader, at: usize) -> Option<usize> {
    const LONGEST: usize = 16;
    if !reader.is_mark(at + 1, b':') || !reader.token(at)?.is_word() {
        return None;
    }
    let starts = |at: usize| at == 0 || reader.tokens[at - 1].kind == TokenKind::Line;
    let is_of_time = |at: usize| {
        let token = &reader.tokens[at];
        let is_mark = matches!(token.kind, TokenKind::Mark(mark) if b"[]():-/.,".contains(&mark));
        is_mark || token.kind == TokenKind::Digits || reader.says_any(at, &["am", "pm", "t", "z"])
    };
    let is_digits = |at: usize| {
        reader
            .token(at)
            .is_some_and(|own| own.kind == TokenKind::Digits)
    };
    let is_clock = |at: usize| {
        is_digits(at)
            && reader.word(at).len() <= 2
            && reader.is_mark(at + 1, b':')
            && is_digits(at + 2)
    };
    let mut first = at;
    while !starts(first) {
        first -= 1;
        if !is_of_time(first) || at - first > LONGEST {
            return None;
        }
    }
    (first == at || (first..at).any(is_clock)).then_some(first)
}

fn is_one_of(reader: &TokenReader, at: usize, labels: &[&str]) -> bool {
    let word = reader.word(at);
    labels.iter().any(|label| word.eq_ignore_ascii_case(label))
}

// Whom a line names before its colon.
fn named_speaker(reader: &TokenReader, at: usize) -> Option<Speaker> {
    let is_question = is_one_of(reader, at, &QUESTIONS);
    let speaker = speaker_of(reader.word(at));
    speaker.or(is_question.then_some(Speaker::Assistant))
}

/// Who speaks in the lines of a transcript that begin with a word.
pub(crate) fn speaker_of(label: &str) -> Option<Speaker> {
    match label.to_ascii_lowercase().as_str() {
        "agent" | "assistant" | "ai" | "bot" | "model" | "operator" | "representative" | "rep" => {
            Some(Speaker::Assistant)
        }
        "caller" | "user" | "customer" | "client" | "human" | "guest" => Some(Speaker::Caller),
        "system" | "tool" | "developer" => Some(Speaker::Other),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector;
    use crate::detect::testing::{check, check_one};

    #[test]
    fn a_chat_is_by_both_of_its_sides() {
        check(
            "[10:02] visitor: whats ur number\n[10:02] support: it's on the site, 0800 496 0123. What's yours?\n[10:03] visitor: 6478890142",
            &[(Detector::Phone, "6478890142")],
        );
        check(
            "staff: your postcode?\nresident: e h six five n x",
            &[(Detector::Zip, "e h six five n x")],
        );
        // Fields of a record.
        let member = [(Detector::Zip, "60614")];
        check("Service: premium\nPatient: zip 60614", &member);
    }

    #[test]
    fn a_noted_answer_is_an_answer() {
        for text in [
            "Q: Date of birth?\nA: 9 Jan 2001\nQ: Are you a UK resident?\nA: Yes",
            "[10:02] Agent: date of birth?\n[10:03] Customer: 9 Jan 2001",
        ] {
            check_one(Detector::Birthdate, text, "9 Jan 2001");
        }
        for text in [
            "[10:02] Agent: date of birth?\n[10:03] Tom: 9 Jan 2001",
            "[2026-11-03 10:02] Agent: date of birth?\n[2026-11-03 10:03] Tom: 9 Jan 2001",
            "10:02 am Agent: date of birth?\n10:03 am Tom: 9 Jan 2001",
        ] {
            let own = [(Detector::Name, "Tom"), (Detector::Birthdate, "9 Jan 2001")];
            check(text, &own);
        }
        check("Q: Delivery date?\nA: 9 Jan 2031", &[]);
        check("date of birth or order date?\nA: no\nB: 9 Jan 2031", &[]);
    }
}
