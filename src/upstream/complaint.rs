//! What an upstream's refusal complains of: a field, the shape of messages, or a limit of tokens; and
//! what would mend it.
//!
//! A refusal is read for the words by which servers are known to say such things. What it quotes of
//! people's words is neither kept nor shown: a complaint holds names of fields and numbers alone. It
//! mends nothing itself: who asked tries one way after the other, and only what changes the request.

mod contents;
mod fields;
mod limits;
mod refused;
mod shapes;
mod system;
mod together;
mod words;
mod wrapped;

use super::mending::Mending;
use words::RefusalWords;

/// The words of templates that fail.
const TEMPLATE_WORDS: [&str; 6] = [
    "template",
    "jinja",
    "nonetype",
    "raise_exception",
    "conversation roles",
    "callexpression",
];

/// What a refusal complains of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Complaint {
    /// Ways to mend it, the likeliest first; what is in one of them goes together.
    pub(super) ways: Vec<Vec<Mending>>,
    /// Whether its words are those of a template.
    is_of_template: bool,
}

impl Complaint {
    /// What the body of a refusal, or an event that is one, complains of. Empty: nothing that is
    /// known.
    pub(super) fn of(text: &str) -> Complaint {
        let said = RefusalWords::of(text);
        let mut ways = limits::ways(&said);
        ways.extend(shapes::ways(&said));
        ways.extend(fields::ways(&said));
        let is_of_template = said.has(&TEMPLATE_WORDS);
        Complaint {
            ways,
            is_of_template,
        }
    }

    /// The same of which only the shape of messages counts: an error of a server's own may name
    /// fields by the way.
    pub(super) fn of_shape(self) -> Complaint {
        let is_template = self.is_of_template;
        let is_of_shape = |mending: &Mending| match mending {
            // Any error may speak of content that is missing.
            Mending::Shape(change) => is_template || change.empty.is_none(),
            Mending::WantsBack(_) => true,
            _ => false,
        };
        let ways = self.ways.into_iter();
        Complaint {
            ways: ways.filter(|way| way.iter().all(is_of_shape)).collect(),
            ..self
        }
    }

    /// Whether nothing is known that would mend it.
    pub(super) fn is_empty(&self) -> bool {
        self.ways.is_empty()
    }
}

#[cfg(test)]
mod tests;
