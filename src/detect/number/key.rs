//! Keys of JSON that say to whom or from whom a value is: `{"to":"4155550199"}`.

use crate::detect::read::{TokenKind, TokenReader};

/// Whether a number is the value, or one of a list, of such a key.
pub(crate) fn is_of_a_person(reader: TokenReader, first: usize) -> bool {
    let tokens = reader.tokens;
    const LIST: usize = 40;
    const KEY: usize = 8;
    let quote = |at: usize| tokens[at].is_mark(b'"') || tokens[at].is_mark(b'\\');
    let mut back = (first.saturating_sub(LIST)..first).rev().peekable();
    // Over the numbers of a list before this one.
    let in_list = |at: &usize| {
        let token = &tokens[*at];
        quote(*at)
            || token.kind == TokenKind::Digits
            || matches!(token.kind, TokenKind::Mark(b',' | b'[' | b'+'))
    };
    while back.next_if(in_list).is_some() {}
    if !back.next().is_some_and(|at| tokens[at].is_mark(b':')) {
        return false;
    }
    let mut quoted = false;
    while back.next_if(|at| quote(*at)).is_some() {
        quoted = true;
    }
    quoted
        && back
            .take(KEY)
            .take_while(|at| !quote(*at))
            .any(|at| names_a_person(reader.word(at)))
}

fn names_a_person(word: &str) -> bool {
    const KEYS: [&str; 13] = [
        "to",
        "from",
        "caller",
        "callee",
        "recipient",
        "recipients",
        "sender",
        "destination",
        "msisdn",
        "ani",
        "dnis",
        "numbers",
        "customer",
    ];
    // "toNumber", "callerNumber": the first word of several written as one.
    let own = word
        .find(char::is_uppercase)
        .filter(|at| *at > 0)
        .map_or(word, |at| &word[..at]);
    KEYS.iter().any(|key| own.eq_ignore_ascii_case(key))
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::{Card, Phone};
    use crate::detect::testing::check;

    #[test]
    fn a_telephone_number_under_such_a_key_is_one() {
        check(r#"{"to":"4155550199"}"#, &[(Phone, "4155550199")]);
        check(
            r#"{"from_number": "14155550199"}"#,
            &[(Phone, "14155550199")],
        );
        check(r#"{"from": 4155550199}"#, &[(Phone, "4155550199")]);
        check(r#"{"toNumber":"+14155550199"}"#, &[(Phone, "+14155550199")]);
        check(
            r#"{\"recipient\":\"4155550199\"}"#,
            &[(Phone, "4155550199")],
        );
        check(
            r#"{"numbers":["4155550132","4155550133"]}"#,
            &[(Phone, "4155550132"), (Phone, "4155550133")],
        );
        check(
            r#"{"value":"4111111111111111"}"#,
            &[(Card, "4111111111111111")],
        );
    }

    #[test]
    fn other_numbers_stay() {
        for text in [
            r#"{"to":"Chicago","order":"4155550199"}"#,
            r#"{"from":1736452211,"to":1736452299}"#,
            "to: 4155550199 items",
            r#"{"size":"4155550199","to":"0123456789"}"#,
        ] {
            check(text, &[]);
        }
    }
}
