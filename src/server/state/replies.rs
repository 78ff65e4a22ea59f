//! Replies of models that may be given again, for rules with `repeat`.
//!
//! They are kept as the models said them, with placeholders: no private value that a rule hides is in
//! them. A reply is found by a hash of its call, its route, the version of its rules and its request,
//! so it is never given in another call. All of it is memory of this process, and bounded.

use std::sync::Arc;
use std::time::{Duration, Instant};

use moka::Expiry;
use moka::sync::Cache;

use crate::rule::{Identity, Seeds};

/// All of them together take so many bytes.
const MOST_BYTES: u64 = 16 << 20;
/// What each takes beside its text, so that their number is bounded too.
const OVERHEAD: usize = 256;
/// The longest that is kept.
pub(in crate::server) const LONGEST_KEPT: usize = 64 << 10;

/// The replies that may be given again.
#[derive(Debug)]
pub(in crate::server) struct RepeatableReplies {
    seeds: Seeds,
    replies: Cache<Identity, KeptText>,
}

/// One of them.
#[derive(Clone)]
struct KeptText {
    text: Arc<str>,
    time: Duration,
}

/// Each for as long as its rule says.
struct OwnTime;

impl Expiry<Identity, KeptText> for OwnTime {
    fn expire_after_create(&self, _: &Identity, kept: &KeptText, _: Instant) -> Option<Duration> {
        Some(kept.time)
    }

    fn expire_after_update(
        &self,
        _: &Identity,
        kept: &KeptText,
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(kept.time)
    }
}

impl RepeatableReplies {
    /// What a reply is found by. `rules`: their version; `call`: its id, and whose it is; `request`:
    /// as it goes upstream.
    pub(in crate::server) fn place(
        &self,
        route: &str,
        rules: &str,
        call: &str,
        request: &[u8],
    ) -> Identity {
        self.seeds.identity(&(route, rules, call, request))
    }

    /// The reply at a place.
    pub(in crate::server) fn get(&self, place: Identity) -> Option<Arc<str>> {
        Some(self.replies.get(&place)?.text)
    }

    /// Keeps a reply for so long.
    pub(in crate::server) fn keep(&self, place: Identity, text: &str, time: Duration) {
        if !text.trim().is_empty() && text.len() <= LONGEST_KEPT {
            let text = text.into();
            self.replies.insert(place, KeptText { text, time });
        }
    }
}

impl Default for RepeatableReplies {
    fn default() -> RepeatableReplies {
        let weigh = |_: &Identity, kept: &KeptText| {
            u32::try_from(OVERHEAD + kept.text.len()).unwrap_or(u32::MAX)
        };
        RepeatableReplies {
            seeds: Seeds::default(),
            replies: Cache::builder()
                .max_capacity(MOST_BYTES)
                .weigher(weigh)
                .expire_after(OwnTime)
                .build(),
        }
    }
}

/// Says nothing of what is in it.
impl std::fmt::Debug for KeptText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeptText")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIME: Duration = Duration::from_secs(600);

    #[test]
    fn a_reply_is_found_by_all_that_it_depends_on() {
        let replies = RepeatableReplies::default();
        let place = replies.place("default", "v1", "key\ncall", b"{}");
        replies.keep(place, "Hello [NAME_1].", TIME);
        assert_eq!(replies.get(place).as_deref(), Some("Hello [NAME_1]."));
        for (route, rules, call, request) in [
            ("other", "v1", "key\ncall", &b"{}"[..]),
            ("default", "v2", "key\ncall", b"{}"),
            ("default", "v1", "key\nother", b"{}"),
            ("default", "v1", "other\ncall", b"{}"),
            ("default", "v1", "key\ncall", b"{ }"),
        ] {
            let other = replies.place(route, rules, call, request);
            assert_eq!(replies.get(other), None, "{route} {rules} {call:?}");
        }
    }

    #[test]
    fn nothing_empty_or_huge_is_kept_and_nothing_for_longer_than_its_rule_says() {
        let replies = RepeatableReplies::default();
        for (text, time, is_kept) in [
            (" \n".to_owned(), TIME, false),
            ("a".repeat(LONGEST_KEPT), TIME, true),
            ("a".repeat(LONGEST_KEPT + 1), TIME, false),
            ("a".to_owned(), Duration::ZERO, false),
        ] {
            let place = replies.place("", "", &format!("{} {time:?}", text.len()), b"");
            replies.keep(place, &text, time);
            assert_eq!(replies.get(place).is_some(), is_kept, "{}", text.len());
        }
    }

    #[test]
    fn the_memory_of_all_is_bounded() {
        let replies = RepeatableReplies::default();
        let text = "a".repeat(LONGEST_KEPT);
        for call in 0..1000 {
            let place = replies.place("", "", &call.to_string(), b"");
            replies.keep(place, &text, TIME);
        }
        replies.replies.run_pending_tasks();
        assert!(replies.replies.weighted_size() <= MOST_BYTES);
    }
}
