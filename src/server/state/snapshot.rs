//! What all workers share, made from the config and the rules.
//!
//! It is never changed: what is new comes as another snapshot of it. A turn takes one at its
//! beginning and keeps it to its end.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

use ring::rand::{SecureRandom, SystemRandom};
use tokio::sync::watch;
use tracing::warn;

use super::keys::Keyring;
use super::limits::UsageLimits;
use super::process_state::ProcessState;
use super::recorder::{open_inspector, open_recorder};
use super::route::{Route, routes};
use super::rules::{CountedRuleset, CountedRulesets, Rulesets};
use super::store::open_context;
use super::tracer::start_tracer;
use super::underway::TurnsUnderway;
use super::upstreams::{Upstreams, build_all, keep_keys, roots_of_tls};
use crate::chat::call_from::CallFrom;
use crate::config::{Config, Reload, RuleFolders, VapiConfig};
use crate::context::Context;
use crate::fetch::fetcher::Fetcher;
use crate::files::{Problem, Source};
use crate::ruleset::Ruleset;
use crate::telemetry::metrics::start_metrics;
use crate::upstream::Upstream;

/// One snapshot of what all workers share.
#[derive(Debug, Clone)]
pub(in crate::server) struct Snapshot {
    /// The rules for turns that begin now, by their folders.
    pub(in crate::server) rules: Arc<CountedRulesets>,
    /// The folders of the routes that name none.
    usual_folders: RuleFolders,
    /// Whose keys open what.
    pub(in crate::server) keys: Arc<Keyring>,
    /// What rules fetch.
    pub(in crate::server) fetcher: Fetcher,
    /// How Vapi's events are taken; none: nobody may post any.
    pub(in crate::server) vapi: Option<Arc<VapiConfig>>,
    /// Who vouches for the servers that are asked.
    pub(in crate::server) tls: Arc<rustls::ClientConfig>,
    /// The largest body, in bytes.
    pub(in crate::server) body_limit: usize,
    /// How long a body may take to come.
    pub(in crate::server) body_time: Duration,
    /// The most turns at once.
    pub(in crate::server) most_turns: usize,
    /// What one key and one call may use.
    pub(in crate::server) limits: Arc<UsageLimits>,
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
    pub(in crate::server) underway: Arc<TurnsUnderway>,
    /// What is known of the calls beside their requests.
    pub(in crate::server) context: Arc<Context>,
    /// Counts the calls that began; each worker then sees to it that its connections are open.
    pub(in crate::server) warm: watch::Sender<u64>,
    /// What is the same in all snapshots.
    pub(in crate::server) process: Arc<ProcessState>,
}

impl Snapshot {
    /// Makes the first one from a checked config; what can't be built is a problem of the file.
    pub(in crate::server) fn new(
        config: &Config,
        source: &Source,
        rulesets: &Rulesets,
    ) -> Result<Snapshot, Vec<Problem>> {
        // Counters that are made before it count nothing.
        start_metrics();
        let upstreams = Arc::new(build_all(config, source, &Upstreams::new())?);
        let context = open_context(config, source).map_err(|problem| vec![*problem])?;
        let recorder = open_recorder(config, source).map_err(|problem| vec![*problem])?;
        let tls = roots_of_tls().map_err(|problem| vec![*problem])?;
        let tracer = start_tracer(config, source, &tls).map_err(|problem| vec![*problem])?;
        keep_keys(&upstreams, &tls);
        let usual_folders = config.usual_folders();
        let rules = rulesets.all().map(|(folders, ruleset)| {
            let rules = counted(ruleset.clone(), folders, &usual_folders);
            (folders.clone(), rules)
        });
        Ok(Snapshot {
            rules: Arc::new(rules.collect()),
            usual_folders,
            keys: Arc::new(Keyring::of(config)),
            fetcher: Fetcher::new(config.fetch.hosts(), config.fetch.private),
            tls,
            vapi: config.vapi.clone().map(Arc::new),
            body_limit: config.limits.body,
            body_time: config.limits.body_time,
            most_turns: config.limits.streams,
            limits: Arc::new(UsageLimits::new(&config.limits, &config.keys)),
            most_injected: config.limits.injected,
            rule_time: config.limits.rule_time,
            drain: config.drain,
            reload: config.reload,
            routes: routes(config, &upstreams),
            upstreams,
            underway: Arc::default(),
            context: Arc::new(context),
            warm: watch::Sender::new(0),
            process: Arc::new(ProcessState::new(recorder, open_inspector(config), tracer)),
        })
    }

    /// The next one, as another config says. The rules that it names, turns and context stay, and so
    /// does what is known of upstreams and sources about which the config says the same.
    pub(in crate::server) fn with_config(
        &self,
        config: &Config,
        source: &Source,
    ) -> Result<Snapshot, Vec<Problem>> {
        let upstreams = Arc::new(build_all(config, source, &self.upstreams)?);
        keep_keys(&upstreams, &self.tls);
        let (hosts, private) = (config.fetch.hosts(), config.fetch.private);
        let fetcher = match self.fetcher.asks_only(&hosts, private) {
            true => self.fetcher.clone(),
            false => Fetcher::new(hosts, private),
        };
        let named = config.rulesets();
        let rules = self.rules.iter();
        let rules = rules.filter(|(folders, _)| named.contains_key(folders));
        let rules = rules.map(|(folders, rules)| (folders.clone(), rules.clone()));
        Ok(Snapshot {
            rules: Arc::new(rules.collect()),
            usual_folders: config.usual_folders(),
            keys: Arc::new(Keyring::of(config)),
            fetcher,
            vapi: config.vapi.clone().map(Arc::new),
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

    /// The next one, with other rules of some folders.
    pub(in crate::server) fn with_rules(
        &self,
        folders: &RuleFolders,
        ruleset: Arc<Ruleset>,
    ) -> Snapshot {
        let mut rules = CountedRulesets::clone(&self.rules);
        let new = counted(ruleset, folders, &self.usual_folders);
        rules.insert(folders.clone(), new);
        Snapshot {
            rules: Arc::new(rules),
            ..self.clone()
        }
    }

    /// This one where rules of other folders, which an older one has for one of these routes, stand
    /// for those of `folders`. None: it has none.
    pub(in crate::server) fn keeping(
        &self,
        older: &Snapshot,
        folders: &RuleFolders,
        routes: &[String],
    ) -> Option<Snapshot> {
        let mut known = routes.iter().filter_map(|name| older.route(name));
        let kept = known.find_map(|route| older.rules.get(&route.folders))?;
        let mut rules = CountedRulesets::clone(&self.rules);
        rules.insert(folders.clone(), kept.clone());
        Some(Snapshot {
            rules: Arc::new(rules),
            ..self.clone()
        })
    }

    /// The rules of a turn; `call` tells calls apart, also those of different callers. None: they
    /// were never read, and the turn must not go on without them.
    pub(in crate::server) fn rules_of(
        &self,
        route: &Route,
        call: Option<&str>,
    ) -> Option<Arc<CountedRuleset>> {
        let rules = self.rules.get(&route.folders)?;
        Some(match (self.reload, call) {
            (Reload::Call, Some(call)) => self.process.begun.of(call, &route.name, rules),
            _ => rules.clone(),
        })
    }

    /// The route of that name.
    pub(in crate::server) fn route(&self, name: &str) -> Option<&Route> {
        self.routes.get(name)
    }

    /// Where the clients of the first route with these rules say of which call a turn is.
    pub(in crate::server) fn call_from_of(&self, folders: &RuleFolders) -> CallFrom {
        let mut routes = self.routes.values();
        let route = routes.find(|route| route.folders == *folders);
        route.map(|route| route.from.clone()).unwrap_or_default()
    }

    /// A route as it is asked where a rule named an upstream, or another route. There is one of the
    /// name, since rules that name none are not served, but for a config that was read since.
    pub(in crate::server) fn asked<'r>(
        &self,
        route: &'r Route,
        named: Option<&str>,
    ) -> Cow<'r, Route> {
        let upstream = named.and_then(|name| self.upstreams.get(name));
        let other = named.and_then(|name| self.route(name));
        match (upstream, other) {
            (Some(upstream), _) => Cow::Owned(route.asking_first(upstream)),
            (None, Some(other)) => Cow::Owned(route.asking_those_of(other)),
            (None, None) => {
                if let Some(upstream) = named {
                    let route = &route.name;
                    warn!(
                        route,
                        upstream, "a rule names an upstream that the config has no more"
                    );
                }
                Cow::Borrowed(route)
            }
        }
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

/// Rules with what is counted of them, told by their folders where those are not the usual ones.
fn counted(
    ruleset: Arc<Ruleset>,
    folders: &RuleFolders,
    usual: &RuleFolders,
) -> Arc<CountedRuleset> {
    let told = (folders != usual).then_some(folders);
    Arc::new(CountedRuleset::new(ruleset, told))
}
