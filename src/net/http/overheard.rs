//! What is asked and answered, overheard for somebody who looks into a server.
//!
//! Turns are never overheard: their client has nobody who listens. What is kept bears no secret that
//! the request had: it is taken out before anybody reads it.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use bytes::Bytes;
use http::{HeaderMap, Request, header, response};
use percent_encoding::percent_decode_str;
use tokio::time::Instant;

/// So much of an answer is kept, in bytes.
const MOST: usize = 256 << 10;
/// A shorter value of a header or of the query is no secret, or none that could be found again.
const SHORTEST_SECRET: usize = 4;
/// A shorter secret is not told in part.
const SHORTEST_TOLD_IN_PART: usize = 12;
/// Words before a key, which are none.
const SCHEMES: &[&str] = &["Bearer", "Basic", "Api-Key"];
/// Headers that say what a request is, and bear no secret.
const PLAIN: &[header::HeaderName] = &[
    header::ACCEPT_ENCODING,
    header::CONTENT_TYPE,
    header::HOST,
    header::USER_AGENT,
];

/// What a client heard so far, in order.
#[derive(Clone, Default)]
pub struct Overheard(Rc<RefCell<Vec<Rc<RefCell<HeardExchange>>>>>);

/// One request, and what came of it.
#[derive(Clone)]
pub struct HeardExchange {
    /// When it was asked.
    pub asked: Instant,
    /// What was sent.
    pub sent: Bytes,
    /// The status of the answer; none: no answer came.
    pub status: Option<u16>,
    /// Its content type, in lower case.
    pub content_type: String,
    /// Where a redirect points.
    pub location: Option<String>,
    body: Vec<u8>,
    secrets: Vec<String>,
}

/// Who listens to one answer.
pub(super) type Ear = Rc<RefCell<HeardExchange>>;

impl Overheard {
    /// Forgets what was heard.
    pub fn forget(&self) {
        self.0.borrow_mut().clear();
    }

    /// What was heard since.
    pub fn exchanges(&self) -> Vec<HeardExchange> {
        let heard = self.0.borrow();
        heard.iter().map(|one| one.borrow().clone()).collect()
    }

    /// A request goes out.
    pub(super) fn asked(&self, request: &Request<Bytes>) -> Ear {
        let heard = HeardExchange {
            asked: Instant::now(),
            sent: request.body().clone(),
            status: None,
            content_type: String::new(),
            location: None,
            body: Vec::new(),
            secrets: secrets_of(request),
        };
        let ear = Rc::new(RefCell::new(heard));
        self.0.borrow_mut().push(ear.clone());
        ear
    }
}

impl HeardExchange {
    /// The answer as far as it was kept, without the secrets of the request.
    pub fn text(&self) -> String {
        self.without_secrets(&String::from_utf8_lossy(&self.body))
    }

    /// Whether the request had a key, or what may be one.
    pub fn bears_secrets(&self) -> bool {
        !self.secrets.is_empty()
    }

    /// A text without the secrets of the request.
    pub fn without_secrets(&self, text: &str) -> String {
        let secrets = self.secrets.iter();
        secrets.fold(text.to_owned(), |text, secret| text.replace(secret, "…"))
    }

    /// A line without the secrets of the request and without words that show the beginning or the end
    /// of one, as servers tell which key it was.
    pub fn without_traces(&self, line: &str) -> String {
        let is_long = |secret: &&String| {
            let is_one_word = secret.bytes().all(|byte| byte.is_ascii_graphic());
            is_one_word && secret.len() >= SHORTEST_TOLD_IN_PART
        };
        let long: Vec<&String> = self.secrets.iter().filter(is_long).collect();
        let is_trace = |word: &str| {
            long.iter().any(|secret| {
                let (head, tail) = (&secret[..6], &secret[secret.len() - 4..]);
                word.contains(head) || (word.contains(tail) && word.contains(['*', '.', '…']))
            })
        };
        let line = self.without_secrets(line);
        let words = line.split(' ').map(|word| match is_trace(word) {
            true => "…",
            false => word,
        });
        words.collect::<Vec<_>>().join(" ")
    }

    /// The head of its answer has come.
    pub(super) fn hear_head(&mut self, head: &response::Parts) {
        let named = |name| text_of(&head.headers, &name);
        self.status = Some(head.status.as_u16());
        self.content_type = named(header::CONTENT_TYPE)
            .unwrap_or_default()
            .to_ascii_lowercase();
        self.location = named(header::LOCATION);
    }

    /// A piece of its body has come.
    pub(super) fn hear(&mut self, piece: &[u8]) {
        let left = MOST - self.body.len().min(MOST);
        self.body.extend_from_slice(&piece[..piece.len().min(left)]);
    }
}

/// What a request bears that nobody may read: values of headers, each word of one, and of the query.
fn secrets_of(request: &Request<Bytes>) -> Vec<String> {
    let headers = request.headers().iter();
    let values = headers.filter(|(name, _)| !PLAIN.contains(name));
    let values = values.filter_map(|(_, value)| value.to_str().ok());
    let words = values.flat_map(|value| [value].into_iter().chain(value.split_whitespace()));
    let query = request.uri().query().unwrap_or_default().split('&');
    let query = query.filter_map(|pair| Some(pair.split_once('=')?.1));
    let decoded = query
        .clone()
        .map(|value| percent_decode_str(value).decode_utf8_lossy().into_owned());
    let mut secrets: Vec<String> = words.chain(query.clone()).map(str::to_owned).collect();
    secrets.extend(decoded);
    let is_scheme = |word: &str| SCHEMES.iter().any(|it| it.eq_ignore_ascii_case(word));
    secrets.retain(|secret| secret.len() >= SHORTEST_SECRET && !is_scheme(secret));
    // A whole value goes before the words in it.
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    secrets.dedup();
    secrets
}

fn text_of(headers: &HeaderMap, name: &header::HeaderName) -> Option<String> {
    let value = headers.get(name)?;
    value.to_str().ok().map(str::to_owned)
}

impl fmt::Debug for Overheard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // It holds what was said.
        f.debug_struct("Overheard").finish_non_exhaustive()
    }
}

impl fmt::Debug for HeardExchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HeardExchange")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request<Bytes> {
        let mut request = Request::new(Bytes::from("{}"));
        *request.uri_mut() = "http://127.0.0.1/v1?key=sesame-oil&v=2"
            .parse()
            .expect("a URL");
        for (name, value) in [
            ("authorization", "Bearer open-sesame-47"),
            ("x-own", "Dana likes it"),
            ("content-type", "application/json"),
        ] {
            let name = header::HeaderName::from_static(name);
            request
                .headers_mut()
                .insert(name, header::HeaderValue::from_static(value));
        }
        request
    }

    #[test]
    fn what_is_heard_bears_no_secret_of_the_request() {
        let overheard = Overheard::default();
        let ear = overheard.asked(&request());
        let piece =
            b"Incorrect key open-sesame-47 or sesame-oil in Bearer open-sesame-47, application/json v=2";
        for piece in piece.chunks(7) {
            ear.borrow_mut().hear(piece);
        }
        let heard = overheard.exchanges();
        assert_eq!(
            heard[0].text(),
            "Incorrect key … or … in …, application/json v=2"
        );
        assert_eq!(heard[0].without_secrets("Dana likes it"), "…");
        let told = "Key open-s**** or o...e-47 is in route-47 and same. Bearer";
        let expected = "Key … or … is in route-47 and same. Bearer";
        assert_eq!(heard[0].without_traces(told), expected);
        assert!(!format!("{heard:?} {overheard:?}").contains("sesame"));
        overheard.forget();
        assert!(overheard.exchanges().is_empty());
    }

    #[test]
    fn no_more_than_the_beginning_of_an_answer_is_kept() {
        let overheard = Overheard::default();
        let ear = overheard.asked(&request());
        for _ in 0..5 {
            ear.borrow_mut().hear(&vec![b'x'; MOST / 3]);
        }
        assert_eq!(overheard.exchanges()[0].text().len(), MOST);
    }
}
