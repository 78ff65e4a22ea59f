//! What can't be meant in a script that can be read.

use super::compiled::ReadScript;
use crate::rule::Doubted;

/// What can't be meant in a script that works.
pub(super) fn doubts_of(script: &ReadScript, field: &str) -> Vec<Doubted> {
    let own = script.part.own();
    let mut doubts = Vec::new();
    let speaks = |name: &&str| script.names.variables.contains(*name);
    if !own.iter().any(speaks) && !script.names.throws {
        let message = format!(
            "the script does nothing: it speaks of neither {}",
            own.join(" nor ")
        );
        let help = "change `messages` or `request` in `request`, and `text` in `reply`";
        doubts.push(Doubted::new(field, message, help));
    }
    for (name, position) in &script.names.lost {
        let place = script.text.place(*position);
        let message = format!("`{name}` is a copy ({place}): what is set in it is lost");
        let help = "go through places: `for i in 0..messages.len() { messages[i].content = …; }`";
        doubts.push(Doubted::new(field, message, help));
    }
    doubts
}
