//! What a config offers its rules: whom they may ask for facts, and who may be asked for a reply.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Config;
use crate::fetch::defined::not_listed;
use crate::files::Problem;
use crate::files::problem::nearest;
use crate::net::host::Host;
use crate::ruleset::Ruleset;
use crate::upstream::form::RequestForm;

/// What a config offers its rules.
#[derive(Debug, Clone)]
pub struct RulesOffer {
    hosts: Vec<Host>,
    /// The names of its upstreams and routes.
    upstreams: Vec<String>,
    /// The form of requests, by upstream.
    forms: BTreeMap<String, RequestForm>,
}

impl RulesOffer {
    /// What this config offers.
    pub fn of(config: &Config) -> RulesOffer {
        let names = config.upstreams.keys().chain(config.routes.keys());
        let names: BTreeSet<&String> = names.collect();
        let forms = config.upstreams.iter().map(|(name, upstream)| {
            let upstream = upstream.get_ref();
            let form = upstream.form();
            let model = form.takes.model.clone().unwrap_or_default();
            let form = RequestForm::of(upstream.preset.0, &form, &model);
            (name.clone(), form)
        });
        RulesOffer {
            forms: forms.collect(),
            hosts: config.fetch.hosts(),
            upstreams: names.into_iter().cloned().collect(),
        }
    }

    /// What rules set and no upstream gets, as far as the config tells.
    pub fn untaken(&self, ruleset: &Ruleset) -> Vec<Problem> {
        let mut warnings = Vec::new();
        for (field, named, untaken) in ruleset.set_fields() {
            let is_named = |name: &str| named == Some(name);
            let asked = self.forms.iter().filter(|(name, _)| is_named(name));
            let asked: Vec<_> = match asked.clone().next() {
                Some(_) => asked.collect(),
                // It names none, or a route.
                None => self.forms.iter().collect(),
            };
            let Some((name, _)) = asked.first() else {
                continue;
            };
            if !asked.iter().any(|(_, form)| form.takes_field(field)) {
                let help = format!(
                    "where the server of `{name}` knows it, write `fields = [\"{field}\"]` below `[upstream.{name}]`"
                );
                warnings.push(untaken.clone().with_help(help));
            }
        }
        warnings
    }

    /// What rules speak of and the config does not have.
    pub fn missing(&self, ruleset: &Ruleset) -> Vec<Problem> {
        let mut problems = not_listed(ruleset.fetches(), &self.hosts);
        for (name, unknown) in ruleset.upstreams() {
            if !self.upstreams.iter().any(|known| known == name) {
                let near = nearest(name, self.upstreams.iter().map(String::as_str));
                let help = match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("the config has {}", self.upstreams.join(", ")),
                };
                problems.push(unknown.clone().with_help(help));
            }
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Overrides;
    use crate::files::Source;

    /// What is told of fields that go nowhere, of a rule beside a config.
    fn told(config: &str, table: &str) -> Vec<String> {
        let source = Source::new("aside.toml", config);
        let (config, problems) = Config::read(&source, &Overrides::default(), &|_| None);
        let config = config.unwrap_or_else(|| panic!("{problems:?}"));
        let rule = Source::new("a.toml", format!("about = \"x\"\n[then.set]\n{table}\n"));
        let (ruleset, problems) = Ruleset::read(vec![rule], &|_| None);
        let ruleset = ruleset.unwrap_or_else(|| panic!("{problems:?}"));
        let untaken = RulesOffer::of(&config).untaken(&ruleset);
        untaken.iter().map(Problem::in_one_line).collect()
    }

    #[test]
    fn a_field_that_no_upstream_gets_is_told_with_the_line_that_lets_it_through() {
        let custom = "[upstream.m]\nurl = \"http://127.0.0.1:9/v1\"\n";
        let open = "[upstream.o]\nurl = \"http://127.0.0.1:9/v1\"\nfields = [\"top_k\"]\n";
        let route = "[route.default]\nupstreams = [\"m\", \"o\"]\n";
        let both = format!("{custom}{open}{route}");
        let openai = "[upstream.m]\npreset = \"openai\"\nkey = \"k\"\n";
        for (config, table, told_at) in [
            (
                custom,
                "more = { top_k = 40 }",
                "a.toml:3:18: `top_k` goes nowhere",
            ),
            (
                openai,
                "more = { store = true }",
                "a.toml:3:18: `store` goes nowhere",
            ),
            (
                openai,
                "[then.set.more]\nstore = true",
                "a.toml:4:9: `store` goes nowhere",
            ),
            (open, "more = { top_k = 40 }", ""),
            (&both, "more = { top_k = 40 }", ""),
            (&both, "upstream = \"o\"\nmore = { top_k = 40 }", ""),
            (
                &both,
                "upstream = \"m\"\nmore = { top_k = 40 }",
                "a.toml:4:18: `top_k` goes nowhere",
            ),
            (
                custom,
                "temperature = 0.5\nmax_tokens = 9\nunset = [\"top_k\"]",
                "",
            ),
        ] {
            let told = told(config, table);
            match told_at {
                "" => assert!(told.is_empty(), "{config} {table}: {told:?}"),
                place => {
                    assert_eq!(told.len(), 1, "{config} {table}: {told:?}");
                    assert!(told[0].starts_with(place), "{told:?}");
                    assert!(told[0].contains("below `[upstream.m]`"), "{told:?}");
                }
            }
        }
    }
}
