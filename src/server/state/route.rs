//! The routes of a config: their upstreams, and what clients get when those fail.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::meters::RouteMeters;
use super::upstreams::Upstreams;
use crate::chat::call_from::CallFrom;
use crate::config::{Config, RouteOnError, RuleFolders};
use crate::upstream::{MOST_MENDS, Plan};

/// A route: its upstreams, and what the client gets when they fail.
#[derive(Debug)]
pub(in crate::server) struct Route {
    /// Its name.
    pub(in crate::server) name: String,
    /// Where its clients say of which call a turn is.
    pub(in crate::server) from: CallFrom,
    /// The folders of its rules.
    pub(in crate::server) folders: RuleFolders,
    /// Who is asked.
    pub(in crate::server) plan: Plan,
    /// What the client gets when nobody answers.
    pub(in crate::server) on_error: RouteOnError,
    /// What the caller hears then.
    pub(in crate::server) apology: String,
    /// What is counted of its turns.
    pub(in crate::server) meters: Arc<RouteMeters>,
}

/// The routes of a config, by name.
pub(in crate::server) fn routes(
    config: &Config,
    upstreams: &Upstreams,
) -> Arc<BTreeMap<String, Route>> {
    let route = |name: &String, route: &crate::config::RouteConfig| Route {
        name: name.clone(),
        from: route.from.clone(),
        folders: config.folders_of(route),
        plan: Plan {
            upstreams: route
                .upstreams
                .iter()
                .filter_map(|name| upstreams.get(name.get_ref()).cloned())
                .collect(),
            connect: route.connect,
            first_token: route.first_token,
            think: route.think,
            stall: route.stall,
            whole: route.whole,
            hedge: route.hedge,
            fails_fast: route.on_error == RouteOnError::Status,
            most_mends: MOST_MENDS,
        },
        on_error: route.on_error,
        apology: route.apology.clone(),
        meters: Arc::new(RouteMeters::new(name)),
    };
    let routes = config.routes.iter();
    let routes = routes.map(|(name, found)| (name.clone(), route(name, found.get_ref())));
    Arc::new(routes.collect())
}
