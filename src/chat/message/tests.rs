use super::*;
use crate::chat::fields;

fn parse(json: &str) -> Result<Message, MessageError> {
    Message::parse(ByteString::from(json))
}

fn written(message: &Message) -> String {
    let mut out = String::new();
    message.write(&|key| fields::MESSAGE.contains(&key), &mut out);
    out
}

#[test]
fn an_untouched_message_is_written_as_it_came() {
    let source = r#"{ "role": "user", "content" : "h\u00e9" }"#;
    let message = parse(source).expect("it is one");
    assert_eq!(message.role(), Role::User);
    assert_eq!(message.text(), "hé");
    assert_eq!(written(&message), source);
}

#[test]
fn fields_that_no_upstream_takes_stay_here() {
    let message = parse(r#"{"role":"user","words":[{"w":"x"}],"content":"a"}"#).expect("it is one");
    assert_eq!(written(&message), r#"{"role":"user","content":"a"}"#);
}

#[test]
fn every_text_can_be_edited() {
    let mut message = parse(
        r#"{"role":"assistant","content":[{"type":"text","text":"x"}],"name":"x","refusal":"x","tool_calls":[{"id":"x","type":"function","function":{"name":"x","arguments":"{\"a\": \"x\", \"n\": [1]}"}}]}"#,
    )
    .expect("it is one");
    let changed = message.edit_texts(&mut |_, _, text| match text {
        "x" => Some("Y\"".to_owned()),
        // The arguments are one text.
        _ => text.contains("[1]").then(|| text.replace("[1]", "[2]")),
    });
    assert!(changed);
    assert_eq!(
        written(&message),
        r#"{"role":"assistant","content":[{"type":"text","text":"Y\""}],"name":"Y\"","refusal":"Y\"","tool_calls":[{"id":"x","type":"function","function":{"name":"x","arguments":"{\"a\": \"x\", \"n\": [2]}"}}]}"#
    );
}

#[test]
fn what_is_no_message_is_refused_with_its_place() {
    for (json, path) in [
        ("3", ""),
        ("{}", ".role"),
        (r#"{"role":1}"#, ".role"),
        (r#"{"role":"user","content":3}"#, ".content"),
        (r#"{"role":"user","content":{}}"#, ".content"),
        (r#"{"role":"user","content":"a","content":"b"}"#, ""),
        (
            r#"{"role":"user","content":[{"text":"a","text":"b"}]}"#,
            ".content",
        ),
    ] {
        assert_eq!(
            parse(json).map(|_| ()).map_err(|error| error.path),
            Err(path.to_owned()),
            "{json}"
        );
    }
}

#[test]
fn a_content_is_changed_within_what_came() {
    let source = r#"{"role":"tool" , "tool_call_id":"c1", "content" : "a \"b\"" }"#;
    let mut message = parse(source).expect("it is one");
    assert_eq!(message.texts_source(), Some(r#""a \"b\"""#));
    assert!(!message.edit_texts(&mut |_, _, _| None));
    assert_eq!(written(&message), source);
    for (text, json) in [
        ("é\"", r#""é\"""#),
        ("", r#""""#),
        ("longer than it was", r#""longer than it was""#),
    ] {
        assert!(message.edit_texts(&mut |_, _, _| Some(text.to_owned())));
        assert_eq!(message.text(), text);
        assert_eq!(message.fields()[2].1, json);
        assert_eq!(message.unopened_field("tool_call_id"), Some(r#""c1""#));
        let whole = source.replace(r#""a \"b\"""#, json);
        assert_eq!(written(&message), whole);
        assert_eq!(
            written(&parse(source).expect("it is one").with_text(text)),
            whole
        );
    }
}

#[test]
fn texts_beside_the_content_are_edited_as_well() {
    for source in [
        r#"{"role":"user","content":"x","name":"x"}"#,
        r#"{"role":"user","content":"x","own":"x"}"#,
        r#"{"role":"x","content":"y"}"#,
    ] {
        let mut message = parse(source).expect("it is one");
        assert_eq!(message.texts_source(), Some(source));
        let mut seen = Vec::new();
        message.edit_texts(&mut |_, _, text| {
            seen.push(text.to_owned());
            None
        });
        assert_eq!(seen.len(), 2, "{source}");
        let new = message.with_text("z");
        assert_eq!(new.text(), "z");
        assert_eq!(new.fields().len(), source.matches(':').count());
    }
}
