use super::*;
use crate::files::Source;
use crate::lang::facts::Facts;

const HISTORY: &str = "system:a system:b assistant:c user:d assistant:e user:f tool:g";

fn read(table: &str) -> InjectRule {
    let fields: InjectFields = toml::from_str(table).expect("its fields");
    InjectRule::new(fields, &[]).expect("a rule")
}

fn place(place: &str, history: &str) -> String {
    let rule = read(&format!("text = \"X\"\nplace = \"{place}\""));
    let messages: Vec<serde_json::Value> = history
        .split(' ')
        .filter_map(|message| message.split_once(':'))
        .map(|(role, content)| serde_json::json!({"role": role, "content": content}))
        .collect();
    let body = serde_json::json!({ "messages": messages }).to_string();
    let mut request = ChatRequest::parse(body.into()).expect("a request");
    rule.on_request(&mut request, &mut Turn::new(Facts::default()))
        .expect("it works");
    request
        .messages()
        .iter()
        .map(|message| message.text().into_owned())
        .collect()
}

#[test]
fn each_place_is_where_it_says() {
    for (name, expected) in [
        ("tail", "abcdeXfg"),
        ("end", "abcdefgX"),
        ("system-start", "Xabcdefg"),
        ("system-end", "abXcdefg"),
        ("system-replace", "Xcdefg"),
    ] {
        assert_eq!(place(name, HISTORY), expected, "{name}");
    }
    assert_eq!(place("tail", "system:a assistant:b"), "abX");
    assert_eq!(place("system-replace", "user:a"), "Xa");
}

#[test]
fn s26_so_many_bytes_are_injected_into_a_turn_and_no_more() {
    let rule = read("text = \"éX\"");
    let mut turn = Turn::new(Facts::default());
    turn.injected_left = Some(8);
    let mut inject = || {
        let mut request =
            ChatRequest::parse(r#"{"messages":[{"role":"user","content":"a"}]}"#.into())
                .expect("a request");
        let change = rule.on_request(&mut request, &mut turn);
        (
            change.map_err(|error| error.to_string()),
            request.messages().len(),
        )
    };
    assert_eq!(inject(), (Ok(Change::Changed), 2));
    assert_eq!(inject(), (Ok(Change::Changed), 2));
    let (failed, messages) = inject();
    let why = failed.expect_err("three times three is nine");
    assert!(why.starts_with("its text has 3 bytes"), "{why}");
    assert!(why.ends_with("2 are left"), "{why}");
    assert_eq!(messages, 1);
}

#[test]
fn what_renders_to_nothing_adds_nothing() {
    let rule = read("text = \"{% if customer.name %}x{% endif %}\"");
    let mut request = ChatRequest::parse(r#"{"messages":[{"role":"user","content":"a"}]}"#.into())
        .expect("a request");
    let change = rule
        .on_request(&mut request, &mut Turn::new(Facts::default()))
        .expect("it works");
    assert_eq!(change, Change::Unchanged);
}

/// What `check` says of the table of a rule, beside which there are these files.
fn told(table: &str, files: &[(&str, Result<&str, &str>)]) -> Vec<String> {
    let mut source = Source::new("rules/a.toml", table);
    for (name, read) in files {
        let path = format!("rules/{name}");
        let read = read
            .map(|text| Source::new(path, text))
            .map_err(str::to_owned);
        source.beside.push(Beside {
            name: (*name).to_owned(),
            read,
        });
    }
    let document = Document::parse(&source).expect("TOML");
    let (rule, problems) = read_table(document);
    assert_eq!(rule.is_none(), !problems.is_empty());
    let told = problems
        .iter()
        .map(|it| format!("{}:{}:{} {}", it.file, it.line, it.column, it.message));
    told.collect()
}

fn read_table(document: Document<'_>) -> (Option<Box<dyn Rule>>, Vec<Problem>) {
    super::read(document)
}

#[test]
fn a_text_in_a_file_of_its_own_is_a_template_as_any() {
    let good = told(
        "text_file = \"a.md\"",
        &[("a.md", Ok("{{ customer.name }}"))],
    );
    assert_eq!(good, Vec::<String>::new());
    for (table, files, expected) in [
        (
            "text_file = \"a.md\"",
            &[("a.md", Ok("Hi.\r\nTo {{ custmer.name }}"))][..],
            "rules/a.md:2:7 there is no `custmer` here",
        ),
        (
            "text_file = \"a.md\"",
            &[("a.md", Ok("{% if call.id %}"))],
            "rules/a.md:1:",
        ),
        (
            "text_file = \"a.md\"",
            &[("a.md", Err("it is away"))],
            "rules/a.toml:1:13 `a.md`: it is away",
        ),
        (
            "text_file = \"a.md\"\ntext = \"x\"",
            &[("a.md", Ok("x"))],
            "rules/a.toml:1:13 the rule has a `text` and a `text_file`",
        ),
        (
            "place = \"end\"",
            &[],
            "rules/a.toml:1:1 an inject rule says nothing",
        ),
        (
            "text_file = 3",
            &[],
            "rules/a.toml:1:13 `text_file` must be a text, not a number",
        ),
    ] {
        let told = told(table, files);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with(expected), "{expected}: {told:?}");
    }
}

#[test]
fn what_is_trusted_must_be_a_value_that_can_be() {
    for (path, expected) in [
        ("custmer.name", "names no value"),
        ("customer.", "names no value"),
        ("", "names no value"),
        ("turn.usr", "`turn` has no `usr`: did you mean `turn.user`?"),
        (
            "context.assistants.prompt",
            "did you mean `context.assistant`?",
        ),
    ] {
        let told = told(
            &format!("text = \"x\"\ntrusted = [\"customer.name\", \"{path}\"]"),
            &[],
        );
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(
            told[0].starts_with("rules/a.toml:2:29 ") && told[0].contains(expected),
            "{told:?}"
        );
    }
}
