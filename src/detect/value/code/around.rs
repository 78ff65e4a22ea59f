//! What people say around a code: sighs before it, a surname with which it begins, and the right
//! one behind a wrong one.

use super::{Sought, claim_from, code_of, read};
use crate::detect::Detector;
use crate::detect::english::{Class, Topic};
use crate::detect::hearing::Hearing;
use crate::detect::read::{SpokenCode, TokenKind, TokenReader};

/// Whether a word at a place only sighs: "oh god", "oh dear". "Oh four" is a digit.
pub(super) fn is_sigh(reader: TokenReader, at: usize) -> bool {
    const SIGHS: [&str; 9] = [
        "god", "gosh", "goodness", "dear", "jeez", "lord", "heavens", "bother", "ooh",
    ];
    let is_oh = reader.says_any(at, &["oh", "o"]);
    let is_digit =
        || reader.says_number(at + 1) || reader.is_letter(at + 1) && !reader.says(at + 1, "i");
    reader.says_any(at, &SIGHS) || is_oh && !is_digit()
}

/// The code of a driving licence that begins with a surname: "morgan, seven five three …".
pub(super) fn behind_surname(
    hearing: &Hearing,
    from: usize,
    at: usize,
    topic: Topic,
) -> Option<SpokenCode> {
    const FEWEST: usize = 6;
    let reader = hearing.passage.reader();
    let is_licence = |word: &str| word.starts_with("licen") || word.starts_with("driv");
    let cue = hearing.passage.cues.iter().find(|cue| cue.end == from)?;
    let mut words = (cue.first..cue.end).map(|at| reader.word(at).to_ascii_lowercase());
    let name = reader.token(at).filter(|token| token.is_word())?;
    let is_name = name.len() > 2 && !name.has(Class::CLOSED) && !name.says_number();
    if topic != Topic::Id || !is_name || !words.any(|word| is_licence(&word)) {
        return None;
    }
    let behind = at + 1 + usize::from(reader.is_mark(at + 1, b','));
    let code = read(hearing, topic, behind).filter(|_| reader.says_digits(behind))?;
    let value = format!("{}{}", reader.word(at).to_uppercase(), code.value);
    (code.value.len() >= FEWEST).then_some(SpokenCode {
        range: at..code.range.end,
        value,
        ..code
    })
}

/// Claims the plates of a passage that begin with a number, as a house does: "191 D 40772".
pub(crate) fn claim_plates(hearing: &mut Hearing) {
    const WORDS: [&str; 8] = [
        "plate",
        "plates",
        "plate's",
        "reg",
        "reg's",
        "registration",
        "rego",
        "vrm",
    ];
    let reader = hearing.passage.reader();
    for cue in hearing.passage.cues {
        let is_plate = (cue.first..cue.end).any(|at| reader.says_any(at, &WORDS));
        let is_code = matches!(cue.topic, Topic::Id | Topic::Code);
        let silent = usize::from(reader.says_any(cue.end, &["is", "number", "was"]));
        let at = cue.end + silent;
        if is_plate && is_code && reader.says_digits(at) && reader.is_letter(at + 1) {
            claim_from(hearing, at, cue.topic, Sought::Named);
        }
    }
}

/// Claims the codes of a passage that have the letters and digits of one that was claimed before
/// them in the same places: "… no wait, that's the example, mine's JG 40 71 93 B".
pub(super) fn claim_alike(hearing: &mut Hearing, known: usize) {
    let told: Vec<(String, Detector)> = hearing
        .claims
        .since(known)
        .filter_map(|found| Some((form_of(&found.value)?, found.detector)))
        .collect();
    let reader = hearing.passage.reader();
    let mut at = hearing.passage.first;
    while !told.is_empty() && at < hearing.passage.end {
        let is_free = !hearing.claims.is_taken_or_named(at) || reader.is_letter(at);
        let code =
            (is_free && !hearing.claims.is_taken(at) && may_begin(hearing.passage.reader(), at))
                .then(|| code_of(hearing, Topic::Id, at, Sought::Named))
                .flatten();
        let Some(code) = code else {
            at += 1;
            continue;
        };
        let own = form_of(&code.value);
        let detector = told.iter().find(|(form, _)| own.as_ref() == Some(form));
        at = code.range.end.max(at + 1);
        if let Some((_, detector)) = detector {
            hearing.claims.claim(code.range, *detector, code.value);
        }
    }
}

fn may_begin(reader: TokenReader, at: usize) -> bool {
    const MOST: usize = 5;
    reader.token(at).is_some_and(|token| match token.kind {
        TokenKind::Digits => true,
        _ => token.is_word() && (token.len() <= MOST || token.has(Class::ALPHABET)),
    })
}

// The places of letters and digits in a code of both; none of a short one.
fn form_of(value: &str) -> Option<String> {
    const FEWEST: usize = 6;
    let is_code = value.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let is_mixed = (3..value.len()).contains(&digits);
    (is_code && is_mixed && value.len() >= FEWEST).then(|| {
        let sign = |byte: u8| if byte.is_ascii_digit() { '9' } else { 'A' };
        value.bytes().map(sign).collect()
    })
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::{Id, Name};
    use crate::detect::testing::{check, check_one};

    #[test]
    fn who_sighs_goes_on_with_a_code() {
        check_one(
            Id,
            "policy number oh god right it's h o m, stroke, four double two nine one",
            "h o m, stroke, four double two nine one",
        );
        check("the policy number oh god i have no idea", &[]);
    }

    #[test]
    fn a_plate_may_begin_as_a_house_does() {
        for (text, value) in [
            ("The plate's 191 D 40772, a Skoda", "191 D 40772"),
            ("reg is 12 D 44192", "12 D 44192"),
        ] {
            check_one(Id, text, value);
        }
    }

    #[test]
    fn a_licence_begins_with_a_surname() {
        check_one(
            Id,
            "driving licence is bowyer, seven five three one one six, s m nine i j",
            "bowyer, seven five three one one six, s m nine i j",
        );
        check("my driving licence expired, two years ago", &[]);
    }

    #[test]
    fn a_code_like_the_one_before_it_is_another() {
        check(
            "my NI is QQ 12 34 56 C... no wait, that's the form's, mine's JG 40 71 93 B",
            &[(Id, "QQ 12 34 56 C"), (Id, "JG 40 71 93 B")],
        );
        check(
            "my member number is BK44719, Ina Lake, and the model is a PX200 from 2019",
            &[(Id, "BK44719"), (Name, "Ina Lake")],
        );
    }
}
