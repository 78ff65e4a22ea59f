//! What a request says of its call beside the messages, in Vapi's names (VAPI.md 1.3). Where other
//! clients say the same is for `call_from` to know.
//!
//! Slices only: a field is parsed when a rule speaks of it.

pub mod secrets;

use bytestring::ByteString;

use super::fields;
use super::json;
use super::request::ChatRequest;

/// Vapi's own fields of one request, each as JSON text.
#[derive(Debug, Clone, Default)]
pub struct VapiFields {
    /// `call`.
    pub call: Option<ByteString>,
    /// `customer`, else `call.customer`.
    pub customer: Option<ByteString>,
    /// `phoneNumber`.
    pub phone_number: Option<ByteString>,
    /// `assistant`.
    pub assistant: Option<ByteString>,
    /// `metadata`; under `destructured` the fields that are no request fields.
    pub metadata: Option<ByteString>,
    /// Vapi's variable values.
    pub variables: Option<ByteString>,
    /// `call.id`, else `call.callId`.
    pub call_id: Option<ByteString>,
}

impl VapiFields {
    /// Reads them off a request.
    pub fn of(request: &ChatRequest) -> VapiFields {
        VapiFields::with_metadata(request, None)
    }

    /// The same, with this metadata where it is known from elsewhere.
    pub(super) fn with_metadata(request: &ChatRequest, metadata: Option<ByteString>) -> VapiFields {
        let mut fields = VapiFields::of_fields(&|name| request.field(name).cloned());
        let own = fields.metadata.take();
        fields.metadata = metadata.or(own).or_else(|| spread_metadata(request));
        fields
    }

    /// Says that the call has this id, whatever stands in `call`.
    pub fn identify(&mut self, id: ByteString) {
        let own = self.call.as_ref().and_then(|call| json::get(call, "id"));
        if own.and_then(text).as_ref() != Some(&id) {
            self.call = Some(with_id(self.call.as_ref(), &id).into());
        }
        self.call_id = Some(id);
    }

    /// Reads them off the `message` of a webhook, where they have the same names.
    pub fn of_message(message: &ByteString) -> VapiFields {
        VapiFields::of_fields(&|name| json::get(message, name))
    }

    /// The number of who is on the phone, as Vapi sends it.
    pub fn customer_number(&self) -> Option<ByteString> {
        within(&self.customer, "number")
    }

    /// The id of the assistant that speaks.
    pub fn assistant_id(&self) -> Option<ByteString> {
        within(&self.call, "assistantId").or_else(|| within(&self.assistant, "id"))
    }

    fn of_fields(field: &dyn Fn(&str) -> Option<ByteString>) -> VapiFields {
        let field = |name: &str| field(name).filter(|value| !json::is_null(value));
        let call = field("call");
        let within_call = |name: &str| call.as_ref().and_then(|call| json::get(call, name));
        let overrides = |overrides: Option<ByteString>| {
            overrides.and_then(|value| json::get(&value, "variableValues"))
        };
        VapiFields {
            customer: field("customer").or_else(|| within_call("customer")),
            phone_number: field("phoneNumber"),
            assistant: field("assistant"),
            metadata: field("metadata"),
            variables: overrides(within_call("assistantOverrides"))
                .or_else(|| overrides(field("assistantOverrides")))
                .or_else(|| field("variableValues"))
                .or_else(|| within_call("variableValues")),
            call_id: within_call("id")
                .and_then(text)
                .or_else(|| within_call("callId").and_then(text)),
            call,
        }
    }
}

/// With `metadataSendMode: "destructured"` Vapi spreads the metadata's keys beside `messages`.
fn spread_metadata(request: &ChatRequest) -> Option<ByteString> {
    let is_spread = |key: &str| fields::kind_of(key).is_none() && !fields::VAPI.contains(&key);
    let strangers = request.fields().iter().filter(|(key, _)| is_spread(key));
    let spread: Vec<_> = strangers.chain(request.left_out()).collect();
    if spread.is_empty() {
        return None;
    }
    let mut out = String::from("{");
    for (at, (key, value)) in spread.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        json::encode_into(key, &mut out);
        out.push(':');
        out.push_str(value);
    }
    out.push('}');
    Some(out.into())
}

/// The call with this id, before all else that it has.
fn with_id(call: Option<&ByteString>, id: &str) -> String {
    let mut out = format!(r#"{{"id":{}"#, json::encode(id));
    let entries = call.and_then(|call| json::entries(call).ok());
    for (key, value) in entries.unwrap_or_default() {
        if key != "id" {
            out.push(',');
            json::encode_into(&key, &mut out);
            out.push(':');
            out.push_str(&value);
        }
    }
    out.push('}');
    out
}

fn within(object: &Option<ByteString>, key: &str) -> Option<ByteString> {
    text(json::get(object.as_ref()?, key)?)
}

fn text(value: ByteString) -> Option<ByteString> {
    json::decode_shared(&value).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> VapiFields {
        let body = bytes::Bytes::copy_from_slice(body.as_bytes());
        VapiFields::of(&ChatRequest::parse(body).expect("a request"))
    }

    #[test]
    fn the_call_is_found_by_either_id() {
        for (call, id) in [
            (r#"{"id":"a","callId":"b"}"#, Some("a")),
            (r#"{"callId":"b"}"#, Some("b")),
            (r#"{"id":null,"callId":"b"}"#, Some("b")),
            (r#"{"id":""}"#, None),
            ("3", None),
            ("null", None),
        ] {
            let body = format!(r#"{{"messages":[{{"role":"user","content":"x"}}],"call":{call}}}"#);
            assert_eq!(read(&body).call_id.as_deref(), id, "{call}");
        }
    }

    #[test]
    fn an_id_from_elsewhere_is_the_calls() {
        for (call, expected) in [
            (None, r#"{"id":"c-\"1"}"#),
            (Some("3"), r#"{"id":"c-\"1"}"#),
            (Some("{}"), r#"{"id":"c-\"1"}"#),
            (
                Some(r#"{"type":"webCall","id":"x","a":1.0}"#),
                r#"{"id":"c-\"1","type":"webCall","a":1.0}"#,
            ),
            (
                Some(r#"{"type":"webCall", "id":"c-\"1"}"#),
                r#"{"type":"webCall", "id":"c-\"1"}"#,
            ),
        ] {
            let mut fields = VapiFields {
                call: call.map(ByteString::from),
                ..VapiFields::default()
            };
            fields.identify("c-\"1".into());
            assert_eq!(fields.call.as_deref(), Some(expected));
            assert_eq!(fields.call_id.as_deref(), Some("c-\"1"));
        }
    }

    #[test]
    fn spread_metadata_is_gathered() {
        let fields = read(
            r#"{"messages":[{"role":"user","content":"x"}],"tenantId":"acme","temperature":"hot","top_p":1,"customer":{}}"#,
        );
        assert_eq!(
            fields.metadata.as_deref(),
            Some(r#"{"tenantId":"acme","temperature":"hot"}"#)
        );
    }

    #[test]
    fn variables_come_from_the_call() {
        let fields = read(
            r#"{"messages":[{"role":"user","content":"x"}],"call":{"customer":{"number":"+1"},"assistantOverrides":{"variableValues":{"name":"Jo"}}}}"#,
        );
        assert_eq!(fields.variables.as_deref(), Some(r#"{"name":"Jo"}"#));
        assert_eq!(fields.customer.as_deref(), Some(r#"{"number":"+1"}"#));
    }
}
