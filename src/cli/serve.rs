//! `aside serve`: the server.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

use super::setup::{config_path, each_once, environment, read_ruleset};
use super::test::{TestHouse, before_serving};
use super::upstream_flags::UpstreamFlags;
use super::{CommandOutcome, show};
use crate::config::{Config, LogFormat, Overrides, RuleFolders, address};
use crate::detect::SharedNameFinder;
use crate::files::{Problem, Source};
use crate::server::{self, ConfigOrigin, Rulesets, StartError, open_names, read_config};
use crate::telemetry;

/// Serve turns: rules, then the upstream, and back
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// The config file [default: ./aside.toml where that exists]
    #[arg(long, env = "ASIDE_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where to listen [default: 127.0.0.1:8080]
    #[arg(long, env = "ASIDE_LISTEN", value_name = "ADDR", value_parser = address::parse)]
    listen: Option<SocketAddr>,
    /// The folder of rule files [default: ./rules]
    #[arg(long, env = "ASIDE_RULES", value_name = "DIR")]
    rules: Option<PathBuf>,
    #[command(flatten)]
    upstream: UpstreamFlags,
    /// Worker threads [default: one a core]
    #[arg(long, env = "ASIDE_WORKERS", value_name = "N")]
    workers: Option<usize>,
    /// Start also where the rules fail their tests, which are not run
    #[arg(long)]
    untested: bool,
}

impl Serve {
    pub(super) fn run(self) -> anyhow::Result<CommandOutcome> {
        let mut problems = Vec::new();
        let path = config_path(self.config.as_deref());
        let source = match path.as_deref().map(read_config) {
            None => crate::config::source("command line", ""),
            Some(Ok(source)) => source,
            Some(Err(problem)) => {
                show(&[*problem]);
                return Ok(CommandOutcome::Problems);
            }
        };
        let over = Overrides {
            listen: self.listen,
            rules: self.rules,
            upstream: self.upstream.upstream,
            upstream_key: self.upstream.upstream_key.map(Into::into),
            workers: self.workers,
        };
        let (config, found) = Config::read(&source, &over, &environment);
        problems.extend(found);
        let rules = config
            .as_ref()
            .and_then(|config| rules_of(config, &source, &mut problems));
        show(&problems);
        let (Some(config), Some((rulesets, names)), false) =
            (config, rules, problems.iter().any(Problem::is_error))
        else {
            return Ok(CommandOutcome::Problems);
        };
        let house = TestHouse {
            config: &config,
            names: names.as_ref(),
        };
        let folders: Vec<RuleFolders> = config.rulesets().into_keys().collect();
        if !self.untested && matches!(before_serving(&folders, house), CommandOutcome::Problems) {
            return Ok(CommandOutcome::Problems);
        }
        let level = super::log_level().map_err(anyhow::Error::msg)?;
        telemetry::start_log(config.log.format == LogFormat::Json, &level);
        telemetry::hide_panic_messages();
        if self.untested {
            tracing::warn!("the tests of the rules were not run (`--untested`)");
        }
        let origin = ConfigOrigin {
            config: path,
            over,
            env: environment,
        };
        let served = serve(config, source, rulesets, origin);
        actix_web::rt::System::new().block_on(served)
    }
}

/// The rules of a config, and what finds names in them.
fn rules_of(
    config: &Config,
    source: &Source,
    problems: &mut Vec<Problem>,
) -> Option<(Rulesets, Option<SharedNameFinder>)> {
    let names = open_names(config, source).map_err(|problem| problems.push(*problem));
    let names = names.ok().flatten();
    let hosts = config.fetch.hosts();
    let mut found = Vec::new();
    let mut read = |folders: RuleFolders| {
        let ruleset = read_ruleset(&folders, &environment, Some(&hosts), &mut found)?;
        Some((folders, ruleset.with_names(names.as_ref())))
    };
    // All are read, so that all that is wrong is told.
    let all: Vec<_> = config.rulesets().into_keys().map(&mut read).collect();
    let rulesets = all.into_iter().collect::<Option<Rulesets>>();
    problems.extend(each_once(found));
    Some((rulesets?, names))
}

/// Serves until a signal comes.
async fn serve(
    config: Config,
    source: Source,
    rulesets: Rulesets,
    origin: ConfigOrigin,
) -> anyhow::Result<CommandOutcome> {
    let running = match server::start(&config, &source, &rulesets) {
        Ok(running) => running,
        Err(StartError::Problems(problems)) => {
            show(&problems);
            return Ok(CommandOutcome::Problems);
        }
        Err(error @ StartError::Listen { .. }) => {
            return Err(error).context("failed to start");
        }
    };
    tell_listening(running.address, &config, &rulesets);
    if let Some(address) = running.admin_address {
        tracing::info!(%address, "metrics and health are served apart");
    }
    let running = running.reloading(config, origin);
    running.until_signal().await.context("failed to serve")?;
    tracing::info!("ended");
    Ok(CommandOutcome::Good)
}

/// Tells where is listened, and with which rules: in one line where all routes have the same.
fn tell_listening(address: SocketAddr, config: &Config, rulesets: &Rulesets) {
    let routes = config.rulesets();
    let mut all = rulesets.all();
    if let (Some((_, only)), None) = (all.next(), all.next()) {
        let (rules, version) = (only.rules().len(), only.version());
        tracing::info!(%address, rules, version, "listening");
        return;
    }
    tracing::info!(%address, "listening");
    for (folders, ruleset) in rulesets.all() {
        let routes = routes.get(folders).map(|names| names.join(","));
        let (rules, version) = (ruleset.rules().len(), ruleset.version());
        tracing::info!(routes, rules, version, "the rules of {folders}");
    }
}
