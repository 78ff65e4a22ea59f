//! What all workers share, made from the config and the rules.
//!
//! It is never changed: what is new comes as another snapshot of it. A turn takes one at its
//! beginning and keeps it to its end.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use ring::rand::{SecureRandom, SystemRandom};

use super::calls::Calls;
use super::limits::Limits;
use super::meters::RouteMeters;
use super::rules::{Begun, Rules};
use super::upstreams::{Upstreams, build_all, tls};
use crate::config::{Config, OnError, Reload, StoreConfig};
use crate::context::{Context, File, Memory, Redis, Store, StoreError};
use crate::fetch::fetcher::Fetcher;
use crate::files::{Problem, Source};
use crate::net::tls::pem_from_environment;
use crate::record::Recorder;
use crate::ruleset::Ruleset;
use crate::server::api::auth::Access;
use crate::server::api::events::Events;
use crate::server::process::reload::OnDisk;
use crate::server::turn::passing::OffWorker;
use crate::server::turn::recording;
use crate::server::turn::shadow::Shadows;
use crate::telemetry::metrics::start_metrics;
use crate::upstream::{Plan, Upstream};
use tokio::sync::watch;

/// How much context is kept in memory, in bytes.
const CONTEXT: u64 = 256 << 20;

/// A route: its upstreams, and what the client gets when they fail.
#[derive(Debug)]
pub(in crate::server) struct Route {
    /// Its name.
    pub(in crate::server) name: String,
    /// Who is asked.
    pub(in crate::server) plan: Plan,
    /// What the client gets when nobody answers.
    pub(in crate::server) on_error: OnError,
    /// What the caller hears then.
    pub(in crate::server) apology: String,
    /// What is counted of its turns.
    pub(in crate::server) meters: Arc<RouteMeters>,
}

/// The snapshot that counts now.
#[derive(Debug)]
pub(in crate::server) struct Live {
    shared: ArcSwap<Shared>,
    on_disk: Mutex<OnDisk>,
}

/// One snapshot of what all workers share.
#[derive(Debug, Clone)]
pub(in crate::server) struct Shared {
    /// The rules for turns that begin now.
    pub(in crate::server) rules: Arc<Rules>,
    /// Who may ask.
    pub(in crate::server) access: Arc<Access>,
    /// What rules fetch.
    pub(in crate::server) fetcher: Fetcher,
    /// How Vapi's events are taken; none: nobody may post any.
    pub(in crate::server) events: Option<Arc<Events>>,
    /// Who vouches for the servers that are asked.
    pub(in crate::server) tls: Arc<rustls::ClientConfig>,
    /// The largest body, in bytes.
    pub(in crate::server) body_limit: usize,
    /// How long a body may take to come.
    pub(in crate::server) body_time: Duration,
    /// The most turns at once.
    pub(in crate::server) most_turns: usize,
    /// What one key and one call may use.
    pub(in crate::server) limits: Arc<Limits>,
    /// The most bytes that rules may inject into one turn.
    pub(in crate::server) most_injected: usize,
    /// The longest that the rules of one turn may take.
    pub(in crate::server) rule_time: Duration,
    /// How long streams may go on when the server is told to end.
    pub(in crate::server) drain: Duration,
    reload: Reload,
    routes: Arc<BTreeMap<String, Route>>,
    upstreams: Arc<Upstreams>,
    /// The turns under way.
    pub(in crate::server) calls: Arc<Calls>,
    /// What is known of the calls beside their requests.
    pub(in crate::server) context: Arc<Context>,
    /// Counts the calls that began; each worker then sees to it that its connections are open.
    pub(in crate::server) warm: watch::Sender<u64>,
    /// What is the same in all snapshots.
    pub(in crate::server) process: Arc<Process>,
}

/// What is the same from the start of the process to its end.
#[derive(Debug)]
pub(in crate::server) struct Process {
    /// Set while the server ends.
    pub(in crate::server) is_draining: AtomicBool,
    /// How many workers there are.
    pub(in crate::server) workers: AtomicUsize,
    /// How many of them have passed a turn that warms them.
    pub(in crate::server) warmed: AtomicUsize,
    /// Where metrics and health are served, if not beside everything else.
    pub(in crate::server) admin_address: OnceLock<SocketAddr>,
    /// Large requests whose rules run off their worker now.
    pub(in crate::server) off_worker: OffWorker,
    /// Where shadow rules are tried.
    pub(in crate::server) shadows: Arc<Shadows>,
    /// Where turns are recorded; none: nowhere.
    pub(in crate::server) recorder: Option<Arc<Recorder>>,
    begun: Begun,
}

impl Process {
    /// Whether a worker is not ready for its first turn yet.
    pub(in crate::server) fn is_warming(&self) -> bool {
        self.warmed.load(Ordering::Acquire) < self.workers.load(Ordering::Acquire)
    }
}

impl Live {
    /// Begins with this snapshot.
    pub(in crate::server) fn new(shared: Shared) -> Live {
        Live {
            shared: ArcSwap::from_pointee(shared),
            on_disk: Mutex::default(),
        }
    }

    /// The snapshot that counts now.
    pub(in crate::server) fn now(&self) -> Arc<Shared> {
        self.shared.load_full()
    }

    /// From now on another snapshot counts.
    pub(in crate::server) fn replace(&self, shared: Shared) {
        self.shared.store(Arc::new(shared));
    }

    /// How the rules on disk stand to those that are served.
    pub(in crate::server) fn on_disk(&self) -> OnDisk {
        let on_disk = self.on_disk.lock().unwrap_or_else(PoisonError::into_inner);
        on_disk.clone()
    }

    /// Notes how they stand.
    pub(in crate::server) fn note_on_disk(&self, on_disk: OnDisk) {
        *self.on_disk.lock().unwrap_or_else(PoisonError::into_inner) = on_disk;
    }
}

impl Shared {
    /// Makes the first one from a checked config; what can't be built is a problem of the file.
    pub(in crate::server) fn new(
        config: &Config,
        source: &Source,
        ruleset: Ruleset,
    ) -> Result<Shared, Vec<Problem>> {
        // Counters that are made before it count nothing.
        start_metrics();
        let upstreams = Arc::new(build_all(config, source, &Upstreams::new())?);
        let context = open_context(config, source).map_err(|problem| vec![*problem])?;
        let recorder = recording::start(config, source).map_err(|problem| vec![*problem])?;
        let tls = tls().map_err(|problem| vec![*problem])?;
        Ok(Shared {
            rules: Arc::new(Rules::new(ruleset)),
            access: access(config),
            fetcher: Fetcher::new(config.fetch.hosts(), config.fetch.private, tls.clone()),
            tls,
            events: events(config),
            body_limit: config.limits.body,
            body_time: config.limits.body_time,
            most_turns: config.limits.streams,
            limits: Arc::new(Limits::new(&config.limits, &config.keys)),
            most_injected: config.limits.injected,
            rule_time: config.limits.rule_time,
            drain: config.drain,
            reload: config.reload,
            routes: routes(config, &upstreams),
            upstreams,
            calls: Arc::default(),
            context: Arc::new(context),
            warm: watch::Sender::new(0),
            process: Arc::new(Process {
                is_draining: AtomicBool::new(false),
                workers: AtomicUsize::new(0),
                warmed: AtomicUsize::new(0),
                admin_address: OnceLock::new(),
                off_worker: OffWorker::default(),
                shadows: Arc::default(),
                recorder,
                begun: Begun::default(),
            }),
        })
    }

    /// The next one, as another config says. Rules, turns and context stay, and so does what is
    /// known of upstreams and sources about which the config says the same.
    pub(in crate::server) fn with_config(
        &self,
        config: &Config,
        source: &Source,
    ) -> Result<Shared, Vec<Problem>> {
        let upstreams = Arc::new(build_all(config, source, &self.upstreams)?);
        let (hosts, private) = (config.fetch.hosts(), config.fetch.private);
        let fetcher = match self.fetcher.asks_only(&hosts, private) {
            true => self.fetcher.clone(),
            false => Fetcher::new(hosts, private, self.tls.clone()),
        };
        Ok(Shared {
            access: access(config),
            fetcher,
            events: events(config),
            body_limit: config.limits.body,
            body_time: config.limits.body_time,
            limits: Arc::new(self.limits.renewed(&config.limits, &config.keys)),
            most_injected: config.limits.injected,
            rule_time: config.limits.rule_time,
            most_turns: config.limits.streams,
            drain: config.drain,
            reload: config.reload,
            routes: routes(config, &upstreams),
            upstreams,
            ..self.clone()
        })
    }

    /// The next one, with other rules.
    pub(in crate::server) fn with_rules(&self, ruleset: Arc<Ruleset>) -> Shared {
        Shared {
            rules: Arc::new(Rules::new(ruleset)),
            ..self.clone()
        }
    }

    /// The rules of a turn; `call` tells calls apart, also those of different callers.
    pub(in crate::server) fn rules_of(&self, call: Option<&str>) -> Arc<Rules> {
        match (self.reload, call) {
            (Reload::Call, Some(call)) => self.process.begun.of(call, &self.rules),
            _ => self.rules.clone(),
        }
    }

    /// The route of that name.
    pub(in crate::server) fn route(&self, name: &str) -> Option<&Route> {
        self.routes.get(name)
    }

    /// The route of calls of which no turn came yet: `default`, else the first by name.
    pub(in crate::server) fn usual_route(&self) -> Option<&Route> {
        self.route("default")
            .or_else(|| self.routes.values().next())
    }

    /// All upstreams; one that is of several routes comes several times.
    pub(in crate::server) fn upstreams(&self) -> impl Iterator<Item = &Upstream> {
        let plans = self.routes.values().map(|route| &route.plan);
        plans.flat_map(|plan| plan.upstreams.iter().map(|upstream| &**upstream))
    }

    /// The upstreams that are asked first, each once, with their connect deadlines.
    pub(in crate::server) fn first_upstreams(&self) -> Vec<(Arc<Upstream>, Duration)> {
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

    /// An id for a turn, from the system's source of randomness: it tells nothing of any other.
    pub(in crate::server) fn next_turn(&self) -> String {
        let mut id = [0; 8];
        if SystemRandom::new().fill(&mut id).is_err() {
            // No system without randomness serves TLS; here only uniqueness is lost.
            id = RandomState::new().hash_one("turn").to_be_bytes();
        }
        format!("turn_{:016x}", u64::from_be_bytes(id))
    }
}

fn access(config: &Config) -> Arc<Access> {
    let access = Access::new(config.keys.clone(), config.admin_keys.clone(), config.open);
    Arc::new(access.with_context_keys(config.context_keys.clone()))
}

fn events(config: &Config) -> Option<Arc<Events>> {
    config.vapi.as_ref().map(Events::new).map(Arc::new)
}

fn routes(config: &Config, upstreams: &Upstreams) -> Arc<BTreeMap<String, Route>> {
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
            whole: route.whole,
            hedge: route.hedge,
            fails_fast: route.on_error == OnError::Status,
        },
        on_error: route.on_error,
        apology: route.apology.clone(),
        meters: Arc::new(RouteMeters::new(name)),
    };
    let routes = config.routes.iter();
    let routes = routes.map(|(name, found)| (name.clone(), route(name, found.get_ref())));
    Arc::new(routes.collect())
}

/// The context in the store that the config names.
fn open_context(config: &Config, source: &Source) -> Result<Context, Box<Problem>> {
    let store = &config.context.store;
    let opened: Result<Box<dyn Store>, _> = match store.get_ref() {
        StoreConfig::Memory => Ok(Box::new(Memory::new(CONTEXT)) as Box<dyn Store>),
        StoreConfig::File(path) => File::open(path).map(|file| Box::new(file) as Box<dyn Store>),
        StoreConfig::Redis(url) => {
            let roots = pem_from_environment().map_err(StoreError);
            let redis = roots.and_then(|roots| Redis::connect_trusting(url.expose(), roots));
            redis.map(|redis| Box::new(redis) as Box<dyn Store>)
        }
    };
    let problem = |error: StoreError| source.error(store.span(), error.to_string());
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
