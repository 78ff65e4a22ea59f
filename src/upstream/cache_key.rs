//! Whose prompts are alike, for a provider's prompt cache: one key an assistant.
//!
//! A digest: the provider learns nothing of the assistant by it.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::chat::ChatRequest;

/// The bytes of a digest that are told.
const LENGTH: usize = 12;

/// The JSON of `prompt_cache_key` for requests of an assistant; where its id is not known, for
/// those that begin with the same instructions.
pub(super) fn of(assistant: Option<&str>, request: &ChatRequest) -> String {
    let mut hash = Sha256::new();
    match assistant {
        Some(id) => hash.update(id),
        None => {
            let messages = request.messages().iter();
            let first = messages.take_while(|message| message.role().is_instruction());
            first.for_each(|message| hash.update(message.text().as_bytes()));
        }
    }
    format!("\"aside-{}\"", HEXLOWER.encode(&hash.finalize()[..LENGTH]))
}
