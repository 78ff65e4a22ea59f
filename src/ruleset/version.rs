//! Which rules these are: a short hash of their files.
//!
//! The folder does not count, so replicas that have the same files say the same.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use serde_json::Value;

use crate::files::Source;
use crate::rule::KINDS;

/// So many bytes of the hash are shown.
const LENGTH: usize = 6;

/// What tells these rule files, in the order in which they run, from any others, in twelve characters.
pub fn version(sources: &[Source]) -> String {
    let mut files: Vec<(String, &str)> = sources
        .iter()
        .map(|source| (stem(&source.name), source.text.as_str()))
        .collect();
    let beside = sources.iter().flat_map(|source| &source.beside);
    let mut beside: Vec<(String, &str)> = beside
        .map(|file| {
            let text = file
                .read
                .as_ref()
                .map_or_else(String::as_str, |read| &read.text);
            (file.name.clone(), text)
        })
        .collect();
    beside.sort();
    files.extend(beside);
    let mut hash = Sha256::new();
    for (name, text) in &files {
        // The lengths keep what belongs to one file from passing for a part of the next.
        for part in [name.as_str(), text] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
    }
    let digest = hash.finalize();
    HEXLOWER.encode(&digest[..LENGTH])
}

/// The name of a rule file without folder and ending.
pub(super) fn stem(name: &str) -> String {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.strip_suffix(".toml").unwrap_or(file).to_owned()
}

/// The fields of a fetch that say what is answered, not when it is asked.
const ANSWERING: &[&str] = &["url", "method", "headers", "body", "pick"];

/// What tells a rule from those that make something else of a recorded turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    /// Of what it does. What its file says to people and tests does not count, nor does what it
    /// restores: replies are recorded as they came.
    pub rule: String,
    /// Of what it fetches, by name.
    pub fetches: BTreeMap<String, String>,
}

/// The digest of a rule file.
pub(super) fn digest(source: &Source) -> Digest {
    let mut rule: Value = toml::from_str(&source.text).unwrap_or_default();
    let leave_out = |table: Option<&mut Value>, names: &[&str]| {
        let table = table.and_then(Value::as_object_mut);
        table.into_iter().for_each(|table| {
            table.retain(|name, _| !names.contains(&name.as_str()));
        });
    };
    for kind in KINDS {
        let table = rule
            .get_mut("then")
            .and_then(|then| then.get_mut(kind.name));
        leave_out(table, kind.of_replies);
    }
    let of = |value: &Value| version(&[Source::new(String::new(), value.to_string())]);
    rule.sort_all_objects();
    let fetches = rule.get("fetch").and_then(Value::as_object);
    let fetches = fetches.into_iter().flatten().map(|(name, fetch)| {
        let fields = ANSWERING.iter().map(|field| fetch.get(*field).cloned());
        (name.clone(), of(&fields.collect()))
    });
    let fetches = fetches.collect();
    leave_out(Some(&mut rule), &["about", "test", "fetch"]);
    Digest {
        rule: of(&rule),
        fetches,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(files: &[(&str, &str)]) -> String {
        let sources = files.iter().map(|(name, text)| Source::new(*name, *text));
        version(&sources.collect::<Vec<_>>())
    }

    #[test]
    fn a_file_that_a_rule_names_counts() {
        let of = |read: Result<&str, &str>| {
            let mut source = Source::new("a.toml", "x");
            let read = read
                .map(|text| Source::new("p.md", text))
                .map_err(str::to_owned);
            source.beside.push(crate::files::Beside {
                name: "p.md".to_owned(),
                read,
            });
            version(&[source])
        };
        assert_eq!(of(Ok("y")), of(Ok("y")));
        assert_ne!(of(Ok("y")), of(Ok("z")));
        assert_ne!(of(Ok("y")), of(Err("away")));
    }

    #[test]
    fn names_texts_and_their_order_count_and_folders_do_not() {
        let one = of(&[("rules/a.toml", "x"), ("rules/b.toml", "y")]);
        assert_eq!(one.len(), 12);
        assert_eq!(one, of(&[("/etc/a.toml", "x"), ("/etc/b.toml", "y")]));
        for other in [
            of(&[("b.toml", "y"), ("a.toml", "x")]),
            of(&[("a.toml", "x")]),
            of(&[("a.toml", "x"), ("b.toml", "z")]),
            of(&[("a.toml", "x"), ("c.toml", "y")]),
            of(&[("a.toml", "xb"), ("b.toml", "")]),
            of(&[("a.toml", ""), ("b.toml", "xy")]),
            of(&[]),
        ] {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn a_digest_tells_what_a_rule_does_and_not_what_it_says() {
        let digest = |text: &str| digest(&Source::new("a.toml", text));
        let rule = "about = \"x\"\n[then.redact]\nfind = [\"card\"]\nrestore = true\n";
        let same = "# Cards.\nabout = \"y\"\n[then.redact]\nrestore = false\nfind = [ \"card\" ]\n[[test]]\nname = \"t\"\n";
        assert_eq!(digest(rule), digest(same));
        for other in [
            rule.replace("card", "email"),
            rule.replace("redact", "mask"),
            format!("when = 'true'\n{rule}"),
            format!("{rule}keep = [\"a\"]\n"),
        ] {
            assert_ne!(digest(rule), digest(&other), "{other}");
        }
        let fetch = format!("{rule}[fetch.crm]\nurl = \"https://a/\"\nwithin = \"80ms\"\n");
        let (of_fetch, slow) = (digest(&fetch), digest(&fetch.replace("80ms", "90ms")));
        assert_eq!((&of_fetch.rule, &of_fetch), (&digest(rule).rule, &slow));
        let other = digest(&fetch.replace("https://a/", "https://a/b"));
        assert_ne!(other.fetches["crm"], of_fetch.fetches["crm"]);
    }
}
