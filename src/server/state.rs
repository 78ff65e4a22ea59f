//! What all workers share, made once from the config.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::auth::Access;
use super::calls::Calls;
use super::events::Events;
use super::meters::{RouteMeters, RuleMeters};
use crate::chat::request::Takes;
use crate::config::{Config, Key, OnError, StoreConfig, UpstreamConfig};
use crate::context::{Context, Fetcher, File, Memory, Redis, Store};
use crate::ruleset::Ruleset;
use crate::telemetry::metrics::start_metrics;
use crate::text::{Problem, Source};
use crate::tls;
use crate::upstream::{Plan, RELAY_CONNECT, Upstream};
use tokio::sync::watch;

/// How much context is kept in memory, in bytes.
const CONTEXT: u64 = 256 << 20;

/// A route: its upstreams, and what the client gets when they fail.
#[derive(Debug)]
pub(super) struct Route {
    /// Its name.
    pub(super) name: String,
    /// Who is asked.
    pub(super) plan: Plan,
    /// What the client gets when nobody answers.
    pub(super) on_error: OnError,
    /// What the caller hears then.
    pub(super) apology: String,
    /// What is counted of its turns.
    pub(super) meters: Arc<RouteMeters>,
}

/// What all workers share.
#[derive(Debug)]
pub(super) struct Shared {
    /// The rules. A turn takes one snapshot for both directions.
    pub(super) ruleset: Arc<Ruleset>,
    /// What is counted of its steps.
    pub(super) rule_meters: RuleMeters,
    /// Who may ask.
    pub(super) access: Access,
    /// The turns under way.
    pub(super) calls: Arc<Calls>,
    /// What is known of the calls beside their requests.
    pub(super) context: Arc<Context>,
    /// What rules fetch.
    pub(super) fetcher: Fetcher,
    /// How Vapi's events are taken; none: nobody may post any.
    pub(super) events: Option<Events>,
    /// Counts the calls that began; each worker then sees to it that its connections are open.
    pub(super) warm: watch::Sender<u64>,
    /// Who vouches for the servers that are asked.
    pub(super) tls: Arc<rustls::ClientConfig>,
    /// The largest body, in bytes.
    pub(super) body_limit: usize,
    /// The most turns at once.
    pub(super) most_turns: usize,
    /// Set while the server ends.
    pub(super) is_draining: AtomicBool,
    /// Where metrics and health are served, if not beside everything else.
    pub(super) admin_address: OnceLock<SocketAddr>,
    routes: BTreeMap<String, Route>,
    turns: AtomicU64,
    seed: u64,
}

impl Shared {
    /// Makes it from a checked config; what can't be built is a problem of the file.
    pub(super) fn new(
        config: &Config,
        source: &Source,
        ruleset: Ruleset,
    ) -> Result<Shared, Vec<Problem>> {
        let upstreams = build_all(config, source)?;
        let context = open_context(config, source).map_err(|problem| vec![*problem])?;
        let tls = tls().map_err(|problem| vec![*problem])?;
        start_metrics();
        let route = |name: &String, route: &crate::config::RouteConfig| Route {
            name: name.clone(),
            plan: Plan {
                upstreams: route
                    .upstreams
                    .iter()
                    .filter_map(|name| upstreams.get(name.get_ref()).cloned())
                    .collect(),
                connect: route.connect,
                first_token: route.first_token,
                stall: route.stall,
                hedge: route.hedge,
                fails_fast: route.on_error == OnError::Status,
            },
            on_error: route.on_error,
            apology: route.apology.clone(),
            meters: Arc::new(RouteMeters::new(name)),
        };
        Ok(Shared {
            routes: config
                .routes
                .iter()
                .map(|(name, found)| (name.clone(), route(name, found.get_ref())))
                .collect(),
            rule_meters: RuleMeters::new(&ruleset),
            ruleset: Arc::new(ruleset),
            access: Access::new(config.keys.clone(), config.admin_keys.clone(), config.open)
                .with_context_keys(config.context_keys.clone()),
            calls: Arc::default(),
            context: Arc::new(context),
            fetcher: Fetcher::new(config.fetch.hosts(), config.fetch.private, tls.clone()),
            tls,
            events: config.vapi.as_ref().map(Events::new),
            warm: watch::Sender::new(0),
            body_limit: config.limits.body,
            most_turns: config.limits.streams,
            is_draining: AtomicBool::new(false),
            admin_address: OnceLock::new(),
            turns: AtomicU64::new(0),
            seed: RandomState::new().hash_one("turns"),
        })
    }

    /// The route of that name.
    pub(super) fn route(&self, name: &str) -> Option<&Route> {
        self.routes.get(name)
    }

    /// The route of calls of which no turn came yet: `default`, else the first by name.
    pub(super) fn usual_route(&self) -> Option<&Route> {
        self.route("default")
            .or_else(|| self.routes.values().next())
    }

    /// The upstreams that are asked first, each once, with their connect deadlines.
    pub(super) fn first_upstreams(&self) -> Vec<(Arc<Upstream>, Duration)> {
        let mut first: Vec<(Arc<Upstream>, Duration)> = Vec::new();
        for plan in self.routes.values().map(|route| &route.plan) {
            let known =
                |upstream: &Arc<Upstream>| first.iter().any(|(one, _)| Arc::ptr_eq(one, upstream));
            if let Some(upstream) = plan.upstreams.first().filter(|one| !known(one)) {
                first.push((upstream.clone(), plan.connect));
            }
        }
        first
    }

    /// An id for a turn: unique here, and not to be guessed from another.
    pub(super) fn next_turn(&self) -> String {
        let serial = self.turns.fetch_add(1, Ordering::Relaxed);
        // SplitMix64: consecutive numbers to ids without a pattern, one to one.
        let mut id = self
            .seed
            .wrapping_add(serial.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        id = (id ^ (id >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        id = (id ^ (id >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        format!("turn_{:016x}", id ^ (id >> 31))
    }

    /// The connect deadlines of all that is asked.
    pub(super) fn connect_deadlines(&self) -> Vec<Duration> {
        let events = self.events.iter();
        let forwards = events.filter(|events| events.are_forwarded());
        self.routes
            .values()
            .map(|route| route.plan.connect)
            .chain(forwards.map(|_| RELAY_CONNECT))
            .collect()
    }
}

/// The context in the store that the config names.
fn open_context(config: &Config, source: &Source) -> Result<Context, Box<Problem>> {
    let store = &config.context.store;
    let opened: Result<Box<dyn Store>, _> = match store.get_ref() {
        StoreConfig::Memory => Ok(Box::new(Memory::new(CONTEXT)) as Box<dyn Store>),
        StoreConfig::File(path) => File::open(path).map(|file| Box::new(file) as Box<dyn Store>),
        StoreConfig::Redis(url) => {
            Redis::connect(url.expose()).map(|redis| Box::new(redis) as Box<dyn Store>)
        }
    };
    let problem = |error: crate::context::StoreError| source.error(store.span(), error.to_string());
    let opened = opened.map_err(|error| Box::new(problem(error)))?;
    Ok(Context::new(opened).with_ttl(config.context.ttl))
}

/// What is wrong with a config's store, as far as that shows without opening it: another aside may
/// have it open.
pub fn check_store(config: &Config, source: &Source) -> Option<Problem> {
    let store = &config.context.store;
    let StoreConfig::Redis(url) = store.get_ref() else {
        return None;
    };
    let error = Redis::check(url.expose()).err()?;
    Some(source.error(store.span(), error.to_string()))
}

/// What a config's upstreams lack to be asked, and what is wrong with the roots of TLS.
pub fn check_upstreams(config: &Config, source: &Source) -> Vec<Problem> {
    let mut problems = build_all(config, source).err().unwrap_or_default();
    problems.extend(tls().err().map(|problem| *problem));
    problems
}

fn tls() -> Result<Arc<rustls::ClientConfig>, Box<Problem>> {
    let help = "it names a file of certificates in PEM, trusted beside those that are built in";
    tls::from_environment()
        .map_err(|message| Box::new(Problem::of_flag(tls::ROOTS, message).with_help(help)))
}

type Upstreams = BTreeMap<String, Arc<Upstream>>;

fn build_all(config: &Config, source: &Source) -> Result<Upstreams, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut upstreams = BTreeMap::new();
    for (name, upstream) in &config.upstreams {
        match build(name, upstream.get_ref()) {
            Ok(upstream) => {
                upstreams.insert(name.clone(), Arc::new(upstream));
            }
            Err(message) => {
                let message = format!("the upstream `{name}`: {message}");
                problems.push(source.error(upstream.span(), message));
            }
        }
    }
    if problems.is_empty() {
        Ok(upstreams)
    } else {
        Err(problems)
    }
}

fn build(name: &str, config: &UpstreamConfig) -> Result<Upstream, String> {
    let base = config
        .url
        .as_deref()
        .or(config.preset.base_url())
        .unwrap_or_default();
    let takes = Takes {
        fields: config
            .preset
            .fields()
            .map(str::to_owned)
            .chain(config.fields.iter().cloned())
            .collect(),
        all_fields: config.fields.iter().any(|field| field == "*"),
        message_fields: config.message_fields.clone(),
        model: config.model.clone(),
    };
    let headers: Vec<(String, String)> = config.headers.clone().into_iter().collect();
    let key = config.key.as_ref().map(Key::expose);
    let mut upstream = Upstream::new(name, config.preset, base, key, &headers, takes)?;
    upstream.forwards_key = config.forward;
    Ok(upstream)
}
