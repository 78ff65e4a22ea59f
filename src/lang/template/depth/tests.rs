use super::*;
use crate::lang::facts::Facts;
use crate::lang::template::Template;

fn refused(source: &str) -> Option<String> {
    Template::parse(source).err().map(|error| error.message)
}

/// What stands in each other, so many times.
fn chains(count: usize) -> Vec<(String, &'static str)> {
    let many = |text: &str| text.repeat(count);
    vec![
        (format!("{{{{ 1{} }}}}", many("+1")), "sums"),
        (format!("{{{{ 1{} }}}}", many(" ~ 1")), "joins"),
        (format!("{{{{ 1{} }}}}", many("**1")), "powers"),
        (format!("{{{{ 'a'{} }}}}", many("|upper")), "filters"),
        (format!("{{{{ {}true }}}}", many("not ")), "negations"),
        (format!("{{{{ {}1 }}}}", many("- ")), "signs"),
        (format!("{{{{ {}1 }}}}", many("1 if true else ")), "choices"),
        (format!("{{{{ {}1{} }}}}", many("("), many(")")), "brackets"),
        (format!("{{{{ {}1{} }}}}", many("["), many("]")), "lists"),
        (format!("{{{{ call{} }}}}", many(".a")), "paths"),
        (format!("{{{{ call{} }}}}", many("[0]")), "places"),
        (format!("{{{{ call{} }}}}", many("()")), "calls"),
        (format!("{{{{ 1{} }}}}", many(" < 1")), "comparisons"),
        (format!("{{{{ true{} }}}}", many(" or true")), "terms"),
        (format!("{{{{ 1{} }}}}", many(" is defined")), "tests"),
        (
            format!("{}a{}", many("{% if true %}"), many("{% endif %}")),
            "blocks",
        ),
        (
            format!("{}a{}", many("{% for x in [1] %}"), many("{% endfor %}")),
            "loops",
        ),
        (
            format!("{{% if false %}}{}{{% endif %}}", many("{% elif false %}a")),
            "branches",
        ),
        (
            format!("{}a{}", many("{%- with x = 1 -%}"), many("{% endwith %}")),
            "blocks of names",
        ),
        (
            format!("{}a{}", many("{% set x %}"), many("{% endset %}")),
            "blocks that are kept",
        ),
        (
            format!("{{% raw %}}{{{{ \" {{% endraw %}}{{{{ 1{} }}}}", many("+1")),
            "what follows raw text",
        ),
        (
            format!("{{# \" #}}{{{{ '\\'' ~ 1{} }}}}", many("+1")),
            "what follows a comment",
        ),
        (format!("{{% set x = 1{} %}}", many("+1")), "what is set"),
        (
            format!(
                "{{% raw %}}endraw{{{{ '{{% endraw %}}{{{{ call{} }}}}",
                many("|upper")
            ),
            "raw text that says endraw",
        ),
        (
            format!(
                "{{%- raw %}}{{{{ '{{% endraw %}}{{{{ {}1 }}}}",
                many("not ")
            ),
            "raw text with a trimming sign",
        ),
        (
            format!("{{{{ {{'a':{{'b':1}}}}{} }}}}", many("|upper")),
            "maps in maps",
        ),
        (
            format!("{{% if 1{} %}}{{% endif %}}", many("+1")),
            "a question",
        ),
    ]
}

#[test]
fn templates_too_deep_for_the_stack_are_refused_with_their_place() {
    for count in [DEEPEST + 2, 10_000, 20_000] {
        for (source, what) in chains(count) {
            let error = Template::parse(&source).expect_err(what);
            assert!(error.message.contains("too deeply"), "{what}: {error}");
            assert!(error.range.is_some() && error.line == Some(1), "{what}");
        }
    }
}

#[test]
fn what_is_just_not_too_deep_is_rendered_on_a_small_stack() {
    for count in (1..=DEEPEST).step_by(9) {
        for (source, _) in chains(count) {
            if let Ok(template) = Template::parse(&source) {
                let _ = template.render(&Facts::default());
            }
        }
    }
}

#[test]
fn long_and_flat_templates_are_fine() {
    let line =
        "{% if call.a %}a{% elif call.b %}b{% else %}c{% endif %}{{ call.id | default('-') }}\n";
    assert_eq!(refused(&line.repeat(500)), None);
    let words: Vec<String> = (0..1000).map(|n| format!("'word {n}'")).collect();
    assert_eq!(
        refused(&format!("{{{{ turn.user in [{}] }}}}", words.join(", "))),
        None
    );
}

#[test]
fn texts_that_grow_by_themselves_run_out_of_steps_at_once() {
    for source in [
        format!(
            "{{% set a = 'xxxxxxxx' %}}{}{{{{ a | length }}}}",
            "{% set a = a ~ a %}".repeat(40)
        ),
        "{{ 'x' * 1000000000 }}".to_owned(),
        "{{ ([1] * 100000000) | list | length }}".to_owned(),
        "{{ range(100000000) | list | length }}".to_owned(),
        "{{ 'a' | indent(1000000000) | length }}".to_owned(),
        "{% for a in range(1000) %}{% for b in range(1000) %}{{ a }}{% endfor %}{% endfor %}"
            .to_owned(),
        "{{ '%1000000000d' | format(1) }}".to_owned(),
        "{{ [1] | batch(1000000000, 1) | list | length }}".to_owned(),
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}".to_owned(),
        "{% set a = 'x' * 40000 %}{{ a | replace('x', a) | length }}".to_owned(),
    ] {
        let rendered = Template::parse(&source).map(|template| template.render(&Facts::default()));
        assert!(!matches!(rendered, Ok(Ok(_))), "{source}");
    }
}
