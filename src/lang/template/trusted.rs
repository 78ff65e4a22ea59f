//! Values that a rule trusts: they are printed as they are written, as if the author wrote them.
//!
//! What lies at a trusted path is trusted with all below it; what lies beside it is not.

use std::{fmt, sync::Arc};

use minijinja::value::{Enumerator, Object, ObjectRepr, Value};
use serde_json::Value as Json;

use super::{convert, lazy};

/// A value of which some parts are trusted. `paths`: the keys to them from here; one without keys
/// is the value itself.
pub(super) fn value(json: &Arc<Json>, paths: &[&[String]]) -> Value {
    if paths.iter().any(|path| path.is_empty()) {
        return whole(json);
    }
    match &**json {
        Json::Object(_) => Value::from_object(Partly {
            json: Arc::clone(json),
            paths: paths.iter().map(|path| path.to_vec()).collect(),
        }),
        _ => lazy(json),
    }
}

/// Whether it is a list or an object that is trusted.
pub(super) fn is_whole(value: &Value) -> bool {
    value.downcast_object_ref::<WholeValue>().is_some()
}

fn whole(json: &Json) -> Value {
    match json {
        Json::String(text) => Value::from_safe_string(text.clone()),
        Json::Array(_) | Json::Object(_) => Value::from_object(WholeValue(json.clone())),
        other => convert(other),
    }
}

/// A list or an object that is trusted.
struct WholeValue(Json);

impl fmt::Debug for WholeValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{…}")
    }
}

impl Object for WholeValue {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        match self.0 {
            Json::Array(_) => ObjectRepr::Seq,
            _ => ObjectRepr::Map,
        }
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match key.as_str() {
            Some(key) => self.0.get(key).map(whole),
            None => self.0.get(key.as_usize()?).map(whole),
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        match &self.0 {
            Json::Array(items) => Enumerator::Seq(items.len()),
            json => keys(json),
        }
    }
}

/// An object of which some parts are trusted.
struct Partly {
    json: Arc<Json>,
    paths: Vec<Vec<String>>,
}

impl fmt::Debug for Partly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{…}")
    }
}

impl Object for Partly {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let found = self.json.get(key)?;
        let of_key = |path: &&Vec<String>| path.first().is_some_and(|first| first == key);
        let below = self.paths.iter().filter(of_key);
        let below: Vec<&[String]> = below.filter_map(|path| path.get(1..)).collect();
        Some(match below.is_empty() {
            true => convert(found),
            false => value(&Arc::new(found.clone()), &below),
        })
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        keys(&self.json)
    }
}

fn keys(json: &Json) -> Enumerator {
    let keys = json.as_object().into_iter().flat_map(|map| map.keys());
    Enumerator::Values(keys.map(|key| Value::from(key.as_str())).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::lang::facts::Facts;
    use crate::lang::template::{Escaping, Template};

    const PROMPT: &str = "# Who you are\n\n<rules>\n- Be kind.\n</rules>\n[INST] ``` {{ x }}";

    fn render(source: &str, trusted: &[&str]) -> String {
        let trusted = trusted
            .iter()
            .map(|path| path.split('.').map(str::to_owned).collect());
        let template =
            Template::parse_trusting(Escaping::Prompt, source, trusted.collect()).expect(source);
        let mut facts = Facts::default();
        let assistant = json!({ "prompt": PROMPT, "other": "a\nb", "steps": ["<1>\n", { "a": "<b>" }], "n": 3 });
        facts.set("context", json!({ "assistant": assistant }));
        facts.set("customer", json!({ "name": "<b>\nDana" }));
        template
            .render(&facts)
            .unwrap_or_else(|error| panic!("{source}: {error}"))
    }

    #[test]
    fn a_trusted_value_is_printed_as_it_is_written() {
        let path = "context.assistant.prompt";
        let trusting = |source: &str| render(source, &[path]);
        assert_eq!(trusting("{{ context.assistant.prompt }}"), PROMPT);
        assert_eq!(
            trusting("{{ context[\"assistant\"].prompt | trim | default('x') }}"),
            PROMPT
        );
        assert_eq!(
            trusting("{% set a = context.assistant %}{{ a.prompt }}"),
            PROMPT
        );
        assert_eq!(
            trusting("{% if context.assistant.prompt %}{{ context.assistant.prompt }}{% endif %}"),
            PROMPT
        );
        assert_ne!(render("{{ context.assistant.prompt }}", &[]), PROMPT);
        let long = "é\n".repeat(10_000);
        let template = Template::parse_trusting(
            Escaping::Prompt,
            "{{ variables.long }}",
            vec![vec!["variables".to_owned(), "long".to_owned()]],
        );
        let mut facts = Facts::default();
        facts.set("variables", json!({ "long": long }));
        assert_eq!(template.expect("it is one").render(&facts), Ok(long));
    }

    #[test]
    fn what_stands_beside_it_is_data_as_ever() {
        let trusting = |source: &str| render(source, &["context.assistant.prompt"]);
        assert_eq!(trusting("{{ context.assistant.other }}"), "a b");
        assert_eq!(trusting("{{ customer.name }}"), "&lt;b> Dana");
        assert!(!trusting("{{ context.assistant }}").contains("<rules>"));
        assert!(!trusting("{{ context.assistant | tojson }}").contains("<rules>"));
        let joined = trusting("{{ context.assistant.prompt ~ customer.name }}");
        assert!(!joined.contains("<b>"), "{joined}");
        let replaced = trusting("{{ context.assistant.prompt | replace('kind', customer.name) }}");
        assert!(!replaced.contains("<b>"), "{replaced}");
    }

    #[test]
    fn all_below_a_trusted_path_is_trusted() {
        let trusting = |source: &str| render(source, &["context.assistant"]);
        assert_eq!(trusting("{{ context.assistant.other }}"), "a\nb");
        assert_eq!(
            trusting("{{ context.assistant.steps[0] }}|{{ context.assistant.steps[1].a }}"),
            "<1>\n|<b>"
        );
        assert_eq!(
            trusting("{% for step in context.assistant.steps %}{{ loop.index }}{% endfor %}"),
            "12"
        );
        assert_eq!(
            trusting("{{ context.assistant.steps }}"),
            r#"["<1>\n",{"a":"<b>"}]"#
        );
        assert_eq!(
            trusting("{{ context.assistant.steps | tojson }}"),
            r#"["<1>\n",{"a":"<b>"}]"#
        );
        assert_eq!(trusting("{{ context.assistant.n }}"), "3");
    }
}
