//! What is doubtful in rules that work: `aside check` warns of it.
//!
//! A warning is only given for what a file shows; no call is needed to see it.

mod answers;
mod conditions;
mod hiding;
mod prefix;
mod texts;

use std::collections::BTreeSet;
use std::time::Duration;

use super::{RuleFile, Ruleset};
use crate::files::{Document, Problem, Source};
use crate::lang::facts::FETCH;
use crate::lang::pattern::{Doubt, doubt};
use crate::rule::{HeldFor, HiddenValues, WrittenText};

/// A fact that is fetched anew within so long may change during a call.
const STEADY: Duration = Duration::from_secs(600);
/// No more bytes of a reply than these are held without a warning: about three seconds of speech.
const MOST_HELD: usize = 200;
/// The roots under which values of a caller are.
const CALLERS: &[&str] = &[
    "call",
    "customer",
    "context",
    FETCH,
    "metadata",
    "variables",
];
/// What of a call says nothing of who calls.
const OF_CALL: &[&str] = &[
    "assistantId",
    "createdAt",
    "id",
    "orgId",
    "phoneCallProvider",
    "phoneNumberId",
    "squadId",
    "startedAt",
    "status",
    "type",
    "updatedAt",
    "workflowId",
];
/// What is stored for everybody.
const EVERYBODYS: &[&str] = &["global", "assistant"];

/// One rule file that can be read, and its text.
struct Checked<'r> {
    at: usize,
    file: &'r RuleFile,
    document: Document<'r>,
    /// The labels of all rules.
    labels: &'r BTreeSet<String>,
}

impl Ruleset {
    /// What is doubtful in these rules. The sources are those that they were read from; `routes`: the
    /// names of those that the config has, where there is one.
    pub(super) fn warnings(&self, sources: &[Source], routes: Option<&[String]>) -> Vec<Problem> {
        let mut warnings = Vec::new();
        let enabled = self.rules.iter().filter(|file| file.is_enabled);
        let labels = enabled
            .flat_map(|file| &file.does.labels)
            .cloned()
            .collect();
        for (at, file) in self.rules.iter().enumerate() {
            let Some(source) = sources.iter().find(|source| source.name == file.file) else {
                continue;
            };
            let Ok(document) = Document::parse(source) else {
                continue;
            };
            let checked = Checked {
                at,
                file,
                document,
                labels: &labels,
            };
            warnings.extend(checked.never_runs());
            warnings.extend(checked.idle_conditions());
            warnings.extend(checked.fetches(self));
            warnings.extend(checked.always_answers(self));
            warnings.extend(checked.never_repeats(self));
            warnings.extend(checked.prefix(self));
            warnings.extend(checked.forgets(self));
            warnings.extend(checked.comes_too_late(self));
            warnings.extend(checked.reply());
            warnings.extend(checked.patterns());
            warnings.extend(checked.doubted());
            warnings.extend(checked.speaks_too_early(self));
            warnings.extend(checked.hiding());
            warnings.extend(checked.missed());
            warnings.extend(checked.trusted());
            warnings.extend(checked.variables());
            warnings.extend(routes.into_iter().flat_map(|routes| checked.routes(routes)));
        }
        warnings
    }

    /// Whether an answer of this name may change during a call.
    fn changes(&self, fetch: &str) -> bool {
        let mut all = self.fetches();
        all.any(|own| own.fetch.name() == fetch && own.fetch.fresh() < STEADY)
    }
}

impl Checked<'_> {
    /// A warning at a field of `[then.KIND]`, or at the kind where the field is not written.
    fn at_field(&self, field: &str, message: String, help: &str) -> Problem {
        let path = format!("then.{}.{field}", self.file.kind.name);
        let place = self.document.place_of(&path);
        let place = place.unwrap_or_else(|| self.file.place.clone());
        self.document
            .source()
            .warning(place, message)
            .with_help(help)
    }

    fn at_top(&self, field: &str, message: &str, help: &str) -> Problem {
        let place = self.document.place_of(field).unwrap_or_default();
        self.document
            .source()
            .warning(place, message)
            .with_help(help)
    }

    fn never_runs(&self) -> Option<Problem> {
        if self.file.percent == Some(0) {
            let help = "write `enabled = false` to switch it off, or a share from 1 to 100";
            return Some(self.at_top("percent", "the rule runs in no call", help));
        }
        let idle = self.file.does.idle?;
        let message = format!("the rule touches nothing, since `{idle}` is empty");
        Some(self.at_field(
            idle,
            message,
            "name what it touches, or leave it out for the default",
        ))
    }

    fn fetches(&self, ruleset: &Ruleset) -> Vec<Problem> {
        let mut warnings = Vec::new();
        for own in &self.file.fetches.defined {
            let name = own.fetch.name();
            let source = self.document.source();
            let mut warn = |message: String, help: &str| {
                let problem = source.warning(own.place.clone(), message);
                warnings.push(problem.with_help(help));
            };
            if !ruleset
                .rules
                .iter()
                .any(|rule| rule.fetches.spoken_of.contains(name))
            {
                let help = format!("speak of `fetch.{name}` in a rule, or take the table out");
                warn(format!("nothing speaks of `fetch.{name}`"), &help);
            }
            let within = format!("{FETCH}.{name}.within");
            if self.document.place_of(&within).is_none() {
                let usual = own.fetch.within().as_millis();
                let message = format!("the fetch `{name}` has no deadline of its own");
                let help = format!(
                    "say how long a turn may wait, as in `within = \"{usual}ms\"`, which is the default"
                );
                warn(message, &help);
            }
        }
        warnings
    }

    /// A rule that hides must come behind the rules that bring what it hides.
    fn comes_too_late(&self, ruleset: &Ruleset) -> Option<Problem> {
        if !self.file.is_enabled {
            return None;
        }
        let does = &self.file.does;
        let written = does.writes.iter().chain(&does.sends);
        let before = hiders(ruleset.rules.get(..self.at)?);
        let after = hiders(ruleset.rules.get(self.at + 1..)?);
        let hides = |hides: &HiddenValues, path: &[String]| {
            hides
                .known
                .iter()
                .any(|known| known.iter().zip(path).all(|(one, other)| one == other))
                || (hides.by_looks && is_callers(path))
        };
        let paths = written.flat_map(|WrittenText { text, field, .. }| {
            let paths = text.paths().iter();
            paths.map(move |path| (&**field, path, "reaches"))
        });
        let carried = does.carries.iter();
        let carried = carried.map(|(field, path)| (&**field, path, "may reach"));
        let mut paths = paths.chain(carried);
        paths.find_map(|(field, path, how)| {
            if after.iter().any(|(_, after)| hides(after, path)) {
                return None;
            }
            let (hider, _) = before.iter().find(|(_, before)| hides(before, path))?;
            let path = path.join(".");
            let message = format!(
                "`{path}` {how} the model as it is: `{hider}` hides private values before this rule brings it"
            );
            let help = format!("rename the file, so that it comes before `{hider}`");
            Some(self.at_field(field, message, &help))
        })
    }

    fn reply(&self) -> Option<Problem> {
        let holds = self.file.does.holds.iter();
        let mut long = holds.filter_map(|(field, held)| match *held {
            HeldFor::Bytes(bytes) if bytes > MOST_HELD => Some((
                field,
                format!("a match may have {bytes} bytes, and the caller hears nothing of it before it is over"),
                "bound what repeats, as in `{0,20}`, or leave replies out of it",
            )),
            HeldFor::Bytes(_) => None,
            HeldFor::Open { message, help } => Some((field, message.to_owned(), help)),
        });
        let (field, message, help) = long.next()?;
        Some(self.at_field(field, message, help))
    }

    /// Replies pass the rules in reverse order: what comes back behind a rule is not said as it says
    /// things.
    fn speaks_too_early(&self, ruleset: &Ruleset) -> Option<Problem> {
        let field = self.file.does.speech.as_ref()?.says?;
        let before = hiders(ruleset.rules.get(..self.at)?);
        let (hider, _) = before.iter().find(|(_, hides)| hides.come_back)?;
        let message = format!(
            "what `{hider}` brings back is not said so: a reply passes the rules in reverse order, this one first"
        );
        let help = format!("rename the file, so that it comes before `{hider}`");
        Some(self.at_field(field, message, &help)).filter(|_| self.file.is_enabled)
    }

    fn doubted(&self) -> Vec<Problem> {
        let doubts = self.file.does.doubts.iter();
        doubts
            .map(|doubt| self.at_field(&doubt.field, doubt.message.clone(), doubt.help))
            .collect()
    }

    fn patterns(&self) -> Vec<Problem> {
        let mut warnings = Vec::new();
        for (field, pattern) in &self.file.does.patterns {
            if let Some((message, help)) = doubtful(pattern) {
                warnings.push(self.at_field(field, message, help));
            }
        }
        let when = self.file.when.iter().flat_map(|when| when.patterns());
        if let Some((message, help)) = when.filter_map(doubtful).next() {
            warnings.push(self.at_top("when", &message, help));
        }
        warnings
    }
}

/// The rules among these that hide something, by name.
fn hiders(files: &[RuleFile]) -> Vec<(&str, &HiddenValues)> {
    let acting = files.iter().filter(|file| file.is_enabled);
    acting
        .filter_map(|file| Some((&*file.name, file.does.hides.as_ref()?)))
        .collect()
}

fn doubtful(pattern: &str) -> Option<(String, &'static str)> {
    Some(match doubt(pattern)? {
        Doubt::TakesBefore => (
            "a match takes all that stands before it, since the pattern begins with `.*`"
                .to_owned(),
            "leave that out: a pattern is found wherever it stands",
        ),
        Doubt::TakesAfter => (
            "a match takes all that follows, since the pattern ends with `.*`".to_owned(),
            "say what may follow, and how much of it, as in `[a-z]{0,20}`",
        ),
        Doubt::Nested => (
            "a repeat without end is within another, so a match may be a whole message".to_owned(),
            "give the inner one a bound, as in `{1,20}`",
        ),
    })
}

fn is_callers(path: &[String]) -> bool {
    let [root, rest @ ..] = path else {
        return false;
    };
    let is_everybodys = root == "context"
        && rest
            .first()
            .is_some_and(|scope| EVERYBODYS.contains(&scope.as_str()));
    // What was said is searched in the messages, and nowhere else.
    let is_said = root == "turn"
        && rest
            .first()
            .is_some_and(|name| ["user", "assistant"].contains(&name.as_str()));
    let is_of_call = root == "call"
        && rest
            .first()
            .is_some_and(|name| OF_CALL.contains(&name.as_str()));
    is_said || CALLERS.contains(&root.as_str()) && !is_everybodys && !is_of_call
}

/// Whether a text prints `now` in another way than as a day.
fn tells_time(source: &str) -> bool {
    source.match_indices("now").any(|(at, found)| {
        let rest: String = source[at + found.len()..].split_whitespace().collect();
        let format = rest
            .strip_prefix("|date(")
            .and_then(|rest| rest.get(1..)?.split(['"', '\'']).next());
        format.is_none_or(|format| !is_of_days(format))
    })
}

/// Whether a format of `date` has nothing that changes within a day.
fn is_of_days(format: &str) -> bool {
    let mut directives = format.split('%').skip(1);
    directives.all(|directive| {
        let letter = directive
            .trim_start_matches(['-', '_', '0', '^'])
            .chars()
            .next();
        letter.is_some_and(|letter| "AaBbhdeYymjFDxUWVuwGgC".contains(letter))
    })
}

#[cfg(test)]
mod tests;
