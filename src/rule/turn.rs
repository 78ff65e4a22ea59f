//! What is known of one turn while its rules run.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::{OwnReply, RuleError, Vault};
use crate::chat::Message;
use crate::lang::facts::Facts;

/// One turn. It dies with its reply; nothing of it is kept. What a clone hides does not show in the
/// other.
#[derive(Debug, Clone, Default)]
pub struct Turn {
    /// What conditions and templates speak of.
    pub facts: Facts,
    /// The private values of this turn and their placeholders.
    pub vault: Arc<Vault>,
    /// Whether something that looks like a placeholder was escaped in the request.
    pub has_escapes: bool,
    /// The labels of the placeholders that its rules give out, once its reply begins.
    pub labels: Arc<[String]>,
    /// Whether the model was asked to answer in JSON.
    pub wants_json: bool,
    /// What is to be said of what the turn waited for.
    pub notes: Vec<Note>,
    /// How many more bytes rules may inject into the request; none: as many as they like.
    pub injected_left: Option<usize>,
    /// What the caller gets where a rule answers in the model's place.
    pub answer: Option<OwnReply>,
    /// For how long the model's reply may be given again to the same request; none: not at all.
    pub repeat: Option<Duration>,
    /// The upstream that is asked first, or the route whose upstreams are asked; none: the turn's own
    /// route says who is asked.
    pub upstream: Option<String>,
    /// What the rule that runs has to say of its step, beside what came of it. Never holds a value.
    pub remark: Option<String>,
    /// How many placeholders the caller heard as `unknown` so far.
    pub unknown: UnknownCount,
    /// What went wrong in rules on the way back of the reply so far.
    pub faults: ReplyFaults,
    /// Whether the time is over in which rules may work.
    pub clock: Clock,
    /// The messages as they came, where a rule looks back on earlier turns.
    pub came: Option<Arc<[Message]>>,
    /// The turn in which the condition of the rule that runs first held, where that rule looks back.
    pub first: Option<FirstTurn>,
}

/// A turn of the call from which on a rule acts.
#[derive(Debug, Clone)]
pub struct FirstTurn {
    /// How many user messages came behind its own.
    pub behind: usize,
    /// In which request of the call it held, from 1, as far as the history tells.
    pub request: u32,
    /// What was known in it, as far as the history tells.
    pub facts: Facts,
}

/// What went wrong in rules on the way back of a reply. Never holds what was said.
#[derive(Debug, Clone, Default)]
pub struct ReplyFaults(Arc<Mutex<(u32, Option<String>)>>);

impl ReplyFaults {
    /// One more.
    pub fn note(&self, fault: &RuleError) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.0 += 1;
        all.1.get_or_insert_with(|| fault.to_string());
    }

    /// How many so far.
    pub fn count(&self) -> u32 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0
    }

    /// The first; none: nothing went wrong.
    pub fn first(&self) -> Option<String> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.1.clone()
    }
}

/// Counts the placeholders that the caller heard as `unknown`.
#[derive(Debug, Clone, Default)]
pub struct UnknownCount(Arc<AtomicU32>);

impl UnknownCount {
    /// One more.
    pub fn count(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// How many so far.
    pub fn get(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Says whether the time of a turn's rules is over. Rules know no clock: who runs them hands in
/// the question. The default never ends.
#[derive(Clone, Default)]
pub struct Clock {
    is_over: Question,
    is_half_over: Question,
    time: Option<Arc<dyn Fn() -> Duration + Send + Sync>>,
}

type Question = Option<Arc<dyn Fn() -> bool + Send + Sync>>;

impl Clock {
    /// A clock that asks this.
    pub fn new(is_over: impl Fn() -> bool + Send + Sync + 'static) -> Clock {
        Clock {
            is_over: Some(Arc::new(is_over)),
            is_half_over: None,
            time: None,
        }
    }

    /// The same clock that tells as well when half of the time is over.
    pub fn with_half(self, is_half_over: impl Fn() -> bool + Send + Sync + 'static) -> Clock {
        Clock {
            is_half_over: Some(Arc::new(is_half_over)),
            ..self
        }
    }

    /// The same clock that tells as well how long it is since any fixed moment.
    pub fn with_time(self, time: impl Fn() -> Duration + Send + Sync + 'static) -> Clock {
        Clock {
            time: Some(Arc::new(time)),
            ..self
        }
    }

    /// The same clock, never over: it tells the time alone.
    pub fn without_end(&self) -> Clock {
        Clock {
            time: self.time.clone(),
            ..Clock::default()
        }
    }

    /// How long it is since any fixed moment; where it does not tell, none goes by.
    pub fn time(&self) -> Duration {
        self.time.as_ref().map_or(Duration::ZERO, |time| time())
    }

    /// Whether rules must end what they do.
    pub fn is_over(&self) -> bool {
        self.is_over.as_ref().is_some_and(|is_over| is_over())
    }

    /// Whether rules must begin nothing that can wait for another turn.
    pub fn is_half_over(&self) -> bool {
        let is_half_over = self.is_half_over.as_ref();
        self.is_over() || is_half_over.is_some_and(|is_half_over| is_half_over())
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// Why what a rule speaks of is old or missing. Never holds a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// `context`, or the name of a fetch as in `fetch.crm`.
    pub about: String,
    /// A sentence for people.
    pub text: String,
}

impl Turn {
    /// How many bytes rules may still inject behind a text of so many; none: as many as they like.
    /// An error where the text is too long itself.
    pub fn left_behind(&self, length: usize) -> Result<Option<usize>, RuleError> {
        let rest = |left: usize| {
            left.checked_sub(length)
                .ok_or_else(|| too_much(length, left))
        };
        self.injected_left.map(rest).transpose()
    }

    /// A turn of which these facts are known.
    pub fn new(facts: Facts) -> Turn {
        Turn {
            facts,
            ..Turn::default()
        }
    }
}

fn too_much(length: usize, left: usize) -> RuleError {
    RuleError(format!(
        "its text has {length} bytes, and of what rules may inject into one turn (`limits.injected` of the config) \
         {left} are left"
    ))
}
