//! What Vapi says of the call beside the messages (VAPI.md 1.3).
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
        let mut fields = VapiFields::of_fields(&|name| request.field(name).cloned());
        if fields.metadata.is_none() {
            fields.metadata = spread_metadata(request);
        }
        fields
    }

    /// Reads them off the `message` of a webhook, where they have the same names.
    pub fn of_message(message: &ByteString) -> VapiFields {
        VapiFields::of_fields(&|name| json::get(message, name))
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
