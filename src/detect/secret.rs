//! API keys, tokens and passwords.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::answer;
use super::claims::Claims;
use super::govern::Passage;
use super::topics::Topic;
use super::words::{COPULA, FILLER};
use super::{Detector, Speaker};

/// Phrases that speak of one.
pub(super) const CUES: &[(Topic, &str)] = &[(
    Topic::Secret,
    "password, passwords, password is, pass phrase, passphrase, api key, apikey, a p i key, secret key, secret, client secret, \
     access key, access token, api token, auth token, bearer, bearer token, refresh token, private key, secret token, \
     webhook secret, signing secret, passwd, pwd, token, token is, key is, encryption key, security key, recovery key, secretkey, \
     accesskey, accesstoken, clientsecret, api secret, apitoken, authtoken, authorization, license key, wifi password, \
     wi fi password, security answer, secret answer, secret word, code word, security word, memorable word",
)];

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

static STARTS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .build(MARKS.iter().map(|(mark, _)| mark))
        .expect("the marks are constant")
});

/// Finds the keys that are told by their first letters.
pub(super) fn written(text: &str) -> Vec<Range<usize>> {
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
pub(super) fn claim(passage: &Passage, speaker: Speaker, claims: &mut Claims) {
    for cue in passage.cues.iter().filter(|cue| cue.topic == Topic::Secret) {
        let mut at = cue.end;
        // "Password is" is a phrase of its own.
        let mut tied = passage.tokens[cue.end - 1].has(COPULA);
        while let Some(token) = passage
            .tokens
            .get(at)
            .filter(|_| at < passage.end && at < cue.end + 6)
        {
            let mark =
                !token.is_word() && [":", "=", "\"", "'", "`"].contains(&token.of(claims.text));
            if !(mark || token.has(COPULA | FILLER)) {
                break;
            }
            tied |= mark || token.has(COPULA);
            at += 1;
        }
        let Some(first) = passage.tokens.get(at).filter(|_| at < passage.end) else {
            continue;
        };
        let rest = claims.text.get(first.start..).unwrap_or("");
        let length = rest
            .find(|c: char| c.is_whitespace() || "\"'`,;<>".contains(c))
            .unwrap_or(rest.len());
        let value = rest
            .get(..length)
            .unwrap_or("")
            .trim_end_matches(['.', '!', '?', ')', '}']);
        if is_secret(value, tied) {
            claims.claim_bytes(
                first.start..first.start + value.len(),
                Detector::Secret,
                value.to_owned(),
            );
        } else if tied && speaker == Speaker::Caller {
            let tokens = passage.tokens.get(..passage.end).unwrap_or(&[]);
            if let Some((range, value)) = answer::password(claims.text, tokens, at) {
                claims.claim(range, Detector::Secret, value);
            }
        }
    }
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

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<_> = written(text)
            .into_iter()
            .map(|range| &text[range])
            .collect();
        assert_eq!(found, expected, "{text}");
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
    fn words_are_no_passwords() {
        assert!(is_secret("hunter2", true) && is_secret("p@ssword!", true));
        assert!(!is_secret("wrong", true) && !is_secret("hunter2", false));
    }
}
