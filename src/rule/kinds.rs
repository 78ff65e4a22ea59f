//! The kinds of rules: one file a kind, and the list of them.
//!
//! To add a kind, write its file in `kinds/` (manual, `EXAMPLE`, config struct, `impl Rule`) and add
//! its line to the list below. Everything else derives from that list.

pub mod answer;
pub mod inject;
pub mod redact;
pub mod rewrite;
pub mod script;
pub mod set;
pub mod speak;
pub mod tools;
pub mod trim;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;

use super::Rule;
use crate::files::{Document, Faults, Problem, Source};

/// The kinds, in the order in which they are listed to people.
pub static KINDS: &[Kind] = &[
    inject::KIND,
    redact::KIND,
    rewrite::KIND,
    trim::KIND,
    tools::KIND,
    set::KIND,
    answer::KIND,
    speak::KIND,
    script::KIND,
];

/// A kind of rule: how it is read, and its manual.
#[derive(Debug)]
pub struct Kind {
    /// The name in `[then.NAME]`.
    pub name: &'static str,
    /// The file of the kind; its first comment is the manual.
    pub source: &'static str,
    /// A whole rule file that shows the kind, with its tests.
    pub example: &'static str,
    /// Reads the table `[then.NAME]`.
    pub read: ReadRule,
    /// The JSON Schema of the table `[then.NAME]`.
    pub schema: fn(&mut SchemaGenerator) -> Schema,
    /// The rule file, with its test, that `aside new` begins with. It works beside any other rules:
    /// `LABEL` in it becomes a label that no other rule has. Default: the example.
    pub starter: &'static str,
    /// Whether the turn ends when such a rule fails, where the rule does not say. Default: no.
    pub fails_closed: bool,
    /// Whether it hides values, which a redacted recording then lacks. Default: no.
    pub hides: bool,
    /// The fields of its table that name files in the folder of the rule. Default: none.
    pub files: &'static [&'static str],
    /// The fields of its table that touch replies alone. Default: none.
    pub of_replies: &'static [&'static str],
    /// The fields of its table in which `$` has a meaning of its own. Default: none.
    pub own_dollars: &'static [&'static str],
}

/// Reads a rule's table; no rule comes with at least one problem.
pub type ReadRule = fn(Document<'_>) -> (Option<Box<dyn Rule>>, Vec<Problem>);

impl Kind {
    /// A kind whose rule `R` is made of its fields `F`. `source` is the text of its own file.
    const fn new<F, R>(name: &'static str, source: &'static str, example: &'static str) -> Kind
    where
        F: DeserializeOwned + JsonSchema,
        R: Rule + TryFrom<F, Error = Faults> + 'static,
    {
        Kind::read_with::<F>(name, source, example, |document| {
            let (rule, problems) = document.read_by::<F, R>();
            (rule.map(|rule| Box::new(rule) as Box<dyn Rule>), problems)
        })
    }

    /// A kind whose table, of the fields `F`, is read in a way of its own.
    const fn read_with<F: JsonSchema>(
        name: &'static str,
        source: &'static str,
        example: &'static str,
        read: ReadRule,
    ) -> Kind {
        Kind {
            name,
            source,
            example,
            read,
            schema: |generator| F::json_schema(generator),
            starter: example,
            fails_closed: false,
            hides: false,
            files: &[],
            of_replies: &[],
            own_dollars: &[],
        }
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<&'static Kind> {
        KINDS.iter().find(|kind| kind.name == name)
    }

    /// The manual: what such a rule does, and its fields.
    pub fn manual(&self) -> String {
        let lines = self.source.lines();
        let comment = lines.map_while(|line| line.strip_prefix("//!"));
        let lines: Vec<&str> = comment
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
            .collect();
        lines.join("\n")
    }
}

/// The files that a rule file names, each once. What can't be read names none.
pub fn files_named(source: &Source) -> Vec<String> {
    let fields = || KINDS.iter().flat_map(|kind| kind.files);
    // Most rules name none, and need not be parsed for that.
    if !fields().any(|field| source.text.contains(field)) {
        return Vec::new();
    }
    let (document, _) = Document::parse_what_can_be(source);
    let mut names = Vec::new();
    document.each_text(&mut |path, text, _| {
        let is_file = |kind: &Kind| {
            path.get(1) == Some(&kind.name)
                && path.get(2).is_some_and(|field| kind.files.contains(field))
        };
        let is_named =
            path.len() == 3 && path.first() == Some(&"then") && KINDS.iter().any(is_file);
        if is_named && !names.iter().any(|name| name == text) {
            names.push(text.to_owned());
        }
    });
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_own_name_and_an_example_of_itself() {
        for (at, kind) in KINDS.iter().enumerate() {
            assert!(KINDS[..at].iter().all(|other| other.name != kind.name));
            assert!(
                kind.example.contains(&format!("[then.{}]", kind.name)),
                "{}",
                kind.name
            );
            for text in [kind.example, kind.starter] {
                assert!(text.contains("[[test]]"), "{}", kind.name);
            }
            let schema = (kind.schema)(&mut SchemaGenerator::default());
            for field in [kind.files, kind.of_replies, kind.own_dollars].concat() {
                let known = schema.pointer(&format!("/properties/{field}"));
                assert!(known.is_some(), "`{field}` of {}", kind.name);
            }
            let manual = kind.manual();
            assert!(
                manual.starts_with(&format!("`{}`: ", kind.name)),
                "{manual}"
            );
        }
    }
}
