//! W3C Trace Context: of which trace a request is, and how the next server is told.
//!
//! What a caller sends is read as the recommendation says, and what is none is as good as not sent. It
//! is ids and words of tracing systems, and never looked into.

use http::{HeaderMap, HeaderName, HeaderValue};
use ring::rand::{SecureRandom, SystemRandom};
use std::hash::{BuildHasher, RandomState};

/// Of which trace a request is, and which span of it asks.
pub const TRACEPARENT: &str = "traceparent";
/// What tracing systems want to find again.
pub const TRACESTATE: &str = "tracestate";

/// The flag of a trace that its sender keeps.
const SAMPLED: u8 = 1;
/// The flag of a trace whose id is random.
const RANDOM: u8 = 2;
/// The longest state that goes on, and the most entries of it.
const LONGEST_STATE: usize = 512;
const MOST_ENTRIES: usize = 32;

/// A place in a trace: a span of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceContext {
    /// The trace.
    pub trace: [u8; 16],
    /// The span.
    pub span: [u8; 8],
    flags: u8,
    /// What tracing systems want to find again, as it came.
    pub state: Option<String>,
}

impl TraceContext {
    /// A trace that begins here.
    pub fn begin() -> TraceContext {
        TraceContext {
            trace: random(),
            span: random(),
            flags: RANDOM,
            state: None,
        }
    }

    /// What the headers of a request say; none: nothing that counts.
    pub fn read<'h>(
        parents: impl Iterator<Item = &'h str>,
        states: impl Iterator<Item = &'h str>,
    ) -> Option<TraceContext> {
        let mut parents = parents;
        // Two of them say nothing.
        let (Some(parent), None) = (parents.next(), parents.next()) else {
            return None;
        };
        let read = parse_parent(parent.trim())?;
        let state = read_state(states);
        Some(TraceContext { state, ..read })
    }

    /// A span of the same trace.
    pub fn child(&self) -> TraceContext {
        self.at(random())
    }

    /// The span of this id, of the same trace.
    pub fn at(&self, span: [u8; 8]) -> TraceContext {
        TraceContext {
            span,
            ..self.clone()
        }
    }

    /// Whether its sender keeps the trace.
    pub fn is_sampled(&self) -> bool {
        self.flags & SAMPLED != 0
    }

    /// The same, and whether the trace is kept.
    pub fn sampled(mut self, is_sampled: bool) -> TraceContext {
        self.flags = match is_sampled {
            true => self.flags | SAMPLED,
            false => self.flags & !SAMPLED,
        };
        self
    }

    /// Whether the trace is among this share of all: every server that asks so says the same.
    pub fn is_within(&self, share: f64) -> bool {
        let [.., a, b, c, d, e, f, g] = self.trace;
        let place = u64::from_be_bytes([0, a, b, c, d, e, f, g]);
        // 56 bits; what a number rounds away there changes nothing.
        (place as f64) < share * (1_u64 << 56) as f64
    }

    /// Which flags a span of it has.
    pub fn flags(&self) -> u8 {
        self.flags
    }

    /// Tells the next server whose span asks it.
    pub fn put_into(&self, headers: &mut HeaderMap) {
        let trace = u128::from_be_bytes(self.trace);
        let span = u64::from_be_bytes(self.span);
        let parent = format!("00-{trace:032x}-{span:016x}-{:02x}", self.flags);
        let mut put = |name: &'static str, text: &str| {
            if let Ok(value) = HeaderValue::from_str(text) {
                headers.insert(HeaderName::from_static(name), value);
            }
        };
        put(TRACEPARENT, &parent);
        if let Some(state) = &self.state {
            put(TRACESTATE, state);
        }
    }
}

/// Bytes that nobody guesses, and that are not all zero.
fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if SystemRandom::new().fill(&mut bytes).is_err() {
        // Here only uniqueness counts.
        let other = RandomState::new().hash_one("span").to_be_bytes();
        bytes.iter_mut().zip(other).for_each(|(to, of)| *to = of);
    }
    if bytes.iter().all(|byte| *byte == 0) {
        bytes[0] = 1;
    }
    bytes
}

/// Reads `00-` trace `-` span `-` flags; of a later version what this one has too.
fn parse_parent(text: &str) -> Option<TraceContext> {
    let known = text.get(..55)?;
    let more = text.get(55..)?;
    let mut parts = known.split('-');
    let version = hex::<1>(parts.next()?)?[0];
    let (trace, span) = (hex::<16>(parts.next()?)?, hex::<8>(parts.next()?)?);
    let flags = hex::<1>(parts.next()?)?[0];
    let is_whole = match version {
        0xff => false,
        0 => more.is_empty(),
        _ => more.is_empty() || more.starts_with('-'),
    };
    let is_set = trace != [0; 16] && span != [0; 8];
    (is_whole && is_set && parts.next().is_none()).then_some(TraceContext {
        trace,
        span,
        flags: flags & (SAMPLED | RANDOM),
        state: None,
    })
}

/// Bytes as so many lower-case hex digits.
fn hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let is_hex = |digit: u8| matches!(digit, b'0'..=b'9' | b'a'..=b'f');
    if text.len() != 2 * N || !text.bytes().all(is_hex) {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

/// The entries of all headers in order; none where any is no entry, or there are none. What is too
/// much is cut behind an entry.
fn read_state<'h>(headers: impl Iterator<Item = &'h str>) -> Option<String> {
    let mut entries: Vec<&str> = Vec::new();
    for entry in headers.flat_map(|header| header.split(',')) {
        let entry = entry.trim_matches([' ', '\t']);
        if entry.is_empty() {
            continue;
        }
        let (key, value) = entry.split_once('=')?;
        let is_known = |other: &&str| other.split_once('=').is_some_and(|(known, _)| known == key);
        if !is_key(key) || !is_value(value) || entries.iter().any(is_known) {
            return None;
        }
        entries.push(entry);
    }
    if entries.is_empty() || entries.len() > MOST_ENTRIES {
        return None;
    }
    let length = |entries: &[&str]| entries.iter().map(|entry| entry.len() + 1).sum::<usize>() - 1;
    while entries.len() > 1 && length(&entries) > LONGEST_STATE {
        entries.pop();
    }
    (length(&entries) <= LONGEST_STATE).then(|| entries.join(","))
}

fn is_key(key: &str) -> bool {
    let is_part = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'*' | b'/');
    let begins = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_lowercase() || first.is_ascii_digit())
    };
    let is_good =
        |part: &str, most: usize| begins(part) && part.len() <= most && part.bytes().all(is_part);
    match key.split_once('@') {
        None => is_good(key, 256),
        Some((tenant, system)) => is_good(tenant, 241) && is_good(system, 14),
    }
}

fn is_value(value: &str) -> bool {
    let is_part = |byte: u8| matches!(byte, b' '..=b'~') && byte != b',' && byte != b'=';
    !value.is_empty() && value.len() <= 256 && value.bytes().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn read(parents: &[&str], states: &[&str]) -> Option<TraceContext> {
        TraceContext::read(parents.iter().copied(), states.iter().copied())
    }

    #[test]
    fn a_parent_is_read_as_the_recommendation_says() {
        let parent = read(&[PARENT], &[]).expect("a parent");
        assert!(parent.is_sampled());
        let mut headers = HeaderMap::new();
        parent.put_into(&mut headers);
        assert_eq!(headers[TRACEPARENT], PARENT);
        for (text, is_sampled) in [
            (PARENT.replace("-01", "-00"), false),
            (PARENT.replace("-01", "-ff"), true),
            (PARENT.replacen("00-", "cc-", 1), true),
            (
                PARENT.replacen("00-", "cc-", 1) + "-what-the-future-will-be",
                true,
            ),
        ] {
            let parent = read(&[&text], &[]).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(parent.is_sampled(), is_sampled, "{text}");
        }
        for wrong in [
            String::new(),
            "00".to_owned(),
            PARENT.replacen("00-", "ff-", 1),
            PARENT.replacen("00-", "cc-", 1) + ".more",
            format!("{PARENT}-00"),
            PARENT.to_uppercase(),
            PARENT.replace('-', "_"),
            PARENT.replace("4bf92f3577b34da6a3ce929d0e0e4736", &"0".repeat(32)),
            PARENT.replace("00f067aa0ba902b7", &"0".repeat(16)),
            PARENT.replace("4bf92f", "é4bf9"),
            PARENT.replace("-01", "-1x"),
        ] {
            assert_eq!(read(&[&wrong], &[]), None, "{wrong}");
        }
        assert_eq!(read(&[PARENT, PARENT], &[]), None);
    }

    #[test]
    fn a_state_goes_on_whole_or_not_at_all() {
        let state = |states: &[&str]| read(&[PARENT], states).expect("a parent").state;
        assert_eq!(
            state(&["a=1, b@c=x y ", "", "d=2"]).as_deref(),
            Some("a=1,b@c=x y,d=2")
        );
        for wrong in [
            "A=1",
            "a",
            "a=",
            "a=1,a=2",
            "a=b=c",
            "ä=1",
            "a=é",
            "@b=1",
            "a=1\u{7f}",
        ] {
            assert_eq!(state(&[wrong]), None, "{wrong}");
        }
        let many = |count: usize| {
            (0..count)
                .map(|n| format!("k{n}=v"))
                .collect::<Vec<_>>()
                .join(",")
        };
        assert!(state(&[&many(32)]).is_some() && state(&[&many(33)]).is_none());
        let long = format!("a={},b={},c=1", "x".repeat(250), "y".repeat(250));
        assert_eq!(
            state(&[&format!("{long},d={}", "z".repeat(90))]).as_deref(),
            Some(&*long)
        );
    }

    #[test]
    fn a_span_is_of_the_trace_of_its_parent_and_has_an_id_of_its_own() {
        let parent = TraceContext::begin().sampled(true);
        let child = parent.child();
        assert_eq!((child.trace, child.is_sampled()), (parent.trace, true));
        assert_ne!(child.span, parent.span);
        assert_ne!(TraceContext::begin().trace, parent.trace);
    }

    #[test]
    fn a_share_of_all_traces_is_about_that_share() {
        let within = |share: f64| {
            (0..4000)
                .filter(|_| TraceContext::begin().is_within(share))
                .count()
        };
        assert_eq!((within(0.0), within(1.0)), (0, 4000));
        assert!((700..1300).contains(&within(0.25)));
    }
}
