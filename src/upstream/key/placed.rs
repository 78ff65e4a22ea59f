//! A key as it stands in a request, made once for all requests that bear it.

use bytes::Bytes;
use http::header::{self, HeaderName, HeaderValue};
use http::{Request, Uri};
use url::form_urlencoded::byte_serialize;

use super::KeyPlace;

/// A key as it stands in a request.
pub(in crate::upstream) enum PlacedKey {
    /// A header.
    Header(HeaderName, HeaderValue),
    /// `name=key`, as a query has it.
    Query(String),
}

impl PlacedKey {
    /// A key at its place; none: it can't stand there.
    pub(in crate::upstream) fn new(place: &KeyPlace, key: &str) -> Option<PlacedKey> {
        let in_header = |name: HeaderName, text: &str| {
            let mut value = HeaderValue::from_str(text).ok()?;
            value.set_sensitive(true);
            Some(PlacedKey::Header(name, value))
        };
        match place {
            KeyPlace::Bearer => in_header(header::AUTHORIZATION, &format!("Bearer {key}")),
            KeyPlace::Header { name, scheme } => {
                let name = HeaderName::try_from(name.as_ref()).ok()?;
                // `token=` and the like lean on what follows.
                let gap = match scheme.is_empty() || scheme.ends_with('=') {
                    true => "",
                    false => " ",
                };
                in_header(name, &format!("{scheme}{gap}{key}"))
            }
            KeyPlace::Query(name) => {
                let written = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
                Some(PlacedKey::Query(format!(
                    "{}={}",
                    written(name),
                    written(key)
                )))
            }
        }
    }

    /// Puts it into a request.
    pub(in crate::upstream) fn put_into(&self, request: &mut Request<Bytes>) {
        match self {
            PlacedKey::Header(name, value) => {
                request.headers_mut().insert(name.clone(), value.clone());
            }
            PlacedKey::Query(parameter) => {
                let url = request.uri();
                let sign = if url.query().is_some() { '&' } else { '?' };
                // What is too long for a URL is refused by the server, without its key.
                if let Ok(url) = format!("{url}{sign}{parameter}").parse::<Uri>() {
                    *request.uri_mut() = url;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(place: &KeyPlace, url: &'static str) -> (String, Vec<(String, String)>) {
        let mut request = Request::new(Bytes::new());
        *request.uri_mut() = Uri::from_static(url);
        let key = PlacedKey::new(place, "k/1 +&").expect("a key");
        key.put_into(&mut request);
        let headers = request.headers().iter().map(|(name, value)| {
            let text = value.to_str().expect("a text").to_owned();
            assert!(!format!("{value:?}").contains("k/1"), "{value:?}");
            (name.to_string(), text)
        });
        (request.uri().to_string(), headers.collect())
    }

    #[test]
    fn a_key_stands_where_its_server_looks_for_it() {
        let api_key = KeyPlace::try_from("Authorization: Api-Key".to_owned()).expect("a place");
        let token = KeyPlace::try_from("Authorization: Token token=".to_owned()).expect("one");
        for (place, name, value) in [
            (KeyPlace::Bearer, "authorization", "Bearer k/1 +&"),
            (KeyPlace::header("api-key"), "api-key", "k/1 +&"),
            (KeyPlace::header("X-Api-Key"), "x-api-key", "k/1 +&"),
            (api_key, "authorization", "Api-Key k/1 +&"),
            (token, "authorization", "Token token=k/1 +&"),
        ] {
            let (url, headers) = placed(&place, "http://a/v1?b=c");
            assert_eq!(url, "http://a/v1?b=c");
            assert_eq!(headers, [(name.to_owned(), value.to_owned())]);
        }
        for (url, expected) in [
            ("http://a/v1", "http://a/v1?key=k%2F1+%2B%26"),
            ("http://a/v1?b=c", "http://a/v1?b=c&key=k%2F1+%2B%26"),
        ] {
            assert_eq!(
                placed(&KeyPlace::query("key"), url),
                (expected.to_owned(), vec![])
            );
        }
        assert!(PlacedKey::new(&KeyPlace::Bearer, "a\nb").is_none());
        assert!(PlacedKey::new(&KeyPlace::header("a b"), "k").is_none());
    }
}
