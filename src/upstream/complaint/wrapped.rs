//! What a gateway put into its own words: the refusal of the server behind it, as JSON or as Python
//! shows it, with words before it and behind.
//!
//! It tells what a text holds, and takes nothing for a refusal that it can't read to its end.

use std::borrow::Cow;

use serde_json::Value;

/// In so many places of a text an object or a list is looked for.
const MOST_PLACES: usize = 16;
/// So many gateways quote each other at most.
const MOST_LEVELS: usize = 3;

/// A text that has a value of JSON in it.
#[derive(Debug, PartialEq)]
pub(super) struct WrappedValue {
    /// What stands before it.
    pub(super) before: String,
    /// It.
    pub(super) value: Value,
    /// What stands behind it.
    pub(super) behind: String,
}

/// The first object or list of a text that says something; none: it has none.
pub(super) fn unwrapped(text: &str) -> Option<WrappedValue> {
    let mut text = Cow::Borrowed(text);
    for _ in 0..MOST_LEVELS {
        if let Some(found) = in_text(&text) {
            return Some(found);
        }
        let Cow::Owned(plain) = unquoted(&text) else {
            return None;
        };
        text = Cow::Owned(plain);
    }
    None
}

/// A text without the backslashes that stand before quotes and for ends of lines, where gateways
/// quote what they got.
pub(super) fn unescaped(text: &str) -> String {
    let mut plain = text.to_owned();
    for _ in 0..MOST_LEVELS {
        let Cow::Owned(plainer) = unquoted(&plain) else {
            break;
        };
        plain = plainer;
    }
    plain
}

/// The same, of one gateway.
fn unquoted(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        let escaped = signs.next_if(|next| sign == '\\' && "nrt\"'\\".contains(*next));
        plain.push(match escaped {
            Some('n' | 'r') => '\n',
            Some('t') => ' ',
            Some(quoted) => quoted,
            None => sign,
        });
    }
    Cow::Owned(plain)
}

fn in_text(text: &str) -> Option<WrappedValue> {
    let mut places = text.match_indices(['{', '[']).take(MOST_PLACES);
    places.find_map(|(at, _)| {
        let (before, rest) = (text.get(..at)?, text.get(at..)?);
        let (value, end) = first_value(rest).or_else(|| {
            let (json, ends) = of_python(rest)?;
            let (value, end) = first_value(&json)?;
            // Where the JSON ends, so does what it was made of.
            Some((value, *ends.get(end.checked_sub(1)?)?))
        })?;
        let is_said = match &value {
            Value::Object(entries) => !entries.is_empty(),
            Value::Array(items) => items.iter().any(Value::is_object),
            _ => false,
        };
        is_said.then(|| WrappedValue {
            before: before.to_owned(),
            value,
            behind: rest.get(end..).unwrap_or_default().to_owned(),
        })
    })
}

/// The value at the beginning of a text, and where it ends.
fn first_value(text: &str) -> Option<(Value, usize)> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let value = values.next()?.ok()?;
    Some((value, values.byte_offset()))
}

/// A value as Python shows it, as JSON, with the end of what each byte of that was made of; what
/// stands behind the value is no JSON.
fn of_python(text: &str) -> Option<(String, Vec<usize>)> {
    if !text.contains('\'') && !text.contains(['(', 'N', 'T', 'F']) {
        return None;
    }
    let (mut json, mut ends) = (String::with_capacity(text.len()), Vec::new());
    let mut at = 0;
    while let Some(sign) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = text.get(at..)?;
        let (written, length) = match sign {
            '\'' | '"' => match quoted(rest, sign) {
                Some(quoted) => quoted,
                // Behind the value may be anybody's words.
                None => break,
            },
            '(' => ("[".to_owned(), 1),
            ')' => ("]".to_owned(), 1),
            // What ends a list of one: `('body',)`.
            ',' if rest.get(1..)?.starts_with(')') => (String::new(), 1),
            _ => match ["None", "True", "False"]
                .iter()
                .find(|word| rest.starts_with(**word))
            {
                Some(word) => (word.to_lowercase().replace("none", "null"), word.len()),
                None => (sign.to_string(), sign.len_utf8()),
            },
        };
        at += length;
        json.push_str(&written);
        ends.resize(json.len(), at);
    }
    Some((json, ends))
}

/// A text in quotes as JSON, and how long it was; none: it has no end.
fn quoted(text: &str, quote: char) -> Option<(String, usize)> {
    let mut said = String::new();
    let mut signs = text.char_indices().skip(1);
    while let Some((at, sign)) = signs.next() {
        match sign {
            '\\' => match signs.next()?.1 {
                'n' => said.push('\n'),
                escaped => said.push(escaped),
            },
            sign if sign == quote => {
                return Some((Value::from(said).to_string(), at + 1));
            }
            sign => said.push(sign),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, before: &str, value: &str, behind: &str) {
        let found = unwrapped(text).expect(text);
        let value: Value = serde_json::from_str(value).expect("JSON");
        let expected = (before, &value, behind);
        assert_eq!(
            (&*found.before, &found.value, &*found.behind),
            expected,
            "{text}"
        );
    }

    #[test]
    fn a_value_is_found_behind_a_gateways_words() {
        check(r#"A - {"a":1}. B"#, "A - ", r#"{"a":1}"#, ". B");
        check(
            r#"[x] in [] - [{"a":[1]}]"#,
            "[x] in [] - ",
            r#"[{"a":[1]}]"#,
            "",
        );
        check(r#"b'{\n  "a": "it\'s"\n}'"#, "b'", r#"{"a":"it's"}"#, "'");
        check(r#"E: {\"a\":\"b\"}"#, "E: ", r#"{"a":"b"}"#, "");
        let python = r#"400 - {'a': ('b', 1), 'c': ("it's",), 'd': [None, True, False]} é"#;
        check(
            python,
            "400 - ",
            r#"{"a":["b",1],"c":["it's"],"d":[null,true,false]}"#,
            " é",
        );
        let text = r#"E: {'a': "say \"x\" at 'b'", 'c': 'ö'}; more"#;
        check(text, "E: ", r#"{"a":"say \"x\" at 'b'","c":"ö"}"#, "; more");
    }

    #[test]
    fn what_holds_no_value_holds_none() {
        for text in [
            "",
            "no value",
            "a {b} [c] {",
            "{'a",
            "[1, 2]",
            "{}",
            "messages[1]: invalid type: sequence",
            &"[".repeat(100_000),
            &"{'".repeat(1000),
        ] {
            assert_eq!(unwrapped(text), None, "{}", text.get(..20).unwrap_or(text));
        }
    }
}
