//! Which rules these are: a short hash of their files.
//!
//! The folder does not count, so replicas that have the same files say the same.

use sha2::{Digest, Sha256};

use super::file::stem;
use crate::text::Source;

/// So many bytes of the hash are shown.
const LENGTH: usize = 6;

/// What tells these rule files from any others, in twelve characters.
pub fn version(sources: &[Source]) -> String {
    let mut files: Vec<(String, &str)> = sources
        .iter()
        .map(|source| (stem(&source.name), source.text.as_str()))
        .collect();
    let beside = sources.iter().flat_map(|source| &source.beside);
    files.extend(beside.map(|file| {
        let text = file
            .read
            .as_ref()
            .map_or_else(String::as_str, |read| &read.text);
        (file.name.clone(), text)
    }));
    files.sort();
    let mut hash = Sha256::new();
    for (name, text) in &files {
        // The lengths keep what belongs to one file from passing for a part of the next.
        for part in [name.as_str(), text] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
    }
    let digest = hash.finalize();
    let shown = digest.iter().take(LENGTH);
    shown.map(|byte| format!("{byte:02x}")).collect()
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
            source.beside.push(crate::text::Beside {
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
    fn names_and_texts_count_and_folders_and_order_do_not() {
        let one = of(&[("rules/a.toml", "x"), ("rules/b.toml", "y")]);
        assert_eq!(one.len(), 12);
        assert_eq!(one, of(&[("/etc/b.toml", "y"), ("/etc/a.toml", "x")]));
        for other in [
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
}
