//! Complaints about request fields: which one, and whether it should go under another name, with
//! another value, or not at all.

use std::borrow::Cow;

use super::refused::{FIELD_REFUSED, WORDS};
use super::together;
use super::words::{RefusalWords, path_of};
use crate::chat::fields;
use crate::upstream::fields::{EditWhen, FieldAction, FieldEdit};
use crate::upstream::mending::Mending;

/// Fields without which there is no request; they are never left out.
const CORE: [&str; 3] = ["messages", "model", "stream"];
/// How to mend fields that are refused, the likeliest first.
pub(super) fn ways(said: &RefusalWords) -> Vec<Vec<Mending>> {
    let mut ways = Vec::new();
    let (sure, likely) = at_fault(said);
    let efforts = is_of_effort(said, &sure).then(|| effort(said));
    ways.extend(efforts.into_iter().flatten());
    for path in sure.iter().chain(&likely) {
        ways.extend(other_name(said, path).map(|mending| vec![mending]));
    }
    if is_of_value(said) {
        let left_out = sure.iter().chain(&likely).filter_map(|path| left_out(path));
        ways.extend(left_out.filter_map(only_once).map(|mending| vec![mending]));
        return ways;
    }
    ways.extend(without_tools(said));
    // A server that lists what it does not take lists all of it.
    let listed = together::paths(said);
    let all = sure.iter().chain(&listed).filter_map(|path| left_out(path));
    let mut once: Vec<Mending> = Vec::new();
    for mending in all {
        if !once.contains(&mending) {
            once.push(mending);
        }
    }
    if !once.is_empty() {
        ways.push(once);
    }
    ways.extend(
        likely
            .iter()
            .filter_map(|path| left_out(path))
            .map(|mending| vec![mending]),
    );
    ways
}

/// The paths that are named for machines, and those that are named in messages only.
fn at_fault(said: &RefusalWords) -> (Vec<Vec<String>>, Vec<Vec<String>>) {
    let sure = said.paths.clone();
    let is_code_of_refusal = said
        .codes
        .iter()
        .any(|code| FIELD_REFUSED.iter().any(|word| code.contains(word)));
    if !said.has(FIELD_REFUSED) && !is_code_of_refusal {
        return (sure, Vec::new());
    }
    let mut likely: Vec<Vec<String>> = Vec::new();
    likely.extend(said.unknown_names());
    likely.extend(together::listed(said));
    likely.extend(said.bare_paths());
    likely.extend(said.quoted().into_iter().flat_map(paths_of_name));
    likely.extend(said.camel_names());
    let known = fields::KNOWN.iter().map(|(name, _)| *name);
    let named = known.filter(|name| !WORDS.contains(name) && said.names(name));
    likely.extend(named.map(|name| vec![name.to_owned()]));
    let mut once: Vec<Vec<String>> = Vec::new();
    for path in likely {
        if !sure.contains(&path) && !once.contains(&path) {
            once.push(path);
        }
    }
    (sure, once)
}

/// The paths that a name in quotes may mean: a field of the request, or one of messages.
fn paths_of_name(name: &str) -> Vec<Vec<String>> {
    let own = path_of(name);
    let of_message = fields::MESSAGE.contains(&name);
    let of_message = of_message.then(|| vec!["messages".to_owned(), name.to_owned()]);
    std::iter::once(own).chain(of_message).collect()
}

fn is_of_effort(said: &RefusalWords, sure: &[Vec<String>]) -> bool {
    said.names("reasoning_effort")
        || said.names("reasoning.effort")
        || sure.iter().any(|path| {
            path.first()
                .is_some_and(|first| first == "reasoning_effort")
        })
}

/// The ways to say how much a model shall reason: not at all, where that is what it wants to hear of
/// requests with tools; the least that it names; or nothing.
fn effort(said: &RefusalWords) -> Vec<Vec<Mending>> {
    let edit = |action, when| {
        vec![Mending::Field(FieldEdit {
            field: Cow::Borrowed("reasoning_effort"),
            action,
            when,
        })]
    };
    let none = || FieldAction::Set(Cow::Borrowed("\"none\""));
    let mut ways = Vec::new();
    if said.has(&["tool"]) {
        ways.push(edit(none(), EditWhen::WithTools));
    }
    let supported = said
        .lower
        .find("supported values")
        .map(|at| &said.text[at..]);
    if let Some(supported) = supported {
        const EFFORTS: [&str; 6] = ["none", "minimal", "low", "medium", "high", "xhigh"];
        let least = EFFORTS.iter().find(|effort| {
            supported.contains(&format!("'{effort}'"))
                || supported.contains(&format!("\"{effort}\""))
        });
        ways.extend(least.map(|least| {
            let least = format!("\"{least}\"");
            edit(FieldAction::Set(least.into()), EditWhen::Always)
        }));
    }
    ways.push(edit(FieldAction::Drop, EditWhen::Always));
    ways.push(edit(none(), EditWhen::Always));
    ways
}

/// Another name that the message says a field should have.
fn other_name(said: &RefusalWords, path: &[String]) -> Option<Mending> {
    let [field] = path else { return None };
    if CORE.contains(&&**field) {
        return None;
    }
    const INSTEAD: [&str; 6] = [
        " use ",
        "instead",
        "did you mean",
        "renamed to",
        "replaced by",
        "in favor of",
    ];
    if !said.has(&INSTEAD) {
        return None;
    }
    let quoted = said.quoted();
    let known = |name: &&str| fields::kind_of(name).is_some() && name != field;
    let to = quoted.iter().copied().find(known).or_else(|| {
        let names = fields::KNOWN.iter().map(|(name, _)| *name);
        let mut named = names.filter(|name| !WORDS.contains(name) && said.names(name));
        named.find(known)
    })?;
    let same_kind = fields::kind_of(to) == fields::kind_of(field);
    same_kind.then(|| {
        Mending::Field(FieldEdit {
            field: field.clone().into(),
            action: FieldAction::Rename(to.to_owned().into()),
            when: EditWhen::Always,
        })
    })
}

/// All that speaks of tools is left out, where a model calls none, or its server is not set up for it:
/// an agent that only speaks is better than one that always apologises. A warning in the log says so.
fn without_tools(said: &RefusalWords) -> Option<Vec<Mending>> {
    const NO_TOOLS: [&str; 9] = [
        "support tool",
        "support function",
        "\"tools\"",
        "`tools`",
        "tools is not supported",
        "tools are not supported",
        "tool choice requires",
        "enable-auto-tool-choice",
        "tool use is not supported",
    ];
    const NOT_AT_ALL: [&str; 6] = [
        "not support",
        "n't support",
        "unsupported",
        "requires",
        "not enabled",
        "not available",
    ];
    let is_meant = said.has(&NO_TOOLS) && said.has(&NOT_AT_ALL);
    let all = ["tools", "tool_choice", "parallel_tool_calls"];
    let dropped = || all.map(|field| Mending::Field(FieldEdit::drop(field)));
    // Tools beside some effort are another matter.
    (is_meant && !said.names("reasoning_effort")).then(|| dropped().into())
}

fn is_role(name: &str) -> bool {
    matches!(
        name,
        "system" | "developer" | "user" | "assistant" | "tool" | "function"
    )
}

/// Whether a refusal is of what a field holds, not of the field: then it says nothing of other
/// requests.
fn is_of_value(said: &RefusalWords) -> bool {
    const OF_VALUE: [&str; 23] = [
        "below minimum",
        "limit was reached",
        "higher max",
        "too small",
        "too low",
        "too long",
        "too many",
        "too large",
        "too big",
        "above_max",
        "below_min",
        "maximum length",
        "at most",
        "at least",
        "less than",
        "greater than",
        "between",
        "invalid schema",
        "not found in",
        "invalid_type",
        "out of range",
        "does not match",
        "expected one of",
    ];
    const OF_FIELD: [&str; 8] = [
        "not support",
        "unsupported",
        "unknown",
        "unrecogni",
        "extra",
        "not permitted",
        "n't support",
        "only the default",
    ];
    let has = |words: &[&str]| {
        said.has(words)
            || said
                .codes
                .iter()
                .any(|code| words.iter().any(|word| code.contains(word)))
    };
    has(&OF_VALUE) && !has(&OF_FIELD)
}

/// The same for this request only; none: it is not left out for what it holds.
fn only_once(mending: Mending) -> Option<Mending> {
    match mending {
        Mending::Field(edit)
            if !matches!(&*edit.field, "tools" | "functions" | "response_format") =>
        {
            Some(Mending::Once(edit))
        }
        _ => None,
    }
}

/// What leaves out the field at a path; none: it can't be.
fn left_out(path: &[String]) -> Option<Mending> {
    let is_index = |part: &&String| part.bytes().all(|byte| byte.is_ascii_digit());
    let names: Vec<&String> = path.iter().filter(|part| !is_index(part)).collect();
    let edit = |field: &str, action| {
        Mending::Field(FieldEdit {
            field: field.to_owned().into(),
            action,
            when: EditWhen::Always,
        })
    };
    match names.as_slice() {
        [] => None,
        [field] if CORE.contains(&&***field) => None,
        // Too many of them, or a wrong one, is nothing that leaving all out would mend.
        [field] if matches!(&***field, "tools" | "functions") => None,
        [field] => Some(edit(field, FieldAction::Drop)),
        [first, .., last] if **first == "tools" => match &***last {
            // Without these a tool is none.
            "function" | "name" | "type" | "parameters" => None,
            key => Some(edit(
                "tools",
                FieldAction::DropInTools(key.to_owned().into()),
            )),
        },
        // Some servers name the role on the way.
        [first, field] | [first, _, field]
            if **first == "messages" && (names.len() == 2 || is_role(names[1])) =>
        {
            match &***field {
                // How these must be is the shape's matter.
                "role" | "content" | "tool_calls" | "tool_call_id" | "name" => None,
                field => Some(Mending::MessageField(field.to_owned())),
            }
        }
        [first, ..] if **first == "messages" => None,
        // Half an object is none: `stream_options.include_usage` goes with all of it.
        [field, ..] if !CORE.contains(&&***field) => Some(edit(field, FieldAction::Drop)),
        _ => None,
    }
}
