//! The content of messages: a text, or parts of it, put together and looked at.

use bytestring::ByteString;

use crate::chat::{Message, json};

/// What stands between the utterances of one message.
pub(super) const UTTERANCES: &str = "\n";
/// What stands between its paragraphs.
pub(super) const PARAGRAPHS: &str = "\n\n";

/// Contents as one: texts with `between` between them; where one is a list of parts, a list. What is
/// null or empty adds nothing.
pub(super) fn joined(contents: &[ByteString], between: &str) -> ByteString {
    let said: Vec<&ByteString> = contents.iter().filter(|one| !is_nothing(one)).collect();
    match said.as_slice() {
        [] => return contents.first().cloned().unwrap_or_default(),
        [one] => return (*one).clone(),
        _ => {}
    }
    let texts: Option<Vec<_>> = said.iter().map(|one| json::decode(one)).collect();
    if let Some(texts) = texts {
        return json::encode(&texts.join(between)).into();
    }
    let all: Vec<ByteString> = said.into_iter().flat_map(parts).collect();
    format!("[{}]", all.join(",")).into()
}

/// The message with texts before its content and behind it.
pub(super) fn beside(message: Message, before: &[String], behind: &[String]) -> Message {
    let own = message.field("content").cloned().unwrap_or_default();
    let texts = |texts: &[String]| {
        let literal = match texts {
            [] => "null".to_owned(),
            _ => json::encode(&texts.join(PARAGRAPHS)),
        };
        ByteString::from(literal)
    };
    let content = joined(&[texts(before), own, texts(behind)], PARAGRAPHS);
    message.with_field("content", content.to_string())
}

/// Whether a message has no content, or only blanks.
pub(super) fn is_blank(message: &Message) -> bool {
    let Some(content) = message.field("content") else {
        return true;
    };
    if let Some(text) = json::decode(content) {
        return text.trim().is_empty();
    }
    match json::items(content) {
        Ok(parts) => parts.iter().all(is_blank_part),
        Err(_) => json::is_null(content),
    }
}

/// A list of parts without those that are blank texts; none where there are none, or no others.
pub(super) fn without_blank_parts(content: &ByteString) -> Option<String> {
    let parts = json::items(content).ok()?;
    let all = parts.len();
    let said: Vec<ByteString> = parts
        .into_iter()
        .filter(|part| !is_blank_part(part))
        .collect();
    let is_changed = !said.is_empty() && said.len() < all;
    is_changed.then(|| format!("[{}]", said.join(",")))
}

fn is_blank_part(part: &ByteString) -> bool {
    if let Some(text) = json::decode(part) {
        return text.trim().is_empty();
    }
    let entries = json::entries(part).unwrap_or_default();
    let value = |name: &str| entries.iter().find(|(key, _)| key == name);
    let is_text = value("type").is_none_or(|(_, kind)| &**kind == "\"text\"");
    let text = value("text").map(|(_, text)| json::decode(text).unwrap_or_default());
    is_text && text.is_some_and(|text| text.trim().is_empty())
}

fn is_nothing(content: &str) -> bool {
    matches!(content, "" | "null" | "\"\"" | "[]")
}

/// A content as a list of parts.
fn parts(content: &ByteString) -> Vec<ByteString> {
    if content.starts_with('"') {
        return vec![format!(r#"{{"type":"text","text":{content}}}"#).into()];
    }
    json::items(content).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_of_every_kind_are_put_together() {
        let part = r#"{"type":"image_url","image_url":{"url":"u"}}"#;
        for (first, second, expected) in [
            (r#""a""#, r#""b""#, r#""a\nb""#.to_owned()),
            ("null", r#""b""#, r#""b""#.to_owned()),
            (r#""a""#, r#""""#, r#""a""#.to_owned()),
            ("null", r#""""#, "null".to_owned()),
            (
                r#""a\"""#,
                &format!("[{part}]"),
                format!(r#"[{{"type":"text","text":"a\""}},{part}]"#),
            ),
            (
                &format!("[ {part} ]"),
                r#""b""#,
                format!(r#"[{part},{{"type":"text","text":"b"}}]"#),
            ),
        ] {
            let (first, second) = (ByteString::from(first), ByteString::from(second));
            let both = joined(&[first.clone(), second.clone()], "\n");
            assert_eq!(both, expected, "{first} {second}");
        }
    }

    #[test]
    fn what_says_nothing_is_blank() {
        for (content, is_empty) in [
            ("null", true),
            (r#""""#, true),
            (r#"" \n""#, true),
            ("[]", true),
            (r#"[{"type":"text","text":" "}]"#, true),
            (r#"[""]"#, true),
            (r#""…""#, false),
            (r#"[{"type":"text","text":""},{"type":"image_url"}]"#, false),
        ] {
            let source = format!(r#"{{"role":"user","content":{content}}}"#);
            let message = Message::parse(source.into()).expect("a message");
            assert_eq!(is_blank(&message), is_empty, "{content}");
        }
        let silent = Message::parse(r#"{"role":"user"}"#.into()).expect("a message");
        assert!(is_blank(&silent));
    }

    #[test]
    fn blank_parts_go_where_others_stay() {
        let check = |content: &str| without_blank_parts(&ByteString::from(content));
        assert_eq!(
            check(r#"[{"type":"text","text":""}, {"type":"text","text":"a"}]"#).as_deref(),
            Some(r#"[{"type":"text","text":"a"}]"#)
        );
        assert_eq!(check(r#"[{"type":"text","text":""}]"#), None);
        assert_eq!(check(r#"[{"type":"text","text":"a"}]"#), None);
        assert_eq!(check(r#""a""#), None);
    }
}
