//! What is known of the facts before any call: which keys a root can have, where aside makes them.
//!
//! What Vapi sends and what users store may have any keys.

use crate::files::problem::nearest;

/// What stands at a place of the facts.
enum Shape {
    /// Whatever somebody sent or stored.
    Anything,
    /// One value, named as people name it.
    One(&'static str),
    /// These keys and no others.
    Keys(&'static [(&'static str, Shape)]),
    /// Any keys, and of these it is known what they hold.
    Among(&'static [(&'static str, Shape)]),
    /// Any keys, each with the same.
    Each(&'static Shape),
}

use Shape::{Among, Anything, Each, Keys, One};

/// The roots whose keys are known.
const KNOWN: &[(&str, Shape)] = &[
    (
        "turn",
        Keys(&[
            ("number", One("a number")),
            ("user", One("a text")),
            ("assistant", One("a text")),
            ("steps", One("a number")),
            ("interrupted", One("true or false")),
        ]),
    ),
    ("request", Keys(&[("model", One("a text"))])),
    ("route", One("a text")),
    ("now", One("a time")),
    (
        "context",
        Keys(&[
            ("call", Among(&[("vapi", VAPI)])),
            ("customer", Anything),
            ("assistant", Anything),
            ("global", Anything),
        ]),
    ),
];

/// What Vapi's events tell of a call.
const VAPI: Shape = Keys(&[
    ("status", One("a text")),
    ("statusTime", One("a number")),
    ("startedAt", One("a text")),
    ("endedAt", One("a text")),
    ("endedReason", One("a text")),
    (
        "transcript",
        Keys(&[
            ("role", One("a text")),
            ("text", One("a text")),
            ("time", One("a number")),
        ]),
    ),
    (
        "tools",
        Each(&Keys(&[
            ("result", One("a text")),
            ("time", One("a number")),
        ])),
    ),
]);

/// A key that is never there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Which part of the path it is, from zero.
    pub at: usize,
    /// What is wrong with it.
    pub message: String,
    /// What to write.
    pub help: String,
}

/// The first key of a path that is never there, whatever the call.
pub fn missing(path: &[String]) -> Option<Missing> {
    let (root, keys) = path.split_first()?;
    let (_, shape) = KNOWN.iter().find(|(known, _)| known == root)?;
    let mut shape: &Shape = shape;
    for (at, key) in keys.iter().enumerate() {
        let at = at + 1;
        let before = path.get(..at)?.join(".");
        let named =
            |known: &'static [(&'static str, Shape)]| known.iter().find(|(name, _)| name == key);
        shape = match shape {
            Anything => return None,
            Each(each) => each,
            Among(known) => &named(known)?.1,
            One(kind) => {
                return Some(Missing {
                    at,
                    message: format!("`{before}` is {kind} and has no `{key}`"),
                    help: format!("write `{before}` alone"),
                });
            }
            Keys(known) => match named(known) {
                Some((_, below)) => below,
                None => {
                    let names = known.iter().map(|(name, _)| *name);
                    let help = match nearest(key, names.clone()) {
                        Some(near) => format!("did you mean `{before}.{near}`?"),
                        None => {
                            let all: Vec<String> = names.map(|name| format!("`{name}`")).collect();
                            format!("`{before}` has {}", all.join(", "))
                        }
                    };
                    return Some(Missing {
                        at,
                        message: format!("`{before}` has no `{key}`"),
                        help,
                    });
                }
            },
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(path: &str) -> Option<String> {
        let path: Vec<String> = path.split('.').map(str::to_owned).collect();
        missing(&path).map(|missing| format!("{} {} {}", missing.at, missing.message, missing.help))
    }

    #[test]
    fn a_key_that_is_never_there_is_told_with_what_was_meant() {
        for (path, expected) in [
            (
                "turn.numbr",
                "1 `turn` has no `numbr` did you mean `turn.number`?",
            ),
            (
                "turn.xyz",
                "1 `turn` has no `xyz` `turn` has `number`, `user`, `assistant`, `steps`, `interrupted`",
            ),
            (
                "turn.user.text",
                "2 `turn.user` is a text and has no `text` write `turn.user` alone",
            ),
            (
                "request.modle",
                "1 `request` has no `modle` did you mean `request.model`?",
            ),
            (
                "context.callz.a",
                "1 `context` has no `callz` did you mean `context.call`?",
            ),
            (
                "context.call.vapi.stats",
                "3 `context.call.vapi` has no `stats` did you mean `context.call.vapi.status`?",
            ),
            (
                "context.call.vapi.tools.any.resul",
                "5 `context.call.vapi.tools.any` has no `resul` did you mean `context.call.vapi.tools.any.result`?",
            ),
            (
                "route.name",
                "1 `route` is a text and has no `name` write `route` alone",
            ),
            (
                "now.hour",
                "1 `now` is a time and has no `hour` write `now` alone",
            ),
        ] {
            assert_eq!(told(path).as_deref(), Some(expected));
        }
    }

    #[test]
    fn what_others_send_may_have_any_key() {
        for path in [
            "call.anything.at.all",
            "customer.nmae",
            "metadata.x",
            "variables.x.y",
            "assistant.x",
            "phoneNumber.x",
            "fetch.crm.x",
            "context.customer.x.y",
            "context.call.note.text",
            "context.call.vapi.transcript.text",
            "context.call",
            "turn",
            "turn.number",
        ] {
            assert_eq!(told(path), None, "{path}");
        }
    }
}
