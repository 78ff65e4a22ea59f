//! The manual of upstreams, as Markdown: what `aside explain upstream` prints and docs/upstreams.md
//! is.
//!
//! Its tables are made of the rows, never written by hand.

use std::fmt::Write;

use super::words::{fields_in_words, shape_in_words};
use super::{BaseUrl, Family, PROFILES, Profile, WantsBack};
use crate::upstream::key::KeyPlace;
use crate::upstream::shape::LegacyFunctions;

const ABOUT: &str = r#"# Upstreams

aside asks any server that speaks OpenAI's chat completions. A `preset` says what is known of a provider: where it is, how
its key is sent, which fields it refuses, how its messages must be. So a Vapi assistant that works with one model works
with the next.

```toml
[upstream.openai]
preset = "openai"
key = "${OPENAI_API_KEY}"
model = "gpt-4o-mini"              # leave it out to take the assistant's
```

A request is changed only where the model needs it, after the rules, and each change is a note in the turn's steps. What
no row knows is learned: a request that is refused for its form is repeated without what was refused, and aside
remembers. A config says more, or otherwise, with `url`, `fields`, `drop`, `rename`, `default`, `shape` and
`[[upstream.NAME.model]]`.

This page is what `aside explain upstream` prints.
"#;

const SHAPES: &str = r#"
"Late system messages join": a system message that does not stand at the beginning, such as the note that an `inject` rule
puts before the newest message, goes as a marked block in the user message behind it (or the one before it), since the
model would refuse it, drop it or move it to where it was not meant.
"#;

/// The manual.
pub fn upstream_manual() -> String {
    let mut manual = ABOUT.to_owned();
    manual.push_str("\n## Presets\n\n");
    let rows = PROFILES.iter().map(|profile| {
        let key = match profile.key_page {
            "" => "none is needed".to_owned(),
            page => format!("<{page}>"),
        };
        [
            format!("`{}`", profile.name),
            profile.title.to_owned(),
            base_in_words(profile),
            key_in_words(profile.key),
            key,
        ]
    });
    let heads = [
        "preset",
        "server",
        "`url`",
        "the key goes as",
        "where to get a key",
    ];
    table(&mut manual, heads, rows);
    manual.push_str("\n## What becomes of a request\n\n");
    let rows = PROFILES.iter().map(|profile| {
        // What goes under another name, or in another form, is told as that.
        let is_told = |field: &str| {
            let tools = profile.shape.functions == Some(LegacyFunctions::Tools);
            let is_legacy = tools && matches!(field, "functions" | "function_call");
            is_legacy || profile.edits.iter().any(|edit| edit.field == field)
        };
        let untaken = profile.untaken().filter(|edit| !is_told(&edit.field));
        let edits: Vec<_> = profile.edits.iter().cloned().chain(untaken).collect();
        [
            format!("`{}`", profile.name),
            fields_in_words(&edits),
            shape_in_words(profile.shape),
            wants_in_words(profile.wants_back).to_owned(),
            yes(profile.knows_cache_key).to_owned(),
        ]
    });
    let heads = [
        "preset",
        "fields",
        "messages",
        "is given back",
        "`prompt_cache_key`",
    ];
    table(&mut manual, heads, rows);
    manual.push_str(SHAPES);
    families(&mut manual);
    manual.push_str("\n## What is odd\n\n");
    for profile in PROFILES.iter().filter(|profile| !profile.quirks.is_empty()) {
        // Writing to a string can't fail.
        let _ = writeln!(manual, "- `{}`: {}.", profile.name, profile.quirks);
    }
    manual
}

/// A table for each list of families, under the names of those who share it.
fn families(manual: &mut String) {
    manual.push_str(
        "\n## Models that differ\n\n`*` stands for any characters; what a maker or a path puts before a \
         name counts for nothing. The first row that names\na model counts, beside what its preset does.\n",
    );
    let mut told: Vec<&[Family]> = Vec::new();
    for list in PROFILES.iter().flat_map(|profile| profile.families) {
        if told.iter().any(|other| std::ptr::eq(*other, *list)) {
            continue;
        }
        told.push(list);
        let shares = |profile: &&&Profile| {
            profile
                .families
                .iter()
                .any(|other| std::ptr::eq(*other, *list))
        };
        let names = PROFILES.iter().filter(shares);
        let names: Vec<_> = names.map(|profile| format!("`{}`", profile.name)).collect();
        let _ = write!(manual, "\n### {}\n\n", names.join(", "));
        let rows = list.iter().map(|family| {
            let models = family.models.iter().map(|model| format!("`{model}`"));
            [
                models.collect::<Vec<_>>().join(", "),
                yes(family.reasons).to_owned(),
                fields_in_words(family.edits),
                family_in_words(family),
            ]
        });
        table(
            manual,
            ["models", "reason unasked", "fields", "messages"],
            rows,
        );
    }
}

fn family_in_words(family: &Family) -> String {
    let mut words = shape_in_words(family.shape);
    let wants = match family.wants_back {
        Some(WantsBack::Nothing) => "nothing is given back",
        Some(wants) => wants_in_words(wants),
        None => "",
    };
    for more in [wants, family.unusable] {
        if !more.is_empty() && !words.is_empty() {
            words.push_str("; ");
        }
        words.push_str(more);
    }
    words
}

fn base_in_words(profile: &Profile) -> String {
    match profile.base {
        BaseUrl::Fixed(url) => format!("`{url}`"),
        BaseUrl::Local(url) => format!("`{url}`, where none is said"),
        BaseUrl::Own(url) => format!("your own, such as `{url}`"),
    }
}

fn key_in_words(place: &KeyPlace) -> String {
    match place {
        KeyPlace::Bearer => "`Authorization: Bearer`".to_owned(),
        KeyPlace::Header { name, scheme } if scheme.is_empty() => format!("the header `{name}`"),
        KeyPlace::Header { name, scheme } => format!("the header `{name}: {scheme}`"),
        KeyPlace::Query(name) => format!("the parameter `{name}` of the query"),
    }
}

fn wants_in_words(wants: WantsBack) -> &'static str {
    match wants {
        WantsBack::Nothing => "",
        WantsBack::Reasoning => "the `reasoning_content` of its tool calls",
        WantsBack::Details => "the signatures of its tool calls, in `reasoning_details`",
        WantsBack::Signature => "the signatures of its tool calls",
    }
}

fn yes(is_so: bool) -> &'static str {
    if is_so { "yes" } else { "" }
}

fn table<const N: usize>(
    manual: &mut String,
    heads: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
) {
    let _ = write!(manual, "| {} |\n|{}\n", heads.join(" | "), "---|".repeat(N));
    for row in rows {
        let cells = row.map(|cell| {
            if cell.is_empty() {
                "–".to_owned()
            } else {
                cell
            }
        });
        let _ = writeln!(manual, "| {} |", cells.join(" | "));
    }
}
