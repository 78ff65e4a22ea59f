//! The forms of an upstream's models, with what refusals taught of them.
//!
//! Shared by all workers, in memory: what was learned is learned again after a restart, at the price
//! of one refused request a model, unless its line stands in the config.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::complaint::Complaint;
use super::form::{FormConfig, RequestForm};
use super::mending::Mending;
use super::profiles::Profile;

/// Of so many models forms are kept; clients name them. Of more they are made anew each time.
const MOST_MODELS: usize = 64;
/// Of so many kinds of refusal it is kept that nothing helped.
const MOST_FRUITLESS: usize = 16;

/// The forms of one upstream's requests.
#[derive(Debug)]
pub struct LearnedForms {
    profile: &'static Profile,
    config: FormConfig,
    models: RwLock<HashMap<String, ModelForm>>,
}

/// What is known of one model.
#[derive(Debug)]
struct ModelForm {
    form: Arc<RequestForm>,
    /// Complaints that nothing mended.
    fruitless: Vec<Complaint>,
}

impl LearnedForms {
    /// Those of a provider, as a config has them.
    pub fn new(profile: &'static Profile, config: FormConfig) -> LearnedForms {
        LearnedForms {
            profile,
            config,
            models: RwLock::default(),
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
    pub(super) fn learn(&self, model: &str, mended: &[Mending]) -> Vec<Mending> {
        let learn = |known: &mut ModelForm| {
            let mut new = Vec::new();
            for mending in mended.iter().filter(|mending| mending.lasts()) {
                let form = RequestForm::clone(&known.form).with(mending);
                let is_new = match mending {
                    Mending::Field(edit) => !known.form.edits.contains(edit),
                    _ => form != *known.form,
                };
                if is_new {
                    known.form = Arc::new(form);
                    new.push(mending.clone());
                }
            }
            new
        };
        self.with(model, learn).unwrap_or_default()
    }

    /// Keeps that nothing helped against a complaint.
    pub(super) fn give_up(&self, model: &str, complaint: &Complaint) {
        self.with(model, |known| {
            if known.fruitless.len() < MOST_FRUITLESS && !known.fruitless.contains(complaint) {
                known.fruitless.push(complaint.clone());
            }
        });
    }

    /// Whether nothing helped against a complaint before.
    pub(super) fn is_fruitless(&self, model: &str, complaint: &Complaint) -> bool {
        let known = self.models.read().unwrap_or_else(PoisonError::into_inner);
        let known = known.get(model);
        known.is_some_and(|known| known.fruitless.contains(complaint))
    }

    /// Does something with what is known of a model; none: too many are known already.
    fn with<T>(&self, model: &str, act: impl FnOnce(&mut ModelForm) -> T) -> Option<T> {
        let mut known = self.models.write().unwrap_or_else(PoisonError::into_inner);
        if !known.contains_key(model) && known.len() >= MOST_MODELS {
            return None;
        }
        let new = || ModelForm {
            form: Arc::new(RequestForm::of(self.profile, &self.config, model)),
            fruitless: Vec::new(),
        };
        Some(act(known.entry(model.to_owned()).or_insert_with(new)))
    }
}
