//! Keys in a template that are never there, whatever the call: `{{ turn.numbr }}`.

use super::TemplateError;
use super::names::TemplateNames;
use crate::lang::facts::{self, ROOTS};

impl TemplateNames<'_> {
    /// Finds the first key that is never there. A name that the template sets itself may be anything.
    pub(super) fn check_members(&self) -> Result<(), TemplateError> {
        let own = self.own_names();
        for (at, path) in self.paths_at() {
            let is_own = path
                .first()
                .is_some_and(|root| own.contains(&root.as_str()));
            let Some(missing) = facts::missing(&path).filter(|_| !is_own) else {
                continue;
            };
            let key = path.get(missing.at).map_or("", String::as_str);
            // Behind the root each key has a dot or a bracket before it.
            let place = (at + 1..self.len()).find(|at| self.text(*at) == Some(key));
            return Err(self.error(place.unwrap_or(at), missing.message, Some(missing.help)));
        }
        Ok(())
    }

    /// The roots that the template uses as names of its own, as in `{% for call in … %}`.
    fn own_names(&self) -> Vec<&str> {
        let mut own = Vec::new();
        for at in 0..self.len() {
            let begins = ["set", "for", "with", "macro", "call"];
            let is_tag = self.is_sign(at, "{%")
                && self.word(at + 1).is_some_and(|word| begins.contains(&word));
            if !is_tag {
                continue;
            }
            for next in at + 2..self.len() {
                if self.tokens()[next].opens_tag() || self.word(next) == Some("in") {
                    break;
                }
                // What stands behind `=` is used, not named; a root there is only trusted too much.
                own.extend(self.word(next).filter(|word| ROOTS.contains(word)));
                if self.is_sign(next, "=") && self.word(at + 1) == Some("set") {
                    break;
                }
            }
        }
        own
    }
}
