use super::*;
use crate::files::{Beside, Source};
use crate::lang::facts::Facts;

const HISTORY: &str = "system:a system:b assistant:c user:d assistant:e user:f tool:g";

fn read(table: &str) -> InjectRule {
    let fields: InjectFields = toml::from_str(table).expect("its fields");
    InjectRule::new(fields, &[]).expect("a rule")
}

fn messages(history: &str) -> Vec<serde_json::Value> {
    let messages = history.split(' ').filter_map(|it| it.split_once(':'));
    messages
        .map(|(role, content)| serde_json::json!({"role": role, "content": content}))
        .collect()
}

fn place(place: &str, history: &str) -> String {
    let rule = read(&format!("text = \"X\"\nplace = \"{place}\""));
    let body = serde_json::json!({ "messages": messages(history) }).to_string();
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

/// What a rule makes of a history, role and text of each message; and what its step says.
fn injected(table: &str, history: &str, facts: Facts) -> (String, Option<String>) {
    let body = serde_json::json!({ "messages": messages(history) }).to_string();
    let mut request = ChatRequest::parse(body.into()).expect("a request");
    let mut turn = Turn::new(facts);
    read(table)
        .on_request(&mut request, &mut turn)
        .unwrap_or_else(|error| panic!("{table}: {error}"));
    let letters = request.messages().iter().map(|message| {
        let role = message.field("role").expect("a role");
        format!("{}:{}", &role[1..2], message.text())
    });
    (letters.collect::<Vec<_>>().join(" "), turn.remark)
}

#[test]
fn several_messages_go_in_their_order_wherever_they_go() {
    let table = "messages = [{ role = 'user', text = 'X' }, { role = 'assistant', text = '{{ customer.none | default(\"\") }}' }, { text = 'Y' }]";
    for (place, expected) in [
        ("tail", "s:a u:b a:c u:X s:Y u:d"),
        ("end", "s:a u:b a:c u:d u:X s:Y"),
        ("first-user", "s:a u:X s:Y u:b a:c u:d"),
        ("system-end", "s:a u:X s:Y u:b a:c u:d"),
        ("system-start", "u:X s:Y s:a u:b a:c u:d"),
        ("system-replace", "u:X s:Y u:b a:c u:d"),
    ] {
        let table = format!("{table}\nplace = '{place}'");
        let (text, _) = injected(
            &table,
            "system:a user:b assistant:c user:d",
            Facts::default(),
        );
        assert_eq!(text, expected, "{place}");
    }
}

#[test]
fn examples_stand_where_roles_go_on_alternating() {
    let table = "examples = [{ user = '1', assistant = '2' }, { user = '3', assistant = '4' }, { user = '{{ customer.none | default(\"\") }}', assistant = '6' }]";
    for (history, expected) in [
        ("system:a user:b", "s:a u:1 a:2 u:3 a:4 u:b"),
        ("system:a assistant:b user:c", "s:a a:b u:1 a:2 u:3 a:4 u:c"),
        (
            "system:a user:b assistant:c user:d",
            "s:a u:1 a:2 u:3 a:4 u:b a:c u:d",
        ),
        ("user:b", "u:1 a:2 u:3 a:4 u:b"),
        ("system:a", "s:a"),
    ] {
        let (text, remark) = injected(table, history, Facts::default());
        assert_eq!(text, expected);
        let told = remark.as_deref();
        assert_eq!(
            told,
            (history == "system:a").then_some("nobody has spoken yet")
        );
    }
}

#[test]
fn it_comes_every_so_many_turns() {
    for (number, is_said) in [
        (0, false),
        (1, false),
        (4, false),
        (5, true),
        (6, false),
        (10, true),
    ] {
        let mut facts = Facts::default();
        facts.set("turn", serde_json::json!({ "number": number }));
        let (text, remark) = injected("text = 'X'\nevery = 5", "user:a", facts);
        assert_eq!(text == "s:X u:a", is_said, "{number}: {text}");
        assert_eq!(remark.is_none(), is_said, "{number}");
    }
}

#[test]
fn a_longer_text_is_cut_and_the_step_says_so() {
    let table = "messages = [{ text = 'One two three four.' }, { text = 'One.' }]\nmax_chars = 12";
    let (text, remark) = injected(table, "user:a", Facts::default());
    assert_eq!(text, "s:One two… s:One. u:a");
    let told = "`messages.0.text` was cut from 19 to 8 characters (`max_chars`)";
    assert_eq!(remark.as_deref(), Some(told));
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
fn what_does_not_go_together_is_told() {
    for (table, expected) in [
        (
            "text = 'a'\nmessages = [{ text = 'b' }]",
            "2:12 the rule has a `text` and a `messages`",
        ),
        ("examples = []", "1:12 `examples` is an empty list"),
        ("messages = []", "1:12 `messages` is an empty list"),
        (
            "messages = [{ text = 'a' }, { text = ' ' }]",
            "1:38 the text is empty",
        ),
        (
            "examples = [{ user = 'a', assistant = '' }]",
            "1:39 the text is empty",
        ),
        (
            "role = 'user'\nmessages = [{ text = 'a' }]",
            "1:8 `role` is who says `text`",
        ),
        (
            "text = 'a'\nmax_chars = 0",
            "2:13 `max_chars` is 1 at least",
        ),
        ("text = 'a'\nevery = 0", "2:9 `every` is 1 at least"),
        (
            "text = 'a'\nevery = 2\nonce = 'call'",
            "2:9 `once` is said once",
        ),
        (
            "text = 'a'\nplace = 'tail'\nonce = 'call'",
            "2:9 `once` has its own place",
        ),
        ("text = 'a'\nonce = 'turn'", "2:8 "),
        ("text = 'a'\nonce = true", "2:8 "),
        (
            "messages = [{ text = 'a' }, { text = 'b {{ turn.usr }}' }]",
            "1:49 `turn` has no `usr`",
        ),
        ("examples = [{ user = 'a' }]", "1:13 "),
        ("messages = [{ role = 'tool', text = 'a' }]", "1:22 "),
    ] {
        let told = told(table, &[]);
        assert_eq!(told.len(), 1, "{told:?}");
        let expected = format!("rules/a.toml:{expected}");
        assert!(told[0].starts_with(&expected), "{expected}: {told:?}");
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
