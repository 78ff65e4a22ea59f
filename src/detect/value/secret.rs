//! API keys, tokens and passwords.

mod typed;

pub(crate) use typed::claim_typed;

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::answer;
use crate::detect::english::{Class, Topic};
use crate::detect::growing::{NOWHERE, TextSoFar, ValueReach};
use crate::detect::hearing::Hearing;
use crate::detect::read::{Cue, SpokenPassage};
use crate::detect::{Detector, Speaker};

// First letters that makers of keys chose so that they can be found, and the least length of
// what follows.
const MARKS: &[(&str, usize)] = &[
    ("sk-", 16),
    ("sk_", 16),
    ("pk_live_", 12),
    ("pk_test_", 12),
    ("rk_live_", 12),
    ("rk_test_", 12),
    ("ghp_", 20),
    ("gho_", 20),
    ("ghu_", 20),
    ("ghs_", 20),
    ("ghr_", 20),
    ("github_pat_", 20),
    ("glpat-", 16),
    ("xoxa-", 10),
    ("xoxb-", 10),
    ("xoxe-", 10),
    ("xoxo-", 10),
    ("xoxp-", 10),
    ("xoxr-", 10),
    ("xoxs-", 10),
    ("AKIA", 16),
    ("ASIA", 16),
    ("AIza", 30),
    ("eyJ", 20),
    ("whsec_", 16),
    ("hf_", 20),
    ("npm_", 30),
    ("SG.", 30),
    ("-----BEGIN ", 20),
];

// Not handed in: it is the table above as an automaton, the same for every text.
static STARTS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .build(MARKS.iter().map(|(mark, _)| mark))
        .expect("the marks are constant")
});

/// Claims the keys that are told by their first letters, and what is handed to a program that logs
/// in.
pub(crate) fn claim_form(text: &mut Hearing) {
    text.claim_written(Detector::Secret, written, str::to_owned);
    text.claim_written(Detector::Secret, of_login, str::to_owned);
}

// "curl -u admin:…", "--user admin:…": the part behind the colon.
fn of_login(text: &str) -> Vec<Range<usize>> {
    const OPTIONS: [&str; 2] = [" -u ", " --user "];
    let mut found: Vec<Range<usize>> = Vec::new();
    for option in OPTIONS {
        for at in memchr::memmem::find_iter(text.as_bytes(), option) {
            let start = at + option.len();
            let value = text.get(start..).map_or("", |rest| {
                rest.split(char::is_whitespace).next().unwrap_or("")
            });
            let value = value.trim_matches(['"', '\'']);
            let start = start + usize::from(!text[start..].starts_with(value));
            if let Some((user, secret)) = value.split_once(':').filter(|(_, own)| own.len() > 3) {
                let first = start + user.len() + 1;
                found.push(first..first + secret.len());
            }
        }
    }
    found.sort_by_key(|range| range.start);
    found
}

fn written(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut found: Vec<Range<usize>> = Vec::new();
    for hit in STARTS.find_iter(text) {
        let touches = hit
            .start()
            .checked_sub(1)
            .is_some_and(|at| in_key(bytes[at]));
        if touches || found.last().is_some_and(|last| hit.start() < last.end) {
            continue;
        }
        let (mark, shortest) = MARKS[hit.pattern().as_usize()];
        let end = if mark.starts_with("-----") {
            block_end(text, hit.end())
        } else {
            hit.end()
                + bytes[hit.end()..]
                    .iter()
                    .take_while(|byte| in_key(**byte) || **byte == b'.')
                    .count()
        };
        let end = hit.start()
            + text
                .get(hit.start()..end)
                .unwrap_or("")
                .trim_end_matches('.')
                .len();
        let digits = bytes[hit.start()..end].iter().any(u8::is_ascii_digit);
        if end >= hit.end() + shortest && (digits || mark.starts_with("-----")) {
            found.push(hit.start()..end);
        }
    }
    found
}

fn in_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-' || byte == b'='
}

// A private key ends with its own last line, or with the text.
fn block_end(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or("");
    if !rest
        .split("-----")
        .next()
        .is_some_and(|kind| kind.len() < 40 && kind.ends_with("PRIVATE KEY"))
    {
        return from;
    }
    rest.find("-----END")
        .and_then(|end| {
            rest.get(end + 8..)?
                .find("-----")
                .map(|last| from + end + 8 + last + 5)
        })
        .unwrap_or(text.len())
}

/// Claims what stands as the value of a phrase: "password: …", "the token is …".
pub(crate) fn claim(hearing: &mut Hearing) {
    let passage = &hearing.passage;
    let cues = passage.cues.iter();
    for cue in cues.filter(|cue| cue.topic == Topic::Secret) {
        let (at, is_tied) = value_behind(passage, cue);
        let Some(first) = passage.tokens.get(at).filter(|_| at < passage.end) else {
            continue;
        };
        let value = passage.text.get(first.start..).map_or("", written_value);
        if is_secret(value, is_tied) {
            let bytes = first.start..first.start + value.len();
            let value = value.to_owned();
            hearing.claims.claim_bytes(bytes, Detector::Secret, value);
        } else if is_tied
            && hearing.speaker == Speaker::Caller
            && let Some((range, value)) =
                answer::password(passage.reader(), at, is_word(passage, cue))
        {
            hearing.claims.claim(range, Detector::Secret, value);
        }
    }
}

/// How far back a key or a password may still reach while a text grows.
pub(crate) const REACH: ValueReach = ValueReach {
    is_begun: |growing, _| {
        let is_secret = |topic| (topic == Topic::Secret).then_some(Detector::Secret);
        growing.wants(Detector::Secret) && (is_block_begun(growing) || growing.awaits(is_secret))
    },
    begins: |growing| growing.formed(&[Detector::Secret]),
    ..NOWHERE
};

// A private key has blanks and lines.
fn is_block_begun(growing: &TextSoFar) -> bool {
    memchr::memmem::find(growing.reader.text.as_bytes(), b"-----").is_some()
}

// "Passphrase", "code word": which is one of a few words.
fn is_word(passage: &SpokenPassage, cue: &Cue) -> bool {
    let reader = passage.reader();
    let words = [
        "word",
        "word's",
        "phrase",
        "phrase's",
        "passphrase",
        "passphrase's",
    ];
    (cue.first..cue.end).any(|at| reader.says_any(at, &words))
}

// Where the value of a phrase begins, and whether "is" or a mark ties it to the phrase.
fn value_behind(passage: &SpokenPassage, cue: &Cue) -> (usize, bool) {
    const MOST: usize = 6;
    let mut at = behind_clause(passage, cue.end);
    // "Password is" is a phrase of its own.
    let from = at;
    let last = cue.end - 1;
    let reader = passage.reader();
    // "$PWD/bin" is a folder.
    let is_apart = !reader.touches_next(last) && (last == 0 || !reader.touches_next(last - 1));
    let is_label = is_apart && reader.says_any(last, &["pw", "pwd", "passwd"]);
    let mut is_tied = passage.tokens[last].has(Class::COPULA) || is_label;
    while at < passage.end.min(from + MOST) {
        let token = passage.tokens[at];
        let is_mark =
            !token.is_word() && [":", "=", "\"", "'", "`"].contains(&token.of(passage.text));
        if !(is_mark || token.has(Class::COPULA | Class::FILLER)) {
            break;
        }
        is_tied |= is_mark || token.has(Class::COPULA);
        at += 1;
    }
    (at, is_tied)
}

// "The code word we agreed was …", "the password on the account is …".
fn behind_clause(passage: &SpokenPassage, from: usize) -> usize {
    const MOST: usize = 6;
    const WORDS: [&str; 26] = [
        "we", "i", "you", "think", "believe", "reckon", "tried", "wrote", "remember", "agreed",
        "set", "up", "gave", "chose", "use", "have", "had", "on", "for", "the", "my", "account",
        "file", "with", "that", "her",
    ];
    let reader = passage.reader();
    let is_of_clause = |at: &usize| reader.says_any(*at, &WORDS);
    let behind = from + (from..from + MOST).take_while(is_of_clause).count();
    let ties = reader
        .token(behind)
        .is_some_and(|token| token.has(Class::COPULA));
    let says_whose = reader.says_any(from, &["we", "i", "you", "on", "for", "that", "with"]);
    if ties && says_whose && behind < passage.end {
        behind
    } else {
        from
    }
}

// What stands up to the next blank or quote.
fn written_value(rest: &str) -> &str {
    let ends = |c: char| c.is_whitespace() || "\"'`,;<>".contains(c);
    let length = rest.find(ends).unwrap_or(rest.len());
    rest.get(..length)
        .unwrap_or("")
        .trim_end_matches(['.', '!', '?', ')', '}'])
}

// A word of a language is no password; without "is" only what no language has.
fn is_secret(value: &str, tied: bool) -> bool {
    let has = |test: fn(&u8) -> bool| value.bytes().any(|byte| test(&byte));
    let mixed = has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic);
    let signs = has(|byte| b"!@#$%^&*_+=~".contains(byte)) && has(u8::is_ascii_alphanumeric);
    let long = if tied { 5 } else { 12 };
    let digits = value.len() >= 4 && value.bytes().all(|byte| byte.is_ascii_digit());
    value.len() >= long && (mixed || (tied && signs))
        || (tied && digits)
        || (tied && value.len() >= 16 && !value.contains('-'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::testing::{check_one, check_written};

    fn check(text: &str, expected: &[&str]) {
        check_written(written, text, expected);
    }

    #[test]
    fn keys_with_known_first_letters_are_found() {
        check(
            "use sk-proj-abcdefghijklmnop1234 now",
            &["sk-proj-abcdefghijklmnop1234"],
        );
        check(
            "AKIAIOSFODNN7EXAMPLE and ghp_abcdefghijklmnopqrst12",
            &["AKIAIOSFODNN7EXAMPLE", "ghp_abcdefghijklmnopqrst12"],
        );
        check(
            "a sk-etch of the sky and task-based-scheduling-for-everyone",
            &[],
        );
    }

    #[test]
    fn what_a_program_logs_in_with_is_found() {
        let found = |text: &str| {
            of_login(text)
                .into_iter()
                .map(|own| text[own].to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(found("curl -u admin:Tr0ub4dor! http://a"), ["Tr0ub4dor!"]);
        assert_eq!(found("curl --user 'ann:hunter22' x"), ["hunter22"]);
        assert!(found("sort -u names.txt, id -u ann and ls -u").is_empty());
    }

    #[test]
    fn words_are_no_passwords() {
        assert!(is_secret("hunter2", true) && is_secret("p@ssword!", true));
        assert!(!is_secret("wrong", true) && !is_secret("hunter2", false));
    }

    #[test]
    fn a_word_that_was_agreed_is_one() {
        for (text, value) in [
            ("the code word we agreed was bluebottle", "bluebottle"),
            ("my passphrase is purple lantern", "purple lantern"),
            ("the secret word on file is zeppelin", "zeppelin"),
        ] {
            check_one(Detector::Secret, text, value);
        }
        for text in [
            "the password you gave me was wrong",
            "the passphrase is too short",
            "the password on the account is no longer valid",
        ] {
            crate::detect::testing::check(text, &[]);
        }
    }
}
