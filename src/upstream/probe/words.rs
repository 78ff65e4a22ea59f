//! A server's own words about what went wrong, in one line.
//!
//! For the terminal of who runs the server's account alone: nothing of anybody's was sent. Turns
//! never keep such words. What is left of a key in them goes.

use serde_json::Value;

/// The most that is shown, in characters.
const LONGEST: usize = 240;
/// How deep a message may lie.
const DEEPEST: usize = 8;

/// What the body of an answer says, in one line; empty: nothing.
pub(super) fn words_of(body: &str) -> String {
    let body = body.trim_start_matches('\u{feff}').trim();
    if body.starts_with('<') {
        return one_line(&of_page(body));
    }
    if let Ok(json) = serde_json::from_str::<Value>(body) {
        return one_line(&message_of(&json).unwrap_or_else(|| json.to_string()));
    }
    let events = body.lines().filter_map(|line| line.strip_prefix("data:"));
    let events = events.filter_map(|data| serde_json::from_str::<Value>(data.trim()).ok());
    let mut failed = events.filter(|event| event.get("choices").is_none() || is_error(event));
    match failed.next_back().and_then(|event| message_of(&event)) {
        Some(message) => one_line(&message),
        None => one_line(body),
    }
}

fn is_error(event: &Value) -> bool {
    event.get("error").is_some_and(|error| !error.is_null())
}

/// The message of an error, the innermost where they lie in each other.
fn message_of(json: &Value) -> Option<String> {
    message_within(json, DEEPEST)
}

fn message_within(json: &Value, deep: usize) -> Option<String> {
    let deeper = deep.checked_sub(1)?;
    match json {
        Value::String(text) => {
            let inner = serde_json::from_str::<Value>(text).ok();
            let inner = inner.filter(|inner| inner.is_object() || inner.is_array());
            let inner = inner.and_then(|inner| message_within(&inner, deeper));
            inner.or_else(|| (!text.trim().is_empty()).then(|| text.clone()))
        }
        Value::Array(items) => {
            let all = items.iter().filter_map(|item| message_within(item, deeper));
            let all: Vec<String> = all.collect();
            (!all.is_empty()).then(|| all.join("; "))
        }
        Value::Object(entries) => {
            let raw = json.pointer("/metadata/raw");
            if let Some(found) = raw.and_then(|raw| message_within(raw, deeper)) {
                return Some(found);
            }
            let names = [
                "error", "message", "detail", "details", "msg", "errors", "reason",
            ];
            let found = names.iter().find_map(|name| {
                let inner = entries.get(*name)?;
                message_within(inner, deeper)
            })?;
            // FastAPI says where beside what.
            let place = entries.get("loc").and_then(Value::as_array).map(|place| {
                let parts = place.iter().map(|part| match part {
                    Value::String(part) => part.clone(),
                    other => other.to_string(),
                });
                parts.collect::<Vec<_>>().join(".")
            });
            Some(match place {
                Some(place) => format!("{place}: {found}"),
                None => found,
            })
        }
        _ => None,
    }
}

/// The title of a web page, or its text.
fn of_page(page: &str) -> String {
    let lower = page.to_ascii_lowercase();
    let between = |open: &str, close: &str| {
        let at = lower.find(open)? + open.len();
        let at = at + lower[at..].find('>')? + 1;
        let end = at + lower[at..].find(close)?;
        Some(page[at..end].trim()).filter(|text| !text.is_empty())
    };
    let title = between("<title", "</title").or_else(|| between("<h1", "</h1"));
    match title {
        Some(title) => format!("a page titled \"{title}\""),
        None => {
            let mut is_tag = false;
            let text = page.chars().filter(|char| match char {
                '<' => {
                    is_tag = true;
                    false
                }
                '>' => {
                    is_tag = false;
                    false
                }
                _ => !is_tag,
            });
            text.collect()
        }
    }
}

/// One line without signs that a terminal would obey, not too long, and nothing of a key that its
/// server hid in half.
fn one_line(text: &str) -> String {
    let seen: String = text
        .chars()
        .map(|char| {
            if char.is_control() || is_unseen(char) {
                ' '
            } else {
                char
            }
        })
        .collect();
    let words = seen
        .split_whitespace()
        .map(|word| match word.contains("***") {
            true => "…",
            false => word,
        });
    let line = words.collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}

/// Signs that nobody sees, and that turn the order of others.
fn is_unseen(char: char) -> bool {
    matches!(char, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_servers_words_are_found_wherever_they_stand() {
        for (body, expected) in [
            (
                r#"{"error":{"message":"No such model.","code":"x"}}"#,
                "No such model.",
            ),
            (
                r#"[{"error":{"message":"Unknown name \"x\"","code":400}}]"#,
                "Unknown name \"x\"",
            ),
            (
                r#"{"detail":[{"loc":["body","seed"],"msg":"Extra inputs"},{"msg":"b"}]}"#,
                "body.seed: Extra inputs; b",
            ),
            (
                r#"{"object":"error","message":"System first.","code":400}"#,
                "System first.",
            ),
            (
                r#"{"error":{"message":"Provider returned error","metadata":{"raw":"{\"error\":{\"message\":\"too long\"}}"}}}"#,
                "too long",
            ),
            (r#"{"error":"plain"}"#, "plain"),
            (r#"{"a":1}"#, r#"{"a":1}"#),
            (
                "data: {\"choices\":[]}\n\nevent: error\ndata: {\"error\":{\"message\":\"in the stream\"}}\n\n",
                "in the stream",
            ),
            (
                "<html><head><TITLE>Sign in</TITLE>",
                "a page titled \"Sign in\"",
            ),
            ("<p>Bad <b>gateway</b></p>", "Bad gateway"),
            (
                "nothing\nhere\t\u{1b}[31mred\u{202e}",
                "nothing here [31mred",
            ),
            (
                "Incorrect API key provided: sk-ab***********yz. See",
                "Incorrect API key provided: … See",
            ),
            ("", ""),
        ] {
            assert_eq!(words_of(body), expected, "{body}");
        }
    }

    #[test]
    fn long_words_are_cut() {
        let line = words_of(&"é".repeat(LONGEST + 50));
        assert_eq!(line.chars().count(), LONGEST + 1);
        let nested = "[".repeat(200) + &"]".repeat(200);
        assert!(words_of(&nested).chars().count() <= LONGEST + 1);
    }
}
