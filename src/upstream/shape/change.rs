//! `shape = { … }`: what a row or the config says of the form of messages; the rest stays as it is.

use schemars::JsonSchema;
use serde::Deserialize;

use super::form::{
    BeforeCalls, CallsAtOnce, ContentParts, DeveloperRole, EmptyContent, LastMessage,
    LegacyFunctions, MessageShape, SystemPlace, ToolIdForm, UndeclaredTools, WordsWithCalls,
};

/// How an upstream takes messages. What is not said is as its preset has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ShapeChange {
    /// Where system messages may stand: `any`; `first`: at the beginning only, a later one joins a
    /// user message in a marked block; `user`: a later one becomes a user message of its own;
    /// `none`: nowhere, the first one too joins a user message or becomes one.
    pub system: Option<SystemPlace>,
    /// Whether neighbours of one role become one message.
    pub merge: Option<bool>,
    /// Whether user and assistant must take turns; `merge` goes with it.
    pub alternate: Option<bool>,
    /// Whether the role `developer` stays (`keep`) or becomes `system`.
    pub developer: Option<DeveloperRole>,
    /// How the ids of tool calls must be: `any`, `nine` letters and digits, or `short`: at most forty
    /// letters, digits, `_` and `-`.
    pub tool_ids: Option<ToolIdForm>,
    /// How many tool calls a message may have: `any`, or `one`, with its result behind each.
    pub calls: Option<CallsAtOnce>,
    /// Where words stand that were said beside tool calls: `keep` them there, or `apart`, in a message
    /// of the assistant before.
    pub beside_calls: Option<WordsWithCalls>,
    /// Who stands before a message with tool calls: `any`body, or the `user` (a tool's result counts):
    /// words of the assistant join the calls behind them, and where nobody is, a user message of `…`
    /// comes before.
    pub before_calls: Option<BeforeCalls>,
    /// What becomes of tool calls in the history of a request that declares no tools: `keep` them so, or
    /// `declare` their tools.
    pub undeclared: Option<UndeclaredTools>,
    /// What becomes of content in parts: `keep` them, or make one `text` of those that are texts alone.
    pub parts: Option<ContentParts>,
    /// What becomes of empty content: `keep` it, `omit` it, or put a `text` in its place.
    pub empty: Option<EmptyContent>,
    /// Whether the names of messages go.
    pub names: Option<bool>,
    /// Whose the last message must be: `any`, or `user` (a tool's result counts).
    pub last: Option<LastMessage>,
    /// Whether there must be a user message: a request without any gets one of `…`.
    #[serde(rename = "user")]
    pub needs_user: Option<bool>,
    /// What becomes of the tools of 2023.
    #[serde(skip)]
    pub functions: Option<LegacyFunctions>,
}

impl ShapeChange {
    /// Says nothing.
    pub const NONE: ShapeChange = ShapeChange {
        system: None,
        merge: None,
        alternate: None,
        developer: None,
        tool_ids: None,
        calls: None,
        beside_calls: None,
        before_calls: None,
        undeclared: None,
        parts: None,
        empty: None,
        names: None,
        last: None,
        needs_user: None,
        functions: None,
    };

    /// The shape with what this says. Who says `alternate` alone means what goes with it as well.
    pub fn over(self, base: MessageShape) -> MessageShape {
        let begins = self.alternate == Some(true);
        let implied = match base.system {
            SystemPlace::Any if begins => SystemPlace::First,
            place => place,
        };
        MessageShape {
            system: self.system.unwrap_or(implied),
            merge: self.merge.unwrap_or(base.merge || begins),
            alternate: self.alternate.unwrap_or(base.alternate),
            developer: self.developer.unwrap_or(base.developer),
            tool_ids: self.tool_ids.unwrap_or(base.tool_ids),
            calls: self.calls.unwrap_or(base.calls),
            beside_calls: self.beside_calls.unwrap_or(base.beside_calls),
            before_calls: self.before_calls.unwrap_or(base.before_calls),
            undeclared: self.undeclared.unwrap_or(base.undeclared),
            parts: self.parts.unwrap_or(base.parts),
            empty: self.empty.unwrap_or(base.empty),
            names: self.names.unwrap_or(base.names),
            last: self.last.unwrap_or(base.last),
            needs_user: self.needs_user.unwrap_or(base.needs_user),
            functions: self.functions.unwrap_or(base.functions),
        }
    }

    /// What this says beside what the other says; where both speak, this counts.
    pub fn and(self, other: ShapeChange) -> ShapeChange {
        ShapeChange {
            system: self.system.or(other.system),
            merge: self.merge.or(other.merge),
            alternate: self.alternate.or(other.alternate),
            developer: self.developer.or(other.developer),
            tool_ids: self.tool_ids.or(other.tool_ids),
            calls: self.calls.or(other.calls),
            beside_calls: self.beside_calls.or(other.beside_calls),
            before_calls: self.before_calls.or(other.before_calls),
            undeclared: self.undeclared.or(other.undeclared),
            parts: self.parts.or(other.parts),
            empty: self.empty.or(other.empty),
            names: self.names.or(other.names),
            last: self.last.or(other.last),
            needs_user: self.needs_user.or(other.needs_user),
            functions: self.functions.or(other.functions),
        }
    }

    /// What of a shape contradicts itself, in words for the person who wrote it.
    pub fn contradiction(shape: &MessageShape) -> Option<&'static str> {
        match shape {
            MessageShape {
                alternate: true,
                merge: false,
                ..
            } => Some(
                "`alternate = true` needs `merge = true`: two messages of one role in a row can only \
                 take turns as one; take `merge = false` out, or say `alternate = false`",
            ),
            MessageShape {
                alternate: true,
                system: SystemPlace::Any,
                ..
            } => Some(
                "`alternate = true` leaves no place for a late system message, and `system = \"any\"` \
                 gives it one; say `system = \"first\"` or `\"user\"`, or `alternate = false`",
            ),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<ShapeChange, toml::de::Error> {
        toml::from_str(text)
    }

    #[test]
    fn what_is_not_said_stays() {
        let base = MessageShape {
            names: false,
            system: SystemPlace::User,
            ..MessageShape::ANY
        };
        assert_eq!(ShapeChange::NONE.over(base), base);
        let said = read("tool_ids = \"nine\"\nempty = \"omit\"\nlast = \"user\"").expect("a shape");
        let expected = MessageShape {
            tool_ids: ToolIdForm::Nine,
            empty: EmptyContent::Omit,
            last: LastMessage::User,
            ..base
        };
        assert_eq!(said.over(base), expected);
        let other = read("tool_ids = \"any\"\ndeveloper = \"system\"").expect("a shape");
        let both = said.and(other).over(base);
        assert_eq!(both.tool_ids, ToolIdForm::Nine);
        assert_eq!(both.developer, DeveloperRole::System);
    }

    #[test]
    fn taking_turns_alone_means_what_goes_with_it() {
        let shape = read("alternate = true").expect("a shape");
        let shape = shape.over(MessageShape::ANY);
        assert!(shape.merge && shape.alternate);
        assert_eq!(shape.system, SystemPlace::First);
        assert_eq!(ShapeChange::contradiction(&shape), None);
    }

    #[test]
    fn what_contradicts_itself_is_said() {
        for (said, base, named) in [
            (
                "alternate = true\nmerge = false",
                MessageShape::ANY,
                "merge",
            ),
            (
                "alternate = true\nsystem = \"any\"",
                MessageShape::ANY,
                "system",
            ),
            // One half may stand in the preset's row.
            (
                "merge = false",
                read("alternate = true")
                    .expect("a row")
                    .over(MessageShape::ANY),
                "merge",
            ),
        ] {
            let shape = read(said).expect("a shape").over(base);
            let told = ShapeChange::contradiction(&shape).expect(said);
            assert!(told.contains(named), "{told}");
        }
        for fine in ["", "merge = true", "system = \"user\"\nalternate = true"] {
            let shape = read(fine).expect("a shape").over(MessageShape::ANY);
            assert_eq!(ShapeChange::contradiction(&shape), None, "{fine}");
        }
    }

    #[test]
    fn what_is_no_shape_is_refused() {
        for wrong in [
            "system = \"last\"",
            "sytem = \"first\"",
            "merge = \"yes\"",
            "tool_ids = 9",
            "needs_user = true",
            // Only rows say this.
            "functions = \"tools\"",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
