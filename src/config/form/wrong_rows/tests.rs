use crate::chat::ChatRequest;
use crate::config::{Config, Overrides};
use crate::upstream::form::{AttemptOf, RequestForm};

fn problems(upstream: &str) -> Vec<String> {
    let text = format!("[upstream.a]\nurl = \"http://x\"\n{upstream}\n");
    let source = crate::config::source("aside.toml", text);
    let (_, problems) = Config::read(&source, &Overrides::default(), &|_| None);
    let shown = problems.iter();
    shown
        .map(|it| {
            let kind = if it.is_error() { "" } else { "doubt " };
            format!("{kind}{}:{} {}", it.line, it.column, it.message)
        })
        .collect()
}

#[test]
fn what_would_break_the_body_is_refused_at_its_line() {
    for (line, column, told) in [
        ("drop = [\"seed\", \"messages\"]", 17, "without `messages`"),
        ("drop = [\"model\"]", 9, "without `model`"),
        (
            "drop = [\"messages.role\"]",
            9,
            "messages of the upstream `a` can't do without `role`",
        ),
        ("drop = [\"messages.content\"]", 9, "without `content`"),
        (
            "drop = [\"messages.tool_calls\"]",
            9,
            "without `tool_calls`",
        ),
        (
            "drop = [\"messages.tool_call_id\"]",
            9,
            "without `tool_call_id`",
        ),
        (
            "drop = [\"tools.function\"]",
            9,
            "tools of the upstream `a` can't do without `function`",
        ),
        ("drop = [\"tools.\"]", 9, "has no name"),
        ("drop = [\"\"]", 9, "has no name"),
        (
            "rename = { seed = \"n\", max_tokens = \"messages\" }",
            37,
            "renamed to `messages`",
        ),
        ("rename = { a = \"stream\" }", 16, "renamed to `stream`"),
        ("rename = { a = \"model\" }", 16, "renamed to `model`"),
        ("rename = { a = \"customer\" }", 16, "renamed to `customer`"),
        ("rename = { a = \"\" }", 16, "renamed to ``"),
        (
            "rename = { model = \"engine\" }",
            20,
            "can't have `model` renamed",
        ),
        (
            "rename = { messages = \"input\" }",
            23,
            "can't have `messages` renamed",
        ),
        (
            "rename = { metadata = \"tags\" }",
            23,
            "can't have `metadata` renamed",
        ),
        ("rename = { a = \"a\" }", 16, "`a` renamed to `a`"),
        (
            "rename = { a = \"b\", b = \"a\" }",
            16,
            "`a` renamed to `b`",
        ),
        (
            "rename = { a = \"b\", b = \"c\" }",
            16,
            "`a` renamed to `b`",
        ),
        ("default = { messages = [] }", 24, "a default of `messages`"),
        (
            "default = { n = 1, stream = false }",
            29,
            "a default of `stream`",
        ),
        ("default = { model = \"x\" }", 21, "a default of `model`"),
        ("default = { customer = {} }", 24, "a default of `customer`"),
        (
            "default = { a = 2026-01-01 }",
            17,
            "the default of `a` has a date",
        ),
        (
            "default = { a = 07:32:00 }",
            17,
            "the default of `a` has a date",
        ),
        ("default = { a = inf }", 17, "the default of `a` has `inf`"),
        (
            "default = { a = { b = [1.5, nan] } }",
            17,
            "the default of `a` has `inf` or `nan`",
        ),
        (
            "shape = { alternate = true, merge = false }",
            9,
            "contradicts itself",
        ),
    ] {
        let own = problems(line);
        let first = own.first().map_or("", String::as_str);
        assert!(
            first.starts_with(&format!("3:{column} ")),
            "{line}: {own:?}"
        );
        assert!(first.contains(told), "{line}: {own:?}");
        // The same of some models.
        let row = problems(&format!("[[upstream.a.model]]\nmatch = \"x*\"\n{line}"));
        let first = row.first().map_or("", String::as_str);
        assert!(
            first.starts_with(&format!("5:{column} ")),
            "{line}: {row:?}"
        );
        assert!(first.contains(told), "{line}: {row:?}");
    }
    let row = problems("[[upstream.a.model]]\nmatch = \" \"");
    assert!(row.concat().starts_with("4:9 a row of models"), "{row:?}");
}

#[test]
fn what_reaches_no_field_is_a_doubt() {
    for line in [
        "drop = [\"stream_options.include_usage\"]",
        "drop = [\"tools.function.strict\"]",
        "drop = [\"messages.content.cache_control\"]",
    ] {
        let told = problems(line).concat();
        assert!(told.starts_with("doubt 3:9 "), "{told}");
    }
}

#[test]
fn what_a_server_may_want_is_taken() {
    for lines in [
        "drop = [\"seed\", \"tools\", \"tools.strict\", \"messages.name\", \"n\"]\ndefault = { n = 1 }",
        "rename = { max_tokens = \"max_new_tokens\", max_completion_tokens = \"max_new_tokens\" }",
        "default = { a = { b = [1, 1.5, \"x\", true, {}] }, stream_options = {} }",
        "rename = { a = \"b\" }\n[[upstream.a.model]]\nmatch = \"x\"\nrename = { b = \"a\" }",
    ] {
        assert_eq!(problems(lines), [""; 0], "{lines}");
    }
}

/// What goes upstream of a request for the model `x1`.
fn sent(upstream: &str) -> String {
    let text = format!("[upstream.a]\nurl = \"http://x\"\n{upstream}\n");
    let source = crate::config::source("aside.toml", text);
    let (config, problems) = Config::read(&source, &Overrides::default(), &|_| None);
    let config = config.unwrap_or_else(|| panic!("{problems:?}"));
    let table = config.upstreams["a"].get_ref();
    let form = RequestForm::of(table.preset.0, &table.form(), "x1");
    let body = r#"{"model":"x1","messages":[{"role":"user","content":"x","name":"n"}]}"#;
    let request = ChatRequest::parse(body.into()).expect("a request");
    let attempt = AttemptOf {
        upstream: "a",
        assistant: None,
    };
    String::from_utf8(form.write(&request, attempt)).expect("UTF-8")
}

#[test]
fn the_default_of_the_most_special_row_counts() {
    let table = "default = { n = 1, top_p = 0.5 }\n";
    let row = |pattern: &str, n: u32| {
        format!("[[upstream.a.model]]\nmatch = \"{pattern}\"\ndefault = {{ n = {n} }}\n")
    };
    for (config, n) in [
        (table.to_owned(), 1),
        (format!("{table}{}", row("x*", 2)), 2),
        (format!("{table}{}", row("y*", 2)), 1),
        (format!("{table}{}{}", row("x*", 2), row("x1", 3)), 3),
    ] {
        let sent = sent(&config);
        assert!(sent.contains(&format!("\"n\":{n}")), "{config}: {sent}");
        assert!(sent.contains("\"top_p\":0.5"), "{config}: {sent}");
        assert_eq!(sent.matches("\"n\":").count(), 1, "{sent}");
    }
}

#[test]
fn what_a_row_leaves_out_of_messages_stays_here() {
    let row = "[[upstream.a.model]]\nmatch = \"x*\"\ndrop = [\"messages.name\"]";
    assert!(sent("").contains("\"name\""));
    assert!(!sent(row).contains("\"name\""), "{}", sent(row));
    assert!(sent(&row.replace("x*", "y*")).contains("\"name\""));
}
