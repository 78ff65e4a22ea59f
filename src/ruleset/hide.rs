//! Only what the rules of a turn hide, for what is shown to people or written down.

use super::Ruleset;
use crate::chat::ChatRequest;
use crate::rule::Turn;

/// Hides what the rules at these places hide, and does nothing else that they do. None: one failed,
/// so nobody knows what is private.
pub fn hide(
    ruleset: &Ruleset,
    rules: impl IntoIterator<Item = usize>,
    request: &mut ChatRequest,
    turn: &mut Turn,
) -> Option<()> {
    for at in rules {
        ruleset.rules().get(at)?.rule.hide(request, turn).ok()?;
    }
    Some(())
}
