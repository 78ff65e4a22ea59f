//! What a turn reads of stored context, as rules see it under `context`.

use bytestring::ByteString;

use super::object::VAPI;
use super::{Context, ObjectKey, Scope};
use crate::chat::json;

/// The longest id that an object is kept under, in bytes.
const LONGEST_ID: usize = 256;

/// Whose context a turn reads.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ids<'i> {
    /// The call's id.
    pub call: Option<&'i str>,
    /// `customer.number`, as Vapi sends it.
    pub customer: Option<&'i str>,
    /// The assistant's id.
    pub assistant: Option<&'i str>,
}

/// The stored context of one turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// JSON: an object with the scopes of which something is known.
    pub json: ByteString,
    /// Why it may be old or missing; none: it is what the store holds.
    pub note: Option<String>,
}

impl Context {
    /// Reads all that is stored for a turn, in one round trip and within a turn's deadline.
    pub async fn stored(&self, ids: Ids<'_>) -> Stored {
        let all = [
            (Scope::Call, ids.call),
            (Scope::Vapi, ids.call),
            (Scope::Customer, ids.customer),
            (Scope::Assistant, ids.assistant),
            (Scope::Global, Some(EVERYBODY)),
        ];
        let keys: Vec<ObjectKey> = all
            .into_iter()
            .filter_map(|(scope, id)| Some(ObjectKey::new(scope, id.filter(|id| is_id(id))?)))
            .collect();
        let reading = self.read_in_turn(&keys).await;
        let found = |scope: Scope| {
            let at = keys.iter().position(|key| key.scope == scope)?;
            reading.objects.get(at).cloned().flatten()
        };
        let call = with_vapi(found(Scope::Call), found(Scope::Vapi));
        let scopes = [
            (Scope::Call, call),
            (Scope::Customer, found(Scope::Customer)),
            (Scope::Assistant, found(Scope::Assistant)),
            (Scope::Global, found(Scope::Global)),
        ];
        let mut out = String::from("{");
        for (scope, object) in scopes {
            let Some(object) = object else { continue };
            if out.len() > 1 {
                out.push(',');
            }
            json::encode_into(scope.name(), &mut out);
            out.push(':');
            out.push_str(&object);
        }
        out.push('}');
        Stored {
            json: out.into(),
            note: reading.note,
        }
    }
}

/// The one id of scope `global`.
pub const EVERYBODY: &str = "all";

/// Whether an object may be kept under this id.
pub fn is_id(id: &str) -> bool {
    !id.is_empty() && id.len() <= LONGEST_ID && !id.chars().any(char::is_control)
}

/// A call's context with what Vapi told of the call in its place.
fn with_vapi(call: Option<ByteString>, vapi: Option<ByteString>) -> Option<ByteString> {
    let Some(vapi) = vapi else { return call };
    let mut entries = call
        .and_then(|call| json::entries(&call).ok())
        .unwrap_or_default();
    entries.retain(|(key, _)| key != VAPI);
    entries.push((ByteString::from_static(VAPI), vapi));
    Some(super::object::write(&entries))
}

#[cfg(test)]
mod tests {
    use super::super::testing::now;
    use super::super::{Life, Memory};
    use super::*;

    async fn put(context: &Context, scope: Scope, id: &str, text: &'static str) {
        let key = ObjectKey::new(scope, id);
        let mut new = |_: Option<&ByteString>| Ok::<_, ()>(Some(text.into()));
        let written = context.update(&key, Life::Forever, &mut new);
        assert!(written.await.is_ok());
    }

    #[test]
    fn a_turn_sees_its_own_scopes() {
        now(async {
            let context = Context::new(Box::new(Memory::new(1 << 20)));
            put(&context, Scope::Call, "a", r#"{"note":1}"#).await;
            put(&context, Scope::Call, "b", r#"{"note":2}"#).await;
            put(&context, Scope::Vapi, "a", r#"{"status":"ringing"}"#).await;
            put(&context, Scope::Customer, "+1", r#"{"plan":"gold"}"#).await;
            put(&context, Scope::Global, "all", "{}").await;
            let of = |call, customer| Ids {
                call,
                customer,
                assistant: None,
            };
            for (ids, expected) in [
                (
                    of(Some("a"), Some("+1")),
                    r#"{"call":{"note":1,"vapi":{"status":"ringing"}},"customer":{"plan":"gold"},"global":{}}"#,
                ),
                (of(Some("b"), None), r#"{"call":{"note":2},"global":{}}"#),
                (of(None, Some("a\nb")), r#"{"global":{}}"#),
            ] {
                let stored = context.stored(ids).await;
                assert_eq!((&*stored.json, stored.note), (expected, None));
            }
        });
    }
}
