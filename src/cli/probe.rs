//! `aside probe`: what an upstream takes of the turns that Vapi sends, and the config that makes it work.
//!
//! No rule runs, no context is read, and nothing of anybody's is sent. A key is never shown.

mod report;

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};

use super::setup::{UNSET, config_path, environment};
use super::{CommandOutcome, WrongUsage, show};
use crate::config::{Config, Overrides, UpstreamConfig, UpstreamModel};
use crate::files::duration::parse_duration;
use crate::files::problem::nearest;
use crate::files::{Problem, Source};
use crate::server::{read_config, roots_of_tls, upstream_to_ask};
use crate::telemetry::{self, LogLevel};
use crate::upstream::{Probe, ProbedTurn, UpstreamError};
use report::ProbeReport;

/// Ask an upstream a few turns as Vapi sends them; print what it takes and the config lines for it
#[derive(Debug, Args)]
pub(super) struct ProbeArguments {
    /// Which upstream of the config, or its base URL [default: all of the config]
    #[arg(value_name = "UPSTREAM")]
    which: Option<String>,
    /// The config file [default: ./aside.toml where that exists]
    #[arg(long, env = "ASIDE_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// The base URL of an OpenAI-compatible upstream
    #[arg(
        long,
        env = "ASIDE_UPSTREAM",
        value_name = "URL",
        hide_env_values = true
    )]
    upstream: Option<String>,
    /// What that upstream, or one with `forward = true`, is asked with
    #[arg(
        long,
        env = "ASIDE_UPSTREAM_KEY",
        value_name = "KEY",
        hide_env_values = true
    )]
    upstream_key: Option<String>,
    /// The model to ask for [default: the config's, the preset's, or the first that the server lists]
    #[arg(long, value_name = "NAME")]
    model: Option<String>,
    /// The longest that one turn may take
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = time)]
    within: Duration,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// A time that a turn can take.
fn time(text: &str) -> Result<Duration, String> {
    let time = parse_duration(text).map_err(|error| error.to_string())?;
    match time.is_zero() {
        true => Err("no turn is over at once: write a time such as 30s".to_owned()),
        false => Ok(time.min(Duration::from_secs(3600))),
    }
}

/// The config, and the names of those who are asked.
struct ProbeSetup {
    config: Config,
    source: Source,
    names: Vec<String>,
    /// Those whose turns the config has not mended.
    unmended: Vec<String>,
}

/// Why nobody is asked.
enum NotProbed {
    /// Something is wrong with the config.
    Problems(Vec<Problem>),
    /// There is no upstream of that name.
    Unknown(String),
}

impl ProbeArguments {
    pub(super) fn run(self) -> anyhow::Result<CommandOutcome> {
        let setup = match self.setup() {
            Ok(setup) => setup,
            Err(NotProbed::Problems(problems)) => {
                show(&problems);
                return Ok(CommandOutcome::Problems);
            }
            Err(NotProbed::Unknown(message)) => return Err(WrongUsage(message).into()),
        };
        // What the getter of a key tells.
        let level = "warn".parse::<LogLevel>().unwrap_or_default();
        telemetry::start_log(false, &level);
        let probed = self.probe_all(&setup);
        let (reports, does_each_work) = actix_web::rt::System::new().block_on(probed);
        if self.json {
            let all = json!({ "upstreams": reports });
            println!("{}", serde_json::to_string_pretty(&all)?);
        }
        Ok(match does_each_work {
            true => CommandOutcome::Good,
            false => CommandOutcome::Problems,
        })
    }

    /// Probes one upstream after the other; whether each works.
    async fn probe_all(&self, setup: &ProbeSetup) -> (Vec<Value>, bool) {
        let (mut reports, mut works) = (Vec::new(), true);
        for (at, name) in setup.names.iter().enumerate() {
            if at > 0 && !self.json {
                println!();
            }
            match self.probe(setup, name).await {
                Ok((report, some)) => {
                    reports.push(report);
                    works &= some;
                }
                Err(problem) => {
                    reports.push(report::json_of_unasked(name, &problem));
                    show(&[*problem]);
                    works = false;
                }
            }
        }
        (reports, works)
    }

    /// Probes one upstream: what came of it, and whether it works.
    async fn probe(&self, setup: &ProbeSetup, name: &str) -> Result<(Value, bool), Box<Problem>> {
        let (config, source) = (&setup.config, &setup.source);
        let upstream = upstream_to_ask(config, source, name)?;
        let table = config.upstreams.get(name).map(|table| table.get_ref());
        let elsewhere = table.and_then(at_v1).and_then(|table| {
            let span = config.upstreams.get(name)?.span();
            let mut other = Config::default();
            let table = toml::Spanned::new(span, table);
            other.upstreams.insert(name.to_owned(), table);
            upstream_to_ask(&other, source, name).ok()
        });
        let key = self.upstream_key.clone().filter(|_| upstream.forwards_key);
        let tls = roots_of_tls()?;
        let probe = Probe::new(upstream, elsewhere, tls, key, self.within);
        let mut report = ProbeReport::of(name, table, &probe);
        let model = match probe.model(self.model.as_deref()).await {
            Ok(model) => model,
            Err(why) => return Err(Box::new(without_model(name, why))),
        };
        report.ask_for(&model);
        if setup.unmended.iter().any(|unmended| unmended == name) {
            report.is_unmended();
        }
        if let Some(url) = self.url().filter(|_| name == "default") {
            report.begins_config(url, self.upstream_key.is_some());
        }
        if !self.json {
            print!("{}", report.head());
        }
        let mut shown = |turn: &ProbedTurn| {
            if !self.json {
                print!("{}", report.turn(turn));
            }
        };
        let probed = probe.play(&model.name, &mut shown).await;
        if !self.json {
            print!("{}", report.end(&probed));
        }
        Ok((report.json(&probed), probed.works()))
    }

    /// The URL that makes the upstream `default`.
    fn url(&self) -> Option<&str> {
        let by_url = self.which.as_deref().filter(|which| is_url(which));
        by_url.or(self.upstream.as_deref())
    }

    /// Reads the config as `serve` does. What is wrong with upstreams that are not asked does not
    /// matter.
    fn setup(&self) -> Result<ProbeSetup, NotProbed> {
        let url = self.url();
        let over = Overrides {
            upstream: url.map(str::to_owned),
            upstream_key: url.and(self.upstream_key.clone()).map(Into::into),
            ..Overrides::default()
        };
        let path = config_path(self.config.as_deref());
        let source = match path.as_deref().map(read_config) {
            None => crate::config::source("command line", ""),
            Some(Ok(source)) => source,
            Some(Err(problem)) => return Err(NotProbed::Problems(vec![*problem])),
        };
        let (config, problems) = Config::read(&source, &over, &environment);
        let lenient = |name: &str| Some(environment(name).unwrap_or_else(|| UNSET.to_owned()));
        let is_whole = config.is_some();
        let config = config.or_else(|| Config::read(&source, &over, &lenient).0);
        let Some(mut config) = config else {
            return Err(NotProbed::Problems(errors(problems)));
        };
        let names = match self.which.as_deref().filter(|which| !is_url(which)) {
            Some(name) => vec![known(&config, name)?],
            None if url.is_some() => vec!["default".to_owned()],
            None => config.upstreams.keys().cloned().collect(),
        };
        let mut asked = names.iter().filter_map(|name| config.upstreams.get(name));
        if !is_whole && asked.any(|upstream| is_unset(upstream.get_ref())) {
            return Err(NotProbed::Problems(errors(problems)));
        }
        let mut unmended = Vec::new();
        for (name, upstream) in &mut config.upstreams {
            let upstream = upstream.get_mut();
            if !upstream.mend.repeats {
                unmended.push(name.clone());
            }
            // What it refuses is to be found out, whoever mends it later.
            upstream.mend.repeats = true;
            if self.model.is_some() && upstream.model.name().is_some() {
                upstream.model = UpstreamModel::Named(self.model.clone().unwrap_or_default());
            }
        }
        Ok(ProbeSetup {
            config,
            source,
            names,
            unmended,
        })
    }
}

/// Nobody says which model to ask for.
fn without_model(name: &str, why: Option<UpstreamError>) -> Problem {
    let help = "where the server gives no list of its models, name one with `--model NAME`";
    let message = match why {
        Some(why) => format!("failed to ask the upstream `{name}` for its models: {why}"),
        None => format!("the upstream `{name}`: nobody says which model to ask for"),
    };
    Problem::of_flag("--model", message).with_help(help)
}

fn errors(problems: Vec<Problem>) -> Vec<Problem> {
    problems.into_iter().filter(Problem::is_error).collect()
}

fn is_url(which: &str) -> bool {
    which.starts_with("http://") || which.starts_with("https://")
}

/// The name of an upstream of the config.
fn known(config: &Config, name: &str) -> Result<String, NotProbed> {
    if config.upstreams.contains_key(name) {
        return Ok(name.to_owned());
    }
    let names = config.upstreams.keys().map(String::as_str);
    let help = match nearest(name, names.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are: {}", names.collect::<Vec<_>>().join(", ")),
    };
    Err(NotProbed::Unknown(format!(
        "there is no upstream `{name}`\nhelp: {help}"
    )))
}

/// Whether something of an upstream came of a variable that is not set.
fn is_unset(upstream: &UpstreamConfig) -> bool {
    let key = upstream.key.as_ref().map(|key| key.get_ref().expose());
    let url = upstream.url.as_ref().map(|url| url.get_ref().as_str());
    let oauth = upstream.oauth.as_ref().map(|oauth| oauth.get_ref());
    let oauth = oauth.into_iter().flat_map(|oauth| {
        [
            oauth.token_url.get_ref().as_str(),
            &oauth.client_id,
            oauth.client_secret.expose(),
        ]
    });
    let file = upstream
        .key_file
        .as_ref()
        .and_then(|file| file.get_ref().to_str());
    let command = upstream
        .key_command
        .as_ref()
        .map(|command| command.get_ref().words());
    let headers = upstream.headers.values();
    let headers = headers.map(|value| value.get_ref().as_str());
    let texts = [key, url, file, upstream.model.name()]
        .into_iter()
        .flatten();
    let words = command.into_iter().flatten().map(String::as_str);
    let mut texts = texts.chain(oauth).chain(words).chain(headers);
    texts.any(|text| text.contains(UNSET))
}

/// The same upstream at `…/v1`, where its URL has no such part.
fn at_v1(upstream: &UpstreamConfig) -> Option<UpstreamConfig> {
    let url = upstream.url.as_ref()?;
    let text = url.get_ref();
    let (base, query) = text.split_at(text.find('?').unwrap_or(text.len()));
    let base = base
        .trim_end_matches('/')
        .trim_end_matches("/chat/completions");
    if base.contains("/v1") {
        return None;
    }
    let new = format!("{}/v1{query}", base.trim_end_matches('/'));
    let mut other = upstream.clone();
    other.url = Some(toml::Spanned::new(url.span(), new));
    Some(other)
}
