//! How many tokens messages have, as OpenAI's models count them.
//!
//! What was counted is remembered by the text, so that a turn costs its new message alone.

use std::hash::BuildHasher;
use std::sync::LazyLock;

use foldhash::fast::RandomState;
use moka::sync::Cache;
use tiktoken::CoreBpe;

use crate::chat::{ChatRequest, Message, json};

/// So many texts are remembered.
const MOST: u64 = 20_000;
/// A longer text is estimated: a count takes its time.
const LONGEST: usize = 64 << 10;
/// So are the texts of a request that has more bytes.
const MOST_BYTES: usize = 512 << 10;
/// So many bytes of a text are about a token, in English.
const BYTES: usize = 4;
/// What a message has beside its texts, as OpenAI says of its models.
const BESIDE: usize = 4;

/// The models that count with the vocabulary before the newest.
const OLDER: &[&str] = &["gpt-4-", "gpt-3.5", "gpt-35", "text-embedding"];
/// The beginnings of the names of OpenAI's models.
const KNOWN: &[&str] = &["gpt-", "chatgpt-", "o1", "o3", "o4", "ft:gpt-"];

static NEWEST: LazyLock<Option<&'static CoreBpe>> =
    LazyLock::new(|| tiktoken::get_encoding("o200k_base"));
static OLD: LazyLock<Option<&'static CoreBpe>> =
    LazyLock::new(|| tiktoken::get_encoding("cl100k_base"));

/// How tokens are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum CountedAs {
    /// As OpenAI's models do.
    Newest,
    /// As its older ones do.
    Older,
    /// By bytes.
    Bytes,
}

/// Counts the tokens of messages.
#[derive(Debug)]
pub(super) struct TokenCounter {
    counted: Cache<(u64, CountedAs), usize>,
    keys: RandomState,
}

/// The tokens of a request's messages.
pub(super) struct CountedTokens {
    /// Of each message.
    pub(super) of_messages: Vec<usize>,
    /// What is to be said where they are an estimate.
    pub(super) estimated: Option<String>,
}

impl TokenCounter {
    /// A counter. The vocabularies are read now, and not in the first turn.
    pub(super) fn new() -> TokenCounter {
        LazyLock::force(&NEWEST);
        LazyLock::force(&OLD);
        TokenCounter {
            counted: Cache::new(MOST),
            keys: RandomState::default(),
        }
    }

    /// The tokens of each message, for the model that the request names.
    pub(super) fn count(&self, request: &ChatRequest) -> CountedTokens {
        let model = request.field("model").and_then(json::decode_shared);
        let model = model.as_deref().unwrap_or_default();
        // "openai/gpt-4o" as OpenRouter has it.
        let model = model.rsplit('/').next().unwrap_or_default();
        let begins = |names: &[&str]| names.iter().any(|name| model.starts_with(name));
        let bytes: usize = request.messages().iter().map(Message::weight).sum();
        let counted_as = match begins(OLDER) || model == "gpt-4" {
            _ if bytes > MOST_BYTES => CountedAs::Bytes,
            true => CountedAs::Older,
            false => CountedAs::Newest,
        };
        let estimated = (!begins(KNOWN)).then(|| {
            "the model's own tokens are not known, so they are estimated by those of OpenAI's"
                .to_owned()
        });
        let messages = request.messages().iter();
        CountedTokens {
            of_messages: messages
                .map(|message| self.of_message(message, counted_as))
                .collect(),
            estimated,
        }
    }

    fn of_message(&self, message: &Message, counted_as: CountedAs) -> usize {
        let mut written = String::new();
        let json = match message.source() {
            Some(source) => source,
            None => {
                message.write(&|_| true, &mut written);
                &*written
            }
        };
        let key = (self.keys.hash_one(json), counted_as);
        if let Some(counted) = self.counted.get(&key) {
            return counted;
        }
        // The model reads the text of a message, and of one with calls its JSON.
        let text = message.text();
        let is_text = message.field("tool_calls").is_none() && !text.is_empty();
        let said = if is_text { &*text } else { json };
        let counted = BESIDE + tokens_of(said, counted_as);
        self.counted.insert(key, counted);
        counted
    }
}

fn tokens_of(text: &str, counted_as: CountedAs) -> usize {
    let vocabulary = match counted_as {
        CountedAs::Newest => *NEWEST,
        CountedAs::Older => *OLD,
        CountedAs::Bytes => None,
    };
    match vocabulary.filter(|_| text.len() <= LONGEST) {
        Some(vocabulary) => vocabulary.count(text),
        None => text.len().div_ceil(BYTES),
    }
}
