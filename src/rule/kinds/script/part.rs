//! What a script works on, and the variables that it has there.

use crate::files::problem::nearest;
use crate::lang::facts::ROOTS;

/// What a script works on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ScriptPart {
    /// The request, on its way out.
    Request,
    /// Each sentence of the reply.
    Reply,
}

impl ScriptPart {
    /// The variables that are the script's to change.
    pub(super) fn own(self) -> &'static [&'static str] {
        match self {
            ScriptPart::Request => &["messages", "request"],
            ScriptPart::Reply => &["text"],
        }
    }

    /// All names that are there: what is to be changed, and facts.
    pub(super) fn known(self) -> impl Iterator<Item = &'static str> {
        let facts = ROOTS.iter().filter(move |root| !self.own().contains(root));
        self.own().iter().chain(facts).copied()
    }

    /// What is to be said of a variable that is not there, and what to write.
    pub(super) fn without(self, name: &str) -> (String, String) {
        let message = format!("there is no variable `{name}` here");
        let is_of_reply = self == ScriptPart::Request && name == "text";
        let help = if self.known().any(|known| known == name) {
            "a function sees its arguments alone: hand it in".to_owned()
        } else if is_of_reply || (self == ScriptPart::Reply && name == "messages") {
            let field = if is_of_reply { "reply" } else { "request" };
            format!("`{name}` is there in `{field}`")
        } else if let Some(near) = nearest(name, self.known()) {
            format!("did you mean `{near}`?")
        } else {
            let known: Vec<&str> = self.known().collect();
            let known = known.join(", ");
            format!("make it with `let {name} = …;`, or use one of {known}")
        };
        (message, help)
    }
}
