//! `headers` of `[upstream.NAME]` and `[trace]`: what else each request to it says.
//!
//! A value may be a key, so none is ever shown.

use std::collections::BTreeMap;

use http::{HeaderName, HeaderValue};
use toml::Spanned;

use crate::files::{Problem, Source};
use crate::net::own_header::is_own_header;

/// What is wrong with the headers of a server, each at its place. `text` gives the text of a value.
pub(in crate::config) fn check<V>(
    headers: &BTreeMap<String, Spanned<V>>,
    text: &dyn Fn(&V) -> &str,
    source: &Source,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut known: Vec<HeaderName> = Vec::new();
    for (name, value) in headers {
        let error = |message: String| source.error(value.span(), message);
        let Ok(header) = HeaderName::try_from(name.as_str()) else {
            problems.push(error(format!("`{name}` is no name of a header")));
            continue;
        };
        if is_own_header(header.as_str()) {
            let message =
                format!("the header `{name}` is aside's own: it says how a request is sent");
            let help = "take it out; where a server is reached under another name, its `url` has that name";
            problems.push(error(message).with_help(help));
        }
        if known.contains(&header) {
            let message = format!("the header `{name}` stands here twice");
            problems.push(error(message).with_help("servers read it in any case; keep one"));
        }
        if HeaderValue::from_str(text(value.get_ref())).is_err() {
            let message = format!("the header `{name}` has a value that no header can have");
            let help = "a header is one line without control signs";
            problems.push(error(message).with_help(help));
        }
        known.push(header);
    }
    problems
}

#[cfg(test)]
mod tests {
    use crate::config::{Config, Overrides};

    fn problems(headers: &str) -> Vec<String> {
        let text = format!("[upstream.a]\nurl = \"http://x\"\n[upstream.a.headers]\n{headers}\n");
        let source = crate::config::source("aside.toml", text);
        let (_, problems) = Config::read(&source, &Overrides::default(), &|_| None);
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_header_that_cuts_the_body_or_belongs_to_the_connection_is_refused_at_its_line() {
        for name in [
            "Content-Length",
            "content-length",
            "Transfer-Encoding",
            "Content-Encoding",
            "Host",
            "Connection",
            "Keep-Alive",
            "TE",
            "Trailer",
            "Upgrade",
            "Expect",
            "Accept-Encoding",
            "Proxy-Connection",
        ] {
            let told = problems(&format!("X-A = \"1\"\n{name} = \"5\"")).concat();
            assert!(told.contains("aside.toml:5:"), "{name}: {told}");
            assert!(told.contains(&format!("`{name}` is aside's own")), "{told}");
        }
    }

    #[test]
    fn what_is_no_header_is_told_at_its_line_without_its_value() {
        for (headers, expected) in [
            ("\"a b\" = \"s3cr3t\"", "4:9: `a b` is no name"),
            ("X-A = \"s3cr3t\\n\"", "4:7: the header `X-A` has a value"),
            (
                "X-A = \"s3cr3t\"\nx-a = \"s3cr3t\"",
                "5:7: the header `x-a` stands here twice",
            ),
        ] {
            let told = problems(headers).concat();
            assert!(told.contains(expected), "{told}");
            assert!(!told.contains("s3cr3t"), "{told}");
        }
    }

    #[test]
    fn other_headers_are_taken() {
        let headers = "Authorization = \"Basic x\"\nContent-Type = \"application/json; charset=utf-8\"\n\
                       User-Agent = \"me\"\nHTTP-Referer = \"https://a.example\"\nProxy-Authorization = \"x\"";
        assert_eq!(problems(headers), [""; 0]);
    }
}
