//! What an upstream wants back of its own reply, and the client's history does not hold.
//!
//! It rides on the message that it belongs to, beside the message's fields: rules that hide read
//! it, and it is written only for an upstream that wants it. It never stands in what a client, a
//! log or a recording gets.

use std::fmt;
use std::sync::Arc;

/// What one reply left that its upstream wants back.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct CarriedState {
    /// The upstream that gave it. What only its maker can read goes to nobody else.
    pub from: Arc<str>,
    /// What the model thought, as the upstream sent it: with placeholders.
    pub reasoning: Option<Arc<str>>,
    /// Signatures of its tool calls.
    pub signatures: Arc<[CallSignature]>,
    /// Signatures of the whole reply: the JSON of a list.
    pub details: Option<Arc<str>>,
}

/// The signature of a tool call, which only its maker can read.
#[derive(Clone, PartialEq, Eq)]
pub struct CallSignature {
    /// The call's id.
    pub call: String,
    /// The JSON of the field that holds it.
    pub json: String,
}

impl CarriedState {
    /// The signature of a call.
    pub fn signature(&self, call: &str) -> Option<&str> {
        let mut signatures = self.signatures.iter();
        let found = signatures.find(|signature| signature.call == call)?;
        Some(&found.json)
    }

    /// What two replies left that are one message now.
    pub(super) fn and(&self, other: &CarriedState) -> CarriedState {
        let thoughts = [&self.reasoning, &other.reasoning];
        let thoughts: Vec<&str> = thoughts.into_iter().flatten().map(|text| &**text).collect();
        // What only its maker can read is of one maker.
        let sealed = match self.from == other.from {
            true => [&*self.signatures, &*other.signatures].concat(),
            false => self.signatures.to_vec(),
        };
        CarriedState {
            from: self.from.clone(),
            reasoning: (!thoughts.is_empty()).then(|| thoughts.join("\n").into()),
            signatures: sealed.into(),
            details: self.details.clone(),
        }
    }

    /// Whether there is nothing to give back.
    pub fn is_empty(&self) -> bool {
        self.reasoning.is_none() && self.signatures.is_empty() && self.details.is_none()
    }

    /// How many bytes it takes, about.
    pub fn weight(&self) -> usize {
        let signatures = self.signatures.iter();
        let signatures = signatures.map(|one| one.call.len() + one.json.len() + 64);
        let texts = [&self.reasoning, &self.details];
        let texts = texts.into_iter().flatten().map(|text| text.len() + 32);
        signatures.sum::<usize>() + texts.sum::<usize>() + 128
    }
}

impl fmt::Debug for CarriedState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CarriedState")
            .field("signatures", &self.signatures.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for CallSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallSignature")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::request::Takes;
    use crate::chat::{ChatRequest, Message};

    const BODY: &str = r#"{"messages": [ {"role":"user","content":"Hi."} , {"role": "assistant", "content":"", "x":1 } ]}"#;

    fn carrying() -> ChatRequest {
        let mut request = ChatRequest::parse(BODY.into()).expect("a request");
        let state = CarriedState {
            reasoning: Some("I think of 4111.".into()),
            ..CarriedState::default()
        };
        request.carry([(1, Arc::new(state)), (7, Arc::default())]);
        request
    }

    #[test]
    fn what_is_carried_is_not_written_and_leaves_the_bytes_as_they_came() {
        let mut request = carrying();
        let takes = Takes {
            message_fields: vec!["x".to_owned()],
            ..Takes::default()
        };
        assert_eq!(request.carried_bytes(), 16);
        assert_eq!(
            request.write(&takes),
            BODY.replace("s\": ", "s\":").as_bytes()
        );
        assert!(request.edit_carried(|text| Some(text.replace("4111", "[CARD_1]"))));
        assert!(!request.edit_carried(|_| None));
        assert_eq!(
            request.write(&takes),
            BODY.replace("s\": ", "s\":").as_bytes()
        );
        let carried = request.messages()[1].carried().expect("it is there");
        assert_eq!(carried.reasoning.as_deref(), Some("I think of [CARD_1]."));
        assert!(!format!("{request:?}").contains("I think"));
    }

    #[test]
    fn a_message_made_of_two_carries_what_both_did() {
        let state = |from: &str, call: &str| {
            let signature = CallSignature {
                call: call.to_owned(),
                json: "{}".to_owned(),
            };
            Arc::new(CarriedState {
                from: from.into(),
                reasoning: Some(format!("of {call}").into()),
                signatures: [signature].into(),
                details: None,
            })
        };
        let plain = Message::new("assistant", "Well.");
        let made = |others: &[(&str, &str)]| {
            let others = others.iter();
            let carrying = others.map(|(from, call)| plain.clone().carrying(state(from, call)));
            let all: Vec<Message> = [plain.clone()].into_iter().chain(carrying).collect();
            plain.clone().carrying_all(&all)
        };
        assert!(made(&[]).carried().is_none());
        let one = made(&[("a", "x"), ("a", "y")]);
        let one = one.carried().expect("it is there");
        assert_eq!(one.reasoning.as_deref(), Some("of x\nof y"));
        assert!(one.signature("x").is_some() && one.signature("y").is_some());
        let other = made(&[("a", "x"), ("b", "y")]);
        let other = other.carried().expect("it is there");
        assert!(other.signature("x").is_some() && other.signature("y").is_none());
    }

    #[test]
    fn a_remembered_message_carries_what_the_one_in_whose_place_it_stands_did() {
        let request = carrying();
        let other = Message::new("assistant", "Other.").in_place_of(&request.messages()[1]);
        assert!(other.carried().is_some());
        let bare = request.messages()[1].clone().without_carried();
        assert!(bare.in_place_of(&request.messages()[0]).carried().is_none());
    }

    #[test]
    fn what_is_given_goes_beside_a_redact_rule_and_nothing_else_does() {
        let mut request = carrying();
        request.keep_plain_messages_only();
        request.edit_messages(|at, message| {
            if at == 1 {
                message.give("reasoning_content", "\"so\"".to_owned());
            }
            at == 1
        });
        let written = String::from_utf8(request.write(&Takes::default())).expect("text");
        assert_eq!(
            written,
            r#"{"messages":[{"role":"user","content":"Hi."},{"role":"assistant","content":"","reasoning_content":"so"}]}"#
        );
    }
}
