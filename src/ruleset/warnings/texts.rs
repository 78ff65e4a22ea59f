//! What is doubtful in the texts of a rule: values that are trusted though a caller may say them, and
//! variables that nobody reads.

use super::Checked;
use crate::files::{Problem, variable};
use crate::lang::facts::FETCH;

/// The roots that come with a request: who calls, or starts a call from a web page, may say them.
const FROM_OUTSIDE: &[&str] = &[
    "assistant",
    "call",
    "customer",
    "metadata",
    "phoneNumber",
    "request",
    "turn",
    "variables",
];
/// What Vapi's events tell of a call, with what was said in it.
const FROM_EVENTS: [&str; 3] = ["context", "call", "vapi"];

impl Checked<'_> {
    pub(super) fn trusted(&self) -> Vec<Problem> {
        let does = &self.file.does;
        let mut warnings = Vec::new();
        let field = format!("then.{}.trusted", self.file.kind.name);
        let written = self.document.texts_of(&field);
        for path in &does.trusts {
            let name = path.join(".");
            let place = written.iter().find(|(text, _)| *text == name);
            let place = place.map_or(self.file.place.clone(), |(_, place)| place.clone());
            let source = self.document.source();
            if is_from_outside(path) {
                let message = format!(
                    "`{name}` may be what a caller says, and is printed as if the author of the rule had written it"
                );
                let help = "trust only what your own systems put, as `context.assistant.prompt`";
                warnings.push(source.warning(place, message).with_help(help));
                continue;
            }
            let is_begun =
                |other: &Vec<String>| path.iter().zip(other).all(|(one, other)| one == other);
            let is_printed = does
                .writes
                .iter()
                .any(|writes| writes.text.paths().iter().any(is_begun));
            if !is_printed {
                let message = format!("`{name}` is trusted, and the text does not speak of it");
                let help =
                    format!("write `{{{{ {name} }}}}` in the text, or take it out of `trusted`");
                warnings.push(source.warning(place, message).with_help(help));
            }
        }
        warnings
    }

    /// `${NAME}` is read in `[fetch.*]` alone, and `$NAME` nowhere.
    pub(super) fn variables(&self) -> Vec<Problem> {
        let mut warnings = Vec::new();
        let source = self.document.source();
        self.document.each_text(&mut |path, text, span| {
            let of_fetch =
                |field: &str| path.first() == Some(&FETCH) && path.get(2) == Some(&field);
            // As in regular expressions, and in what stands in their place.
            let has_own_dollars = matches!(path, ["then", kind, field, ..]
                if *kind == self.file.kind.name && self.file.kind.own_dollars.contains(field));
            let is_free = matches!(path, ["about"] | ["test", ..]) || has_own_dollars;
            if is_free || of_fetch("url") || of_fetch("headers") {
                return;
            }
            let string = toml::Spanned::new(span, text.to_owned());
            if of_fetch("body") {
                if let Some((part, name)) = variable::without_braces(text) {
                    let place = source.place_in(&string, Some(part));
                    let message = format!("`${name}` stays as it is: a variable has braces");
                    let help = format!("write `${{{name}}}` to read the environment");
                    warnings.push(source.warning(place, message).with_help(help));
                }
            } else if let Some((part, name)) = variable::in_braces(text) {
                let place = source.place_in(&string, Some(part));
                warnings.push(source.warning(place, unread(name)).with_help(READ));
            }
        });
        for file in source
            .beside
            .iter()
            .filter_map(|file| file.read.as_ref().ok())
        {
            if let Some((part, name)) = variable::in_braces(&file.text) {
                warnings.push(file.warning(part, unread(name)).with_help(READ));
            }
        }
        warnings
    }
}

const READ: &str = "variables are read in `url`, `headers` and `body` of a `[fetch.NAME]` only";

fn unread(name: &str) -> String {
    format!("`${{{name}}}` is text here, and no variable of the environment")
}

fn is_from_outside(path: &[String]) -> bool {
    let is_root = path
        .first()
        .is_some_and(|root| FROM_OUTSIDE.contains(&root.as_str()));
    is_root
        || path
            .iter()
            .zip(FROM_EVENTS)
            .all(|(key, of_events)| key == of_events)
}
