//! `aside demo --fault NAME`: what a caller hears when the upstream fails, and how soon.

use std::time::{Duration, Instant};

use anyhow::Context;

use super::super::{CommandOutcome, print};
use super::{Colours, Demo};
use crate::demo::{self, DemoSetup, FAILOVER, Fault, FaultyUpstream, Model, SAMPLES};
use crate::server::Signals;

impl Demo {
    pub(super) async fn play_fault(
        self,
        fault: &Fault,
        setup: &DemoSetup,
    ) -> anyhow::Result<CommandOutcome> {
        let failed = "failed to start the faulty upstream";
        let faulty = fault.start().context(failed)?;
        let faulty_address = faulty.address().context(failed)?;
        let model = Model::start(([127, 0, 0, 1], 0).into())
            .context("failed to start the built-in model")?;
        let start = |listen| demo::start_before_fault(listen, faulty_address, &model, setup);
        let Some(running) = self.listen(start)? else {
            return Ok(CommandOutcome::Problems);
        };
        let address = running.address;
        let model_handle = model.handle();
        actix_web::rt::spawn(model.serve());
        let server = actix_web::rt::spawn(running.until_signal());
        let mut signals = Signals::new();
        let colours = Colours::for_terminal();
        let Colours { dim, bold, off, .. } = colours;
        println!(
            "{bold}aside{off} listens on http://{address}, before an upstream with the fault `{}`: {}.",
            fault.name, fault.about
        );
        let mut routes = vec![("The faulty upstream alone", String::new())];
        if fault.is_early {
            let next = "With a healthy upstream next in the route";
            routes.push((next, format!("/{FAILOVER}")));
        }
        for (title, route) in &routes {
            println!("\n{bold}{title}{off}");
            let base = format!("http://{address}{route}/v1");
            let mut after = |turn: &demo::PlayedTurn| show(&colours, turn, &faulty);
            tokio::select! {
                result = demo::play(&SAMPLES[0], &base, &mut after) => result.map_err(|error| anyhow::anyhow!("failed to {error}"))?,
                () = signals.next() => break,
            }
        }
        println!("\n{dim}It goes on listening; try it yourself, and end it with Ctrl-C:{off}");
        for (_, route) in &routes {
            println!(
                "  curl -N http://{address}{route}/v1/chat/completions -H 'content-type: application/json' \\\n    -d '{{\"stream\":true,\"messages\":[{{\"role\":\"user\",\"content\":\"Hello?\"}}]}}'"
            );
        }
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
}

fn show(colours: &Colours, turn: &demo::PlayedTurn, faulty: &FaultyUpstream) {
    let ended = Instant::now();
    let first = turn.first_word.map_or("no word".to_owned(), |time| {
        format!("first word after {}", seconds(time))
    });
    let end = if turn.ended_well {
        "one finish reason and [DONE]"
    } else {
        "not well formed"
    };
    let times = format!("{first}, the end after {}: {end}", seconds(turn.took));
    colours.line("caller said ", colours.caller, &turn.caller_says);
    colours.line("caller hears", colours.caller, &turn.caller_hears);
    colours.line("timing      ", "", &times);
    let began = ended.checked_sub(turn.took);
    if let Some((gone, began)) = faulty.gone().zip(began) {
        let after = seconds(gone.saturating_duration_since(began));
        let line = format!("saw aside go after {after}");
        colours.line("upstream    ", colours.model, &line);
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}
