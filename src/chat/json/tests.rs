use super::*;

#[test]
fn values_stay_the_text_that_they_were() {
    let json = ByteString::from(r#"{ "a" : 1e2, "b":[ 15924764223251450000 ],"\u0063": "x\ny"}"#);
    let entries = entries(&json).expect("it is an object");
    let pairs: Vec<(&str, &str)> = entries
        .iter()
        .map(|(key, value)| (&**key, &**value))
        .collect();
    assert_eq!(
        pairs,
        [
            ("a", "1e2"),
            ("b", "[ 15924764223251450000 ]"),
            ("c", r#""x\ny""#)
        ]
    );
}

#[test]
fn levels_are_walked_over_whatever_is_in_them() {
    let json = ByteString::from(
        " { \"a\" : {\"x\":[1,{\"]\":\"}\"}]} , \"b\":\"\\\"\\\\\" ,\"c\":-1.5e3,\"d\":[ ],\"e\":null } ",
    );
    let opened = entries(&json).expect("it is an object");
    let values: Vec<&str> = opened.iter().map(|(_, value)| &**value).collect();
    assert_eq!(
        values,
        [
            "{\"x\":[1,{\"]\":\"}\"}]}",
            "\"\\\"\\\\\"",
            "-1.5e3",
            "[ ]",
            "null"
        ]
    );
    let items = items(&ByteString::from("[1 , \"a,b\",[],{} ]")).expect("it is an array");
    assert_eq!(items, ["1", "\"a,b\"", "[]", "{}"]);
    assert!(
        entries(&ByteString::from_static("[]")).is_err()
            && super::items(&ByteString::from_static("3")).is_err()
    );
}

#[test]
fn a_key_twice_is_found_even_when_it_is_escaped() {
    let json = ByteString::from(r#"{"model":1,"\u006dodel":2}"#);
    assert_eq!(entries(&json), Err(OpenError::Twice("model".into())));
}

#[test]
fn strings_are_decoded_without_loss_of_the_turn() {
    assert_eq!(decode(r#""a b""#).as_deref(), Some("a b"));
    assert_eq!(decode(r#""a\u00e9\n""#).as_deref(), Some("aé\n"));
    assert!(
        decode(r#""lone \ud83d here""#)
            .is_some_and(|text| text.contains("lone") && text.contains("here"))
    );
    assert_eq!(decode("12"), None);
    assert_eq!(encode("a\"b\u{1}é"), "\"a\\\"b\\u0001é\"");
}

#[test]
fn r12_a_half_of_a_surrogate_pair_becomes_one_sign() {
    for (literal, expected) in [
        (r#""a\ud83db""#, "a\u{FFFD}b"),
        (r#""a\ude00""#, "a\u{FFFD}"),
        (r#""\ud83d\ud83d\ude00é""#, "\u{FFFD}😀é"),
        (r#""\ud83d\ud83d\ud83d""#, "\u{FFFD}\u{FFFD}\u{FFFD}"),
    ] {
        assert_eq!(decode(literal).as_deref(), Some(expected), "{literal}");
    }
}

#[test]
fn depth_counts_outside_strings_only() {
    let brackets = "[".repeat(200);
    assert!(is_too_deep(brackets.as_bytes()));
    assert!(!is_too_deep(
        format!(r#"["{brackets}\"{brackets}"]"#).as_bytes()
    ));
    assert!(!is_too_deep("[]".repeat(200).as_bytes()));
}

#[test]
fn leaves_are_edited_in_place() {
    let json = r#"{"a": "x", "n": 12 , "b": ["x", {"c\"": "y"}]}"#;
    let mut seen = Vec::new();
    let edited = edit_leaves(json, &mut |leaf| {
        seen.push((leaf.key.unwrap_or("-").to_owned(), leaf.text.to_owned()));
        match leaf.text {
            "x" => Some("q\"".into()),
            "12" => Some("[N]".into()),
            _ => None,
        }
    });
    assert_eq!(
        edited.as_deref(),
        Some(r#"{"a": "q\"", "n": "[N]" , "b": ["q\"", {"c\"": "y"}]}"#)
    );
    assert_eq!(seen.len(), 4);
    assert_eq!(edit_leaves(json, &mut |_| None), None);
}

#[test]
fn a_string_ends_at_its_quote_however_far_it_is() {
    for length in 0..130 {
        for escaped in 0..=length {
            let mut json = "é0123456 [{:,}]~\u{7f}".repeat(20)[..2 * length]
                .to_owned()
                .into_bytes();
            json.truncate(length);
            if let Some(place) = json.get_mut(escaped) {
                *place = b'\\';
            }
            // What is escaped may be the quote itself.
            let quote = length + usize::from(escaped + 1 == length);
            json.resize(quote, b'"');
            json.extend_from_slice(b"\" : 1");
            assert_eq!(string_end(&json, 0), quote + 1, "{length} {escaped}");
            assert_eq!(string_end(&json[..quote], 0), quote, "{length} {escaped}");
        }
    }
}
