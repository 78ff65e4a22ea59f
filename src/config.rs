//! The config file `aside.toml`: what it says, checked, with every problem at its place.
//!
//! Keys live in secret types; nothing here prints or logs them.

pub mod address;
mod admin;
mod context;
mod detect;
mod doubts;
mod fetch;
mod form;
mod hmac;
mod inspect;
mod limits;
mod misfits;
mod record;
mod reload;
mod route;
mod rule_folders;
mod rulesets;
mod secret_fields;
mod trace;
mod upstream;
mod vapi;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use toml::Spanned;

use crate::files::schema;
use crate::files::variable::from_environment;
use crate::files::{Document, Problem, Source, duration, say_where_fields_belong, without_echoes};
pub use admin::{Admin, health_address};
pub use context::{ContextConfig, StoreConfig, StoreUrl};
pub use detect::{DetectConfig, NamesBy};
pub use fetch::FetchConfig;
pub use form::{ModelRow, UpstreamModel};
pub use hmac::{Algorithm, Encoding, Hmac, PayloadPiece};
pub use inspect::InspectConfig;
pub use limits::{Limits, Rate};
pub use record::RecordConfig;
pub use reload::Reload;
pub use route::{RouteConfig, RouteOnError};
pub use rule_folders::RuleFolders;
#[cfg(test)]
pub(crate) use secret_fields::FIELDS;
pub use secret_fields::source;
pub use trace::TraceConfig;
pub use upstream::{KeyCommand, KeyLifetime, Oauth, UpstreamConfig};
pub use vapi::{ForwardUrl, Keep, Proof, VapiConfig};

/// Everything that a server needs to know.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where to listen. Default: 127.0.0.1:8080.
    #[serde(deserialize_with = "address::address")]
    #[schemars(with = "String")]
    pub listen: SocketAddr,
    /// Worker threads. Default: one a core.
    pub workers: Option<usize>,
    /// The folder of rule files, for the routes that name none. Default: `rules`.
    pub rules: PathBuf,
    /// When a call goes on with new rules. Default: with its next turn.
    pub reload: Reload,
    /// How long streams may go on when the server is told to end. Default: 120s.
    #[serde(deserialize_with = "duration::duration")]
    #[schemars(with = "String")]
    pub drain: Duration,
    /// The callers' keys.
    pub keys: Vec<Key>,
    /// Whether everybody is served without a key. Default: false.
    pub open: bool,
    /// Keys of the context API.
    pub context_keys: Vec<Key>,
    /// Keys of the inspector and metrics.
    pub admin_keys: Vec<Key>,
    /// The upstreams by name.
    #[serde(rename = "upstream")]
    #[schemars(with = "BTreeMap<String, UpstreamConfig>")]
    pub upstreams: BTreeMap<String, Spanned<UpstreamConfig>>,
    /// The routes by name.
    #[serde(rename = "route")]
    #[schemars(with = "BTreeMap<String, RouteConfig>")]
    pub routes: BTreeMap<String, Spanned<RouteConfig>>,
    /// What is too much.
    pub limits: Limits,
    /// Where metrics and health are served.
    pub admin: Admin,
    /// How the log is written.
    pub log: Log,
    /// What finds names.
    pub detect: DetectConfig,
    /// Whom rules may ask for facts.
    pub fetch: FetchConfig,
    /// Vapi's events; none: nobody may post any.
    #[schemars(with = "vapi::WrittenVapi")]
    pub vapi: Option<VapiConfig>,
    /// Where turns are recorded; none: nowhere.
    pub record: Option<RecordConfig>,
    /// Which turns are kept in memory and shown.
    pub inspect: InspectConfig,
    /// Where traces are posted; none: nowhere.
    pub trace: Option<TraceConfig>,
    /// Where context is kept.
    pub context: ContextConfig,
}

/// A key that is never shown.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
pub struct Key(#[schemars(with = "String")] SecretString);

/// `[log]`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// Default: text.
    pub format: LogFormat,
}

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For machines.
    Json,
}

/// What flags and environment say over the file.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// Where to listen.
    pub listen: Option<SocketAddr>,
    /// The folder of rule files.
    pub rules: Option<PathBuf>,
    /// The base URL of the upstream `default`.
    pub upstream: Option<String>,
    /// Its key.
    pub upstream_key: Option<SecretString>,
    /// Worker threads.
    pub workers: Option<usize>,
}

impl Config {
    /// The JSON Schema of the config file.
    pub fn schema() -> serde_json::Value {
        let config = Config::json_schema(&mut schema::generator());
        schema::finish(config.into(), "The config of aside")
    }

    /// Reads a config. `env` gives environment variables. Without errors there is a config.
    pub fn read(
        source: &Source,
        over: &Overrides,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> (Option<Config>, Vec<Problem>) {
        let (mut document, broken) = Document::parse_what_can_be(source);
        let broken_line = broken.as_ref().map(|problem| problem.line);
        let mut problems = Vec::from_iter(broken);
        let mut doubts = doubts::variables(&document);
        problems.extend(document.expand_strings(&mut |text| from_environment(text, env)));
        let places =
            admin::TOLD_AT.map(|field| (field, document.place_of(field).unwrap_or_default()));
        let presets = document.places_in("upstream", "preset");
        let models = document.places_in("upstream", "model");
        let fields = ["think", "first_token"];
        let waits = fields
            .map(|field| document.places_in("route", field))
            .concat();
        let (config, mut found) = document.read::<Config>();
        say_where_fields_belong(source, &mut found, &Config::schema);
        problems.extend(found);
        // What can't be read for its `$NAME` is told once.
        doubts.retain(|doubt| problems.iter().all(|problem| problem.line != doubt.line));
        problems.extend(doubts);
        if let Some(line) = broken_line {
            without_echoes(&mut problems, line);
        }
        let is_wrong = problems.iter().any(Problem::is_error);
        let Some(mut config) = config.filter(|_| !is_wrong) else {
            problems.sort_by_key(|problem| (problem.line, problem.column));
            return (None, problems);
        };
        config.override_by(over);
        let place = |field: &str| {
            let found = places.iter().find(|(known, _)| *known == field);
            found.map(|(_, place)| place.clone()).unwrap_or_default()
        };
        problems.extend(config.check(source, over, &place));
        problems.extend(doubts::keys(&config, source, &presets));
        problems.extend(misfits::models(&config, source, &models));
        problems.extend(misfits::routes(&config, source));
        problems.extend(doubts::deadlines(&config, source, &waits));
        problems.sort_by_key(|problem| (problem.line, problem.column));
        if problems.iter().any(Problem::is_error) {
            (None, problems)
        } else {
            (Some(config), problems)
        }
    }

    fn override_by(&mut self, over: &Overrides) {
        self.listen = over.listen.unwrap_or(self.listen);
        self.workers = over.workers.or(self.workers);
        if let Some(rules) = &over.rules {
            self.rules.clone_from(rules);
        }
        if let Some(url) = &over.upstream {
            let upstream = UpstreamConfig {
                url: Some(Spanned::new(0..0, url.clone())),
                key: over
                    .upstream_key
                    .clone()
                    .map(|key| Spanned::new(0..0, Key(key))),
                ..UpstreamConfig::default()
            };
            self.upstreams
                .insert("default".to_owned(), Spanned::new(0..0, upstream));
            let route = self
                .routes
                .entry("default".to_owned())
                .or_insert_with(|| Spanned::new(0..0, RouteConfig::default()));
            route.get_mut().upstreams = vec![Spanned::new(0..0, "default".to_owned())];
        } else if self.routes.is_empty() && self.upstreams.len() == 1 {
            let names = self
                .upstreams
                .keys()
                .map(|name| Spanned::new(0..0, name.clone()))
                .collect();
            let route = RouteConfig {
                upstreams: names,
                ..RouteConfig::default()
            };
            self.routes
                .insert("default".to_owned(), Spanned::new(0..0, route));
        }
    }

    fn check(
        &self,
        source: &Source,
        over: &Overrides,
        place: &dyn Fn(&str) -> Range<usize>,
    ) -> Vec<Problem> {
        let mut problems = Vec::new();
        problems.extend(self.asks_nobody(source));
        for (name, upstream) in &self.upstreams {
            problems.extend(upstream::check(name, upstream, source));
        }
        for (name, route) in &self.routes {
            self.check_route(name, route, source, &mut problems);
        }
        problems.extend(admin::check(self, source, place));
        problems.extend(self.fetch.check(source));
        problems.extend(self.detect.check(source));
        let traced = self.trace.as_ref().map(|trace| trace.check(source));
        problems.extend(traced.unwrap_or_default());
        problems.extend(self.is_open_unsaid(source, over, place));
        problems
    }

    fn asks_nobody(&self, source: &Source) -> Option<Problem> {
        let (message, help) = match (self.upstreams.is_empty(), self.routes.is_empty()) {
            (true, _) => (
                "there is no upstream to ask",
                "add `[upstream.NAME]` with a `preset`, or pass `--upstream URL`",
            ),
            (false, true) => (
                "there are several upstreams and no route",
                "add `[route.default]` with `upstreams = [\"first\", \"next\"]`",
            ),
            (false, false) => return None,
        };
        Some(source.error(0..0, message).with_help(help))
    }

    fn check_route(
        &self,
        name: &str,
        route: &Spanned<RouteConfig>,
        source: &Source,
        problems: &mut Vec<Problem>,
    ) {
        let (place, route) = (route.span(), route.get_ref());
        if name.is_empty() || name.contains('/') || route::RESERVED.contains(&name) {
            let message =
                format!("`{name}` can't be the name of a route, since it is a part of paths");
            problems.push(source.error(place.clone(), message));
        }
        if route.upstreams.is_empty() {
            problems.push(source.error(place, format!("the route `{name}` has no `upstreams`")));
        }
        for upstream in &route.upstreams {
            if !self.upstreams.contains_key(upstream.get_ref()) {
                let known = self.upstreams.keys().map(String::as_str);
                let help = crate::files::problem::nearest(upstream.get_ref(), known)
                    .map(|near| format!("did you mean `{near}`?"));
                let message = format!("there is no upstream `{}`", upstream.get_ref());
                problems.push(source.error(upstream.span(), message).with_help_if(help));
            }
        }
    }

    /// Others are served without a key, and nobody said that they may.
    fn is_open_unsaid(
        &self,
        source: &Source,
        over: &Overrides,
        place: &dyn Fn(&str) -> Range<usize>,
    ) -> Option<Problem> {
        if self.listen.ip().is_loopback() || !self.keys.is_empty() || self.open {
            return None;
        }
        let message = format!(
            "`{}` is open to others, and there are no `keys`",
            self.listen
        );
        let problem = match over.listen {
            Some(_) => Problem::of_flag("--listen or ASIDE_LISTEN", message),
            None => source.error(place("listen"), message),
        };
        let help = "set `keys = [\"${ASIDE_KEY}\"]`, or `open = true` to serve everybody";
        Some(problem.with_help(help))
    }
}

impl Key {
    /// The key itself.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// A key says nothing.
#[derive(Debug, thiserror::Error)]
#[error("a key is empty")]
pub struct EmptyKey;

impl TryFrom<String> for Key {
    type Error = EmptyKey;
    fn try_from(key: String) -> Result<Key, EmptyKey> {
        if key.trim().is_empty() {
            return Err(EmptyKey);
        }
        Ok(Key(key.into()))
    }
}

impl Default for Config {
    fn default() -> Config {
        Config {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            workers: None,
            rules: PathBuf::from("rules"),
            reload: Reload::default(),
            drain: Duration::from_secs(120),
            keys: Vec::new(),
            open: false,
            context_keys: Vec::new(),
            admin_keys: Vec::new(),
            upstreams: BTreeMap::new(),
            routes: BTreeMap::new(),
            limits: Limits::default(),
            admin: Admin::default(),
            inspect: InspectConfig::default(),
            log: Log::default(),
            context: ContextConfig::default(),
            detect: DetectConfig::default(),
            fetch: FetchConfig::default(),
            vapi: None,
            record: None,
            trace: None,
        }
    }
}

#[cfg(test)]
mod tests;
