//! What somebody signs in with, as people type it: "user jsmith88 pw Blue$ky19", "login kpatel /
//! Monsoon#7", "my username is bigtuna".
//!
//! A label may be any word elsewhere: what stands behind it must look like what it names.

use super::{is_secret, written_value};
use crate::detect::english::Class;
use crate::detect::hearing::Hearing;
use crate::detect::people::NameSense;
use crate::detect::read::{Token, TokenKind, TokenReader};
use crate::detect::{Detector, Speaker};

/// Claims what a caller signs in with.
pub(crate) fn claim_typed(hearing: &mut Hearing) {
    if hearing.speaker != Speaker::Caller {
        return;
    }
    let reader = hearing.passage.reader();
    claim_strong(hearing, reader);
    let mut at = hearing.passage.first;
    while at < hearing.passage.end {
        let end = label(reader, at).and_then(|label| claim_behind(hearing, reader, label));
        at = end.map_or(at + 1, |end| end.max(at + 1));
    }
}

// "Tried Guest!2024x and it says wrong password": where one is spoken of, what can be nothing else.
fn claim_strong(hearing: &mut Hearing, reader: TokenReader) {
    const SHORTEST: usize = 8;
    let own = hearing.passage.first..hearing.passage.end;
    let is_sign = |token: &Token| {
        matches!(
            token.kind,
            TokenKind::Mark(b'!' | b'#' | b'$' | b'^' | b'*' | b'?' | b'~')
        )
    };
    let tokens = hearing.passage.tokens;
    let speaks = |at: &usize| {
        tokens[*at].is_word()
            && reader.says_any(
                *at,
                &[
                    "password",
                    "passwords",
                    "wifi",
                    "wi",
                    "login",
                    "log",
                    "pass",
                    "pw",
                    "code",
                ],
            )
    };
    let is_inner = |at: &usize| {
        is_sign(&tokens[*at])
            && reader.touches_next(*at)
            && *at > own.start
            && reader.touches_next(*at - 1)
    };
    if !own.clone().any(|at| is_inner(&at)) || !own.clone().any(|at| speaks(&at)) {
        return;
    }
    for sign in own.clone().filter(is_inner) {
        let mut start = sign;
        while start > own.start && reader.touches_next(start - 1) {
            start -= 1;
        }
        let Some(value) = value_at(reader, start).filter(|value| value.len() >= SHORTEST) else {
            continue;
        };
        let has = |test: fn(char) -> bool| value.contains(test);
        // "#winter2077", "unit#12b".
        let is_tag = value.contains('#') && !has(|c| c.is_ascii_uppercase());
        let is_one = has(|c| c.is_ascii_lowercase()) && is_password(value, false) && !is_tag;
        let is_path = value.contains(['/', '@', '=', ':', '[']);
        let range = start..past(reader, start, value);
        if is_one && !is_path && !hearing.claims.is_any_taken(range) {
            claim(hearing, reader, start, value, Detector::Secret);
        }
    }
}

/// A word before what somebody signs in with.
struct SignInLabel {
    /// The token behind it.
    end: usize,
    /// What it names.
    detector: Detector,
    /// Whether it is hardly another word.
    is_sure: bool,
}

fn label(reader: TokenReader, at: usize) -> Option<SignInLabel> {
    // Most words begin with other letters.
    let first = reader.word(at).as_bytes().first()?.to_ascii_lowercase();
    if !b"uplc".contains(&first) {
        return None;
    }
    let is_at = |at: usize, words: &[&str]| reader.says_any(at, words);
    let is_split = |second: &str| reader.is_mark(at + 1, b'/') && reader.says(at + 2, second);
    let touches = |at: usize| at > reader.floor && reader.touches_next(at - 1);
    let is_inside = touches(at) && !b"\"'(|".iter().any(|mark| reader.is_mark(at - 1, *mark));
    if is_inside {
        return None;
    }
    let (length, detector, is_sure) = match () {
        () if is_at(at, &["username", "usernames", "uname", "usr"]) => (1, Detector::Id, true),
        () if is_at(at, &["user"]) && is_at(at + 1, &["name"]) => (2, Detector::Id, true),
        () if is_at(at, &["login", "logon"]) => {
            let more = is_at(at + 1, &["name", "id", "as"]);
            (1 + usize::from(more), Detector::Id, more)
        }
        () if is_at(at, &["user", "creds", "credentials"]) => (1, Detector::Id, false),
        () if is_at(at, &["u"]) && is_split("n") => (3, Detector::Id, true),
        () if is_at(at, &["p"]) && is_split("w") => (3, Detector::Secret, true),
        () if is_at(at, &["pw", "pword", "psw", "pwd", "passwd"]) => (1, Detector::Secret, true),
        () if is_at(at, &["pass", "password"]) => (1, Detector::Secret, false),
        () => return None,
    };
    let end = at + length;
    let is_tie = reader.is_mark(end, b':') || reader.is_mark(end, b'=');
    (is_tie || !reader.touches_next(end - 1)).then_some(SignInLabel {
        end,
        detector,
        is_sure,
    })
}

// Claims the value behind a label, and the password behind a name; gives the token behind.
fn claim_behind(hearing: &mut Hearing, reader: TokenReader, label: SignInLabel) -> Option<usize> {
    let (at, is_tied) = behind_ties(reader, behind_clause(reader, label.end));
    let value = value_at(reader, at)?;
    let is_sure = label.is_sure || is_tied;
    // "User=kpatel".
    let is_pair = reader.is_mark(label.end, b'=') && reader.touches_next(label.end - 1);
    let is_own = match label.detector {
        Detector::Id => is_user_name(value, is_tied, label.is_sure || is_pair),
        _ => is_password(value, is_sure),
    };
    let end = past(reader, at, value);
    // "Redkite forty two" is said, and more than a word.
    let goes_on = reader.token(end).is_some_and(|next| {
        next.is_word() && (next.says_number() || next.has(Class::SIGN | Class::DOT))
    });
    if goes_on {
        return None;
    }
    let may_be_name = label.detector == Detector::Id && value.chars().all(is_of_name);
    let secret = may_be_name.then(|| password_beside(reader, end)).flatten();
    if !is_own && secret.is_none() {
        return None;
    }
    if !names_nobody(value) {
        claim(hearing, reader, at, value, label.detector);
    }
    let Some(secret) = secret else {
        return Some(end);
    };
    claim(hearing, reader, end + 1, secret, Detector::Secret);
    Some(past(reader, end + 1, secret))
}

// Past the marks and words that tie a value to its label, and whether there are any.
fn behind_ties(reader: TokenReader, from: usize) -> (usize, bool) {
    const MOST: usize = 6;
    let ties = |token: &Token| {
        matches!(
            token.kind,
            TokenKind::Mark(b':' | b'=' | b'"' | b'\'' | b'`')
        ) || token.has(Class::COPULA)
    };
    let (mut at, mut is_tied) = (from, false);
    while let Some(token) = reader.token(at).filter(|_| at < from + MOST) {
        if !ties(token) && !token.has(Class::FILLER) {
            break;
        }
        is_tied |= ties(token);
        at += 1;
    }
    (at, is_tied)
}

// "Password I remember: …", "password for the portal = …": past a few words, where a mark that
// ties ends them.
fn behind_clause(reader: TokenReader, from: usize) -> usize {
    const MOST: usize = 6;
    let is_tie = |at: usize| reader.is_mark(at, b':') || reader.is_mark(at, b'=');
    let is_word = |at: &usize| reader.token(*at).is_some_and(Token::is_word);
    let end = from + (from..from + MOST).take_while(is_word).count();
    if is_tie(end) { end } else { from }
}

// "Kpatel / Monsoon#7".
fn password_beside<'t>(reader: TokenReader<'t>, mark: usize) -> Option<&'t str> {
    let is_parted = reader.is_mark(mark, b'/') || reader.is_mark(mark, b'|');
    let secret = value_at(reader, mark + 1).filter(|_| is_parted)?;
    is_password(secret, true).then_some(secret)
}

fn claim(hearing: &mut Hearing, reader: TokenReader, at: usize, value: &str, kind: Detector) {
    if let Some(first) = reader.token(at) {
        let bytes = first.start..first.start + value.len();
        hearing.claims.claim_bytes(bytes, kind, value.to_owned());
    }
}

// What is written at a token, where it is no longer than people type.
fn value_at<'t>(reader: TokenReader<'t>, at: usize) -> Option<&'t str> {
    const LONGEST: usize = 64;
    let first = reader.token(at)?;
    let rest = reader.text.get(first.start..)?;
    let most = rest.floor_char_boundary(LONGEST + 1);
    let value = written_value(rest.get(..most)?);
    (value.len() <= LONGEST).then_some(value)
}

// The token behind a value.
fn past(reader: TokenReader, at: usize, value: &str) -> usize {
    let end = reader
        .token(at)
        .map_or(0, |first| first.start + value.len());
    let own = reader.tokens.get(at..).unwrap_or(&[]);
    at + own
        .iter()
        .take_while(|token: &&Token| token.start < end)
        .count()
}

fn names_nobody(value: &str) -> bool {
    let names = ["admin", "root", "guest", "test", "user", "administrator"];
    names.iter().any(|name| value.eq_ignore_ascii_case(name))
}

fn is_of_name(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || "._-".contains(sign)
}

// Letters with digits or signs between, or behind a sure label a word that no language has.
fn is_user_name(value: &str, is_tied: bool, is_sure: bool) -> bool {
    let has_letter = value.contains(|c: char| c.is_ascii_alphabetic());
    let has_digit = value.contains(|c: char| c.is_ascii_digit());
    // "User ann.lake" may as well be who she is.
    let is_mixed = has_digit || value.contains('_') || is_sure && value.contains('.');
    let is_lone = || {
        let sense = NameSense::of(value);
        is_sure && is_tied && !sense.is_something_else() && value.len() >= 5
    };
    let is_written = (4..=40).contains(&value.len())
        && value.chars().all(is_of_name)
        && value.starts_with(|c: char| c.is_ascii_alphanumeric());
    is_written && has_letter && !names_nobody(value) && (is_mixed || is_lone())
}

// With digits or signs among letters; where the label is any word, with both or with a sign.
fn is_password(value: &str, is_sure: bool) -> bool {
    let has_letter = value.contains(|c: char| c.is_ascii_alphabetic());
    let has_digit = value.contains(|c: char| c.is_ascii_digit());
    let has_sign = value.contains(|c| "!@#$%^&*?~".contains(c) || is_sure && "_+=-".contains(c));
    let is_begun = value.starts_with(|c: char| c.is_alphanumeric() || "!@#$*".contains(c));
    if !is_begun || value.contains(['(', '[', '{']) {
        return false;
    }
    let is_strong = has_letter && has_sign && (has_digit || is_sure) && value.len() >= 6;
    is_strong || is_sure && has_letter && has_digit && value.len() >= 6 && is_secret(value, true)
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::{Id, Secret};
    use crate::detect::testing::check;

    #[test]
    fn what_somebody_signs_in_with_is_found_behind_short_labels() {
        check(
            "user jsmith88 pw Blue$ky19",
            &[(Id, "jsmith88"), (Secret, "Blue$ky19")],
        );
        check(
            "login kpatel2 / Monsoon#7, p/w Monsoon#7",
            &[
                (Id, "kpatel2"),
                (Secret, "Monsoon#7"),
                (Secret, "Monsoon#7"),
            ],
        );
        check("my username is bigtuna", &[(Id, "bigtuna")]);
        check(
            "user admin, pass Dolphin!42. Told them",
            &[(Secret, "Dolphin!42")],
        );
        check(
            "Last password I remember: Sunshine2019",
            &[(Secret, "Sunshine2019")],
        );
    }

    #[test]
    fn what_can_be_nothing_else_is_a_password_where_one_is_spoken_of() {
        for (text, value) in [
            (
                "whats the wifi? ive tried Guest!2024x and it says wrong",
                "Guest!2024x",
            ),
            (
                "the password I think is Moth$Luna9 can you check",
                "Moth$Luna9",
            ),
            (
                "still cannot log in, Winter#2077, says wrong password",
                "Winter#2077",
            ),
        ] {
            check(text, &[(Secret, value)]);
        }
        check("is Guest!2024x a flavour", &[]);
    }

    #[test]
    fn other_users_and_passes_stay() {
        for text in [
            "hashtag#winter2077 is on the login page",
            "the login page says error?code=12a and wifi costs $10perday",
            "password reset for unit#12b",
            "the user clicked twice and user 42 logged in",
            "a pass for gate 22, pass me to an agent, a pass rate of 85%",
            "my username is wrong and my login page is v2",
            "password policy needs 12 chars, the password for that is not working",
        ] {
            check(text, &[]);
        }
    }
}
