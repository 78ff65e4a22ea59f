//! What is said of fields that a rule set, and that an upstream does not get.

use super::*;

/// A form of an upstream with this preset that lets these fields through.
fn form(preset: &str, fields: &[&str], model: &str) -> RequestForm {
    let profile = Profile::named(preset).expect("a preset");
    let wanted: Vec<String> = fields.iter().map(|field| (*field).to_owned()).collect();
    let known = profile.fields().map(str::to_owned);
    let config = FormConfig {
        takes: Takes {
            fields: known.chain(wanted.clone()).collect(),
            ..Takes::default()
        },
        wanted,
        ..FormConfig::default()
    };
    RequestForm::of(profile, &config, model)
}

/// What is noted of a request that came with a field, of which a rule set others.
fn notes(form: &RequestForm, set: &[(&str, &str)]) -> Vec<String> {
    let body =
        r#"{"model":"m","min_p":1,"metadata":{},"messages":[{"role":"user","content":"x"}]}"#;
    let mut request = ChatRequest::parse(body.into()).expect("a request");
    for (name, json) in set {
        request.set_field(name, json);
    }
    let attempt = AttemptOf {
        upstream: "m",
        assistant: None,
    };
    form.apply(&request, attempt).notes
}

#[test]
fn what_a_rule_set_and_an_upstream_does_not_get_is_told() {
    let custom = form("custom", &[], "m");
    for (name, told) in [
        ("top_k", "`fields` of the upstream does not name it"),
        ("temprature", "`fields` of the upstream does not name it"),
        ("customer", "Vapi's own"),
    ] {
        let notes = notes(&custom, &[(name, "40")]);
        let [note] = notes.as_slice() else {
            panic!("{name}: {notes:?}");
        };
        assert!(
            note.starts_with(&format!("`{name}`, which a rule set")),
            "{note}"
        );
        assert!(note.contains(told), "{note}");
    }
    let openai = form("openai", &[], "gpt-4o");
    for name in ["safety_identifier", "prompt_cache_retention", "store"] {
        assert_eq!(notes(&openai, &[(name, "1")]).len(), 1, "{name}");
    }
}

#[test]
fn nothing_is_said_of_what_goes_or_what_the_client_sent() {
    let none: [String; 0] = [];
    assert_eq!(notes(&form("custom", &[], "m"), &[]), none);
    let set = [("temperature", "0.5"), ("top_k", "40")];
    assert_eq!(notes(&form("vllm", &["top_k"], "m"), &set), none);
    // Set, and taken out by another rule.
    let body = r#"{"messages":[{"role":"user","content":"x"}]}"#;
    let mut request = ChatRequest::parse(body.into()).expect("a request");
    request.set_field("top_k", "1");
    request.remove_field("top_k");
    assert!(request.set_fields().is_empty());
}

#[test]
fn a_form_says_which_fields_it_takes() {
    for (preset, fields, name, is_taken) in [
        ("custom", &[][..], "top_k", false),
        ("custom", &["top_k"][..], "top_k", true),
        ("custom", &[], "temperature", true),
        ("custom", &[], "metadata", false),
        ("openai", &[], "max_tokens", true),
        ("openai", &[], "store", false),
    ] {
        let form = form(preset, fields, "m");
        assert_eq!(
            form.takes_field(name),
            is_taken,
            "{preset} {fields:?} {name}"
        );
    }
}
