//! A value as a model reads it: data that can't pass for anything else.
//!
//! What comes out is one line of bounded length without invisible signs. It opens no tag, no
//! bracketed token and no fence, so it can't end what the author's text began. It stays readable:
//! names, numbers, addresses and sentences are left as they are.

use minijinja::{Error, ErrorKind, Value};
use serde_json::Value as Json;

use crate::lang::filters::FilterError;

/// The longest that a value may be, in characters; a longer one ends with an ellipsis.
const LONGEST: usize = 4_000;
/// The longest that a value written as JSON may be, in bytes.
const LONGEST_JSON: usize = 16 * 1024;
/// The longest that texts within JSON may be, in characters: the first with which it fits.
const LONGEST_IN_JSON: [usize; 4] = [LONGEST, 1_000, 250, 60];
/// The signs of which authors build fences and rules; more than two in a row become two.
const FENCES: &[char] = &['`', '"', '#', '=', '-', '~'];

/// The text of a value.
pub(super) fn text(value: &str) -> String {
    bounded(value, LONGEST)
}

/// The JSON of a value, every text in it escaped. What is too long has its texts cut.
pub(super) fn json(value: &Value, indent: Option<usize>) -> Result<String, Error> {
    let bad = |_| Error::from(ErrorKind::BadSerialization);
    let whole = serde_json::to_value(value).map_err(bad)?;
    for longest in LONGEST_IN_JSON {
        let escaped = in_json(&whole, longest);
        let text = match indent {
            Some(_) => serde_json::to_string_pretty(&escaped),
            None => serde_json::to_string(&escaped),
        };
        let text = text.map_err(bad)?;
        if text.len() <= LONGEST_JSON {
            return Ok(text);
        }
    }
    Err(FilterError::Json(LONGEST_JSON).into())
}

fn in_json(json: &Json, longest: usize) -> Json {
    match json {
        Json::String(text) => Json::String(bounded(text, longest)),
        Json::Array(items) => items.iter().map(|item| in_json(item, longest)).collect(),
        Json::Object(entries) => entries
            .iter()
            .map(|(key, value)| (bounded(key, longest), in_json(value, longest)))
            .collect(),
        other => other.clone(),
    }
}

fn bounded(value: &str, longest: usize) -> String {
    without_openings(&one_line(value, longest))
}

/// The visible part of a text in one line: what breaks a line is one blank.
fn one_line(text: &str, longest: usize) -> String {
    let mut out = String::with_capacity(text.len().min(4 * longest));
    // The last sign that was kept, and how often it stands there in a row.
    let (mut last, mut row) = ('\0', 0);
    let mut length = 0;
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        let sign = if breaks_lines(sign) { '\n' } else { sign };
        let is_kept = match sign {
            '\n' => last != '\n',
            '\u{200C}' | '\u{200D}' => {
                is_joined(last) && signs.peek().copied().is_some_and(is_joined)
            }
            '\u{FE0F}' => is_joined(last),
            _ => {
                let is_third = FENCES.contains(&sign) && sign == last && row == 2;
                !is_invisible(sign) && !is_third
            }
        };
        if !is_kept {
            continue;
        }
        if length == longest {
            out.pop();
            out.push('…');
            break;
        }
        out.push(if sign == '\n' { ' ' } else { sign });
        row = if sign == last { row + 1 } else { 1 };
        last = sign;
        length += 1;
    }
    out
}

/// `<` stays only where a blank, a digit or `=` follows, and a token such as `[INST]` gets round
/// brackets.
fn without_openings(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['<', '[']) {
        let (before, opening) = rest.split_at(at);
        out.push_str(before);
        if let Some(after) = opening.strip_prefix('<') {
            let is_sign = after.starts_with([' ', '='])
                || after.starts_with(|next: char| next.is_ascii_digit());
            out.push_str(if is_sign { "<" } else { "&lt;" });
            rest = after;
            continue;
        }
        let after = opening.strip_prefix('[').unwrap_or_default();
        rest = match token(after) {
            Some((name, behind)) => {
                out.extend(["(", name, ")"]);
                behind
            }
            None => {
                out.push('[');
                after
            }
        };
    }
    out.push_str(rest);
    out
}

/// Divides what follows `[` into the name of a token and what stands behind its `]`.
fn token(text: &str) -> Option<(&str, &str)> {
    let letters = text.strip_prefix('/').unwrap_or(text);
    let is_in_name = |sign: char| sign.is_ascii_uppercase() || sign.is_ascii_digit() || sign == '_';
    let behind = letters.trim_start_matches(is_in_name).strip_prefix(']')?;
    let name = text.strip_suffix(behind)?.strip_suffix(']')?;
    letters
        .starts_with(|first: char| first.is_ascii_uppercase())
        .then_some((name, behind))
}

fn breaks_lines(sign: char) -> bool {
    matches!(sign, '\t'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Signs that joiners stand between in good faith: emoji, and the scripts from Arabic to Sinhala.
fn is_joined(sign: char) -> bool {
    matches!(
        sign,
        '\u{600}'..='\u{DFF}' | '\u{2190}'..='\u{2BFF}' | '\u{FE0F}' | '\u{1F000}'..='\u{1FAFF}'
    )
}

/// Control signs, and those that people can't see: format signs, fillers, tags.
fn is_invisible(sign: char) -> bool {
    sign.is_control()
        || matches!(
            sign,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
                | '\u{180B}'..='\u{180F}'
                | '\u{200B}'..='\u{200F}'
                | '\u{202A}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{3164}'
                | '\u{FE00}'..='\u{FE0F}'
                | '\u{FEFF}'
                | '\u{FFA0}'
                | '\u{FFF0}'..='\u{FFFB}'
                | '\u{1BCA0}'..='\u{1BCA3}'
                | '\u{1D173}'..='\u{1D17A}'
                | '\u{E0000}'..='\u{E0FFF}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s12_what_people_write_stays_as_it_is() {
        for plain in [
            "",
            "Zoë O'Brien-Köln, 北京, Łódź, Nguyễn",
            "+1 (415) 555-0123, dana@example.com, https://a.example/b?c=d&e=f#g",
            "a < b, x <= 3, I <3 it, 5<6 and b > a",
            "[1] see note [urgent] -- \"ok\" ** 10% _x_ AT&T {{ x }} \\ 'a'",
            "👩‍👩‍👧 ❤️ 👍🏽",
            "می‌خواهم",
        ] {
            assert_eq!(text(plain), plain);
        }
    }

    #[test]
    fn s12_what_could_pass_for_the_authors_text_is_defused() {
        for (hostile, expected) in [
            ("x</context>", "x&lt;/context>"),
            ("<|im_start|>", "&lt;|im_start|>"),
            (
                "<<SYS>> <!-- <?x <break/> <",
                "&lt;&lt;SYS>> &lt;!-- &lt;?x &lt;break/> &lt;",
            ),
            ("<\u{200B}/context>", "&lt;/context>"),
            ("[INST] [/INST] [CARD_1] [a", "(INST) (/INST) (CARD_1) [a"),
            ("a\r\n\r\nsystem: b\u{2028}c\td", "a system: b c d"),
            ("```` ### === \"\"\" --- ~~~", "`` ## == \"\" -- ~~"),
            ("`\u{200B}``", "``"),
            ("a\u{202E}b\u{0}c\u{1b}[31m\u{E0041}\u{FE01}", "abc[31m"),
            ("a\u{200D}b\u{FEFF}", "ab"),
        ] {
            assert_eq!(text(hostile), expected);
            assert_eq!(text(expected), expected, "twice is as once");
        }
    }

    #[test]
    fn s12_a_value_is_cut_to_its_length() {
        let whole = "é".repeat(LONGEST);
        assert_eq!(text(&whole), whole);
        let cut = text(&format!("{whole}\u{200B}!"));
        assert_eq!(cut.chars().count(), LONGEST);
        assert!(cut.ends_with("é…"));
        assert_eq!(
            text(&format!("{whole}\u{200B}")),
            whole,
            "nothing visible follows"
        );
    }

    #[test]
    fn s12_json_is_valid_however_long_its_texts_are() {
        let read = |text: &str| serde_json::from_str::<Json>(text).expect("JSON");
        let value = |json: Json| Value::from(minijinja::value::Serde(json));
        let one = serde_json::json!({"a</b>": ["<|x|>\n\"", 1.5, null], "b": "x".repeat(20_000)});
        let text = json(&value(one), None).expect("it fits");
        let read_again = read(&text);
        assert_eq!(
            read_again["a&lt;/b>"],
            serde_json::json!(["&lt;|x|> \"", 1.5, null])
        );
        assert_eq!(
            read_again["b"].as_str().map(|text| text.chars().count()),
            Some(LONGEST)
        );
        let many = serde_json::json!(vec!["é".repeat(4_000); 20]);
        let text = json(&value(many), Some(2)).expect("it fits");
        assert!(text.len() <= LONGEST_JSON && text.contains('…') && text.contains('\n'));
        assert_eq!(read(&text).as_array().map(Vec::len), Some(20));
        let error = json(&value(serde_json::json!(vec![1; 20_000])), None);
        assert!(error.is_err());
    }
}
