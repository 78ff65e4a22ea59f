use crate::lang::template::Template;

fn refused(source: &str) -> Option<String> {
    Template::parse(source).err().map(|error| error.message)
}

#[test]
fn lists_that_grow_by_themselves_are_refused() {
    let twice = "{% set a = a + a %}".repeat(34);
    let other: String = (0..34)
        .map(|n| format!("{{% set a{} = a{n} + a{n} %}}", n + 1))
        .collect();
    for source in [
        format!("{{% set a = [1, 2] %}}{twice}{{{{ a | length }}}}"),
        format!("{{% set a0 = [1, 2] %}}{other}{{{{ a34 | length }}}}"),
        format!("{{% set a = [1] %}}{}{{{{ a | length }}}}", "{% set a = a | chain(a) %}".repeat(34)),
        "{% set ns = namespace(a=[1]) %}{% for i in range(34) %}{% set ns.a = ns.a + ns.a %}{% endfor %}".to_owned(),
        "{% set ns = namespace(a=call.items) %}{% for i in range(34) %}{% set b = ns.a %}{% set ns.a = b + ns.a %}{% endfor %}".to_owned(),
        "{% for x in [[1]] recursive %}{{ loop(x + x) }}{% endfor %}".to_owned(),
        "{% set ns = namespace() %}{% set ns.a = ns %}{{ ns }}".to_owned(),
        "{% set ns = namespace(a=[]) %}{% for i in range(3000) %}{% set ns.a = [ns.a] %}{% endfor %}".to_owned(),
        format!("{{% set a = [1] %}}{}{{{{ a }}}}", "{% set a = [a, a] %}".repeat(34)),
        format!("{{% set a = 'ab' | list %}}{}", "{% set a = a + a %}".repeat(40)),
        "{% set ns = namespace(t='a b' | split) %}{% for i in range(40) %}{% set ns.t = ns.t + ns.t %}{% endfor %}".to_owned(),
        "{% set ns = namespace(t='x' if false else [1, 2]) %}{% for i in range(40) %}{% set ns.t = ns.t + ns.t %}{% endfor %}".to_owned(),
        "{% set ns = namespace(a=[1]) %}{% for i in range(40) %}{% set ns.a = ns.a | zip(ns.a) %}{% endfor %}".to_owned(),
        "{% set a = [1] %}{% set a = [a] * 100 %}{% set a = [a] * 100 %}{% set a = [a] * 100 %}".to_owned(),
        format!("{}{}", "{% for a in [call.a] %}{% for b in [[a, a]] %}", "{% for a in [[b, b]] %}{% for b in [[a, a]] %}".repeat(8)),
        "{% set ns = namespace() %}{% set b = ns %}{% set ns.a = [b] %}{{ ns }}".to_owned(),
        "{% set ns = namespace(a={}) %}{% for i in range(30) %}{% set ns.a = {'x': ns.a, 'y': ns.a} %}{% endfor %}".to_owned(),
    ] {
        let found = refused(&source);
        assert!(found.is_some_and(|why| why.contains("grow without end")), "{source}");
    }
}

#[test]
fn sums_and_joined_texts_are_fine() {
    for source in [
        "{% set total = 0 %}{% for i in call.items %}{% set total = total + i.price %}{% endfor %}{{ total }}",
        "{% set ns = namespace(total=0, text='') %}{% for i in call.items | default([]) %}{% set ns.total = ns.total + i.price %}{% set ns.text = ns.text + i.name %}{% endfor %}{{ ns.total }}",
        "{{ turn.number + 1 }} {{ call.a | default(0) + call.b | default(0) }}",
        "{% for i in [1, 2] %}{{ loop.index + 1 }}{{ i + i }}{% endfor %}",
        "{% set both = call.items + customer.items %}{{ both | length }}",
        "{% set names = {'a': 'Ann', 'b': 'Bob'} %}{% for i in call.items %}{% set name = names[i.id] %}{{ name }}{% endfor %}",
        "{% set first = call.items | first %}{% set price = first.price %}{{ price }}",
        "{% for a in call.items %}{% for b in a.parts %}{% set text = a.name ~ b.name %}{{ text }}{% endfor %}{% endfor %}",
        "{% set ns = namespace(last=none) %}{% for i in call.items %}{% set ns.last = i %}{% endfor %}{{ ns.last }}",
        "{% for i in call.items recursive %}{{ i.name }}{{ loop(i.items) }}{% endfor %}",
        "{% set ns = namespace(found=false) %}{% for i in call.items %}{% set ns.found = true %}{% endfor %}{{ ns.found }}",
        "{% set next = turn.number + 1 %}{% for i in [1] %}{% set n = i + 1 %}{{ n + next }}{% endfor %}",
        "{%+ if true %}a{%+ endif %}",
    ] {
        assert_eq!(refused(source), None, "{source}");
    }
}
