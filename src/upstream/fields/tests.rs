//! Rows of fields, and what becomes of requests.

use std::slice;

use super::*;

fn check(edits: &[FieldEdit], reasons: bool, fields: &str, expected: &str, noted: &[&str]) {
    let body =
        |fields: &str| format!(r#"{{{fields}"messages":[{{"role":"user","content":"x"}}]}}"#);
    let request = ChatRequest::parse(body(fields).into()).expect("a request");
    let mut notes = Vec::new();
    let edited = edited(Cow::Borrowed(&request), edits, reasons, &mut notes);
    let takes = crate::chat::request::Takes {
        all_fields: true,
        ..Default::default()
    };
    let sent = String::from_utf8(edited.write(&takes)).expect("UTF-8");
    let sent: serde_json::Value = serde_json::from_str(&sent).expect("JSON");
    let expected: serde_json::Value = serde_json::from_str(&body(expected)).expect("JSON");
    assert_eq!(sent, expected);
    assert_eq!(notes, noted);
    assert_eq!(matches!(edited, Cow::Borrowed(_)), noted.is_empty());
}

#[test]
fn what_speaks_of_a_stream_goes_with_one_alone() {
    let asks = FieldEdit::default("stream_options", r#"{"include_usage":true}"#);
    let streamed = r#""stream":true,"#;
    let with_options = r#""stream":true,"stream_options":{"include_usage":true},"#;
    let noted = r#"`stream_options` is {"include_usage":true}"#;
    check(
        slice::from_ref(&asks),
        false,
        streamed,
        with_options,
        &[noted],
    );
    check(
        slice::from_ref(&asks),
        false,
        with_options,
        with_options,
        &[],
    );
    let left_out = "`stream_options` was left out, since the answer is not streamed";
    for whole in ["", r#""stream":false,"#] {
        check(slice::from_ref(&asks), false, whole, whole, &[]);
        let came = format!(r#"{whole}"stream_options":{{"include_usage":true}},"#);
        check(slice::from_ref(&asks), false, &came, whole, &[left_out]);
        check(&[], false, &came, whole, &[left_out]);
    }
}

#[test]
fn a_field_is_changed_as_its_row_says() {
    let limit = FieldEdit::rename("max_tokens", "max_completion_tokens");
    for (edit, fields, expected, note) in [
        (
            FieldEdit::drop("seed"),
            r#""seed":1,"#,
            "",
            "`seed` was left out",
        ),
        (FieldEdit::drop("seed"), "", "", ""),
        (
            limit.clone(),
            r#""max_tokens":250,"#,
            r#""max_completion_tokens":250,"#,
            "`max_tokens` went as `max_completion_tokens`",
        ),
        (
            limit,
            r#""max_tokens":250,"max_completion_tokens":9,"#,
            r#""max_completion_tokens":9,"#,
            "`max_tokens` was left out beside `max_completion_tokens`",
        ),
        (FieldEdit::default("n", "1"), "", r#""n":1,"#, "`n` is 1"),
        (
            FieldEdit::default("n", "1"),
            r#""n":null,"#,
            r#""n":1,"#,
            "`n` is 1",
        ),
        (FieldEdit::default("n", "1"), r#""n":2,"#, r#""n":2,"#, ""),
        (FieldEdit::set("n", "1"), r#""n":1,"#, r#""n":1,"#, ""),
        (
            FieldEdit::set("n", "1"),
            r#""n":2,"#,
            r#""n":1,"#,
            "`n` is 1 in place of what came",
        ),
        (
            FieldEdit::replace("n", "3", "1"),
            r#""n":2,"#,
            r#""n":2,"#,
            "",
        ),
        (
            FieldEdit::drop_value("n", "2"),
            r#""n":2,"#,
            "",
            "`n` was left out",
        ),
        (
            FieldEdit::drop_value("n", "2"),
            r#""n":3,"#,
            r#""n":3,"#,
            "",
        ),
    ] {
        let notes = Vec::from_iter((!note.is_empty()).then_some(note));
        check(&[edit], false, fields, expected, &notes);
    }
}

#[test]
fn some_rows_count_only_with_tools_or_while_the_model_reasons() {
    let tools = r#""tools":[{"type":"function","function":{"name":"a"}}],"#;
    let seed = r#""seed":1,"#;
    let drop = |when| FieldEdit::drop_when("seed", when);
    let left_out = ["`seed` was left out"];
    check(&[drop(EditWhen::WithTools)], false, seed, seed, &[]);
    check(
        &[drop(EditWhen::WithTools)],
        false,
        &format!("{seed}\"tools\":[],"),
        &format!("{seed}\"tools\":[],"),
        &[],
    );
    check(
        &[drop(EditWhen::WithTools)],
        false,
        &format!("{seed}{tools}"),
        tools,
        &left_out,
    );
    check(&[drop(EditWhen::WithoutTools)], false, seed, "", &left_out);
    for (effort, reasons, expected) in [
        ("", false, false),
        ("", true, true),
        (r#""reasoning_effort":"none","#, true, false),
        (r#""reasoning_effort":null,"#, true, true),
        (r#""reasoning_effort":"low","#, false, true),
        (r#""thinking":{"type":"disabled"},"#, true, false),
        (r#""thinking":{"type":"enabled"},"#, true, true),
    ] {
        let (left, noted): (&str, &[&str]) = match expected {
            true => ("", &left_out),
            false => (seed, &[]),
        };
        let (came, goes) = (format!("{seed}{effort}"), format!("{left}{effort}"));
        check(&[drop(EditWhen::Reasoning)], reasons, &came, &goes, noted);
    }
}
