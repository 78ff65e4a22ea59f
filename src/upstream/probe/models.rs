//! Which models a server has, and which of them a probe asks for.

use std::time::Duration;

use serde_json::Value;

use super::super::client::{Clients, Upstream};
use super::super::error::UpstreamError;
use super::super::profiles::BaseUrl;

/// How many names of models are told.
const TOLD: usize = 5;
/// Parts of the names of models that hold no talk.
const NO_TALK: &[&str] = &[
    "embed",
    "whisper",
    "tts",
    "rerank",
    "moderation",
    "image",
    "dall-e",
    "audio",
    "guard",
    "ocr",
    "realtime",
    "transcri",
    "vision-encoder",
];

/// The model that a probe asks for, and who named it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbedModel {
    /// Its name.
    pub name: String,
    /// Who named it, in words for people; empty: the config, or whoever asks.
    pub why: &'static str,
}

/// The names of the models that a server lists; none: it gives no list.
pub(super) async fn listed(
    clients: &Clients,
    upstream: &Upstream,
    key: Option<&str>,
    within: Duration,
) -> Option<Vec<String>> {
    let list = clients.models(upstream, within, key, within).await.ok()?;
    names_in(&list)
}

/// The names in a list of models, in any of its forms.
fn names_in(list: &[u8]) -> Option<Vec<String>> {
    let list: Value = serde_json::from_slice(list).ok()?;
    let items = ["data", "models"].iter().find_map(|key| list.get(key));
    let items = items.unwrap_or(&list).as_array()?;
    let name = |item: &Value| {
        let name = ["id", "name", "model"]
            .iter()
            .find_map(|key| item.get(key)?.as_str());
        let name = name.or(item.as_str())?;
        // Google's list has the names of its resources.
        Some(name.strip_prefix("models/").unwrap_or(name).to_owned())
    };
    Some(items.iter().filter_map(name).collect())
}

/// The model to ask for: who asks names it, or the config, or the provider's row, or it is the first
/// that the server lists; else why that gives no list, where it is known.
pub(super) async fn chosen(
    clients: &Clients,
    upstream: &Upstream,
    named: Option<&str>,
    key: Option<&str>,
    within: Duration,
) -> Result<ProbedModel, Option<UpstreamError>> {
    let own = upstream.takes().model.as_deref();
    if let Some(name) = own.or(named) {
        return Ok(ProbedModel {
            name: name.to_owned(),
            why: "",
        });
    }
    let profile = upstream.preset.0;
    let usual = Some(profile.model).filter(|model| !model.is_empty());
    let of_row = usual.map(|name| ProbedModel {
        name: name.to_owned(),
        why: "the preset's example; `--model NAME` asks for another",
    });
    if let (BaseUrl::Fixed(_), Some(model)) = (&profile.base, &of_row) {
        return Ok(model.clone());
    }
    let answer = clients.models(upstream, within, key, within).await;
    let (list, why) = match answer {
        Ok(answer) => (names_in(&answer).unwrap_or_default(), None),
        Err(error) => (Vec::new(), Some(error)),
    };
    let talks = list.into_iter().find(|name| {
        let name = name.to_ascii_lowercase();
        !NO_TALK.iter().any(|part| name.contains(part))
    });
    let first = talks.map(|name| ProbedModel {
        name,
        why: "the first that it lists; `--model NAME` asks for another",
    });
    first.or(of_row).ok_or(why)
}

/// What is said of a model that a server may not have.
pub(super) fn told(model: &str, list: &[String]) -> String {
    if list.is_empty() {
        return "its list of models is empty".to_owned();
    }
    if list.iter().any(|name| name == model) {
        return format!("`{model}` is in its list of models: the key may not use it, or not here");
    }
    let mut near: Vec<&String> = list.iter().collect();
    near.sort_by_key(|name| distance(model, name));
    near.truncate(TOLD);
    let near = near.iter().map(|name| format!("`{}`", shown(name)));
    let near = near.collect::<Vec<_>>().join(", ");
    format!(
        "of the {} models that it lists none is `{model}`; the nearest: {near}",
        list.len()
    )
}

/// How far a name is from what was meant: names that hold it are nearest.
fn distance(meant: &str, name: &str) -> (bool, usize) {
    let (meant, name) = (meant.to_ascii_lowercase(), name.to_ascii_lowercase());
    let end = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
    let holds = name.contains(&end(&meant)) || end(&meant).contains(&end(&name));
    (
        !holds,
        strsim::damerau_levenshtein(&end(&meant), &end(&name)),
    )
}

/// A name as it can be shown: what lists hold is not ours.
fn shown(name: &str) -> String {
    name.chars()
        .filter(|char| !char.is_control())
        .take(80)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_models_is_read_in_each_of_its_forms() {
        for list in [
            r#"{"object":"list","data":[{"id":"a"},{"id":"b/c"}]}"#,
            r#"[{"id":"a","object":"model"},{"id":"b/c"}]"#,
            r#"{"models":[{"name":"models/a"},{"name":"b/c"}]}"#,
            r#"["a","b/c"]"#,
        ] {
            let names = names_in(list.as_bytes());
            assert_eq!(
                names,
                Some(vec!["a".to_owned(), "b/c".to_owned()]),
                "{list}"
            );
        }
        assert_eq!(names_in(b"<html>"), None);
        assert_eq!(names_in(b"{\"data\":3}"), None);
    }

    #[test]
    fn a_model_that_is_not_there_is_told_with_the_nearest() {
        let list = [
            "zebra",
            "meta-llama/Llama-3.3-70B-Instruct-Turbo",
            "gpt-oss-20b",
        ];
        let list = list.map(str::to_owned);
        let told = told("llama-3.3-70b-instruct", &list);
        assert!(
            told.contains("nearest: `meta-llama/Llama-3.3-70B-Instruct-Turbo`,"),
            "{told}"
        );
        assert!(super::told("zebra", &list).contains("is in its list"));
    }
}
