//! Which config and which rules a command reads: the same for each, by flag, environment and file.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use crate::chat::call_from::CallFrom;
use crate::chat::request::Takes;
use crate::config::{Config, Key, Overrides, RouteConfig, RuleFolders, UpstreamConfig};
use crate::detect::SharedNameFinder;
use crate::fetch::defined::not_listed;
use crate::files::problem::nearest;
use crate::files::{Document, Problem, Source};
use crate::net::host::Host;
use crate::ruleset::Ruleset;
use crate::server::{open_names, read_config, read_folders};
use crate::upstream::form::FormConfig;
use crate::upstream::profiles::Preset;

/// Stands for environment variables that are not set: nothing is sent anywhere, so no key is
/// needed. It passes for a key of any kind.
pub(super) const UNSET: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Stands for the upstream of a `serve` without a config, which gets it by flag.
const SOMEBODY: &str = "http://127.0.0.1:9/v1";

/// The config and the rules of a command.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct Files {
    /// The config file [default: ./aside.toml where that exists]
    #[arg(long, env = "ASIDE_CONFIG", value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// The folder of rule files [env: ASIDE_RULES] [default: the config's, else ./rules]
    // Not clap's `env`, which would be in conflict with a folder that is named without a flag.
    #[arg(long, value_name = "DIR")]
    pub(super) rules: Option<PathBuf>,
}

/// What they say.
pub(super) struct FoundSetup {
    /// The text of the config file, or of none.
    pub(super) source: Source,
    /// The config, as far as it can be read.
    pub(super) config: Option<Config>,
    /// The folder of rules, whatever else is wrong.
    pub(super) rules: PathBuf,
    /// The rulesets: their folders, and the names of the routes that have them.
    pub(super) rulesets: BTreeMap<RuleFolders, Vec<String>>,
    /// What is wrong with the config.
    pub(super) problems: Vec<Problem>,
}

/// The rules and what surrounds them, from files.
pub(super) struct Setup {
    /// The rules.
    pub(super) ruleset: Arc<Ruleset>,
    /// The route's name.
    pub(super) route: String,
    /// Where its clients say of which call a turn is.
    pub(super) from: CallFrom,
    /// The name of its first upstream.
    pub(super) upstream: String,
    /// What that takes.
    pub(super) takes: Takes,
    /// In which form.
    pub(super) form: (Preset, FormConfig),
    /// What the caller hears when it fails.
    pub(super) apology: String,
    /// The most bytes that rules may inject.
    pub(super) most_injected: usize,
    /// The key of an encrypted recording.
    pub(super) record_key: Option<Key>,
}

impl Files {
    /// The folder that is named: without a flag, by flag, or by the environment.
    pub(super) fn named_rules(&self, named: Option<&Path>) -> Option<PathBuf> {
        let by_flag = named.or(self.rules.as_deref()).map(Path::to_owned);
        by_flag.or_else(|| {
            let set = std::env::var_os("ASIDE_RULES");
            set.filter(|folder| !folder.is_empty()).map(PathBuf::from)
        })
    }

    /// Reads the config as `serve` would, with the rules that are `named` without a flag. Where there
    /// is no config, an upstream is not missed: `serve` gets it by flag.
    pub(super) fn read(&self, named: Option<&Path>) -> FoundSetup {
        let (over, problems) = overrides();
        self.read_with(named, over, problems, &environment)
    }

    /// As [`Files::read`] where nobody is asked and nothing is served, so that neither keys nor an
    /// address matter.
    pub(super) fn read_leniently(&self, named: Option<&Path>) -> FoundSetup {
        let over = Overrides {
            upstream: environment("ASIDE_UPSTREAM"),
            ..Overrides::default()
        };
        let lenient = |name: &str| Some(environment(name).unwrap_or_else(|| UNSET.to_owned()));
        self.read_with(named, over, Vec::new(), &lenient)
    }

    fn read_with(
        &self,
        named: Option<&Path>,
        mut over: Overrides,
        mut problems: Vec<Problem>,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> FoundSetup {
        over.rules = self.named_rules(named);
        let is_named = over.rules.is_some();
        let path = config_path(self.config.as_deref());
        let source = match path.as_deref().map(read_config) {
            Some(Ok(source)) => source,
            unread => {
                if let Some(Err(problem)) = unread {
                    problems.push(*problem);
                }
                over.upstream.get_or_insert_with(|| SOMEBODY.to_owned());
                crate::config::source("command line", "")
            }
        };
        let (config, found) = Config::read(&source, &over, env);
        problems.extend(found);
        let of_config = config.as_ref().map(|config| config.rules.clone());
        let rules = of_config
            .or(over.rules)
            .or_else(|| rules_of(&source))
            .unwrap_or_else(|| PathBuf::from("rules"));
        let mut rulesets = config.as_ref().map(Config::rulesets).unwrap_or_default();
        if is_named || rulesets.is_empty() {
            // Whoever names a folder wants to hear of it, whether a route has its rules or not.
            rulesets.entry(RuleFolders::one(&rules)).or_default();
        }
        FoundSetup {
            source,
            config,
            rules,
            rulesets,
            problems,
        }
    }

    /// Whether the config has a route of this name.
    pub(super) fn has_route(&self, route: &str) -> bool {
        let config = self.read_leniently(None).config;
        config.is_some_and(|config| config.routes.contains_key(route))
    }

    /// The folder of rules alone; a config that is named and can't be read is a problem.
    pub(super) fn folder(&self, named: Option<&Path>) -> Result<PathBuf, Box<Problem>> {
        if let Some(folder) = self.named_rules(named) {
            return Ok(folder);
        }
        let path = config_path(self.config.as_deref());
        let is_broken = path.as_deref().map(read_config).and_then(Result::err);
        match is_broken {
            Some(problem) => Err(problem),
            None => Ok(self.read_leniently(None).rules),
        }
    }
}

impl FoundSetup {
    /// The folders of the usual route's rules.
    pub(super) fn usual_folders(&self) -> RuleFolders {
        let config = self.config.as_ref();
        let route = config.and_then(|config| Some((config, route_of(config, None).ok()??.1)));
        match route {
            Some((config, route)) => config.folders_of(&route),
            None => RuleFolders::one(&self.rules),
        }
    }

    /// What the config has find names beside the table.
    pub(super) fn names(&self) -> Result<Option<SharedNameFinder>, Box<Problem>> {
        let config = self.config.as_ref();
        config.map_or(Ok(None), |config| open_names(config, &self.source))
    }
}

/// What a command shows of a config.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Shown<'s> {
    /// The upstream that is asked; none: the route's first.
    pub(super) upstream: Option<&'s str>,
    /// The route; none: `default`, else the first by name.
    pub(super) route: Option<&'s str>,
}

impl Setup {
    /// Reads the config, and the rules of a route.
    pub(super) fn read(files: &Files, shown: Shown<'_>) -> Result<Setup, Vec<Problem>> {
        let lenient = |name: &str| Some(environment(name).unwrap_or_else(|| UNSET.to_owned()));
        let found = files.read_leniently(None);
        let names = found.names();
        let FoundSetup {
            config,
            rules: folder,
            mut problems,
            ..
        } = found;
        let names = names.map_err(|problem| problems.push(*problem));
        let names = names.ok().flatten();
        let config = config.unwrap_or_default();
        let route = route_of(&config, shown.route).map_err(|problem| vec![*problem])?;
        let folders = match &route {
            Some((_, route)) => config.folders_of(route),
            None => RuleFolders::one(folder),
        };
        let ruleset = read_ruleset(&folders, &lenient, None, &mut problems);
        problems.retain(Problem::is_error);
        let Some(ruleset) = ruleset.filter(|_| problems.is_empty()) else {
            return Err(problems);
        };
        if ruleset.is_empty() {
            let problem =
                Problem::of_flag(&folders.to_string(), "there are no rules in this folder");
            return Err(vec![problem.with_help(
                "name another with `--rules DIR`, or write one: `aside explain inject` shows how",
            )]);
        }
        let (name, route) = route.unwrap_or_else(|| ("default".to_owned(), RouteConfig::default()));
        let first = route.upstreams.first().map(|name| name.get_ref().clone());
        let first = shown.upstream.map(str::to_owned).or(first);
        let upstream = first.as_ref().and_then(|name| config.upstreams.get(name));
        let upstream = upstream.map_or_else(UpstreamConfig::default, |upstream| {
            upstream.get_ref().clone()
        });
        Ok(Setup {
            ruleset: Arc::new(ruleset.with_names(names.as_ref())),
            route: name,
            upstream: first.unwrap_or_else(|| "default".to_owned()),
            takes: upstream.form().takes,
            form: (upstream.preset, upstream.form()),
            from: route.from,
            apology: route.apology,
            most_injected: config.limits.injected,
            record_key: config
                .record
                .and_then(|record| Some(record.key?.into_inner())),
        })
    }
}

/// The route of a name, else `default`, else the first by name; none: the config has no route.
fn route_of(
    config: &Config,
    named: Option<&str>,
) -> Result<Option<(String, RouteConfig)>, Box<Problem>> {
    let routes = &config.routes;
    let found = match named {
        Some(name) => routes.get_key_value(name),
        None => routes.get_key_value("default").or(routes.first_key_value()),
    };
    if let (None, Some(name)) = (found, named) {
        let problem = Problem::of_flag("--route", format!("there is no route `{name}`"));
        let names: Vec<&str> = routes.keys().map(String::as_str).collect();
        let help = match nearest(name, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the config has {}", names.join(", ")),
        };
        return Err(Box::new(problem.with_help(help)));
    }
    Ok(found.map(|(name, route)| (name.clone(), route.get_ref().clone())))
}

/// Problems without those that were told already: files may be of several rulesets.
pub(super) fn each_once(problems: Vec<Problem>) -> Vec<Problem> {
    let mut told: Vec<Problem> = Vec::new();
    for problem in problems {
        if !told.contains(&problem) {
            told.push(problem);
        }
    }
    told
}

/// What to say where the config has no upstream of this name.
pub(super) fn missing_upstream(files: &Files, asked: &str) -> Option<String> {
    let upstreams = files.read_leniently(None).config?.upstreams;
    if upstreams.contains_key(asked) {
        return None;
    }
    let names = upstreams.keys().map(String::as_str);
    let help = match nearest(asked, names.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the config has {}", names.collect::<Vec<_>>().join(", ")),
    };
    Some(format!("there is no upstream `{asked}`\nhelp: {help}"))
}

/// What the environment says over the config, as `serve` takes it.
fn overrides() -> (Overrides, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut wrong = |name: &str, value: &str, what: &str| {
        problems.push(Problem::of_flag(name, format!("`{value}` is no {what}")));
    };
    let listen = environment("ASIDE_LISTEN").and_then(|value| {
        let listen = value.parse::<SocketAddr>();
        listen
            .map_err(|_| wrong("ASIDE_LISTEN", &value, "address such as `127.0.0.1:8080`"))
            .ok()
    });
    let workers = environment("ASIDE_WORKERS").and_then(|value| {
        let workers = value.parse::<usize>();
        workers
            .map_err(|_| wrong("ASIDE_WORKERS", &value, "number of threads"))
            .ok()
    });
    let over = Overrides {
        listen,
        workers,
        rules: None,
        upstream: environment("ASIDE_UPSTREAM"),
        upstream_key: environment("ASIDE_UPSTREAM_KEY").map(Into::into),
    };
    (over, problems)
}

/// The folder of rules that a config names, whatever else is wrong with it.
fn rules_of(config: &Source) -> Option<PathBuf> {
    let (document, _) = Document::parse_what_can_be(config);
    let rules = document.string("rules")?.into_inner();
    (!rules.contains("${")).then(|| rules.into())
}

/// The path of the config file: the one that is named, else `./aside.toml` where that exists.
pub(super) fn config_path(named: Option<&Path>) -> Option<PathBuf> {
    let usual = Path::new("aside.toml");
    named
        .or_else(|| usual.exists().then_some(usual))
        .map(Path::to_owned)
}

/// The rules of some folders; what is wrong with them is added to the problems. `hosts`: whom they may
/// ask, where there is a config that says so. `env` gives environment variables.
pub(super) fn read_ruleset(
    folders: &RuleFolders,
    env: &dyn Fn(&str) -> Option<String>,
    hosts: Option<&[Host]>,
    problems: &mut Vec<Problem>,
) -> Option<Ruleset> {
    match read_folders(folders) {
        Ok(sources) => {
            let (ruleset, found) = Ruleset::read(sources, env);
            problems.extend(found);
            let unlisted = |ruleset: &Ruleset| unlisted(ruleset, hosts);
            problems.extend(ruleset.as_ref().map(unlisted).unwrap_or_default());
            ruleset
        }
        Err(found) => {
            problems.extend(found);
            None
        }
    }
}

/// An environment variable.
pub(super) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// What the rules fetch of hosts that they may not ask.
pub(super) fn unlisted(ruleset: &Ruleset, hosts: Option<&[Host]>) -> Vec<Problem> {
    hosts
        .map(|hosts| not_listed(ruleset.fetches(), hosts))
        .unwrap_or_default()
}
