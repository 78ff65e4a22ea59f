use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::chat::Message;
use crate::files::{Document, Source};
use crate::lang::facts::Facts;
use crate::rule::LaneKind;

fn read(toml: &str) -> Result<RewriteRule, String> {
    toml::from_str(toml).map_err(|error| error.message().to_owned())
}

fn rule(toml: &str) -> RewriteRule {
    read(toml).unwrap_or_else(|error| panic!("{toml}: {error}"))
}

fn turn() -> Turn {
    let mut facts = Facts::default();
    facts.set(
        "context",
        json!({ "call": { "name": "Ann $1 Lee", "note": "a\n<b>", "long": "x".repeat(300) } }),
    );
    Turn::new(facts)
}

fn body(messages: serde_json::Value) -> ChatRequest {
    ChatRequest::parse(json!({ "messages": messages }).to_string().into()).expect("a request")
}

fn texts(request: &ChatRequest) -> Vec<String> {
    let texts = request.messages().iter().map(Message::text);
    texts.map(|text| text.into_owned()).collect()
}

/// What a rule makes of a message of the caller's.
fn said(rule: &RewriteRule, text: &str) -> Result<String, String> {
    let mut request = body(json!([{ "role": "user", "content": text }]));
    let done = rule.on_request(&mut request, &mut turn());
    done.map_err(|error| error.to_string())?;
    Ok(texts(&request).remove(0))
}

/// What a caller hears of a reply in these pieces.
fn heard(rule: &RewriteRule, pieces: &[&str]) -> String {
    let lane = Lane {
        choice: 0,
        kind: LaneKind::Content,
        is_json: false,
    };
    let mut filter = rule.on_reply(&turn(), &lane).expect("it touches replies");
    let mut out = String::new();
    for piece in pieces {
        filter.push(piece, &mut out);
    }
    filter.finish(&mut out);
    out
}

#[test]
fn only_the_chosen_roles_are_rewritten() {
    let rule = rule("find = 'a'\nreplace = 'b'\nin = ['user']");
    let body = r#"{"messages":[{"role":"system","content":"a"},{"role":"user","content":[{"type":"text","text":"aa"}],"name":"a"}]}"#;
    let mut request = ChatRequest::parse(body.into()).expect("a request");
    rule.on_request(&mut request, &mut Turn::default())
        .expect("it works");
    assert_eq!(texts(&request), ["a", "bb"]);
    let name = request.messages()[1].field("name").map(|name| &**name);
    assert_eq!(name, Some(r#""a""#));
    assert!(!rule.has_reply);
}

#[test]
fn each_place_is_what_it_is_called() {
    let history = json!([
        { "role": "system", "content": "a" },
        { "role": "developer", "content": "a" },
        { "role": "user", "content": "a" },
        { "role": "assistant", "content": "a", "tool_calls": [
            { "id": "a", "type": "function", "function": { "name": "a", "arguments": "{\"a\":\"a\"}" } },
        ] },
        { "role": "tool", "tool_call_id": "a", "content": "a" },
        { "role": "function", "name": "a", "content": "a" },
    ]);
    let all = [
        "system",
        "developer",
        "user",
        "assistant",
        "tool",
        "function",
    ];
    for (at, place) in all.iter().enumerate() {
        let rule = rule(&format!(
            "find = 'a'\nreplace = 'b'\nin = ['{place}', 'reply']"
        ));
        let mut request = body(history.clone());
        rule.on_request(&mut request, &mut turn())
            .expect("it works");
        let mut expected = ["a"; 6];
        expected[at] = "b";
        assert_eq!(texts(&request), expected, "{place}");
        assert_eq!(heard(&rule, &["a", "a"]), "bb");
        let calls = request.messages()[3].field("tool_calls").expect("calls");
        assert!(!calls.contains('b'), "{calls}");
    }
}

#[test]
fn pairs_are_done_in_order() {
    let rule = rule(
        "pairs = [{ find = 'cat', replace = 'dog' }, { find = '(d)og', replace = '${1}ig' }, { find = 'cat', replace = 'x' }]",
    );
    assert_eq!(
        said(&rule, "cat dog bird").expect("it works"),
        "dig dig bird"
    );
    assert_eq!(heard(&rule, &["ca", "t do", "g b"]), "dig dig b");
}

#[test]
fn a_template_is_rendered_for_the_turn_and_names_no_group() {
    for (replace, expected) in [
        ("{{ context.call.name }}/$1", "Ann $1 Lee/7"),
        ("$1{{ context.call.name }}", "7Ann $1 Lee"),
        ("${{ context.call.name }}", "$Ann $1 Lee"),
        ("$$1 {{ '$1' }} ${1}0", "$1 $1 70"),
        ("{# $9 #}{{ \"}}\" }}$1", "}}7"),
        ("$ $", "$ $"),
        ("{% if context.call.name %}$1{% else %}no{% endif %}", "7"),
    ] {
        let rule = rule(&format!("find = 'n(\\d)'\nreplace = '''{replace}'''"));
        let text = said(&rule, "[n7]").expect(replace);
        assert_eq!(text, format!("[{expected}]"), "{replace}");
        assert_eq!(
            heard(&rule, &["[n", "7]"]),
            format!("[{expected}]"),
            "{replace}"
        );
    }
    let note = rule("find = 'n'\nreplace = '{{ context.call.note }}'");
    assert_eq!(
        said(&note, "n").expect("it works"),
        "a &lt;b>",
        "data to a model"
    );
    assert_eq!(heard(&note, &["n"]), "a\n<b>", "and text to a caller");
}

#[test]
fn a_template_that_fails_fails_the_rule_whatever_is_said() {
    for places in ["['user']", "['reply']", "['user', 'reply']"] {
        let toml = format!("find = 'a'\nreplace = '{{{{ context.call.none }}}}'\nin = {places}");
        let told = said(&rule(&toml), "b").expect_err("it prints what is absent");
        assert_eq!(told, "`context.call.none` is absent", "{places}");
    }
}

#[test]
fn what_would_add_too_much_fails_and_changes_nothing() {
    let rule = rule("find = 'a'\nreplace = '{{ context.call.long }}'\nin = ['user']");
    let mut request = body(json!([
        { "role": "user", "content": "a" },
        { "role": "user", "content": "a".repeat(100_000) },
    ]));
    let mut turn = turn();
    turn.injected_left = Some(10_000);
    let error = rule.on_request(&mut request, &mut turn).expect_err("30 MB");
    assert!(
        error.to_string().contains("more than 10000 bytes"),
        "{error}"
    );
    assert_eq!(texts(&request)[0], "a");
    assert_eq!(turn.injected_left, Some(10_000));
    let mut small = body(json!([{ "role": "user", "content": "aa" }]));
    rule.on_request(&mut small, &mut turn)
        .expect("there is room");
    assert_eq!(turn.injected_left, Some(10_000 - 598));
}

#[test]
fn what_cannot_work_is_refused_with_a_reason() {
    for (toml, reason) in [
        ("find = 'a+'\nreplace = ''", "no longest match"),
        (
            "pairs = [{ find = 'b', replace = '' }, { find = 'a*b', replace = '' }]",
            "no longest match",
        ),
        (
            "find = 'a*'\nreplace = ''\nin = ['user']",
            "matches empty text",
        ),
        ("find = 'a'\nreplace = '$1'", "the group `1`"),
        ("find = 'a'\nreplace = '${x}'", "the group `x`"),
        ("find = '(a)'\nreplace = '$1x'", "the group `1x`"),
        (
            "find = 'a'\nreplace = '{{ custmer.name }}'",
            "there is no `custmer` here",
        ),
        ("find = 'a'\nreplace = '{{ x'", ""),
        ("find = 'a'", "no `replace`"),
        ("replace = 'a'", "no `find`"),
        ("in = ['user']", "finds nothing"),
        ("pairs = []", "`pairs` is empty"),
        (
            "find = 'a'\nreplace = 'b'\npairs = [{ find = 'a', replace = 'b' }]",
            "keep one form",
        ),
    ] {
        let error = read(toml).expect_err(toml);
        assert!(error.contains(reason), "{toml}: {error}");
    }
    assert!(read("find = '(a)'\nreplace = '$1 costs $$5'").is_ok());
    assert!(read("find = 'a+'\nreplace = ''\nin = ['user']").is_ok());
}

#[test]
fn a_fault_is_shown_where_it_stands_in_its_pair() {
    let table = "in = ['reply']\npairs = [\n  { find = 'a', replace = 'b' },\n  { find = 'order \\d+', replace = '{{ turn.usr }} $3' },\n  { find = 'c', replace = 'x$2' },\n]";
    let source = Source::new("a.toml", table);
    let document = Document::parse(&source).expect("TOML");
    let (_, problems) = document.read_by::<RewriteFields, RewriteRule>();
    let told = problems
        .iter()
        .map(|it| (it.line, it.column, it.message.as_str(), it.help.is_some()));
    let told: Vec<_> = told.collect();
    let [template, endless, group] = told.as_slice() else {
        panic!("{told:?}");
    };
    assert!(template.2.contains("`turn` has no `usr`"), "{told:?}");
    assert_eq!((template.0, template.1), (4, 44), "{told:?}");
    assert!(endless.2.contains("no longest match"), "{told:?}");
    assert_eq!((endless.0, endless.1), (4, 19), "{told:?}");
    assert!(group.2.contains("the group `2`"), "{told:?}");
    assert_eq!((group.0, group.1), (5, 29), "{told:?}");
    assert!(told.iter().all(|it| it.3), "{told:?}");
}

/// Expressions that find what each other writes.
const FINDS: &[&str] = &[
    "a",
    "ab",
    "b{1,3}",
    r"\bc",
    r"a\b",
    "[abc]{2}",
    "(a|ab)(c|bcd)?",
    "^a",
    "b$",
    "é",
    r"\Aab?",
    "(?i)AB",
    "a{2,4}c",
    r"c\b.{0,2}a",
    "aé|é",
    " {1,2}",
];
const REPLACES: &[&str] = &[
    "",
    "a",
    "bc",
    "$0$0",
    "é",
    " ",
    "ab c",
    "{{ context.call.name }}",
];

proptest! {
    #[test]
    fn pieces_become_what_the_whole_does(
        pairs in prop::collection::vec((0..FINDS.len(), 0..REPLACES.len()), 1..4),
        text in "[abcdé .]{0,24}",
        cuts in prop::collection::vec(0_usize..24, 0..8),
    ) {
        let tables: Vec<String> = pairs
            .iter()
            .map(|(find, replace)| format!("{{ find = '{}', replace = '{}' }}", FINDS[*find], REPLACES[*replace]))
            .collect();
        let rule = rule(&format!("pairs = [{}]", tables.join(", ")));
        let mut whole = text.clone();
        for (find, replace) in &pairs {
            let replace = REPLACES[*replace].replace("{{ context.call.name }}", "Ann $$1 Lee");
            let regex = regex::Regex::new(FINDS[*find]).expect("it is one");
            whole = regex.replace_all(&whole, &*replace).into_owned();
        }
        let mut pieces = vec![text.as_str()];
        for cut in cuts {
            let last = pieces.pop().expect("there is one");
            let mut at = cut.min(last.len());
            while !last.is_char_boundary(at) {
                at -= 1;
            }
            pieces.extend([&last[..at], &last[at..]]);
        }
        prop_assert_eq!(&heard(&rule, &pieces), &whole);
        let letters: Vec<String> = text.chars().map(String::from).collect();
        let letters: Vec<&str> = letters.iter().map(String::as_str).collect();
        prop_assert_eq!(&heard(&rule, &letters), &whole);
        prop_assert_eq!(said(&rule, &text).expect("it works"), whole);
    }
}
