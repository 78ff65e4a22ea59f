//! The forms of an upstream's models, with what refusals taught of them.
//!
//! Shared by all workers, in memory: what was learned is learned again after a restart, at the price
//! of one refused request a model, unless its line stands in the config.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use super::complaint::Complaint;
use super::form::{FormConfig, RequestForm};
use super::mending::Mending;
use super::profiles::Profile;

/// Of so many models forms are kept.
const MOST_MODELS: usize = 64;
/// Of so many calls and their refusals it is kept that nothing helped.
const MOST_FRUITLESS: usize = 256;

/// The forms of one upstream's requests.
#[derive(Debug)]
pub struct LearnedForms {
    profile: &'static Profile,
    config: FormConfig,
    models: RwLock<HashMap<String, ModelForm>>,
    /// How much was learned and not told yet.
    untold: AtomicUsize,
}

/// What is known of one model.
#[derive(Debug)]
struct ModelForm {
    form: Arc<RequestForm>,
    /// Complaints that nothing mended, by the call.
    fruitless: VecDeque<(String, Complaint)>,
    /// What was learned and not told yet.
    untold: Vec<Mending>,
    has_learned: bool,
}

impl ModelForm {
    /// Takes over what lasts; gives what of it is new.
    fn learn(&mut self, mended: &[Mending]) -> Vec<Mending> {
        let mut new = Vec::new();
        for mending in mended.iter().filter(|mending| mending.lasts()) {
            let form = RequestForm::clone(&self.form).with(mending);
            let is_new = match mending {
                Mending::Field(edit) => !self.form.edits.contains(edit),
                _ => form != *self.form,
            };
            if is_new {
                self.form = Arc::new(form);
                self.has_learned = true;
                new.push(mending.clone());
            }
        }
        new
    }
}

impl LearnedForms {
    /// Those of a provider, as a config has them.
    pub fn new(profile: &'static Profile, config: FormConfig) -> LearnedForms {
        LearnedForms {
            profile,
            config,
            models: RwLock::default(),
            untold: AtomicUsize::new(0),
        }
    }

    /// What the config says of them.
    pub fn config(&self) -> &FormConfig {
        &self.config
    }

    /// The form of requests for a model.
    pub fn of(&self, model: &str) -> Arc<RequestForm> {
        let known = self.models.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(model) = known.get(model) {
            return model.form.clone();
        }
        drop(known);
        let form = Arc::new(RequestForm::of(self.profile, &self.config, model));
        self.with(model, |known| known.form.clone()).unwrap_or(form)
    }

    /// Keeps what helped, where it holds for later requests too; gives what of it is new.
    pub(super) fn learned(&self, model: &str, mended: &[Mending]) -> Vec<Mending> {
        if mended.is_empty() && self.untold.load(Ordering::Relaxed) == 0 {
            return Vec::new();
        }
        let learned = self.with(model, |known| {
            let mut new = std::mem::take(&mut known.untold);
            self.untold.fetch_sub(new.len(), Ordering::Relaxed);
            new.extend(known.learn(mended));
            new
        });
        learned.unwrap_or_default()
    }

    /// Keeps what helped in a request that was not taken in the end; it is told with the next one.
    pub(super) fn keep(&self, model: &str, helped: &[Mending]) {
        if !helped.is_empty() {
            self.with(model, |known| {
                let new = known.learn(helped);
                self.untold.fetch_add(new.len(), Ordering::Relaxed);
                known.untold.extend(new);
            });
        }
    }

    /// Keeps that nothing helped a call against a complaint: it may be of what was said in it.
    pub(super) fn give_up(&self, model: &str, call: Option<&str>, complaint: &Complaint) {
        let Some(call) = call else { return };
        self.with(model, |known| {
            if known.fruitless.len() >= MOST_FRUITLESS {
                known.fruitless.pop_front();
            }
            known
                .fruitless
                .push_back((call.to_owned(), complaint.clone()));
        });
    }

    /// Whether nothing helped the call against a complaint before.
    pub(super) fn is_fruitless(
        &self,
        model: &str,
        call: Option<&str>,
        complaint: &Complaint,
    ) -> bool {
        let known = self.models.read().unwrap_or_else(PoisonError::into_inner);
        let fruitless = known.get(model).map(|known| known.fruitless.iter());
        let is_it = |(of, what): &(String, Complaint)| Some(&**of) == call && what == complaint;
        fruitless.is_some_and(|mut fruitless| fruitless.any(is_it))
    }

    /// Does something with what is known of a model; none: too many are known already.
    fn with<T>(&self, model: &str, act: impl FnOnce(&mut ModelForm) -> T) -> Option<T> {
        let mut known = self.models.write().unwrap_or_else(PoisonError::into_inner);
        if !known.contains_key(model) && known.len() >= MOST_MODELS {
            // Clients name the models: those of which nothing was learned go first.
            let plain = known.iter().find(|(_, known)| !known.has_learned);
            let gone = plain.map(|(model, _)| model.clone())?;
            known.remove(&gone);
        }
        let new = || ModelForm {
            form: Arc::new(RequestForm::of(self.profile, &self.config, model)),
            fruitless: VecDeque::new(),
            untold: Vec::new(),
            has_learned: false,
        };
        Some(act(known.entry(model.to_owned()).or_insert_with(new)))
    }
}
