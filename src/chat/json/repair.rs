//! What no JSON may have and some servers write: `NaN` and `Infinity`, as Python's json does, and
//! control characters within strings.
//!
//! It never changes what is said.

use super::string_end;

/// What Python writes for numbers that JSON has no sign for.
const NO_NUMBERS: [&str; 3] = ["NaN", "-Infinity", "Infinity"];

/// A text as JSON has it: `null` for what is no number, control characters escaped; none where there
/// is neither.
pub fn repaired(json: &str) -> Option<String> {
    let bytes = json.as_bytes();
    let (mut out, mut copied, mut at) = (String::new(), 0, 0);
    while let Some(byte) = bytes.get(at) {
        let rest = &bytes[at..];
        match byte {
            b'"' => {
                let end = string_end(bytes, at + 1);
                for (offset, byte) in bytes[at..end].iter().enumerate() {
                    if *byte < 0x20 {
                        out.push_str(&json[copied..at + offset]);
                        out.push_str(&format!("\\u{byte:04x}"));
                        copied = at + offset + 1;
                    }
                }
                at = end;
            }
            b'N' | b'I' | b'-' => {
                let found = NO_NUMBERS.iter().find(|it| rest.starts_with(it.as_bytes()));
                if let Some(found) = found {
                    out.push_str(&json[copied..at]);
                    out.push_str("null");
                    copied = at + found.len();
                }
                at += found.map_or(1, |found| found.len());
            }
            _ => at += 1,
        }
    }
    if copied == 0 {
        return None;
    }
    out.push_str(&json[copied..]);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_json_becomes_json_and_the_words_stay() {
        for (json, expected) in [
            (r#"{"a":NaN,"b":"NaN"}"#, Some(r#"{"a":null,"b":"NaN"}"#)),
            (
                r#"[-Infinity, Infinity,-1,"\"Infinity"]"#,
                Some(r#"[null, null,-1,"\"Infinity"]"#),
            ),
            (
                "{\"a\":\t\"é\tb\u{1}\"}",
                Some("{\"a\":\t\"é\\u0009b\\u0001\"}"),
            ),
            (r#"{"a":-1,"b":"-Infinity"}"#, None),
            ("", None),
            ("\"a", None),
        ] {
            assert_eq!(repaired(json).as_deref(), expected, "{json}");
        }
    }
}
