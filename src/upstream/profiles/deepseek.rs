//! DeepSeek. Its models think unless `thinking` says no, and want what they thought back beside the
//! results of their tool calls.

use super::super::fields::{EditWhen, FieldAction, FieldEdit, RowText};
use super::super::shape::{ContentParts, DeveloperRole, LegacyFunctions, ShapeChange};
use super::{BaseUrl, Family, Profile, WantsBack};

pub(super) const PROFILE: Profile = Profile {
    name: "deepseek",
    title: "DeepSeek",
    base: BaseUrl::Fixed("https://api.deepseek.com/v1"),
    key_page: "https://platform.deepseek.com/api_keys",
    edits: &[FieldEdit::rename("max_completion_tokens", "max_tokens")],
    shape: ShapeChange {
        developer: Some(DeveloperRole::System),
        // "invalid type: sequence, expected a string"
        parts: Some(ContentParts::Text),
        functions: Some(LegacyFunctions::Tools),
        ..ShapeChange::NONE
    },
    families: &[FAMILIES],
    wants_back: WantsBack::Reasoning,
    quirks: "thinks before it speaks; `fields = [\"thinking\"]` lets through what switches that off",
    model: "deepseek-flash",
    ..Profile::BLANK
};

const FAMILIES: &[Family] = &[
    // The name of old, under which it never thinks.
    Family {
        models: &["deepseek-chat"],
        ..Family::BLANK
    },
    Family {
        models: &["*"],
        reasons: true,
        // Who thinks chooses freely.
        edits: &[FieldEdit {
            field: RowText::Borrowed("tool_choice"),
            action: FieldAction::Replace(
                RowText::Borrowed("\"required\""),
                RowText::Borrowed("\"auto\""),
            ),
            when: EditWhen::Reasoning,
        }],
        ..Family::BLANK
    },
];
