//! The fields of a message, opened when somebody asks for them: most messages of a long call go as
//! they came, and nobody reads what they hold.

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Range;
use std::sync::OnceLock;

use bytestring::ByteString;

use super::{MessageError, Role};
use crate::chat::fields;
use crate::chat::json::{self, Entry, Walk};

/// What a message holds.
#[derive(Clone)]
pub(super) struct Body {
    fields: OnceLock<Vec<Entry>>,
    came: Option<CameAs>,
}

/// A message as it came; of another content, if that was all that was changed.
#[derive(Debug, Clone)]
struct CameAs {
    json: ByteString,
    /// Which of [`fields::MESSAGE`] it has, as bits in their order.
    has: u8,
    /// Whether it has others.
    has_others: bool,
    /// Where its content stands.
    content: Option<Range<usize>>,
}

/// Reads the message that stands at a walk, and goes behind it. `whole` is the text that is walked
/// over, `keys` a store of keys.
pub(super) fn read<'j>(
    whole: &'j ByteString,
    walk: &mut Walk<'j>,
    keys: &mut Vec<Cow<'j, str>>,
) -> Result<(Role, Body), MessageError> {
    let fault = |path: &str, message: &str| MessageError {
        path: path.to_owned(),
        message: message.to_owned(),
    };
    let twice = |path: &str, key: &str| fault(path, &format!("has the key `{key}` twice"));
    let mut level = walk
        .open(b'{')
        .ok_or_else(|| fault("", "must be an object"))?;
    let (mut has, mut has_others, mut role, mut content) = (0, false, None, None);
    keys.clear();
    while let Some(key) = level.next_key() {
        match fields::MESSAGE.iter().position(|name| *name == key) {
            Some(at) => has |= 1 << at,
            None => has_others = true,
        }
        keys.push(key.clone());
        let value = level.value_with_keys_once(keys);
        let value = value.map_err(|inner| twice(&format!(".{key}"), &inner))?;
        if key == "role" {
            let name = json::decode(value).ok_or_else(|| fault(".role", "must be a string"))?;
            role = Some(Role::from_name(&name));
        }
        if key == "content" {
            if !value.starts_with(['"', 'n', '[']) {
                let message = "must be a string, an array of parts or null";
                return Err(fault(".content", message));
            }
            content = Some(value);
        }
    }
    if let Some(key) = json::first_repeated(keys, |key| key) {
        return Err(twice("", key));
    }
    let role = role.ok_or_else(|| fault(".role", "is missing"))?;
    let own = walk.close(level);
    let body = Body {
        fields: OnceLock::new(),
        came: Some(CameAs {
            json: whole.slice_ref(own),
            has,
            has_others,
            content: content.map(|value| json::place_in(own, value)),
        }),
    };
    Ok((role, body))
}

impl Body {
    /// Of fields that somebody made.
    pub(super) fn of(fields: Vec<Entry>) -> Body {
        Body {
            fields: fields.into(),
            came: None,
        }
    }

    /// Its fields, in order.
    pub(super) fn fields(&self) -> &[Entry] {
        self.fields.get_or_init(|| self.opened())
    }

    /// The JSON text of its content; for that it is not opened.
    pub(super) fn content(&self) -> Option<&str> {
        match &self.came {
            Some(came) => came.json.get(came.content.clone()?),
            None => {
                let mut fields = self.fields().iter();
                fields
                    .find(|(key, _)| key == "content")
                    .map(|(_, value)| &**value)
            }
        }
    }

    /// The JSON text of its content, where no other field of it holds a text; for that it is not opened.
    pub(super) fn only_content(&self) -> Option<&str> {
        const NO_TEXTS: [&str; 3] = ["role", "content", "tool_call_id"];
        self.came.as_ref()?;
        let is_alone = self.has_only(|key| NO_TEXTS.contains(&key));
        self.content().filter(|_| is_alone)
    }

    /// Puts other JSON in the place of its content, in the message as it came; it is not opened.
    pub(super) fn put_content(&mut self, new: &str) {
        let Some((came, place)) = self.came.as_mut().and_then(|came| {
            let place = came.content.clone()?;
            Some((came, place))
        }) else {
            return;
        };
        let (before, behind) = (&came.json[..place.start], &came.json[place.end..]);
        came.json = [before, new, behind].concat().into();
        came.content = Some(place.start..place.start + new.len());
        self.fields = OnceLock::new();
    }

    /// Changes its fields: it is no longer one text.
    pub(super) fn edit(&mut self, edit: impl FnOnce(&mut Vec<Entry>)) {
        let mut fields = self.fields.take().unwrap_or_else(|| self.opened());
        edit(&mut fields);
        *self = Body::of(fields);
    }

    fn opened(&self) -> Vec<Entry> {
        let came = self.came.as_ref();
        came.and_then(|came| json::entries(&came.json).ok())
            .unwrap_or_default()
    }

    /// The message as one text, where it came as that and no field but its content was changed.
    pub(super) fn source(&self) -> Option<&ByteString> {
        self.came.as_ref().map(|came| &came.json)
    }

    /// Whether it may have a field; for that it is not opened.
    pub(super) fn may_have(&self, field: &str) -> bool {
        self.came.as_ref().is_none_or(|came| {
            let at = fields::MESSAGE.iter().position(|name| *name == field);
            at.map_or(came.has_others, |at| came.has & (1 << at) != 0)
        })
    }

    /// Whether all of its fields are named.
    pub(super) fn has_only(&self, is_named: impl Fn(&str) -> bool) -> bool {
        match &self.came {
            Some(came) if !came.has_others => {
                let own = |(at, _): &(usize, &&str)| came.has & (1 << at) != 0;
                let mut own = fields::MESSAGE.iter().enumerate().filter(own);
                own.all(|(_, name)| is_named(name))
            }
            _ => self.fields().iter().all(|(key, _)| is_named(key)),
        }
    }

    /// How many bytes it takes, about.
    pub(super) fn weight(&self) -> usize {
        match (self.fields.get(), &self.came) {
            (None, Some(came)) => came.json.len() + 256,
            _ => {
                let fields = self.fields().iter();
                fields
                    .map(|(key, value)| key.len() + value.len() + 64)
                    .sum()
            }
        }
    }
}

/// The same whether somebody opened it or not.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.source() {
            Some(source) => f.debug_tuple("Body").field(source).finish(),
            None => f.debug_tuple("Body").field(&self.fields()).finish(),
        }
    }
}

/// By what it says.
impl Hash for Body {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self.source() {
            Some(source) => source.hash(state),
            None => self.fields().hash(state),
        }
    }
}
