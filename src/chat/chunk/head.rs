//! What all chunks of one reply share, for the chunks that are aside's own.

use std::hash::{Hash, Hasher};

use bytestring::ByteString;

use crate::chat::json;

/// The fields that all chunks of one reply share, as JSON. What no chunk has told is ours.
#[derive(Debug, Clone, Default)]
pub struct ChunkHead {
    id: Option<ByteString>,
    /// Seconds since 1970.
    created: Option<ByteString>,
    model: Option<ByteString>,
}

impl ChunkHead {
    /// That of a reply that is made here. `created`: seconds since 1970.
    pub fn made(id: &str, created: u64, model: Option<&str>) -> ChunkHead {
        ChunkHead {
            id: Some(json::encode(id).into()),
            created: Some(created.to_string().into()),
            model: model.map(|model| json::encode(model).into()),
        }
    }

    /// Takes from a piece that came what is not known yet. Some servers begin with a piece in
    /// which these fields are empty.
    pub fn learn(&mut self, json: &ByteString) {
        if self.id.is_some() && self.created.is_some() && self.model.is_some() {
            return;
        }
        for (key, value) in json::entries(json).unwrap_or_default() {
            let field = match &*key {
                "id" => &mut self.id,
                "created" => &mut self.created,
                "model" => &mut self.model,
                _ => continue,
            };
            if field.is_none() && !matches!(&*value, "null" | "\"\"" | "0") {
                *field = Some(value);
            }
        }
    }

    /// `id`, `created` and `model`.
    fn fields(&self) -> (&str, &str, &str) {
        let aside = "\"aside\"";
        (
            self.id.as_deref().unwrap_or(aside),
            self.created.as_deref().unwrap_or("0"),
            self.model.as_deref().unwrap_or(aside),
        )
    }

    /// An id for a tool call that came without one. It is another one in each reply of a call, since
    /// the client says all of them again in later turns.
    pub fn call_id(&self, choice: u64, serial: usize) -> String {
        let (id, created, _) = self.fields();
        let mut hasher = std::hash::DefaultHasher::new();
        (id, created, choice, serial).hash(&mut hasher);
        format!("call_{:016x}", hasher.finish())
    }

    /// A chunk of its own with this delta (JSON) and finish reason.
    pub fn chunk(&self, choice: u64, delta: &str, finish: Option<&str>) -> String {
        let (id, created, model) = self.fields();
        let finish = finish.map_or_else(|| "null".to_owned(), json::encode);
        format!(
            r#"{{"id":{id},"object":"chat.completion.chunk","created":{created},"model":{model},"choices":[{{"index":{choice},"delta":{delta},"finish_reason":{finish}}}]}}"#
        )
    }

    /// A chunk that says what a reply used (JSON), and nothing else.
    pub fn usage_chunk(&self, usage: &str) -> String {
        let (id, created, model) = self.fields();
        format!(
            r#"{{"id":{id},"object":"chat.completion.chunk","created":{created},"model":{model},"choices":[],"usage":{usage}}}"#
        )
    }

    /// A whole completion of these choices and this usage (JSON).
    pub fn completion_of(&self, choices: &[String], usage: Option<&str>) -> String {
        let (id, created, model) = self.fields();
        let choices = choices.join(",");
        let usage = usage.map_or(String::new(), |usage| format!(",\"usage\":{usage}"));
        format!(
            r#"{{"id":{id},"object":"chat.completion","created":{created},"model":{model},"choices":[{choices}]{usage}}}"#
        )
    }

    /// A whole completion that says `text`.
    pub fn completion(&self, text: &str) -> String {
        let (id, created, model) = self.fields();
        let text = json::encode(text);
        format!(
            r#"{{"id":{id},"object":"chat.completion","created":{created},"model":{model},"choices":[{{"index":0,"message":{{"role":"assistant","content":{text},"refusal":null}},"logprobs":null,"finish_reason":"stop"}}],"usage":{{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}}}}"#
        )
    }
}
