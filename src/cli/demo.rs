//! `aside demo`: a server, a built-in model and sample calls in one process.

mod fault;

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser};

use super::setup::{Files, environment};
use super::{CommandOutcome, print, show};
use crate::config::address;
use crate::demo::{self, DemoSetup, FAULTS, Model, SAMPLES};
use crate::files::Problem;
use crate::server::{Running, Signals, StartError, read_what_can_be_of};

/// A server, a built-in model and sample calls in one process; shows what changes
#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Where to listen [default: 127.0.0.1:8080, or any free port]
    #[arg(long, env = "ASIDE_LISTEN", value_name = "ADDR", value_parser = address::parse)]
    listen: Option<SocketAddr>,
    /// Serve the built-in model alone, at this address
    #[arg(long, value_name = "ADDR", conflicts_with = "listen", value_parser = address::parse)]
    model: Option<SocketAddr>,
    /// Show what a caller hears when the upstream fails in this way
    #[arg(long, value_name = "NAME", conflicts_with = "model", value_parser = faults())]
    fault: Option<String>,
    /// A config; only its `rules`, `[fetch]` and `[limits]` count here [default: none]
    #[arg(long, env = "ASIDE_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// A folder of rule files [env: ASIDE_RULES] [default: the config's, else the rules that ship]
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
}

fn faults() -> PossibleValuesParser {
    let faults = FAULTS.iter();
    faults
        .map(|fault| PossibleValue::new(fault.name).help(fault.about))
        .into()
}

/// Colours of a terminal; empty elsewhere.
struct Colours {
    dim: &'static str,
    caller: &'static str,
    model: &'static str,
    bold: &'static str,
    off: &'static str,
}

impl Demo {
    pub(super) fn run(self) -> anyhow::Result<CommandOutcome> {
        actix_web::rt::System::new().block_on(async move {
            if let Some(address) = self.model {
                let model = Model::start(address)
                    .with_context(|| format!("failed to listen on {address}"))?;
                println!("the built-in model listens on http://{}/v1", model.address);
                let handle = model.handle();
                let mut signals = Signals::new();
                tokio::select! {
                    result = model.serve() => result.context("failed to serve")?,
                    () = signals.next() => handle.stop(true).await,
                }
                return Ok(CommandOutcome::Good);
            }
            let setup = match self.setup() {
                Ok(setup) => setup,
                Err(problems) => {
                    show(&problems);
                    return Ok(CommandOutcome::Problems);
                }
            };
            match self.fault.as_deref().and_then(demo::Fault::named) {
                Some(fault) => self.play_fault(fault, &setup).await,
                None => self.play(&setup).await,
            }
        })
    }

    /// The rules that ship, unless flags or environment name others.
    fn setup(&self) -> Result<DemoSetup, Vec<Problem>> {
        let files = Files {
            config: self.config.clone(),
            rules: self.rules.clone(),
        };
        if files.config.is_none() && files.named_rules(None).is_none() {
            return Ok(DemoSetup::default());
        }
        let mut found = files.read_leniently(None);
        found.problems.retain(Problem::is_error);
        let (sources, unread) = read_what_can_be_of(&found.usual_folders());
        found.problems.extend(unread);
        let Some(config) = found.config.filter(|_| found.problems.is_empty()) else {
            return Err(found.problems);
        };
        Ok(DemoSetup {
            sources,
            fetch: config.fetch,
            limits: config.limits,
            env: environment,
        })
    }

    async fn play(self, setup: &DemoSetup) -> anyhow::Result<CommandOutcome> {
        let model = Model::start(([127, 0, 0, 1], 0).into())
            .context("failed to start the built-in model")?;
        let Some(running) = self.listen(|listen| demo::start(listen, &model, setup))? else {
            return Ok(CommandOutcome::Problems);
        };
        let (address, seen) = (running.address, model.seen.clone());
        let model_handle = model.handle();
        actix_web::rt::spawn(model.serve());
        let server = actix_web::rt::spawn(running.until_signal());
        let mut signals = Signals::new();
        let base = format!("http://{address}/v1");
        let colours = Colours::for_terminal();
        let Colours { dim, bold, off, .. } = colours;
        println!(
            "{bold}aside{off} listens on http://{address}, before a built-in model; no network, no key."
        );
        for (at, sample) in SAMPLES.iter().enumerate() {
            println!("\n{bold}Call {}: {}{off}", at + 1, sample.title);
            let mut after = |turn: &demo::PlayedTurn| {
                let (got, said) = seen.newest();
                colours.line("caller said ", colours.caller, &turn.caller_says);
                colours.line("model got   ", colours.model, &got);
                colours.line("model said  ", colours.model, &said);
                let heard = if turn.is_tool_call {
                    format!("(nothing yet; the tool gets) {}", turn.caller_hears)
                } else {
                    turn.caller_hears.clone()
                };
                colours.line("caller hears", colours.caller, &heard);
                println!();
            };
            tokio::select! {
                result = demo::play(sample, &base, &mut after) => result.map_err(|error| anyhow::anyhow!("failed to {error}"))?,
                () = signals.next() => break,
            }
        }
        println!("{dim}What happened in each turn, rule by rule:{off} http://{address}/inspect");
        println!("{dim}It goes on listening; try it yourself, and end it with Ctrl-C:{off}");
        println!(
            "  curl -N http://{address}/v1/chat/completions -H 'content-type: application/json' \\\n    -d '{{\"stream\":true,\"messages\":[{{\"role\":\"user\",\"content\":\"My card is 4111 1111 1111 1111\"}}]}}'"
        );
        if print::is_closed() {
            return Ok(CommandOutcome::Good);
        }
        server
            .await
            .context("failed to serve")?
            .context("failed to serve")?;
        model_handle.stop(true).await;
        Ok(CommandOutcome::Good)
    }

    /// Starts where the flag says, or at the usual address, or at any; none: the rules have problems,
    /// which were shown.
    fn listen(
        &self,
        start: impl Fn(SocketAddr) -> Result<Running, StartError>,
    ) -> anyhow::Result<Option<Running>> {
        let usual = SocketAddr::from(([127, 0, 0, 1], 8080));
        let started = match start(self.listen.unwrap_or(usual)) {
            Err(StartError::Listen { .. }) if self.listen.is_none() => {
                start(([127, 0, 0, 1], 0).into())
            }
            started => started,
        };
        match started {
            Err(StartError::Problems(problems)) => {
                show(&problems);
                Ok(None)
            }
            started => started.map(Some).context("failed to start"),
        }
    }
}

impl Colours {
    fn for_terminal() -> Colours {
        if !super::has_colours() {
            return Colours {
                dim: "",
                caller: "",
                model: "",
                bold: "",
                off: "",
            };
        }
        Colours {
            dim: "\x1b[2m",
            caller: "\x1b[32m",
            model: "\x1b[35m",
            bold: "\x1b[1m",
            off: "\x1b[0m",
        }
    }

    fn line(&self, who: &str, colour: &str, text: &str) {
        let Colours { dim, off, .. } = self;
        let indent = format!("\n  {}   ", " ".repeat(who.len()));
        println!(
            "  {dim}{who}{off} │ {colour}{}{off}",
            text.replace('\n', &indent)
        );
    }
}
