//! Codes as systems write them, whole from their first letter to their last: "complaint
//! CMP/2024/08871", "medical aid no. DH 774 1029 03", "I was driving LN19 ZHU".
//!
//! A code is somebody's by the noun before it, or by a form that nothing else has. What is the name
//! of a product, a flight or a version stays, and so does a number that nobody says to be of anybody.

use super::piece::WrittenCode;
use crate::detect::english::{Class, LOOKED_UP, Topic};
use crate::detect::hearing::Hearing;
use crate::detect::read::{Lexicon, Token, TokenKind, TokenReader};
use crate::detect::{Detector, Speaker};

/// So many forms of codes are known again.
const MOST_FORMS: usize = 16;

/// Claims the codes that a caller writes.
pub(crate) fn claim_written(hearing: &mut Hearing) {
    let own = hearing
        .passage
        .tokens
        .get(hearing.passage.first..hearing.passage.end);
    let is_digits = |token: &Token| token.kind == TokenKind::Digits;
    if hearing.speaker != Speaker::Caller || !own.is_some_and(|own| own.iter().any(is_digits)) {
        return;
    }
    let reader = hearing.passage.reader();
    let mut forms: Vec<String> = Vec::new();
    let mut at = hearing.passage.first;
    while at < hearing.passage.end {
        let Some(code) = begins(reader, at)
            .then(|| WrittenCode::at(reader, at))
            .flatten()
        else {
            at += 1;
            continue;
        };
        at = code.range.end;
        if hearing.claims.is_any_taken(code.range.clone()) || code.is_public(reader) {
            continue;
        }
        let is_alike =
            !forms.is_empty() && code.has_letters() && forms.contains(&code.form(reader));
        let Some(code) = somebodys(hearing, code, is_alike) else {
            continue;
        };
        at = code.range.end;
        if !is_alike && forms.len() < MOST_FORMS {
            forms.push(code.form(reader));
        }
        let value = code.value(reader);
        hearing.claims.claim(code.range, Detector::Id, value);
    }
}

// Whether a code may begin at a token: nothing touches it but an opening mark.
fn begins(reader: TokenReader, at: usize) -> bool {
    let is_sign = |token: &Token| token.is_word() || token.kind == TokenKind::Digits;
    let touches = at > reader.floor && reader.touches_next(at - 1);
    let opens = |token: &Token| {
        let marks = b"#\"'`(:=|[";
        matches!(token.kind, TokenKind::Mark(mark) if marks.contains(&mark))
            || token.kind == TokenKind::Line
    };
    reader.token(at).is_some_and(is_sign) && (!touches || reader.token(at - 1).is_some_and(opens))
}

// The code with all that is of it, where it is somebody's.
fn somebodys(hearing: &Hearing, code: WrittenCode, is_alike: bool) -> Option<WrittenCode> {
    let passage = &hearing.passage;
    let reader = passage.reader();
    let noun = noun_before(reader, code.range.start);
    // What a phrase of another kind governs, or begins, is that.
    let is_of_kind = |at: usize| {
        let before = passage
            .cues
            .partition_point(|cue| cue.first < code.range.end);
        let last = passage.cues.get(..before).and_then(<[_]>::last);
        let none = [Topic::Reference, Topic::Number, Topic::Nothing, Topic::Code];
        last.is_some_and(|cue| cue.end > at && !none.contains(&cue.topic))
    };
    if is_of_kind(noun.as_ref().map_or(code.range.start, |noun| noun.at)) {
        return None;
    }
    match noun {
        Some(noun) if !noun.is_harmless => {
            let code = code.grown(reader);
            code.is_named(reader).then_some(code)
        }
        Some(_) => None,
        None => {
            let code = code.with_plate(reader);
            let is_one =
                code.is_plate(reader) || code.is_unmistakable(reader) || code.is_of_vehicle(reader);
            (is_one || is_alike).then_some(code)
        }
    }
}

/// What stands before a code and says what it is of.
struct CodeNoun {
    at: usize,
    /// Whether it is of a product, a room, a flight, or an order, which a business looks up.
    is_harmless: bool,
}

// "Order #", "medical aid no.", "complaint", `"ticket":`; nothing where the code stands alone.
fn noun_before(reader: TokenReader, first: usize) -> Option<CodeNoun> {
    const MARKERS: [&str; 10] = [
        "number",
        "no",
        "num",
        "nr",
        "nos",
        "nbr",
        "id",
        "ref",
        "reference",
        "code",
    ];
    const MOST: usize = 6;
    let lowest = reader.floor.max(first.saturating_sub(MOST));
    let mut is_marked = false;
    for at in (lowest..first).rev() {
        let token = reader.token(at)?;
        let is_marker = reader.says_any(at, &MARKERS);
        let is_head = token.has(Class::CASE) && !is_noun_before(reader, at);
        match token.kind {
            TokenKind::Mark(b'#' | b':' | b'=' | b'"' | b'\'' | b'(' | b'|' | b'-') => {}
            TokenKind::Mark(b'.') if is_short_form(reader, at) => {}
            TokenKind::Word if is_marker && !is_head => is_marked = true,
            TokenKind::Word if token.has(Class::COPULA | Class::FILLER) => {}
            // "S/n", "s / n".
            TokenKind::Mark(b'/') if reader.says(at + 1, "n") => {}
            TokenKind::Word if is_serial_half(reader, at) => {}
            TokenKind::Word => {
                let is_serial = reader.says(at, "s") && reader.is_mark(at + 1, b'/');
                let head = head_of_key(reader.word(at));
                let classes = head.map_or(token.entry.classes, |head| {
                    Lexicon::get().entry(head).classes
                });
                let is_case = classes.contains(Class::CASE) || is_serial;
                let is_thing = classes.contains(Class::NUMBERED) && !is_case;
                let looked_up = head.map(str::to_lowercase);
                let is_looked_up = match &looked_up {
                    Some(head) => LOOKED_UP.contains(&&**head),
                    None => reader.says_any(at, &LOOKED_UP),
                };
                let is_noun = is_case || is_marked && !token.has(Class::CLOSED | Class::LEAD);
                return (is_noun || is_thing).then_some(CodeNoun {
                    at,
                    is_harmless: is_thing || is_looked_up,
                });
            }
            _ => return None,
        }
    }
    None
}

// The second letter of "s/n".
fn is_serial_half(reader: TokenReader, at: usize) -> bool {
    let mark = at.checked_sub(1).filter(|mark| *mark >= reader.floor);
    reader.says(at, "n") && mark.is_some_and(|mark| reader.is_mark(mark, b'/'))
}

// "TicketId", "orderRef": the noun of a key that is written as one word.
fn head_of_key(word: &str) -> Option<&str> {
    let tail = word.rfind(char::is_uppercase).filter(|at| *at > 0)?;
    let tails = [
        "Id",
        "No",
        "Ref",
        "Number",
        "Num",
        "Code",
        "Reference",
        "Serial",
    ];
    tails
        .contains(&word.get(tail..)?)
        .then(|| word.get(..tail))?
}

// "No.", "ref.", "cert.": a full stop that ends no sentence.
fn is_short_form(reader: TokenReader, stop: usize) -> bool {
    const LONGEST: usize = 4;
    let before = stop.checked_sub(1).and_then(|at| reader.token(at));
    before.is_some_and(|word| {
        word.is_word() && word.len() <= LONGEST && word.end == reader.tokens[stop].start
    })
}

// Whether a word before "id", "ref" is what they are of.
fn is_noun_before(reader: TokenReader, at: usize) -> bool {
    let before = at.checked_sub(1).filter(|before| *before >= reader.floor);
    before
        .and_then(|before| reader.token(before))
        .is_some_and(|token| {
            token.is_word()
                && (token.has(Class::CASE | Class::NUMBERED)
                    || !token.has(Class::CLOSED | Class::LEAD | Class::DETERMINER | Class::COPULA))
        })
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector;
    use crate::detect::testing::{check, check_one};

    #[test]
    fn a_code_behind_the_noun_of_a_case_is_found_whole() {
        for (text, value) in [
            ("hello?? still waiting. complaint #7730-11845", "7730-11845"),
            ("I refer to complaint CMP/2024/08871", "CMP/2024/08871"),
            ("medical aid no. DH 774 1029 03", "DH 774 1029 03"),
            (
                "can you check complaint JD0002 4601 9587 73 pls",
                "JD0002 4601 9587 73",
            ),
            ("Kunden-Nr. 4711-0815-AB", "4711-0815-AB"),
            ("my claim AB1234 2 items missing", "AB1234"),
        ] {
            check_one(Detector::Id, text, value);
        }
        check(
            "The bill says meter G4A-00881726 but mine is G4A-00881762",
            &[
                (Detector::Id, "G4A-00881726"),
                (Detector::Id, "G4A-00881762"),
            ],
        );
    }

    #[test]
    fn a_form_that_nothing_else_has_needs_no_noun() {
        check_one(Detector::Id, "Re: INC0042871 - laptop", "INC0042871");
        check_one(Detector::Id, "she came in LN19 ZHU", "LN19 ZHU");
        check_one(
            Detector::Id,
            "it reads WVWZZZ1JZXW000001",
            "WVWZZZ1JZXW000001",
        );
        check_one(Detector::Id, r#""policyId":"HD-55810""#, "HD-55810");
    }

    #[test]
    fn names_of_products_flights_and_sizes_stay() {
        for text in [
            "Order number A6058710 shipped yesterday",
            "hello?? still waiting. order #7730-11845",
            "where is my case number 79319980-10?",
            "my parcel JD0002 4601 9587 73",
            "agent: What's your order number?\ncaller: 90-3317-B",
            "PNR KLM7QX, two pax",
            r#""ticketId":"HD-55810""#,
            "the UE55AU7100 TV and the WH-1000XM5 headphones",
            "he drives an EQC400, flight BA2490, seat 14C, gate B22",
            "please order 2024-25 calendars or 10-12 pizzas",
            "agent: the flight number?\ncaller: EZY8421",
            "CVE-2024-12345 and EUR1234567",
            "the lease runs 2019-2024, delivery 10:30-12:45",
        ] {
            check(text, &[]);
        }
    }
}
