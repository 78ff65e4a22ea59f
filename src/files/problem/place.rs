//! Where a part of a text stands in the string of TOML that spells it.
//!
//! It follows escapes, and lines that end in a backslash. What it can't follow has no place.

use std::ops::Range;

/// The place in `written`, a string with its quotes, of a part of the text that it stands for.
pub(super) fn within(written: &str, text: &str, part: Range<usize>) -> Option<Range<usize>> {
    let quote = written
        .chars()
        .next()
        .filter(|sign| "\"'".contains(*sign))?;
    let three = quote.to_string().repeat(3);
    let length = match written.len() >= 6 && written.starts_with(&three) {
        true => 3,
        false => 1,
    };
    let mut from = length;
    if length == 3 && written.get(from..)?.starts_with('\n') {
        from += 1;
    }
    let inner = written.get(from..written.len().checked_sub(length)?)?;
    let places = match quote {
        '\'' => (inner == text).then(|| (0..=inner.len()).collect())?,
        _ => places(inner, text)?,
    };
    Some(from + places.get(part.start)?..from + places.get(part.end)?)
}

/// For each byte of the text, and its end, the place in `inner`.
fn places(inner: &str, text: &str) -> Option<Vec<usize>> {
    let mut places = Vec::with_capacity(text.len() + 1);
    let mut made = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(rest) = inner.get(at..).filter(|rest| !rest.is_empty()) {
        let (sign, length) = unit(rest)?;
        if let Some(sign) = sign {
            places.extend(std::iter::repeat_n(at, sign.len_utf8()));
            made.push(sign);
        }
        at += length;
    }
    places.push(inner.len());
    (made == text).then_some(places)
}

/// What the beginning of a text stands for, and how many bytes spell it.
fn unit(rest: &str) -> Option<(Option<char>, usize)> {
    let Some(escaped) = rest.strip_prefix('\\') else {
        let sign = rest.chars().next()?;
        return Some((Some(sign), sign.len_utf8()));
    };
    let hex = |length: usize| {
        let code = u32::from_str_radix(escaped.get(1..=length)?, 16).ok()?;
        Some((Some(char::from_u32(code)?), length + 2))
    };
    let plain = |sign| Some((Some(sign), 2));
    match escaped.chars().next()? {
        'b' => plain('\u{8}'),
        't' => plain('\t'),
        'n' => plain('\n'),
        'f' => plain('\u{c}'),
        'r' => plain('\r'),
        'e' => plain('\u{1b}'),
        sign @ ('"' | '\\') => plain(sign),
        'x' => hex(2),
        'u' => hex(4),
        'U' => hex(8),
        sign if sign.is_ascii_whitespace() => {
            let left = escaped.trim_start_matches([' ', '\t', '\n', '\r']);
            Some((None, rest.len() - left.len()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the file has where the text has `{{x}}`.
    fn found(written: &str) -> Option<&str> {
        let table: toml::Table = toml::from_str(&format!("a = {written}")).expect("TOML");
        let text = table["a"].as_str().expect("a text");
        let at = text.find("{{x}}").expect("it is in it");
        within(written, text, at..at + 5).map(|place| &written[place])
    }

    #[test]
    fn a_part_is_found_however_the_text_is_written() {
        for written in [
            r#""{{x}}""#,
            "'{{x}}'",
            r#""a \"b\" \\ \u00e9 \x41 \t{{x}} c""#,
            "\"\"\"{{x}}\"\"\"",
            "\"\"\"\n\n  {{x}}\n\"\"\"",
            "\"\"\"\na \\\n   b\\\n\n  {{x}} \"q\" \"\"\"",
            "'''\n{{x}} 'q'\n'''",
        ] {
            assert_eq!(found(written), Some("{{x}}"), "{written}");
        }
        assert_eq!(found(r#""\u007b{x}}""#), Some(r#"\u007b{x}}"#));
        assert_eq!(within("\"a\"", "b", 0..1), None);
        assert_eq!(within("3", "3", 0..1), None);
    }
}
