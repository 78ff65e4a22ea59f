//! `[trace]`: where traces of turns are posted, and of how many.
//!
//! The values of its headers may be keys, and are never shown.

use std::collections::BTreeMap;

use http::{HeaderMap, HeaderName, HeaderValue, Uri, header};
use schemars::JsonSchema;
use secrecy::ExposeSecret;
use serde::Deserialize;
use toml::Spanned;

use super::Key;
use super::upstream::headers;
use crate::files::{Problem, Source};
use crate::net::port::is_wrong_port;

/// The path of OTLP over HTTP for traces.
const PATH: &str = "/v1/traces";
/// The usual port of OTLP over gRPC, which aside does not speak.
const GRPC_PORT: u16 = 4317;

/// `[trace]`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TraceConfig {
    /// The collector, which speaks OTLP over HTTP: `http://host:4318`, or the whole `…/v1/traces`.
    #[schemars(with = "String")]
    otlp: Spanned<String>,
    /// What aside is called there (`service.name`). Default: aside.
    #[serde(default = "aside")]
    pub service_name: String,
    /// The share of the turns that are traced, from 0 to 1, where their callers don't say it. Default: 1.
    #[serde(default = "all")]
    #[schemars(with = "f64")]
    sample: Spanned<f64>,
    /// Whether upstreams are told of the trace (`traceparent`, `tracestate`). Default: true.
    #[serde(default = "yes")]
    pub propagate: bool,
    /// More headers for the collector.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    headers: BTreeMap<String, Spanned<Key>>,
}

impl TraceConfig {
    /// The whole URL; none: it is wrong.
    pub fn url(&self) -> Option<Uri> {
        url_of(self.otlp.get_ref()).ok()
    }

    /// Where the URL stands.
    pub fn place(&self) -> std::ops::Range<usize> {
        self.otlp.span()
    }

    /// The share of the turns that are traced.
    pub fn sample(&self) -> f64 {
        *self.sample.get_ref()
    }

    /// The headers of what is posted.
    pub fn headers(&self) -> HeaderMap {
        let mut map = HeaderMap::new();
        let agent = concat!("aside/", env!("CARGO_PKG_VERSION"));
        map.insert(header::USER_AGENT, HeaderValue::from_static(agent));
        let accept = HeaderValue::from_static("identity");
        map.insert(header::ACCEPT_ENCODING, accept);
        for (name, value) in &self.headers {
            let value = HeaderValue::from_str(value.get_ref().0.expose_secret());
            if let (Ok(name), Ok(mut value)) = (HeaderName::try_from(name.as_str()), value) {
                value.set_sensitive(true);
                map.insert(name, value);
            }
        }
        let protobuf = HeaderValue::from_static("application/x-protobuf");
        map.insert(header::CONTENT_TYPE, protobuf);
        map
    }

    /// Whether it says the same, wherever in the file.
    pub(super) fn is_same_as(&self, other: &TraceConfig) -> bool {
        self.otlp.get_ref() == other.otlp.get_ref()
            && (&self.service_name, self.propagate) == (&other.service_name, other.propagate)
            && self.sample().to_bits() == other.sample().to_bits()
            && self.headers() == other.headers()
    }

    /// What is wrong with it.
    pub(super) fn check(&self, source: &Source) -> Vec<Problem> {
        let mut problems = headers::check(&self.headers, &|key| key.expose(), source);
        match url_of(self.otlp.get_ref()) {
            Err(why) => {
                let help =
                    "write the collector's address, as in `otlp = \"http://127.0.0.1:4318\"`";
                problems.push(source.error(self.otlp.span(), why).with_help(help));
            }
            Ok(url) if url.port_u16() == Some(GRPC_PORT) => {
                let message =
                    "port 4317 is that of OTLP over gRPC, and aside speaks OTLP over HTTP";
                let help = "collectors take it at port 4318";
                problems.push(source.warning(self.otlp.span(), message).with_help(help));
            }
            Ok(_) => {}
        }
        if !(0.0..=1.0).contains(self.sample.get_ref()) {
            let message = "`sample` is a share of the turns: a number from 0 to 1";
            let help = "`sample = 0.1` traces one turn in ten";
            problems.push(source.error(self.sample.span(), message).with_help(help));
        }
        problems
    }
}

/// The whole URL of a collector. What is wrong is said without its text, which may hold a key.
fn url_of(base: &str) -> Result<Uri, &'static str> {
    let (base, query) = match base.split_once('?') {
        Some((base, query)) => (base, format!("?{query}")),
        None => (base, String::new()),
    };
    let base = base.trim_end_matches('/');
    let base = base.strip_suffix(PATH).unwrap_or(base);
    let url = format!("{base}{PATH}{query}").parse::<Uri>();
    let url = url.map_err(|_| "`otlp` is no URL")?;
    let authority = url.authority().map_or("", |authority| authority.as_str());
    let has_host = url.host().is_some_and(|host| !host.is_empty());
    match url.scheme_str() {
        Some("http" | "https") if has_host && !is_wrong_port(authority) => Ok(url),
        Some("http" | "https") => Err("`otlp` is no URL of a server"),
        _ => Err("`otlp` must begin with `http://` or `https://`"),
    }
}

fn aside() -> String {
    "aside".to_owned()
}

fn all() -> Spanned<f64> {
    Spanned::new(0..0, 1.0)
}

fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Overrides};

    fn read(trace: &str) -> (Option<TraceConfig>, String) {
        let text = format!("[upstream.a]\nurl = \"http://x\"\n[trace]\n{trace}\n");
        let source = crate::config::source("aside.toml", text);
        let (config, problems) = Config::read(&source, &Overrides::default(), &|_| None);
        let told = problems.iter().map(ToString::to_string).collect();
        (config.and_then(|config| config.trace), told)
    }

    #[test]
    fn a_collector_is_named_by_its_base_or_whole() {
        for (otlp, expected) in [
            ("http://h:4318", "http://h:4318/v1/traces"),
            ("http://h:4318/", "http://h:4318/v1/traces"),
            ("https://h/v1/traces", "https://h/v1/traces"),
            ("https://h/otlp?org=1", "https://h/otlp/v1/traces?org=1"),
        ] {
            let (trace, told) = read(&format!("otlp = \"{otlp}\""));
            assert_eq!(told, "", "{otlp}");
            let trace = trace.expect("a config");
            assert_eq!(
                trace.url().map(|url| url.to_string()).as_deref(),
                Some(expected)
            );
            assert_eq!((trace.sample(), &*trace.service_name), (1.0, "aside"));
        }
    }

    #[test]
    fn what_is_wrong_is_told_at_its_place_and_without_keys() {
        for (trace, expected) in [
            ("", "3:1: `otlp` is missing"),
            ("otlp = \"host:4318\"", "4:8: `otlp`"),
            ("otlp = \"grpc://host\"", "must begin with `http://`"),
            ("otlp = \"http://h:99999\"", "4:8: `otlp`"),
            (
                "otlp = \"http://h:4317\"",
                "port 4317 is that of OTLP over gRPC",
            ),
            (
                "otlp = \"http://h\"\nsample = 1.5",
                "5:10: `sample` is a share",
            ),
            ("otlp = \"http://h\"\nsample = -1.0", "a number from 0 to 1"),
            (
                "otlp = \"http://h\"\n[trace.headers]\nhost = \"s3cr3t\"",
                "aside's own",
            ),
            ("otlp = \"http://h\"\nratio = 1.0", "unknown field `ratio`"),
        ] {
            let (_, told) = read(trace);
            assert!(told.contains(expected), "{trace}: {told}");
            assert!(!told.contains("s3cr3t"), "{told}");
        }
        let (trace, told) =
            read("otlp = \"http://h\"\n[trace.headers]\nauthorization = \"Bearer s3cr3t\"");
        let trace = trace.expect("a config");
        assert_eq!(told, "");
        assert_eq!(trace.headers()["authorization"], "Bearer s3cr3t");
        assert!(!format!("{trace:?} {:?}", trace.headers()).contains("s3cr3t"));
    }
}
