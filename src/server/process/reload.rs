//! Rules and config that change while the server runs.
//!
//! A thread of its own looks at the folder of rules now and then, through symbolic links: editors'
//! renames, network mounts and Kubernetes' `..data` all show as other contents. What stands still
//! is compiled and tested there; then one snapshot takes the place of another. What is broken
//! changes nothing. It never works on a worker's thread, and logs no value of the config.

mod folder;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use folder::{RulesDemands, RulesFolder, warn_of};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing::{error, info, warn};

use crate::config::{Config, Overrides};
use crate::detect::SharedNameFinder;
use crate::files::Problem;
use crate::net::host::Host;
use crate::ruleset::Ruleset;
use crate::server::state::files::read_config;
use crate::server::state::live::{LiveSnapshot, RulesOnDisk};
use crate::server::state::names::open_names;
use crate::server::state::snapshot::Snapshot;
use crate::telemetry::metrics::{RELOADS, counter};

/// How often the folder is looked at.
const PAUSE: Duration = Duration::from_millis(500);
/// So long must new contents stay as they are: a file is often seen while it is being written.
const SETTLE: Duration = Duration::from_millis(150);

/// As much stack as a program's first thread usually has, which compiles the rules at the start.
const STACK: usize = 8 << 20;

/// Where a server's config came from, and comes from when it is read again.
#[derive(Debug)]
pub struct ConfigOrigin {
    /// The config file; none: flags and environment say everything.
    pub config: Option<PathBuf>,
    /// What flags and environment say over it.
    pub over: Overrides,
    /// Gives environment variables.
    pub env: fn(&str) -> Option<String>,
}

/// The thread that looks, and what tells it to look at once.
#[derive(Debug)]
pub(in crate::server) struct Reloads {
    tell: Sender<()>,
    hang_ups: Option<Signal>,
}

struct RulesWatcher {
    live: Arc<LiveSnapshot>,
    origin: ConfigOrigin,
    /// The config with which the server was started.
    started: Config,
    folder: PathBuf,
    hosts: Vec<Host>,
    /// What finds names beside the table.
    names: Option<SharedNameFinder>,
    /// What stood in the folder at the last look.
    seen: String,
    /// What stood there when it was last judged.
    judged: String,
}

/// A config with the snapshot that it asks for, and what finds names.
type NewConfig = (Config, Snapshot, Option<SharedNameFinder>);

/// What came of rules that were compiled and tested.
enum JudgedRules {
    New(Arc<Ruleset>),
    Same,
    Broken(Vec<Problem>),
}

impl Reloads {
    /// Starts the thread. It ends with this.
    pub(in crate::server) fn start(
        live: Arc<LiveSnapshot>,
        config: Config,
        origin: ConfigOrigin,
    ) -> Reloads {
        let (tell, told) = channel();
        let watcher = RulesWatcher::new(live, config, origin);
        let thread = std::thread::Builder::new().name("reload".to_owned());
        let thread = thread.stack_size(STACK);
        if let Err(error) = thread.spawn(move || watcher.watch(&told)) {
            error!(%error, "no thread to reload rules; new ones need a restart");
        }
        let hang_ups = signal(SignalKind::hangup()).ok();
        Reloads { tell, hang_ups }
    }

    /// Has config and rules read again at each SIGHUP; goes on for ever.
    pub(in crate::server) async fn on_hang_up(&mut self) {
        let Some(hang_ups) = &mut self.hang_ups else {
            return std::future::pending().await;
        };
        while hang_ups.recv().await.is_some() {
            // Where there is no thread, its failure was logged.
            let _ = self.tell.send(());
        }
    }
}

impl RulesWatcher {
    fn new(live: Arc<LiveSnapshot>, config: Config, origin: ConfigOrigin) -> RulesWatcher {
        let rules = live.now().rules.clone();
        let served = rules.ruleset.version().to_owned();
        // What is served was read a moment ago. If it is other now, the first look finds it new.
        let found = RulesFolder::of(&config.rules);
        let judged = match found.mark.starts_with(&served) {
            true => found.mark,
            false => served,
        };
        RulesWatcher {
            live,
            origin,
            folder: config.rules.clone(),
            hosts: config.fetch.hosts(),
            names: rules.ruleset.names().cloned(),
            started: config,
            seen: judged.clone(),
            judged,
        }
    }

    fn watch(mut self, told: &Receiver<()>) {
        let mut pause = PAUSE;
        loop {
            let is_told = match told.recv_timeout(pause) {
                Ok(()) => true,
                Err(RecvTimeoutError::Timeout) => false,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            // Whatever is in the files must not end the thread; the panic was logged.
            let work = AssertUnwindSafe(|| match is_told {
                true => self.read_all(),
                false => pause = self.look(),
            });
            if catch_unwind(work).is_err() {
                pause = PAUSE;
            }
        }
    }

    /// Takes what is new in the folder and stood there at the look before; says when to look next.
    fn look(&mut self) -> Duration {
        let found = RulesFolder::of(&self.folder);
        if found.mark == self.judged {
            self.seen = found.mark;
            return PAUSE;
        }
        if found.mark != self.seen {
            self.seen = found.mark;
            return SETTLE;
        }
        self.judged.clone_from(&found.mark);
        let judged = self.judge(found);
        self.take(judged, None);
        PAUSE
    }

    /// Reads config and rules again, as they are, and has the recording opened again.
    fn read_all(&mut self) {
        if let Some(recorder) = &self.live.now().process.recorder {
            recorder.reopen();
        }
        let path = self.origin.config.as_deref();
        let (config, next) = match path.map(|path| self.config(path)) {
            None => (None, None),
            Some(Ok((config, next, names))) => {
                self.names = names;
                (Some(config), Some(next))
            }
            Some(Err(problems)) => {
                count("config", "kept");
                let problems = all_in_one_line(&problems);
                error!("kept the config as it was: {problems}");
                (None, None)
            }
        };
        if let Some(config) = &config {
            self.folder.clone_from(&config.rules);
            self.hosts = config.fetch.hosts();
        }
        let found = RulesFolder::of(&self.folder);
        self.seen.clone_from(&found.mark);
        self.judged.clone_from(&found.mark);
        let judged = self.judge(found);
        self.take(judged, next);
        let Some(config) = config else { return };
        count("config", "loaded");
        info!("loaded the config");
        for field in self.started.needing_restart(&config) {
            warn!(field, "this change of the config needs a restart");
        }
        // The connections to new upstreams are opened.
        self.live.now().warm.send_modify(|calls| *calls += 1);
    }

    /// The next snapshot, as the config on disk says, and what finds names.
    fn config(&self, path: &Path) -> Result<NewConfig, Vec<Problem>> {
        let source = read_config(path).map_err(|problem| vec![*problem])?;
        let (config, problems) = Config::read(&source, &self.origin.over, &self.origin.env);
        let config = config.ok_or_else(|| problems.clone())?;
        warn_of(&problems);
        let next = self.live.now().with_config(&config, &source)?;
        let names = open_names(&config, &source).map_err(|problem| vec![*problem])?;
        Ok((config, next, names))
    }

    fn judge(&self, found: RulesFolder) -> JudgedRules {
        let now = self.live.now();
        let demands = RulesDemands {
            env: &self.origin.env,
            hosts: &self.hosts,
            most_injected: now.most_injected,
            names: self.names.as_ref(),
        };
        match found.compiled(&demands) {
            Err(problems) => JudgedRules::Broken(problems),
            Ok(new) if is_same(&new, &now.rules.ruleset) => JudgedRules::Same,
            Ok(new) => JudgedRules::New(new),
        }
    }

    /// Puts the next snapshot in place, in one swap, and tells what came of the rules. `next`: as
    /// a new config says.
    fn take(&self, judged: JudgedRules, next: Option<Snapshot>) {
        let now = self.live.now();
        let served = now.rules.ruleset.version();
        let next = match (judged, next) {
            (JudgedRules::New(ruleset), next) => {
                let next = next.unwrap_or_else(|| (*now).clone());
                let (rules, version) = (ruleset.rules().len(), ruleset.version().to_owned());
                self.live.replace(next.with_rules(ruleset));
                self.live.note_on_disk(RulesOnDisk::Served);
                count("rules", "loaded");
                if rules == 0 {
                    warn!(
                        "loaded 0 rules, version {version}: nothing is hidden or changed any more"
                    );
                } else {
                    let plural = if rules == 1 { "" } else { "s" };
                    info!("loaded {rules} rule{plural}, version {version}");
                }
                return;
            }
            (JudgedRules::Same, next) => {
                self.live.note_on_disk(RulesOnDisk::Served);
                info!("the rules on disk are those that are served, version {served}");
                next
            }
            (JudgedRules::Broken(problems), next) => {
                let on_disk = RulesOnDisk::Broken(problems);
                let problems = all_in_one_line(on_disk.problems());
                error!("kept the rules of version {served}: {problems}");
                self.live.note_on_disk(on_disk);
                count("rules", "kept");
                next
            }
        };
        if let Some(next) = next {
            self.live.replace(next);
        }
    }
}

/// Whether two rulesets find the same.
fn is_same(one: &Ruleset, other: &Ruleset) -> bool {
    let names = |ruleset: &Ruleset| ruleset.names().map(|names| names.version().to_owned());
    one.version() == other.version() && names(one) == names(other)
}

/// The first problem, and how many more there are.
fn all_in_one_line(problems: &[Problem]) -> String {
    let first = problems.first().map(Problem::in_one_line);
    let first = first.unwrap_or_default();
    match problems.len().saturating_sub(1) {
        0 => first,
        more => format!("{first} (and {more} more; `aside check` shows them all)"),
    }
}

fn count(what: &str, outcome: &str) {
    counter(&RELOADS, &[("what", what), ("outcome", outcome)]).increment(1);
}

#[cfg(test)]
mod tests;
