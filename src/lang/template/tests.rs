use serde_json::json;

use super::*;

fn facts() -> Facts {
    let mut facts = Facts::default();
    facts.set_json(
        "customer",
        r#"{"name": "Ann O'Brien", "email": "a@b.com", "nick": null, "vip": true, "age": 42, "score": 2.5,
            "tags": ["new", "<b>"], "address": {"city": "Köln", "zip": null}}"#
            .into(),
    );
    facts.set(
        "turn",
        json!({ "number": 2, "user": "{{ customer.name }} {% raw %}" }),
    );
    facts.set(
        "context",
        json!({ "call": { "orders": [{ "id": 7 }, { "id": 8, "paid": false }] } }),
    );
    facts.set("now", json!("2026-11-22T15:30:00Z"));
    facts
}

fn render(source: &str) -> Result<String, TemplateError> {
    let template = Template::parse(source).unwrap_or_else(|error| panic!("{source}: {error:?}"));
    template.render(&facts())
}

#[test]
fn what_is_there_is_written_in_its_place() {
    for (source, expected) in [
        ("Hi {{ customer.name }}.\n", "Hi Ann O'Brien.\n"),
        (
            "{{ customer.age + 1 }} {{ customer.score }} {{ customer.vip }}",
            "43 2.5 true",
        ),
        ("{{ customer.tags }}", r#"["new","<b>"]"#),
        ("{{ customer.address }}", r#"{"city":"Köln","zip":null}"#),
        (
            "{{ customer.address | tojson }}",
            r#"{"city":"Köln","zip":null}"#,
        ),
        ("{{ customer.email | spoken }}", "a at b dot com"),
        ("{{ customer.name | truncate(5) }}", "Ann…"),
        ("{{ customer.name | urlencode }}", "Ann%20O%27Brien"),
        (
            "{{ now | date('%A, %-I:%M %p', 'America/New_York') }}",
            "Sunday, 10:30 AM",
        ),
        (
            "{% for order in context.call.orders %}{{ loop.index }}:{{ order.id }} {% endfor %}",
            "1:7 2:8 ",
        ),
        (
            "{% if customer.age > 40 and 'new' in customer.tags %}yes{% endif %}",
            "yes",
        ),
        (
            "{% set name = customer.name | upper %}{{ name }}",
            "ANN O'BRIEN",
        ),
        (
            "{{ customer.tags | join(', ') }} {{ customer['name'] | length }}",
            "new, <b> 11",
        ),
        (
            "{% raw %}{{ nobody }}{% endraw %}{# {{ nothing }} #}",
            "{{ nobody }}",
        ),
    ] {
        assert_eq!(render(source).as_deref(), Ok(expected), "{source}");
    }
}

#[test]
fn what_came_from_a_call_is_never_read_as_a_template() {
    assert_eq!(
        render("{{ turn.user }}").as_deref(),
        Ok("{{ customer.name }} {% raw %}")
    );
}

#[test]
fn what_is_absent_fails_unless_the_template_says_what_to_do() {
    for (source, absent) in [
        ("Hi {{ customer.nme }}", "customer.nme"),
        ("{{ customer.nme | upper }}", "customer.nme"),
        (
            "{{ customer.name }} {{ customer.nme | urlencode }}",
            "customer.nme",
        ),
        ("{{ 'Hi ' ~ customer.nme }}", "customer.nme"),
        (
            "{{ context.call.order.status | default('x') }}",
            "context.call.order",
        ),
        (
            "{% for order in context.call.items %}{% endfor %}",
            "context.call.items",
        ),
        (
            "{% for order in context.call.orders %}{{ order.paid }}{% endfor %}",
            "order.paid",
        ),
        ("{{ fetch.crm.tier }}", "fetch.crm"),
        ("{{ variables['first name'] }}", "variables.first name"),
        ("{{ customer.nme | tojson }}", "customer.nme"),
    ] {
        let error = render(source).expect_err(source);
        assert_eq!(error.message, format!("`{absent}` is absent"), "{source}");
        assert!(
            error.help.is_some_and(|help| help.contains("default(")),
            "{source}"
        );
        assert_eq!(error.line, Some(1), "{source}");
    }
    for (source, expected) in [
        ("Hi {{ customer.nme | default('there') }}", "Hi there"),
        (
            "{% if customer.nme %}{{ customer.nme }}{% else %}nobody{% endif %}",
            "nobody",
        ),
        ("{{ 'gold' if fetch.crm }}", ""),
        (
            "{% if customer.nme is defined %}yes{% else %}no{% endif %}",
            "no",
        ),
    ] {
        assert_eq!(render(source).as_deref(), Ok(expected), "{source}");
    }
}

#[test]
fn null_prints_as_nothing() {
    for (source, expected) in [
        ("[{{ customer.nick }}]", "[]"),
        (
            "[{{ customer.nick | upper }}{{ route }}{{ turn.assistant }}]",
            "[]",
        ),
        ("[{{ customer.nick or 'you' }}]", "[you]"),
        ("{% if customer.nick is none %}none{% endif %}", "none"),
        ("{{ customer.nick | tojson }}", "null"),
    ] {
        assert_eq!(render(source).as_deref(), Ok(expected), "{source}");
    }
}

#[test]
fn an_error_quotes_the_template_and_no_value() {
    for (source, message) in [
        (
            "{{ customer.age + customer.name }}",
            "`customer.age + customer.name` cannot be evaluated: invalid operation",
        ),
        (
            "{{ customer.name | int }}",
            "`int` cannot be evaluated: invalid operation",
        ),
        (
            "{{ now | date('%F', customer.name) }}",
            "there is no such time zone",
        ),
        ("{{ customer.name | date('%F') }}", "the value is no date"),
    ] {
        let error = render(source).expect_err(source);
        assert_eq!(error.message, message, "{source}");
        assert!(!format!("{error:?}").contains("Brien"), "{source}");
    }
}

#[test]
fn a_template_is_bounded() {
    for (source, message) in [
        (
            "{% for a in range(99999) %}x{% endfor %}",
            "it takes more than 50000 steps",
        ),
        ("{{ 'x' * 70000 }}", "the text is longer than 65536 bytes"),
        ("{{ 'x' * 999999999 }}", "it takes more than 50000 steps"),
    ] {
        assert_eq!(render(source).expect_err(source).message, message);
    }
    let deep = "{% for a in [[[]]] recursive %}{{ loop([a]) }}{% endfor %}";
    assert!(render(deep).is_err());
    assert!(
        Template::parse(&format!(
            "{}{}",
            "{% if now %}".repeat(999),
            "{% endif %}".repeat(999)
        ))
        .is_err()
    );
}

#[test]
fn a_mistake_is_found_when_the_rule_is_read() {
    for (source, message, place, help) in [
        (
            "{{ custmer.name }}",
            "there is no `custmer` here",
            "custmer",
            "did you mean `customer`?",
        ),
        (
            "{{ wether }}",
            "there is no `wether` here",
            "wether",
            "a template can speak of `call`",
        ),
        (
            "{{ customer.name | uper }}",
            "there is no filter `uper`",
            "uper",
            "did you mean `upper`?",
        ),
        (
            "{% filter uper %}x{% endfilter %}",
            "there is no filter `uper`",
            "uper",
            "did you mean `upper`?",
        ),
        (
            "{{ call.id is not defned }}",
            "there is no test `defned`",
            "defned",
            "did you mean `defined`?",
        ),
        (
            "{{ rnge(3) }}",
            "there is no function `rnge`",
            "rnge",
            "did you mean `range`?",
        ),
        (
            "{{ customer.name.upper() }}",
            "there is no method `upper`",
            "upper",
            "write the filter `| upper` instead",
        ),
        (
            "{{ now | date('%F', zone='Mars') }}",
            "there is no time zone `Mars`",
            "Mars",
            "write a name such as",
        ),
        (
            "{{ now | date(\"%J\") }}",
            "`%J` is no date format",
            "%J",
            "write it as for strftime",
        ),
        (
            "{% include 'x' %}",
            "unknown statement include",
            "include",
            "",
        ),
        (
            "{% extends 'x' %}",
            "unknown statement extends",
            "extends",
            "",
        ),
        (
            "{{ call.id | }}",
            "unexpected end of variable block, expected identifier",
            "}}",
            "",
        ),
    ] {
        let source = format!("é\n{source}");
        let error = Template::parse(&source).expect_err(&source);
        assert_eq!(
            (error.message.as_str(), error.line),
            (message, Some(2)),
            "{source}"
        );
        assert_eq!(
            source.get(error.range.expect(&source)),
            Some(place),
            "{source}"
        );
        let found = error.help.unwrap_or_default();
        assert!(
            found.starts_with(help) && found.is_empty() == help.is_empty(),
            "{source}: {found}"
        );
    }
    let open = Template::parse("a\n{% if now %}").expect_err("a block without its end");
    assert_eq!(open.line, Some(2));
}

#[test]
fn the_roots_that_it_speaks_of_are_known() {
    for (source, expected, constant) in [
        ("plain } text { %", "", true),
        ("", "", true),
        ("{# a comment #}", "", false),
        ("{{ customer.name[:3] }} {{ 'call' }}", "customer", false),
        (
            "{% for call in context.call.orders %}{{ call.id }}{% endfor %}{{ range(turn.number) }}",
            "call context turn",
            false,
        ),
    ] {
        let template = Template::parse(source).expect(source);
        let roots: Vec<&str> = template.references().iter().map(String::as_str).collect();
        assert_eq!(
            (roots.join(" ").as_str(), template.is_constant()),
            (expected, constant),
            "{source}"
        );
        assert_eq!(template.source(), source);
    }
    assert_eq!(render("plain } text\n").as_deref(), Ok("plain } text\n"));
}

#[test]
fn every_filter_and_test_that_is_offered_exists() {
    let language = Escaping::Text.environment();
    for name in names::FILTERS {
        assert!(names::exists(&language, "filter", name), "{name}");
    }
    for name in names::TESTS {
        assert!(names::exists(&language, "test", name), "{name}");
    }
}

#[test]
fn a_template_can_be_shared() {
    fn shared<T: Send + Sync + Clone + fmt::Debug>() {}
    shared::<Template>();
}
