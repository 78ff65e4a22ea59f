//! Fields of a message put in, replaced and taken out.
//!
//! Who put the message in and where it stands stays as it was, and so do its other fields.

use std::sync::Arc;

use bytestring::ByteString;

use super::{Message, Role};
use crate::chat::json;

impl Message {
    /// The same message from somebody else.
    pub fn with_role(mut self, role: &str) -> Message {
        self.role = Role::from_name(role);
        self.with_field("role", json::encode(role))
    }

    /// The same message with this JSON as a field: in its place where it is there, else as the last.
    pub fn with_field(mut self, name: &str, json: String) -> Message {
        let json = ByteString::from(json);
        let body = Arc::make_mut(&mut self.body);
        body.edit(
            |fields| match fields.iter_mut().find(|(key, _)| key == name) {
                Some((_, value)) => *value = json,
                None => fields.push((name.into(), json)),
            },
        );
        self
    }

    /// The same message without a field.
    pub fn without_field(mut self, name: &str) -> Message {
        if self.field(name).is_some() {
            let body = Arc::make_mut(&mut self.body);
            body.edit(|fields| fields.retain(|(key, _)| key != name));
        }
        self
    }

    /// The names of its fields, in order.
    pub fn field_names(&self) -> impl Iterator<Item = &str> {
        self.fields().iter().map(|(key, _)| &**key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_change_and_the_rest_stays() {
        let source = r#"{"role":"developer", "n":1e2, "content":"h\u00e9"}"#;
        let message = Message::parse(source.into()).expect("a message");
        let message = message.placed_at_tail();
        let written = |message: &Message| {
            let mut out = String::new();
            message.write(&|_| true, &mut out);
            out
        };
        let same = message.clone().without_field("name");
        assert_eq!(written(&same), source);
        let other = message.clone().with_role("system");
        assert_eq!(other.role(), Role::System);
        assert!(other.is_at_tail());
        assert_eq!(other.put_by(), message.put_by());
        assert_eq!(
            written(&other),
            r#"{"role":"system","n":1e2,"content":"h\u00e9"}"#
        );
        let named = other.with_field("name", "\"a\"".into());
        let bare = named.without_field("content");
        assert_eq!(written(&bare), r#"{"role":"system","n":1e2,"name":"a"}"#);
        assert!(bare.field_names().eq(["role", "n", "name"]));
    }
}
