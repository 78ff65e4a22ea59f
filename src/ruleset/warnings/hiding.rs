//! What a redact rule lets through though somebody may think that it hides it.

use super::Checked;
use crate::files::Problem;
use crate::lang::condition::Verdict;
use crate::lang::facts::Facts;

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
            let kind = self.file.kind.name;
            let help = format!("leave `on_error` out: a {kind} rule that fails ends the turn");
            warnings.push(self.at_top("on_error", message, &help));
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
        let fails = matches!(when.evaluate(&Facts::default()), Verdict::Fails { .. });
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

    /// Values that stay though somebody may think that they are hidden.
    pub(super) fn missed(&self) -> Vec<Problem> {
        if !self.file.is_enabled {
            return Vec::new();
        }
        let misses = self.file.does.misses.iter();
        let misses = misses.filter(|missed| !self.labels.contains(&missed.label));
        let warnings = misses.map(|missed| {
            let path = format!("then.{}.{}", self.file.kind.name, missed.field);
            let texts = self.document.texts_of(&path);
            let own = texts.into_iter().find(|(text, _)| *text == missed.text);
            let place = own.map_or(self.file.place.clone(), |(_, place)| place);
            let warning = self
                .document
                .source()
                .warning(place, missed.message.clone());
            warning.with_help(missed.help.clone())
        });
        warnings.collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::files::Source;
    use crate::ruleset::Ruleset;

    fn warnings(name: &str, script: &str) -> Vec<String> {
        let redact =
            "about = \"x\"\n[then.redact]\nfind = [\"card\"]\nknown = [\"customer.name\"]\n";
        let rule = format!("about = \"x\"\n[then.script]\nrequest = '''\n{script}\n'''\n");
        let mut sources = vec![Source::new("10-r.toml", redact), Source::new(name, rule)];
        sources.sort_by(|one, other| one.name.cmp(&other.name));
        let (_, problems) = Ruleset::check(sources, &|_| None);
        problems.iter().map(|it| it.message.clone()).collect()
    }

    #[test]
    fn what_a_script_may_bring_behind_redact_is_a_warning() {
        let bring = |what: &str| {
            format!("messages.insert(-1, #{{ role: \"system\", content: `It is ${{{what}}}.` }});")
        };
        for (script, path) in [
            (bring("customer.name"), Some("customer.name")),
            (bring("customer?.name ?? \"\""), Some("customer.name")),
            (bring("customer.number.digits()"), Some("customer.number")),
            (bring("call.customer.number"), Some("call.customer.number")),
            (
                bring("context.customer.note"),
                Some("context.customer.note"),
            ),
            (bring("variables.pin"), Some("variables.pin")),
            (
                "request.user = customer.name;".to_owned(),
                Some("customer.name"),
            ),
            (
                "let all = customer; request.user = all.name;".to_owned(),
                Some("customer"),
            ),
            // What was said is as the rules before left it.
            (bring("turn.user"), None),
            (bring("turn.number"), None),
            (bring("call.id"), None),
            (bring("context.global.motto"), None),
            (
                "if customer.name == \"Dana\" { request.user = \"d\"; }".to_owned(),
                None,
            ),
            (
                "if customer.name.to_lower().contains(\"d\") { request.user = \"d\"; }".to_owned(),
                None,
            ),
            ("if customer.vip { request.user = \"d\"; }".to_owned(), None),
            (
                "if says(customer.name, [\"dana\"]) { request.user = \"d\"; }".to_owned(),
                None,
            ),
        ] {
            let told = path.map(|path| {
                format!(
                    "`{path}` may reach the model as it is: `10-r` hides private values before this rule brings it"
                )
            });
            assert_eq!(
                warnings("20-s.toml", &script),
                Vec::from_iter(told),
                "{script}"
            );
            assert_eq!(
                warnings("05-s.toml", &script),
                Vec::<String>::new(),
                "{script}"
            );
        }
    }
}
