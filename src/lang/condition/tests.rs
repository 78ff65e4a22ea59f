use serde_json::json;

use super::*;
use crate::lang::facts::ROOTS;

fn facts() -> Facts {
    let mut facts = Facts::default();
    facts.set_json(
        "call",
        r#"{"id": "c1", "type": "inboundPhoneCall", "count": 1, "ratio": 1.0, "big": 18446744073709551615,
            "assistantId": null, "tags": ["vip", "gold"], "orders": [{"total": 20}, {"total": 5}],
            "busy": false, "callback": "2026-11-22T09:00:00Z"}"#
            .into(),
    );
    facts.set(
        "customer",
        json!({ "number": "+15551234567", "name": null }),
    );
    facts.set(
        "context",
        json!({ "call": { "status": "open", "nothing": null } }),
    );
    facts.set(
        "turn",
        json!({ "number": 3, "user": "I want to pay", "assistant": null }),
    );
    facts.set("route", json!("default"));
    facts.set("now", json!("2026-11-22T15:30:00Z"));
    facts
}

fn evaluate(source: &str) -> Verdict {
    let condition = Condition::parse(source).unwrap_or_else(|error| panic!("{source}: {error}"));
    condition.evaluate(&facts())
}

fn fails(note: Option<&str>) -> Verdict {
    Verdict::Fails {
        note: note.map(str::to_owned),
    }
}

#[test]
fn what_is_there_is_compared_as_it_was_sent() {
    for source in [
        r#"call.type == "inboundPhoneCall""#,
        "call.count == 1 && call.count == 1.0 && call.ratio == 1 && call.count < 2",
        "call.big > 18446744073709551614u",
        "turn.number >= 3 && route == 'default'",
        "call.assistantId == null && context.call.nothing == null",
        "'vip' in call.tags && call.tags[1] == 'gold' && call.tags == ['vip', 'gold']",
        "size(call.tags) == 2 && size(call) == 10 && size(fetch) == 0",
        "'status' in context.call && !('note' in context.call)",
        "call.orders.exists(order, order.total > 10) && call.orders[1].total == 5",
        "call.orders.map(order, order.total) == [20, 5]",
        "context.call.all(key, key in ['status', 'nothing'])",
        "context.call == {'status': 'open', 'nothing': null}",
        "customer.number.startsWith('+1') && turn.user.contains('pay')",
        r"customer.number.matches('^\\+1\\d{10}$') && matches(call.id, '^c')",
        "turn.user.lowerAscii().endsWith('pay')",
        "now > timestamp('2026-11-22T15:00:00Z') && now - timestamp(call.callback) > duration('6h')",
        "now.getHours('America/New_York') == 10 && now.getDayOfWeek() == 0",
        "variables.vip == true || customer.number != ''",
        "context['call']['status'] == 'open'",
        "type(call.id) == string && string(call.count) == '1'",
    ] {
        assert_eq!(evaluate(source), Verdict::Holds, "{source}");
    }
}

#[test]
fn what_is_absent_is_no_match_and_is_named() {
    for (source, note) in [
        ("call.status == 'ended'", Some("`call.status` is absent")),
        ("call.status != 'ended'", Some("`call.status` is absent")),
        (
            "context.call.note != null",
            Some("`context.call.note` is absent"),
        ),
        (
            "context.call.note == null",
            Some("`context.call.note` is absent"),
        ),
        (
            "context.call.order.status == 'x'",
            Some("`context.call.order` is absent"),
        ),
        ("has(context.call.note)", None),
        ("has(context.call.order.status)", None),
        ("has(call.assistantId.name)", None),
        ("fetch.crm.tier == 'gold'", Some("`fetch.crm` is absent")),
        ("metadata['team'] == 'a'", Some("`metadata.team` is absent")),
        ("call.orders[7].total == 1", Some("a value is absent")),
        (
            "call.status == 'ended' && call.count == 1",
            Some("`call.status` is absent"),
        ),
        ("call.status == 'ended' && call.count == 2", None),
        (
            "call.count == 2 || call.status == 'ended'",
            Some("`call.status` is absent"),
        ),
        (
            "call.orders.exists(order, order.paid)",
            Some("a value is absent"),
        ),
    ] {
        assert_eq!(evaluate(source), fails(note), "{source}");
    }
    assert_eq!(
        evaluate("call.status == 'ended' || call.count == 1"),
        Verdict::Holds
    );
    assert_eq!(
        evaluate("!has(context.call.order.lines.first)"),
        Verdict::Holds
    );
    assert_eq!(
        evaluate("!has(context.call.note) && has(context.call.nothing)"),
        Verdict::Holds
    );
    assert_eq!(evaluate("context.call.status != null"), Verdict::Holds);
}

#[test]
fn what_is_null_is_no_match_and_is_named() {
    for (source, note) in [
        (
            "customer.name.startsWith('A')",
            Some("`customer.name` is null"),
        ),
        ("customer.name > 3", Some("`customer.name` is null")),
        ("size(customer.name) == 0", Some("`customer.name` is null")),
        (
            "customer.name.matches('^A')",
            Some("`customer.name` is null"),
        ),
        (
            "customer.name + 'x' == 'x'",
            Some("`customer.name` is null"),
        ),
        ("call.assistantId", Some("`call.assistantId` is null")),
        ("!call.assistantId", Some("`call.assistantId` is null")),
        (
            "call.assistantId && call.count == 1",
            Some("`call.assistantId` is null"),
        ),
        (
            "call.assistantId.name == 'x'",
            Some("`call.assistantId` is null"),
        ),
        ("call.assistantId == 'x'", None),
        (
            "'x' in call.assistantId",
            Some("`call.assistantId` is null"),
        ),
        (
            "call.assistantId.all(id, true)",
            Some("`call.assistantId` is null"),
        ),
        (
            "timestamp(call.assistantId) < now",
            Some("`call.assistantId` is null"),
        ),
        ("call.busy", None),
    ] {
        assert_eq!(evaluate(source), fails(note), "{source}");
    }
    assert_eq!(evaluate("customer.name != 'Ann'"), Verdict::Holds);
}

#[test]
fn what_makes_no_sense_is_undecided_and_quotes_no_value() {
    for (source, expected) in [
        ("call.id > 3", "`>` does not work on string and int"),
        ("call.id", "it gives string, not true or false"),
        (
            "call.count.startsWith('1')",
            "`startsWith` does not work on int and string",
        ),
        ("call.id + 1 == 2", "`add` does not work on these types"),
        ("call.count && true", "`&&` does not work on int and bool"),
        (
            "timestamp(call.id) < now",
            "`timestamp` does not work on what it was given",
        ),
        (
            "call.id.matches(turn.user + '(')",
            "`matches` does not work on what it was given",
        ),
        ("call.count / 0 == 1", "it divides by zero"),
        (
            "call.id.name == 'x'",
            "`.` does not work on string and string",
        ),
        (
            "call.id == 'c1' ? call.id : 'x'",
            "it gives string, not true or false",
        ),
        (
            "call.count ? true : false",
            "it needs bool where there is int",
        ),
    ] {
        let Verdict::Undecided { why } = evaluate(source) else {
            panic!("{source} was decided")
        };
        assert_eq!(why, expected, "{source}");
    }
}

#[test]
fn a_mistake_is_found_when_the_rule_is_read() {
    for (source, message, place, help) in [
        (
            "custmer.number == 1",
            "there is no `custmer` here",
            "custmer",
            "did you mean `customer`?",
        ),
        (
            "'é' == 'x' || cal.id == 'é'",
            "there is no `cal` here",
            "cal",
            "did you mean `call`?",
        ),
        (
            "call.id == 'x' &&\n  nwo > now",
            "there is no `nwo` here",
            "nwo",
            "did you mean `now`?",
        ),
        (
            "call.id.startWith('x')",
            "there is no function `startWith`",
            "startWith",
            "did you mean `startsWith`?",
        ),
        ("frob(call.id)", "there is no function `frob`", "frob", ""),
        (
            "call.tags.map(tag)",
            "`map` takes other arguments",
            "map",
            "",
        ),
        (
            "call.id.matches('(a')",
            "this is no regular expression: unclosed group",
            "'(a'",
            "",
        ),
        (
            "call.id = 'x'",
            "`=` does not fit here",
            "=",
            "write `==` instead of `=`",
        ),
        (
            "call.x and b",
            "`and` does not fit here",
            "a",
            "write `&&` instead of `and`",
        ),
        ("call.id == ", "the condition ends too early", "", ""),
        ("  ", "there is no condition", "", ""),
        ("call.id == 'x", "the text is not closed", "'", ""),
        (
            "has(call)",
            "`has` takes a key, as in `has(call.id)`",
            "c",
            "",
        ),
        ("Foo{a: 1}", "there is no type `Foo` to make", "{", ""),
        (
            "call.tags.exists(tag, tgs == tag)",
            "there is no `tgs` here",
            "tgs",
            "a condition can speak of",
        ),
    ] {
        let error = Condition::parse(source).expect_err(source);
        assert_eq!(error.message, message, "{source}");
        let range = error.range.expect(source);
        assert_eq!(source.get(range), Some(place), "{source}");
        let found = error.help.unwrap_or_default();
        assert!(
            found.starts_with(help) && found.is_empty() == help.is_empty(),
            "{source}: {found}"
        );
    }
}

#[test]
fn what_is_never_true_or_false_is_no_condition() {
    for source in [
        "1",
        "\"a\"",
        "-1.5",
        "null",
        "[call.busy]",
        "{'a': true}",
        "turn.number + 1",
        "-turn.number",
        "call.count * 2 - 1",
        "size(call.tags)",
        "call.id.lowerAscii()",
        "now.getHours()",
        "duration('1h')",
        "string",
        "type(call.id)",
        "call.tags.map(tag, tag == 'vip')",
        "call.tags.filter(tag, true)",
        "call.busy ? 1 : 'x'",
        "!size(call.tags)",
        "1 || 'a'",
    ] {
        let error = Condition::parse(source).expect_err(source);
        assert_eq!(error.message, "this is never true or false", "{source}");
        assert_eq!(error.range, Some(0..source.len()), "{source}");
        assert!(error.help.is_some(), "{source}");
    }
    for source in [
        "customer.vip",
        "call.tags[0]",
        "true",
        "false",
        "!call.busy",
        "bool('true')",
        "call.busy ? call.id : 1",
        "call.tags.all(tag, tag)",
        "call.tags.exists_one(tag, tag == 'vip')",
        "has(call.id)",
        "call.busy || 1 == 2",
        "optional.of(call.busy).orValue(false)",
        "metadata",
    ] {
        assert!(Condition::parse(source).is_ok(), "{source}");
    }
}

#[test]
fn the_roots_that_it_speaks_of_are_known() {
    for (source, expected) in [
        ("true", ""),
        ("call.id == 'now' && turn.number > 1", "call turn"),
        (
            "call.tags.exists(customer, customer == route)",
            "call route",
        ),
        (
            "has(fetch.crm.tier) ? timestamp(context.call.x) == now : size(metadata) == 1",
            "context fetch metadata now",
        ),
        ("optional.of(call.id).hasValue()", "call"),
    ] {
        let condition = Condition::parse(source).expect(source);
        let roots: Vec<&str> = condition.references().iter().map(String::as_str).collect();
        assert_eq!(roots.join(" "), expected, "{source}");
        assert_eq!(condition.source(), source);
    }
    for root in ROOTS {
        assert!(
            Condition::parse(&format!("{root} == null")).is_ok(),
            "{root}"
        );
    }
}

#[test]
fn every_function_that_is_offered_exists() {
    for name in words::FUNCTIONS {
        let is_macro = ["all", "exists", "exists_one", "filter", "has", "map"].contains(name);
        let known = Condition::knows(name, None) || Condition::knows(name, Some(names::text()));
        assert!(is_macro || known, "{name}");
    }
}

#[test]
fn a_condition_can_be_shared() {
    fn shared<T: Send + Sync + Clone>() {}
    shared::<Condition>();
}
