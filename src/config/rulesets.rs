//! The rulesets of a config: which folders' rules a route has.

use std::collections::BTreeMap;

use toml::Spanned;

use super::{Config, RouteConfig, RuleFolders};
use crate::chat::call_from::CallFrom;

impl Config {
    /// The folders whose rules the turns of a route pass.
    pub fn folders_of(&self, route: &RouteConfig) -> RuleFolders {
        let own = route.rules.as_ref().map(|rules| rules.get_ref().clone());
        own.unwrap_or_else(|| self.usual_folders())
    }

    /// The folders of the routes that name none.
    pub fn usual_folders(&self) -> RuleFolders {
        RuleFolders::one(&self.rules)
    }

    /// Where the clients of the first route with these rules, or with rules that begin with them, say
    /// of which call a turn is.
    pub fn call_from_of(&self, folders: &RuleFolders) -> CallFrom {
        let routes = self.routes.values().map(Spanned::get_ref);
        let with = |is_theirs: &dyn Fn(&RuleFolders) -> bool| {
            let mut routes = routes.clone();
            routes.find(|route| is_theirs(&self.folders_of(route)))
        };
        let route = with(&|own| own == folders).or_else(|| with(&|own| own.begins_with(folders)));
        route.map(|route| route.from.clone()).unwrap_or_default()
    }

    /// The folders of all rulesets that are served, each with the names of its routes.
    pub fn rulesets(&self) -> BTreeMap<RuleFolders, Vec<String>> {
        let mut all: BTreeMap<RuleFolders, Vec<String>> = BTreeMap::new();
        for (name, route) in &self.routes {
            let folders = self.folders_of(route.get_ref());
            all.entry(folders).or_default().push(name.clone());
        }
        if all.is_empty() {
            all.insert(self.usual_folders(), Vec::new());
        }
        all
    }
}
