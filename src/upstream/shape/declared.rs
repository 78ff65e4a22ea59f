//! The tools of calls that are in the history of a request that declares none, for upstreams that
//! refuse such a history.
//!
//! Where a request declares tools, those that it leaves out stay so: a rule or the platform took them.

use super::calls::calls_of;
use super::draft::ShapeDraft;
use super::form::{MessageShape, UndeclaredTools};
use crate::chat::{ChatRequest, json};

/// What a model is told of such a tool.
const ABOUT: &str = "Not available any more. Do not call it.";

pub(super) fn declare(draft: &mut ShapeDraft<'_>, shape: &MessageShape) {
    if shape.undeclared == UndeclaredTools::Keep || declares_any(&draft.request) {
        return;
    }
    let mut names: Vec<String> = Vec::new();
    for call in draft.messages().iter().flat_map(calls_of) {
        let function = json::get(&call, "function");
        let name =
            function.and_then(|function| json::decode_shared(&json::get(&function, "name")?));
        if let Some(name) = name.filter(|name| !names.iter().any(|known| *known == **name)) {
            names.push(name.to_string());
        }
    }
    if names.is_empty() {
        return;
    }
    let tools: Vec<String> = names.iter().map(|name| tool(name)).collect();
    let tools = format!("[{}]", tools.join(","));
    draft.request.to_mut().set_field("tools", &tools);
    let names = names.join("`, `");
    draft.note(format!(
        "`{names}` was declared as a tool: the history calls it"
    ));
}

fn declares_any(request: &ChatRequest) -> bool {
    let tools = request.field("tools");
    tools.is_some_and(|tools| json::items(tools).is_ok_and(|tools| !tools.is_empty()))
}

fn tool(name: &str) -> String {
    format!(
        "{{\"type\":\"function\",\"function\":{{\"name\":{},\"description\":{},\"parameters\":{{\"type\":\"object\",\"properties\":{{}}}}}}}}",
        json::encode(name),
        json::encode(ABOUT)
    )
}
