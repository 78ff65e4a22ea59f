//! Prompts as hashes: enough to say how far two are alike, and behind which step they are not.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher};

use foldhash::quality::RandomState;

use crate::chat::Message;
use crate::ruleset::PromptState;

/// How finely two prompts are compared, in bytes.
const BLOCK: usize = 256;

/// Hashes prompts; what it makes says nothing outside this process.
#[derive(Debug, Default)]
pub(super) struct PromptHasher(RandomState);

/// A turn's prompt at all its steps, as hashes.
pub(super) struct HashedPrompt {
    states: Vec<HashedState>,
    /// What goes upstream, in blocks: tools, then messages.
    blocks: Vec<BlockMark>,
}

/// A prompt behind one step.
struct HashedState {
    rule: Option<usize>,
    /// Of the model and the tools, which stand before all messages.
    head: u64,
    messages: Vec<u64>,
    stable: usize,
}

/// What is kept of a prompt.
pub(super) struct PromptMarks {
    /// That of the rules.
    version: String,
    steps: Vec<StepMark>,
    blocks: Vec<BlockMark>,
}

/// What should stay of a prompt behind one step.
#[derive(Clone, Copy)]
struct StepMark {
    rule: Option<usize>,
    stable: usize,
    hash: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct BlockMark {
    len: u32,
    hash: u64,
}

/// Who changed what should have stayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PrefixBreak {
    /// The request came with another beginning.
    Client,
    /// The rule at this place.
    Rule(usize),
    /// Other rules are served than in the last turn.
    OtherRules,
}

impl PromptHasher {
    /// Hashes a prompt behind each of its steps. A message that several share is looked at once.
    pub(super) fn hashed(&self, states: &[PromptState]) -> HashedPrompt {
        let mut known: HashMap<usize, u64> = HashMap::new();
        let mut text = String::new();
        let mut hash_of = |message: &Message| {
            *known.entry(message.body_address()).or_insert_with(|| {
                text.clear();
                message.write(&|_| true, &mut text);
                self.hash(text.as_bytes())
            })
        };
        let hashed = states.iter().map(|state| {
            let field = |value: Option<&str>| self.hash(value.unwrap_or_default().as_bytes());
            HashedState {
                rule: state.rule,
                head: chained(field(state.model.as_deref()), field(state.tools.as_deref())),
                messages: state.messages.iter().map(&mut hash_of).collect(),
                stable: state.stable(),
            }
        });
        HashedPrompt {
            states: hashed.collect(),
            blocks: states
                .last()
                .map(|last| self.blocks(last))
                .unwrap_or_default(),
        }
    }

    /// A prompt in blocks, each of which begins where a message does or a whole block behind it.
    fn blocks(&self, prompt: &PromptState) -> Vec<BlockMark> {
        // Another model has a cache of its own, so nothing of the prompt is alike.
        let model = self.hash(prompt.model.as_deref().unwrap_or_default().as_bytes());
        let mut blocks = Vec::new();
        let mut add = |text: &str| {
            blocks.extend(text.as_bytes().chunks(BLOCK).map(|block| BlockMark {
                len: block.len() as u32,
                hash: chained(model, self.hash(block)),
            }));
        };
        add(prompt.tools.as_deref().unwrap_or_default());
        let mut text = String::new();
        for message in &prompt.messages {
            text.clear();
            message.write(&|_| true, &mut text);
            add(&text);
        }
        blocks
    }

    fn hash(&self, bytes: &[u8]) -> u64 {
        let mut hasher = self.0.build_hasher();
        hasher.write(bytes);
        hasher.finish()
    }
}

impl HashedState {
    /// Of its beginning, up to a message.
    fn beginning(&self, until: usize) -> Option<u64> {
        let messages = self.messages.get(..until)?;
        Some(messages.iter().copied().fold(self.head, chained))
    }
}

impl PromptMarks {
    /// What is kept of a prompt that passed rules of this version.
    pub(super) fn of(prompt: &HashedPrompt, version: &str) -> PromptMarks {
        let steps = prompt.states.iter().filter_map(|state| {
            Some(StepMark {
                rule: state.rule,
                stable: state.stable,
                hash: state.beginning(state.stable)?,
            })
        });
        PromptMarks {
            version: version.to_owned(),
            steps: steps.collect(),
            blocks: prompt.blocks.clone(),
        }
    }

    /// About how many bytes they take.
    pub(super) fn weight(&self) -> usize {
        let blocks = self.blocks.len() * size_of::<BlockMark>();
        let steps = self.steps.len() * size_of::<StepMark>();
        blocks + steps + self.version.len() + size_of::<PromptMarks>() + 64
    }

    /// How many bytes the prompt has.
    pub(super) fn bytes(&self) -> usize {
        bytes_of(&self.blocks)
    }

    /// With how many bytes of this one the next begins.
    pub(super) fn shared_with(&self, next: &PromptMarks) -> usize {
        let pairs = self.blocks.iter().zip(&next.blocks);
        let alike = pairs.take_while(|(one, other)| one == other).count();
        bytes_of(next.blocks.get(..alike).unwrap_or_default())
    }

    /// Who changed what should have stayed of this prompt in the next; none: it stayed.
    pub(super) fn broken_by(&self, next: &HashedPrompt, version: &str) -> Option<PrefixBreak> {
        let mut places: Vec<Option<usize>> = self.steps.iter().map(|step| step.rule).collect();
        places.extend(next.states.iter().map(|state| state.rule));
        places.sort_unstable();
        places.dedup();
        let changed: Vec<_> = places
            .iter()
            .map(|place| self.is_changed(next, *place))
            .collect();
        if !*changed.last()? {
            return None;
        }
        if self.version != version {
            return Some(PrefixBreak::OtherRules);
        }
        // Whatever was put right on the way counts for nothing.
        let first = changed.iter().rposition(|is_changed| !is_changed);
        let place = places.get(first.map_or(0, |last_kept| last_kept + 1))?;
        Some(place.map_or(PrefixBreak::Client, PrefixBreak::Rule))
    }

    /// Whether the next prompt does not begin as this one should have gone on, behind a rule.
    fn is_changed(&self, next: &HashedPrompt, place: Option<usize>) -> bool {
        let before = self.steps.iter().rfind(|step| step.rule <= place);
        let now = next.states.iter().rfind(|state| state.rule <= place);
        match (before, now) {
            (Some(before), Some(now)) => now.beginning(before.stable) != Some(before.hash),
            _ => false,
        }
    }
}

fn bytes_of(blocks: &[BlockMark]) -> usize {
    blocks.iter().map(|block| block.len as usize).sum()
}

/// Of two hashes in this order.
fn chained(one: u64, other: u64) -> u64 {
    (one ^ other.rotate_left(29))
        .wrapping_mul(0x9E37_79B9_7F4A_7C15)
        .rotate_left(31)
}
