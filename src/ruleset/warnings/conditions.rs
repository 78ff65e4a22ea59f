//! What is doubtful in a condition: parts that never hold, or always, and routes that there are none of.

use std::ops::Range;

use super::Checked;
use crate::files::Problem;
use crate::files::problem::nearest;
use crate::lang::condition::IdleKind;

impl Checked<'_> {
    /// Parts of the condition that do nothing for it.
    pub(super) fn idle_conditions(&self) -> Vec<Problem> {
        let parts = self.file.when.iter().flat_map(|when| when.idle_parts());
        let warnings = parts.map(|part| {
            let (what, help) = match part.kind {
                IdleKind::Never => (
                    "the rule never runs: its condition can't hold",
                    "`||` says either, `&&` says both; without `when` the rule always runs",
                ),
                IdleKind::PartNever => (
                    "this part of the condition never holds",
                    "put it right, or leave it out: the condition holds by its other parts alone",
                ),
                IdleKind::PartAlways => (
                    "this holds whatever there is",
                    "`&&` says that it is none of them, as `!(NAME in [\"a\", \"b\"])` does",
                ),
            };
            let message = match part.why {
                Some(why) => format!("{what}, {why}"),
                None => what.to_owned(),
            };
            self.in_condition(part.range, message, help)
        });
        warnings.collect()
    }

    /// Routes that the config has not. `routes`: those that it has.
    pub(super) fn routes(&self, routes: &[String]) -> Vec<Problem> {
        let when = self.file.when.iter();
        let compared = when.flat_map(|when| when.compared_with("route"));
        let unknown = compared.filter(|(name, _)| !routes.contains(name));
        let warnings = unknown.map(|(name, range)| {
            let message = format!("there is no route `{name}` in the config");
            let help = match nearest(&name, routes.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the routes are {}", routes.join(", ")),
            };
            self.in_condition(range, message, &help)
        });
        warnings.collect()
    }

    /// A warning at a part of the condition.
    fn in_condition(&self, part: Option<Range<usize>>, message: String, help: &str) -> Problem {
        let source = self.document.source();
        let place = match self.document.string("when") {
            Some(when) => source.place_in(&when, part),
            None => 0..0,
        };
        source.warning(place, message).with_help(help)
    }
}
