//! Only what the redact rules of a turn hide, for what is shown to people or written down.

use super::Ruleset;
use crate::chat::ChatRequest;
use crate::rule::Turn;

/// Runs the redact rules among `rules`, by their places, over a request; what one tells the model of
/// placeholders is left out. None: one failed, so nobody knows what is private.
pub fn hide(
    ruleset: &Ruleset,
    rules: impl IntoIterator<Item = usize>,
    request: &mut ChatRequest,
    turn: &mut Turn,
) -> Option<()> {
    for at in rules {
        let file = ruleset.rules().get(at)?;
        if !file.hides() {
            continue;
        }
        let (length, place) = (request.messages().len(), request.leading_instructions());
        file.rule.on_request(request, turn).ok()?;
        if request.messages().len() > length {
            request.messages_mut().remove(place);
        }
    }
    Some(())
}
