//! What a redact rule lets through though somebody may think that it hides it.

use super::Checked;
use crate::files::Problem;
use crate::lang::condition::Verdict;
use crate::lang::facts::Facts;

/// Detectors of which one finds what the other does not, though it sounds alike.
const PAIRS: &[(&str, &str, &str)] = &[
    (
        "cvv",
        "pin",
        "a short code of which nothing says that it is a card's is taken for a PIN",
    ),
    (
        "pin",
        "cvv",
        "the code on a card is said in the same way as a PIN",
    ),
];

impl Checked<'_> {
    pub(super) fn hiding(&self) -> Vec<Problem> {
        if !self.file.hides() || !self.file.is_enabled {
            return Vec::new();
        }
        let mut warnings = Vec::new();
        warnings.extend(self.hides_at_times());
        if self
            .file
            .percent
            .is_some_and(|percent| (1..100).contains(&percent))
        {
            let message =
                "in the other calls nothing is hidden, and private values go upstream as they are";
            let help = "leave `percent` out, or try the rule with `shadow = true`";
            warnings.push(self.at_top("percent", message, help));
        }
        if !self.file.fails_closed {
            let message = "where the rule fails nothing is hidden, and private values go upstream as they are";
            let help = "leave `on_error` out: a redact rule that fails ends the turn";
            warnings.push(self.at_top("on_error", message, help));
        }
        warnings
    }

    /// A condition that fails where nothing is known lets everything through just there.
    fn hides_at_times(&self) -> Option<Problem> {
        let when = self.file.when.as_ref().filter(|when| !when.never_holds())?;
        if when.references().contains("turn") {
            let message = "the whole history goes upstream in each turn: what is hidden in this one is not in the next";
            let help =
                "leave `turn` out of the condition: what a call hides, all its turns must hide";
            return Some(self.at_top("when", message, help));
        }
        // What aside says itself is always known.
        let own = ["route", "now"];
        let is_known = when
            .references()
            .iter()
            .all(|root| own.contains(&root.as_str()));
        let fails = matches!(when.evaluate(&Facts::new()), Verdict::Fails { .. });
        if is_known || !fails {
            return None;
        }
        let path = when.first_path();
        let message = format!(
            "where `{path}` is not known, nothing is hidden, and private values go upstream as they are"
        );
        let help = format!("write `!has({path}) || …`, or leave `when` out to hide them always");
        Some(self.at_top("when", &message, &help))
    }

    pub(super) fn pairs(&self) -> Vec<Problem> {
        if !self.file.is_enabled {
            return Vec::new();
        }
        let found = self
            .document
            .texts_of(&format!("then.{}.find", self.file.kind.name));
        let names = |name: &str| found.iter().any(|(detector, _)| detector == name);
        let mut warnings = Vec::new();
        for (one, other, why) in PAIRS {
            let Some((_, place)) = found.iter().find(|(detector, _)| detector == one) else {
                continue;
            };
            if names(other) || self.is_found_elsewhere(other) {
                continue;
            }
            let message = format!("`{one}` without `{other}`: {why}, and stays");
            let help = format!("add \"{other}\" to `find`");
            let problem = self.document.source().warning(place.clone(), message);
            warnings.push(problem.with_help(help));
        }
        warnings
    }

    fn is_found_elsewhere(&self, detector: &str) -> bool {
        let label = detector.to_uppercase();
        self.labels.contains(&label)
    }
}
