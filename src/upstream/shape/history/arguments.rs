//! Tool calls of the history that say no type, or whose arguments are no JSON object in a string.
//!
//! Servers that read the arguments for a template (vLLM, llama.cpp) or for another API (Anthropic,
//! Gemini, Bedrock) refuse the whole request for one such call, and so each turn behind it. Whether a
//! server reads them is not known of a gateway, and no field of a refusal names them, so this is for
//! every upstream. No call is lost, and one that is right keeps its bytes.

use bytestring::ByteString;

use crate::chat::{Message, json};
use crate::upstream::shape::calls::calls_of;
use crate::upstream::shape::draft::{ShapeDraft, counted};
use crate::upstream::shape::mends::HistoryMends;

/// Arguments that say nothing, as JSON.
const NONE_SAID: &str = r#""{}""#;

/// How many calls got what they lacked.
#[derive(Debug, Default)]
struct Completed {
    types: usize,
    arguments: usize,
}

/// Gives calls the type and the arguments that every server reads.
pub(in crate::upstream::shape) fn complete_calls(draft: &mut ShapeDraft<'_>, mends: &HistoryMends) {
    let lacks = |message: &Message| completed(message, &mut Completed::default()).is_some();
    if !mends.tool_calls {
        return;
    }
    let Some(first) = draft.messages().iter().position(lacks) else {
        return;
    };
    let mut count = Completed::default();
    draft.rewrite(|mut messages| {
        for message in messages.iter_mut().skip(first) {
            if let Some(other) = completed(message, &mut count) {
                *message = other;
            }
        }
        messages
    });
    for (count, done) in [
        (count.types, "got the type `function`"),
        (count.arguments, "got arguments that are a JSON object"),
    ] {
        if count > 0 {
            draft.note(format!("{} {done}", counted(count, "tool call")));
        }
    }
}

/// The message with its calls complete; none where they are.
fn completed(message: &Message, count: &mut Completed) -> Option<Message> {
    let mut is_changed = false;
    let calls = calls_of(message).into_iter().map(|call| {
        let other = completed_call(&call, count);
        is_changed |= other.is_some();
        other.map_or(call, ByteString::from)
    });
    let calls: Vec<ByteString> = calls.collect();
    let calls = is_changed.then(|| format!("[{}]", calls.join(",")))?;
    Some(message.clone().with_field("tool_calls", calls))
}

fn completed_call(call: &ByteString, count: &mut Completed) -> Option<String> {
    // Calls of other types have no function, and it is not for us to know them. With a key twice it is
    // not known which counts.
    let function = json::get(call, "function").filter(|it| json::entries(it).is_ok())?;
    let kind = json::get(call, "type");
    let has_kind = kind.is_some_and(|kind| !json::is_null(&kind) && &*kind != r#""""#);
    let arguments = as_object(json::get(&function, "arguments").as_ref());
    if has_kind && arguments.is_none() {
        return None;
    }
    // What cannot be opened would lose all that it holds.
    json::entries(call).ok()?;
    let mut out = call.to_string();
    if let Some(arguments) = arguments {
        count.arguments += 1;
        let function = with_entry(&function, "arguments", &arguments);
        out = with_entry(&out.into(), "function", &function);
    }
    if !has_kind {
        count.types += 1;
        out = with_entry(&out.into(), "type", r#""function""#);
    }
    Some(out)
}

/// Arguments as a string that holds a JSON object; none where they are one.
///
/// What is no object and holds none becomes an empty one: a text that was cut is not closed, for half
/// a value would read as a whole one, and it gets no name of ours, for no tool has such an argument.
/// What came of the call stands in its result.
fn as_object(arguments: Option<&ByteString>) -> Option<String> {
    let Some(arguments) = arguments else {
        return Some(NONE_SAID.to_owned());
    };
    if arguments.starts_with('{') {
        return Some(json::encode(arguments));
    }
    if !arguments.starts_with('"') {
        return Some(NONE_SAID.to_owned());
    }
    // A string that cannot be read is left to whoever can.
    let text = json::decode(arguments)?;
    if is_object(&text) {
        return None;
    }
    // Some write the object as a string twice; Python writes numbers that JSON does not have.
    let inner = json::decode(text.trim()).filter(|inner| is_object(inner));
    let inner = inner.map(std::borrow::Cow::into_owned);
    let read = inner.or_else(|| json::repaired(&text).filter(|text| is_object(text)));
    Some(read.map_or_else(|| NONE_SAID.to_owned(), |text| json::encode(&text)))
}

fn is_object(text: &str) -> bool {
    text.trim_start().starts_with('{') && json::validate(text).is_ok()
}

/// An object with this value under the key: where it stood, else at the end.
fn with_entry(object: &ByteString, key: &str, value: &str) -> String {
    let mut is_set = false;
    let mut entry = |name: &str, own: &str| {
        let own = if name == key { value } else { own };
        is_set |= name == key;
        format!("{}:{own}", json::encode(name))
    };
    let entries = json::entries(object).unwrap_or_default();
    let mut all: Vec<String> = entries.iter().map(|(name, own)| entry(name, own)).collect();
    if !is_set {
        all.push(format!("{}:{value}", json::encode(key)));
    }
    format!("{{{}}}", all.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(call: &str, expected: Option<&str>) {
        let completed = completed_call(&ByteString::from(call), &mut Completed::default());
        assert_eq!(completed.as_deref(), expected, "{call}");
    }

    #[test]
    fn arguments_that_are_no_object_become_one() {
        for (arguments, expected) in [
            (r#""""#, r#""{}""#),
            (r#"" \n""#, r#""{}""#),
            ("null", r#""{}""#),
            ("[1]", r#""{}""#),
            ("7", r#""{}""#),
            ("true", r#""{}""#),
            (r#""null""#, r#""{}""#),
            (r#""[1,2]""#, r#""{}""#),
            (r#""tomorrow""#, r#""{}""#),
            (r#""{\"card\":\"41""#, r#""{}""#),
            (r#""{\"a\":1} and so on""#, r#""{}""#),
            (r#"{"a": 1.50}"#, r#""{\"a\": 1.50}""#),
            ("{}", r#""{}""#),
            (r#""\"{\\\"a\\\":1}\"""#, r#""{\"a\":1}""#),
            (r#""{\"a\":NaN}""#, r#""{\"a\":null}""#),
        ] {
            let call = |arguments: &str| {
                format!(
                    r#"{{"id":"x","type":"function","function":{{"arguments":{arguments},"name":"f"}}}}"#
                )
            };
            check(&call(arguments), Some(&call(expected)));
            check(&call(expected), None);
        }
        check(
            r#"{"id":"x","type":"function","function":{"name":"f"}}"#,
            Some(r#"{"id":"x","type":"function","function":{"name":"f","arguments":"{}"}}"#),
        );
    }

    #[test]
    fn a_call_without_a_type_is_one_of_a_function() {
        for kind in ["", r#","type":null"#, r#","type":"""#] {
            let call =
                format!(r#"{{"id":"x"{kind},"function":{{"name":"f","arguments":"{{}}"}}}}"#);
            let done = completed_call(&call.clone().into(), &mut Completed::default());
            let done = done.expect("a call");
            let kind = json::get(&done.clone().into(), "type").expect("a type");
            assert_eq!(&*kind, "\"function\"", "{done}");
            check(&done, None);
        }
    }

    #[test]
    fn calls_that_are_right_or_of_another_type_keep_their_bytes() {
        for call in [
            r#"{"type": "function","id":"x","function": {"name":"f","arguments":" {\"a\" : 1}\n"}}"#,
            r#"{"id":"x","type":"custom","custom":{"name":"f","input":"some text"}}"#,
            r#"{"id":"x","custom":{"name":"f","input":""}}"#,
            r#"{"id":"x","function":"f"}"#,
            r#"{"id":"x","function":{"name":"f","arguments":"","arguments":""}}"#,
            r#"{"id":"x","id":"y","function":{"name":"f"}}"#,
            r#""f""#,
        ] {
            check(call, None);
        }
    }
}
