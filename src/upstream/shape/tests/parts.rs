//! Content in parts, for upstreams that take one text.

use super::*;

fn of(content: &str) -> String {
    format!(r#"{{"role":"user","content":{content}}}"#)
}

#[test]
fn parts_that_are_texts_become_one_text() {
    for (content, expected) in [
        (r#"[{"type":"text","text":"Hi."}]"#, "user: Hi."),
        (
            r#"[{"type":"text","text":"a"},{"type":"text","text":"b"}]"#,
            "user: a / b",
        ),
        (
            r#"[{"type":"text","text":"a "},{"type":"text","text":"b"}]"#,
            "user: a b",
        ),
        (
            r#" [ {"text":"\u00e9","type":"text","cache_control":{"type":"ephemeral"}} , "b" ]"#,
            "user: é / b",
        ),
        (
            r#"[{"type":"input_text","text":"a"},{"type":"text","text":""}]"#,
            "user: a",
        ),
    ] {
        check("parts = \"text\"", &[&of(content)], &[expected]);
    }
    let tool = r#"{"role":"tool","tool_call_id":"x","content":[{"type":"text","text":"7"}]}"#;
    check(
        "parts = \"text\"",
        &["user: a", "call x", tool],
        &["user: a", "call x", "result x: 7"],
    );
}

#[test]
fn what_is_more_than_text_stays_in_parts() {
    for content in [
        r#"[{"type":"text","text":"What is it?"},{"type":"image_url","image_url":{"url":"u"}}]"#,
        r#"[{"type":"input_audio","input_audio":{"data":"a","format":"wav"}}]"#,
        r#"[{"type":"refusal","refusal":"no"}]"#,
        r#"[{"type":"text","text":{"value":"a"}}]"#,
        r#""[a]""#,
    ] {
        let request = request(&[&of(content)], "");
        let shaped = shaped(&request, &shape("parts = \"text\""), &HistoryMends::ALL);
        assert!(matches!(shaped.request, Cow::Borrowed(_)), "{content}");
    }
}
