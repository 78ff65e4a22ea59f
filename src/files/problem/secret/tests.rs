use super::*;
use crate::config::FIELDS;

fn shown(text: &str) -> String {
    let line = text.rfind('\n').map_or(0, |at| at + 1);
    hide(text, line, &FIELDS).shown()
}

#[test]
fn what_may_be_a_key_is_stars() {
    for (text, expected) in [
        ("key = \"sk-1\"", "key = ***"),
        ("kee = 'sk-1'", "kee = ***"),
        ("key = sk-1", "key = ***"),
        ("key = 12345678", "key = ***"),
        ("key = \"sk-1", "key = ***"),
        ("key = \"sk\"live\" # x", "key = ***"),
        ("keys = [\"a\", \"${B}\"]", "keys = [***, \"${B}\"]"),
        ("keys = [\n  \"a\",\n  \"b\", # old", "  ***, # old"),
        ("keys = [\n  \"a\", # \"old\"", "  ***, ***"),
        ("key = \"\"\"\nsk-1", "***"),
        (
            "a = { key = \"sk-1\", model = \"m\" }",
            "a = { key = ***, model = \"m\" }",
        ),
        ("upstream.a.key = \"sk-1\"", "upstream.a.key = ***"),
        ("\"key\" = \"sk-1\"", "\"key\" = ***"),
        (
            "headers = { X-Any = \"sk-1\" }",
            "headers = { X-Any = *** }",
        ),
        ("[upstream.a.headers]\nX-Any = \"sk-1\"", "X-Any = ***"),
        ("url = \"https://u:p@a.example\"", "url = ***"),
        ("url = \"https://a.example?key=1\"", "url = ***"),
        ("sesame = \"open\"", "sesame = ***"),
        ("forward = \"https://a.example/sk-1\"", "forward = ***"),
        ("store = \"http://sk-1\"", "store = ***"),
        ("store = \"redis://:sk-1@host\"", "store = ***"),
        ("key = \"$2b$12$sk\"", "key = ***"),
        ("  \"sk-1\"", "  ***"),
    ] {
        let shown = shown(text);
        assert!(shown.starts_with(expected), "{text}: {shown}");
        assert!(!shown.contains("sk") && !shown.contains("old\""), "{shown}");
    }
}

#[test]
fn what_is_no_secret_is_shown() {
    for line in [
        "prest = \"openai\"",
        "key = \"$OPENAI_KEY\"",
        "keys = [\"$(A)\"]",
        "url = \"https://api.example.com/v1#x\"",
        "forward = \"https://a.example\"",
        "store = \"memroy\"",
        "store = \"file:aside.redb\"",
        "[upstream.\"my model\"]",
        "[upstream.a # open",
        "open = \"yes\"",
        "stal = \"5 seconds\"",
        "sise = 3",
        "limit = \"8 MiB\"",
        "apology = \"Say \"sorry\" again.\"",
        "url = \"https://api.example.com/v1\"",
        "store = \"redis://localhost:6379\"",
        "keys = [\"${A}\", \"${B}\"]",
        "headers = { Authorization = \"Bearer ${KEY}\", X-Title = \"My agent\" }",
        "a = { preset = \"opena\" }",
        "upstreams = [\"opnai\", \"b\"] # in order",
        "]",
    ] {
        assert_eq!(shown(line), line);
    }
    assert_eq!(shown("upstreams = [\n  \"a\",\n  \"b\","), "  \"b\",");
    assert_eq!(shown("apology = \"\"\"\nOne\ntwo"), "two");
}

#[test]
fn the_caret_does_not_tell_how_long_a_hidden_value_is() {
    let text = "keys = [\"0123456789\", \"b\"]";
    let hidden = hide(text, 0, &FIELDS);
    assert_eq!(hidden.shown(), "keys = [***, ***]");
    assert_eq!(hidden.caret(8), Some(8..11));
    assert_eq!(hidden.caret(22), Some(13..16));
    assert_eq!(hidden.caret(0), Some(0..17));
    assert_eq!(hidden.caret(text.len()), Some(17..18));
}
