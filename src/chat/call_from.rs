//! `[route.NAME.from]`: where clients other than Vapi say of which call a turn is, and of whom.
//!
//! What is found takes the place of what Vapi would have sent, so that context, limits and rules
//! work alike for all clients. Nothing is taken out of the request: what goes upstream is for the
//! upstream to say, as ever. A place with nothing in it counts as if it were not named.

mod source;

use bytestring::ByteString;
use schemars::JsonSchema;
use serde::Deserialize;

use super::json;
use super::request::ChatRequest;
use super::vapi::VapiFields;
pub use source::{BesideBody, FieldSource, FieldSourceError};

/// Where a route's clients say of which call a turn is, and of whom. Each is a JSON Pointer into the
/// body, or `header:NAME`, or `query:NAME`. Default: as Vapi says it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CallFrom {
    /// The call's id: a text or a number. It stands in the log.
    #[schemars(with = "Option<String>")]
    pub call_id: Option<FieldSource>,
    /// The customer: an object, or the number alone.
    #[schemars(with = "Option<String>")]
    pub customer: Option<FieldSource>,
    /// The metadata: an object, or its JSON as a text.
    #[schemars(with = "Option<String>")]
    pub metadata: Option<FieldSource>,
}

impl CallFrom {
    /// What a request says of its call; `beside` gives what stands beside its body. What is found
    /// at a place wins over what stands where Vapi has it: a route names a place for clients that
    /// mean something else by Vapi's names, or have none of them.
    pub fn read(
        &self,
        request: &ChatRequest,
        beside: &dyn Fn(BesideBody<'_>) -> Option<String>,
    ) -> VapiFields {
        let found = |source: &Option<FieldSource>| source.as_ref()?.find(request, beside);
        let metadata = found(&self.metadata).and_then(object);
        let mut fields = VapiFields::with_metadata(request, metadata);
        if let Some(customer) = found(&self.customer).and_then(customer) {
            fields.customer = Some(customer);
        }
        if let Some(id) = found(&self.call_id).and_then(text) {
            fields.identify(id);
        }
        fields
    }

    /// Each place at which nothing of use stands: its field, and the place.
    pub fn missing(
        &self,
        request: &ChatRequest,
        beside: &dyn Fn(BesideBody<'_>) -> Option<String>,
    ) -> Vec<(&'static str, &FieldSource)> {
        type Take = fn(ByteString) -> Option<ByteString>;
        let sources: [(&str, &Option<FieldSource>, Take); 3] = [
            ("call_id", &self.call_id, text),
            ("customer", &self.customer, customer),
            ("metadata", &self.metadata, object),
        ];
        let named = sources.into_iter().filter_map(|(name, source, take)| {
            let source = source.as_ref()?;
            let found = source.find(request, beside).and_then(take);
            found.is_none().then_some((name, source))
        });
        named.collect()
    }
}

/// A text that says something, or the digits of a number; none for anything else. A template that
/// nobody filled in says nothing.
fn text(value: ByteString) -> Option<ByteString> {
    let text = match value.as_bytes().first()? {
        b'"' => json::decode_shared(&value)?,
        b'-' | b'0'..=b'9' => value,
        _ => return None,
    };
    let said = text.trim();
    (!said.is_empty() && !said.contains("{{")).then(|| text.slice_ref(said))
}

/// An object; or one whose JSON is a text, as headers must have it.
fn object(value: ByteString) -> Option<ByteString> {
    if value.starts_with('{') {
        return Some(value);
    }
    let inner = text_of_json(&value)?;
    (!json::is_too_deep(inner.as_bytes()) && json::validate(&inner).is_ok()).then_some(inner)
}

fn text_of_json(value: &ByteString) -> Option<ByteString> {
    let text = json::decode_shared(value)?;
    let inner = text.trim();
    inner.starts_with('{').then(|| text.slice_ref(inner))
}

/// The customer as Vapi would send it: an object whose number is a text, or one that has a number
/// alone.
fn customer(value: ByteString) -> Option<ByteString> {
    if let Some(object) = object(value.clone()) {
        let number = json::edit_entries(&object, &mut |key, value| {
            let is_number = value.starts_with(|sign: char| sign == '-' || sign.is_ascii_digit());
            (key == "number" && is_number).then(|| json::encode(value))
        });
        return Some(number.map_or(object, ByteString::from));
    }
    let number = text(value)?;
    Some(format!(r#"{{"number":{}}}"#, json::encode(&number)).into())
}

#[cfg(test)]
mod tests;
