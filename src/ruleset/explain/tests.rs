use super::*;
use crate::chat::vapi::VapiFields;
use crate::files::Source;
use crate::ruleset::facts_of_turn;

const BODY: &str = r#"{"model":"m","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"I am Ann."},{"role":"assistant","content":"Hi."},{"role":"user","content":"Use 4111 1111 1111 1111, please.","words":["4111"]}],"customer":{"name":"Ann"},"stream":true}"#;

const INJECT: &str = "about = \"x\"\n[then.inject]\ntext = \"The caller is {{ customer.name }}.\"";
const CARDS: &str = "about = \"x\"\n[then.redact]\nfind = [\"card\"]";
const NAMES: &str = "about = \"x\"\n[then.redact]\nknown = [\"customer.name\"]\nexplain = true";
const STYLE: &str = "about = \"x\"\n[then.rewrite]\nfind = 'brief'\nreplace = 'short'\nin = [\"system\", \"reply\"]";

fn explained<T>(rules: &[&str], look: impl FnOnce(&Explained<'_>) -> T) -> T {
    to_explain(rules, |turn| look(&turn.explain(&mut || Duration::ZERO)))
}

fn to_explain<T>(rules: &[&str], look: impl FnOnce(TurnToExplain<'_>) -> T) -> T {
    let named = rules.iter().enumerate();
    let sources = named.map(|(at, text)| Source::new(format!("{at}.toml"), *text));
    let (ruleset, problems) = Ruleset::read(sources.collect(), &|_| None);
    let ruleset = Arc::new(ruleset.unwrap_or_else(|| panic!("{problems:?}")));
    let request = ChatRequest::parse(BODY.into()).expect("a request");
    let vapi = VapiFields::of(&request);
    let facts = facts_of_turn(&request, vapi, "default", String::new());
    let takes = Takes {
        fields: vec!["model".to_owned(), "stream".to_owned()],
        ..Takes::default()
    };
    let turn = TurnToExplain {
        ruleset: &ruleset,
        input: TurnInput::new(request, facts),
        takes: &takes,
    };
    look(turn)
}

fn shown(changes: &[ShownChange]) -> Vec<String> {
    let part = |part: &ChangePart| match part {
        ChangePart::Same(text) => text.clone(),
        ChangePart::Old(text) => format!("<{}>", text.as_deref().unwrap_or("…")),
        ChangePart::New(text) => format!("{{{text}}}"),
    };
    let line = |change: &ShownChange| {
        let text: String = change.parts.iter().map(part).collect();
        format!(
            "{} {}: {text}",
            change.at,
            change.role.as_deref().unwrap_or_default()
        )
    };
    changes.iter().map(line).collect()
}

#[test]
fn a_step_shows_what_it_changed_and_no_value_that_any_step_hides() {
    explained(&[INJECT, CARDS, NAMES, STYLE], |explained| {
        let steps: Vec<_> = (0..4).map(|at| shown(&explained.changes(at))).collect();
        assert_eq!(steps[0], ["messages[3] system: {The caller is [NAME_1].}"]);
        assert_eq!(steps[1], ["messages[4] user: Use <…>{[CARD_1]}, please."]);
        assert_eq!(
            steps[2]
                .iter()
                .map(|line| line.split(": ").next().unwrap_or_default())
                .collect::<Vec<_>>(),
            [
                "messages[1] system",
                "messages[2] user",
                "messages[4] system"
            ]
        );
        assert_eq!(steps[2][1], "messages[2] user: I am <…>{[NAME_1]}.");
        let told = "messages[4] system: The caller is <…>{[NAME_1]}.";
        assert_eq!(
            steps[2][2], told,
            "what a rule adds is not taken for what was there"
        );
        assert_eq!(steps[3], ["messages[0] system: Be <brief>{short}."]);
        assert_eq!(
            explained.labels(),
            [("CARD".to_owned(), 1), ("NAME".to_owned(), 1)]
        );
        assert_eq!(explained.not_taken(), ["customer"]);
    });
}

#[test]
fn the_way_back_shows_each_filter_and_no_value() {
    explained(&[CARDS, STYLE], |explained| {
        let reply = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"In brief: [CARD_1], not 4242 4242 4242 4242.\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
        let back = explained.way_back(reply, Ending::Cut("Sorry."));
        assert_eq!(back.heard[0].1, "In short: ‹CARD_1›, not ‹…›.");
        let rules: Vec<_> = back.steps.iter().map(|step| step.rule.as_deref()).collect();
        assert_eq!(rules, [Some("1"), Some("0")]);
        assert_eq!(
            shown(&back.steps[0].changes)[0],
            "content : In <brief>{short}: [CARD_1], not ‹…›."
        );
        assert!(!format!("{back:?}").contains("4242"), "{back:?}");
    });
}

#[test]
fn each_rule_of_the_way_back_leaves_the_placeholders_of_the_others() {
    explained(&[CARDS, NAMES], |explained| {
        let reply = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"[NAME_1], [CARD_1] and [TARJETA_1]\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
        let back = explained.way_back(reply, Ending::Cut("Sorry."));
        assert_eq!(back.heard[0].1, "‹NAME_1›, ‹CARD_1› and that");
        let changes = shown(&back.steps[0].changes);
        assert!(changes[0].contains("[CARD_1]"), "{changes:?}");
    });
}

#[test]
fn a_shadow_rule_shows_what_it_would_change() {
    let shadow = format!("shadow = true\n{INJECT}");
    explained(&[&shadow, NAMES], |explained| {
        let changes = shown(&explained.changes(0));
        assert_eq!(changes, ["messages[3] system: {The caller is [NAME_1].}"]);
        assert!(explained.is_shadow(0) && !explained.is_shadow(1));
        let sent = String::from_utf8(explained.sent().expect("it goes")).expect("text");
        assert!(!sent.contains("The caller is"), "{sent}");
    });
    let shadow = format!("shadow = true\n{STYLE}");
    explained(&[CARDS, &shadow, NAMES], |explained| {
        assert_eq!(
            shown(&explained.changes(1)),
            ["messages[0] system: Be <brief>{short}."]
        );
        assert_eq!(
            shown(&explained.changes(2))[1],
            "messages[2] user: I am <…>{[NAME_1]}.",
            "what follows goes on without it"
        );
        let reply = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"In brief.\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
        let back = explained.way_back(reply, Ending::Cut("Sorry."));
        assert_eq!(back.heard[0].1, "In brief.");
        let tried = back.steps.last().expect("a step");
        assert_eq!((tried.rule.as_deref(), tried.shadow), (Some("1"), true));
        assert_eq!(shown(&tried.changes), ["content : In <brief>{short}."]);
    });
}

#[test]
fn a_refused_turn_shows_nothing_of_what_was_said() {
    let broken =
        "about = \"x\"\non_error = \"fail\"\n[then.inject]\ntext = \"{{ customer.absent }}\"";
    explained(&[CARDS, broken], |explained| {
        assert!(
            explained
                .refused
                .as_ref()
                .is_some_and(|why| why.contains("absent"))
        );
        assert!(explained.sent().is_none() && explained.changes(0).is_empty());
    });
}

#[test]
fn inv9_the_prefix_ends_where_the_turn_before_ended_or_changed() {
    let facts = |request: &ChatRequest| {
        facts_of_turn(request, VapiFields::of(request), "default", String::new())
    };
    for (rules, messages, of_messages) in [
        (&[STYLE][..], 2, 2),
        (&[INJECT], 1, 3),
        (
            &[
                "about = \"x\"\n[then.inject]\nplace = \"system-start\"\ntext = \"{{ turn.number }}\"",
            ],
            0,
            3,
        ),
    ] {
        to_explain(rules, |turn| {
            let before = turn.before(facts).expect("a turn before");
            assert!(before.before(facts).is_none());
            let before = before.explain(&mut || Duration::ZERO);
            let explained = turn.explain(&mut || Duration::ZERO);
            let prefix = explained.prefix(&before).expect("both go");
            assert_eq!(
                (prefix.messages, prefix.of_messages),
                (messages, of_messages),
                "{rules:?}"
            );
            assert!(prefix.bytes < prefix.of_bytes);
        });
    }
}
