//! A quote inside of a text between the same quotes: it ends the text too early.

use std::ops::Range;

/// The quote that ends a text though more of it follows, and what to write instead. `error`: where
/// the parser found that something is wrong.
pub(super) fn ends_too_early(text: &str, error: usize) -> Option<(Range<usize>, String)> {
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let sign = rest.chars().next()?;
        match sign {
            '#' => at += rest.find('\n').unwrap_or(rest.len()),
            '"' | '\'' => {
                let length = length(rest, sign)?;
                let end = at + length;
                let behind = text.get(end..)?.trim_start_matches([' ', '\t']);
                let ends = ['\n', '\r', '#', ',', ']', '}', '=', '.'];
                if !behind.is_empty() && !behind.starts_with(ends) {
                    let line_end = text
                        .get(end..)?
                        .find('\n')
                        .map_or(text.len(), |line| end + line);
                    let is_it = at <= error && error <= line_end;
                    return is_it
                        .then(|| (end - 1..end, help(sign, rest.starts_with(&triple(sign)))));
                }
                at = end;
            }
            _ => at += sign.len_utf8(),
        }
        if at > error {
            return None;
        }
    }
    None
}

fn triple(quote: char) -> String {
    quote.to_string().repeat(3)
}

/// The length of a text with its quotes, if it ends.
fn length(rest: &str, quote: char) -> Option<usize> {
    let three = triple(quote);
    if let Some(inner) = rest.strip_prefix(&three) {
        return inner.find(&three).map(|end| end + 6);
    }
    let mut is_escaped = false;
    for (at, sign) in rest.char_indices().skip(1) {
        match sign {
            '\n' => return None,
            _ if is_escaped => is_escaped = false,
            '\\' if quote == '"' => is_escaped = true,
            sign if sign == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

fn help(quote: char, is_long: bool) -> String {
    match (quote, is_long) {
        ('"', false) => "write `\\\"` for a `\"` within it, or put the text between `'`".to_owned(),
        ('"', true) => "write `\\\"` for each of three `\"` within it".to_owned(),
        (_, false) => "put the text between `\"`, or between three `'`".to_owned(),
        (_, true) => "put the text between three `\"`".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str) -> Option<usize> {
        let error = text.find('!').unwrap_or(text.len());
        ends_too_early(text, error).map(|(place, _)| place.start)
    }

    #[test]
    fn the_quote_that_ends_a_text_too_early_is_found() {
        for (text, expected) in [
            (r#"a = "Say "!hello" now.""#, Some(9)),
            (r#"a = 'it's!'"#, Some(7)),
            (r#"a = ["x", "y"z!"]"#, Some(12)),
            (r#"a = { b = "x"y!" }"#, Some(12)),
            ("a = \"\"\"x\"\"\"y!\"\"\"", Some(10)),
            ("a = \"x\"\nb = 'y'z!'", Some(14)),
            (r#"a = "x" # "y"z!"#, None),
            (r#"a = "\"x\"" !"#, Some(10)),
            ("a = \"x\nb = !", None),
            ("a = \"x\"\nb = !", None),
            ("\"a\" = \"x\"\n\"b\".c = !", None),
        ] {
            assert_eq!(place(text), expected, "{text}");
        }
    }
}
