//! Rules and config that change while the server runs.
//!
//! A thread of its own looks at the folder of rules now and then, through symbolic links: editors'
//! renames, network mounts and Kubernetes' `..data` all show as other contents. What stands still
//! is compiled and tested there; then one snapshot takes the place of another. What is broken
//! changes nothing. It never works on a worker's thread, and logs no value of the config.

mod counts;
mod folder;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use counts::{ReadAgain, count_start};
use folder::{RulesDemands, RulesFound, warn_of};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing::{error, info, warn};

use crate::config::{Config, Overrides, RuleFolders};
use crate::detect::SharedNameFinder;
use crate::files::Problem;
use crate::ruleset::Ruleset;
use crate::server::state::files::read_config;
use crate::server::state::live::LiveSnapshot;
use crate::server::state::names::open_names;
use crate::server::state::rules_offer::RulesOffer;
use crate::server::state::snapshot::Snapshot;

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
    watched: Vec<WatchedFolders>,
    offer: RulesOffer,
    /// What finds names beside the table.
    names: Option<SharedNameFinder>,
}

/// The folders of a ruleset, and what stood in them.
struct WatchedFolders {
    folders: RuleFolders,
    /// At the last look.
    seen: String,
    /// When it was last judged.
    judged: String,
}

/// A config with the snapshot that it asks for, and what finds names.
type NewConfig = (Config, Snapshot, Option<SharedNameFinder>);

/// What came of rules that were compiled and tested, with their folders.
type Judged = (RuleFolders, JudgedRules);

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
        count_start();
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
        let now = live.now();
        let mut served = now.rules.iter();
        let names = served.find_map(|(_, rules)| rules.ruleset.names().cloned());
        let watched = now.rules.iter();
        let watched = watched.map(|(folders, rules)| {
            let served = rules.ruleset.version().to_owned();
            // What is served was read a moment ago. If it is other now, the first look finds it new.
            let found = RulesFound::of(folders);
            let judged = match found.mark.starts_with(&served) {
                true => found.mark,
                false => served,
            };
            WatchedFolders {
                folders: folders.clone(),
                seen: judged.clone(),
                judged,
            }
        });
        RulesWatcher {
            watched: watched.collect(),
            live,
            origin,
            offer: RulesOffer::of(&config),
            names,
            started: config,
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

    /// Takes what is new in the folders and stood there at the look before; says when to look next.
    fn look(&mut self) -> Duration {
        let mut pause = PAUSE;
        let mut settled = Vec::new();
        for watched in &mut self.watched {
            let found = RulesFound::of(&watched.folders);
            if found.mark == watched.judged {
                watched.seen = found.mark;
            } else if found.mark == watched.seen {
                watched.judged.clone_from(&found.mark);
                settled.push((watched.folders.clone(), found));
            } else {
                watched.seen = found.mark;
                pause = SETTLE;
            }
        }
        for (folders, found) in settled {
            let judged = self.judge(&folders, found);
            self.take(vec![(folders, judged)], None);
        }
        pause
    }

    /// Reads config and rules again, as they are, and has the recording opened again.
    fn read_all(&mut self) {
        if let Some(recorder) = &self.live.now().process.recorder {
            recorder.reopen();
        }
        let path = self.origin.config.as_deref();
        let new = match path.map(|path| self.config(path)) {
            None => None,
            Some(Ok(new)) => Some(new),
            Some(Err(problems)) => {
                keep_config(&problems);
                None
            }
        };
        let Some((config, next, names)) = new else {
            let watched = self.watched.iter();
            let folders = watched.map(|watched| watched.folders.clone()).collect();
            let judged = self.judge_all(folders);
            return self.take(judged, None);
        };
        let (offer, names) = (
            std::mem::replace(&mut self.offer, RulesOffer::of(&config)),
            std::mem::replace(&mut self.names, names),
        );
        let judged = self.judge_all(config.rulesets().into_keys().collect());
        let next = match keep_broken(&judged, next, &self.live.now(), &config) {
            Ok(next) => next,
            Err(problems) => {
                keep_config(&problems);
                (self.offer, self.names) = (offer, names);
                let served = self.live.now().rules.keys().cloned().collect();
                let judged = self.judge_all(served);
                return self.take(judged, None);
            }
        };
        self.live
            .keep_broken_of(|folders| judged.iter().any(|(named, _)| named == folders));
        self.take(judged, Some(next));
        ReadAgain::Config.loaded();
        info!("loaded the config");
        for field in self.started.needing_restart(&config) {
            warn!(field, "this change of the config needs a restart");
        }
        // The connections to new upstreams are opened.
        self.live.now().warm.send_modify(|calls| *calls += 1);
    }

    /// Judges what stands in these folders, which are watched from now on.
    fn judge_all(&mut self, all: Vec<RuleFolders>) -> Vec<Judged> {
        self.watched.clear();
        let judge = |folders: RuleFolders| {
            let found = RulesFound::of(&folders);
            let mark = found.mark.clone();
            let judged = self.judge(&folders, found);
            (mark, (folders, judged))
        };
        let judged: Vec<(String, Judged)> = all.into_iter().map(judge).collect();
        let watched = judged.iter().map(|(mark, (folders, _))| WatchedFolders {
            folders: folders.clone(),
            seen: mark.clone(),
            judged: mark.clone(),
        });
        self.watched = watched.collect();
        judged.into_iter().map(|(_, judged)| judged).collect()
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

    fn judge(&self, folders: &RuleFolders, found: RulesFound) -> JudgedRules {
        let now = self.live.now();
        let demands = RulesDemands {
            env: &self.origin.env,
            offer: &self.offer,
            most_injected: now.most_injected,
            names: self.names.as_ref(),
            from: &now.call_from_of(folders),
        };
        let served = now.rules.get(folders);
        match found.compiled(&demands) {
            Err(problems) => JudgedRules::Broken(problems),
            Ok(new) if served.is_some_and(|old| is_same(&new, &old.ruleset)) => JudgedRules::Same,
            Ok(new) => JudgedRules::New(new),
        }
    }

    /// Puts the next snapshot in place, in one swap, and tells what came of the rules. `next`: as
    /// a new config says.
    fn take(&self, all: Vec<Judged>, next: Option<Snapshot>) {
        let now = self.live.now();
        let mut next = next;
        let mut loaded = Vec::new();
        for (folders, judged) in all {
            let before = next.as_ref().unwrap_or(&now);
            let served = before.rules.get(&folders);
            let served = served.map(|rules| rules.ruleset.version().to_owned());
            let served = served.unwrap_or_default();
            // One ruleset is told by its version alone.
            let of = match self.watched.len() {
                0 | 1 => String::new(),
                _ => format!(" of {folders}"),
            };
            let broken = match judged {
                JudgedRules::New(ruleset) => {
                    let before = next.take().unwrap_or_else(|| (*now).clone());
                    next = Some(before.with_rules(&folders, ruleset.clone()));
                    loaded.push((ruleset, of));
                    Vec::new()
                }
                JudgedRules::Same => {
                    info!("the rules on disk{of} are those that are served, version {served}");
                    Vec::new()
                }
                JudgedRules::Broken(problems) => {
                    let told = all_in_one_line(&problems);
                    error!("kept the rules{of} of version {served}: {told}");
                    ReadAgain::Rules.kept();
                    problems
                }
            };
            self.live.note_broken(&folders, broken);
        }
        if let Some(next) = next {
            self.live.replace(next);
        }
        // Who reads that they are loaded may count on them.
        for (ruleset, of) in loaded {
            tell_loaded(&ruleset, &of);
        }
    }
}

/// Tells of rules that are served from now on; `of`: whose they are.
fn tell_loaded(ruleset: &Ruleset, of: &str) {
    let (rules, version) = (ruleset.rules().len(), ruleset.version());
    ReadAgain::Rules.loaded();
    if rules == 0 {
        warn!("loaded 0 rules{of}, version {version}: nothing is hidden or changed any more");
    } else {
        let plural = if rules == 1 { "" } else { "s" };
        info!("loaded {rules} rule{plural}{of}, version {version}");
    }
}

/// The next snapshot, in which older rules stand for those that are broken. Where a new route has no
/// older ones it could serve nobody: then what is wrong with its rules.
fn keep_broken(
    all: &[Judged],
    mut next: Snapshot,
    now: &Snapshot,
    config: &Config,
) -> Result<Snapshot, Vec<Problem>> {
    let routes = config.rulesets();
    for (folders, judged) in all {
        let JudgedRules::Broken(problems) = judged else {
            continue;
        };
        if !next.rules.contains_key(folders) {
            let routes = routes.get(folders).map_or(&[][..], |names| names);
            let kept = next.keeping(now, folders, routes);
            next = kept.ok_or_else(|| problems.clone())?;
        }
    }
    Ok(next)
}

fn keep_config(problems: &[Problem]) {
    ReadAgain::Config.kept();
    let problems = all_in_one_line(problems);
    error!("kept the config as it was: {problems}");
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

#[cfg(test)]
mod tests;
