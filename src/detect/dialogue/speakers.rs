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
    for at in 0..end {
        let Some(line) = line_start(&reader, at) else {
            continue;
        };
        let is_timed = line < at;
        is_asked |= is_one_of(&reader, at, &QUESTIONS);
        if let Some(next) = named_speaker(&reader, at).or_else(|| {
            let is_answer = is_asked && is_one_of(&reader, at, &ANSWERS);
            is_answer.then_some(Speaker::Caller)
        }) {
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

// Where the line begins whose speaker stands at a place, before a colon.
fn line_start(reader: &TokenReader, at: usize) -> Option<usize> {
    // "[", two or three numbers with colons between, "]".
    const LONGEST: usize = 7;
    let is_label = reader.is_mark(at + 1, b':') && reader.token(at)?.is_word();
    let starts = |at: usize| at == 0 || reader.tokens[at - 1].kind == TokenKind::Line;
    if !is_label || starts(at) {
        return is_label.then_some(at);
    }
    let close = at.checked_sub(1).filter(|at| reader.is_mark(*at, b']'))?;
    let open = (close.saturating_sub(LONGEST)..close)
        .rev()
        .find(|at| reader.is_mark(*at, b'['))?;
    let is_time = reader.tokens[open + 1..close]
        .iter()
        .all(|token| token.kind == TokenKind::Digits || token.is_mark(b':'));
    (starts(open) && is_time && close > open + 1).then_some(open)
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
    fn a_noted_answer_is_an_answer() {
        for text in [
            "Q: Date of birth?\nA: 9 Jan 2001\nQ: Are you a UK resident?\nA: Yes",
            "[10:02] Agent: date of birth?\n[10:03] Customer: 9 Jan 2001",
        ] {
            check_one(Detector::Birthdate, text, "9 Jan 2001");
        }
        check(
            "[10:02] Agent: date of birth?\n[10:03] Tom: 9 Jan 2001",
            &[(Detector::Name, "Tom"), (Detector::Birthdate, "9 Jan 2001")],
        );
        check("Q: Delivery date?\nA: 9 Jan 2031", &[]);
        check("date of birth or order date?\nA: no\nB: 9 Jan 2031", &[]);
    }
}
