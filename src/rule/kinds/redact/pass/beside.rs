//! What stands beside the texts of messages: the other fields of a request, and marks.

use super::super::hit::without_overlaps;
use super::super::marks::{as_mark, is_telling};
use super::super::memo::json_key;
use super::super::request_fields::{self, FieldEditor, Searched};
use super::RedactPass;
use crate::chat::{ChatRequest, fields};

/// How the fields of a request are gone through.
struct FieldWalk<'p, 't> {
    pass: &'p mut RedactPass<'t>,
    /// Whether new values are looked for, or those alone that are known already.
    looks: bool,
}

impl FieldEditor for FieldWalk<'_, '_> {
    fn text(&mut self, text: &str) -> Option<String> {
        self.pass.text(text, None, self.looks)
    }

    fn mark(&mut self, mark: &str) -> Option<String> {
        let new = self.pass.mark(mark, self.looks)?;
        Some(as_mark(&new))
    }
}

impl RedactPass<'_> {
    /// The fields other than `messages`, and their names where nobody knows them.
    pub(super) fn fields(&mut self, request: &mut ChatRequest) -> bool {
        let mut is_changed = request.edit_fields(|name, json| self.field(name, json));
        let is_known = |name: &str| fields::kind_of(name).is_some() || fields::VAPI.contains(&name);
        let names = request.fields().iter().map(|(name, _)| name.to_string());
        let names: Vec<String> = names.filter(|name| !is_known(name)).collect();
        for name in names {
            if let Some(new) = self.mark(&name, true) {
                request.rename_field(&name, &new);
                is_changed = true;
            }
        }
        is_changed
    }

    /// The same once more for what the messages told: a field that is no part of what the model
    /// reads is none of the stable beginning.
    pub(super) fn fields_again(&mut self, request: &mut ChatRequest) -> bool {
        if self.found.is_empty() {
            return false;
        }
        request.edit_fields(|name, json| {
            let how = request_fields::how(name).filter(|how| *how == Searched::Whole)?;
            self.edited(json, how, false)
        })
    }

    fn field(&mut self, name: &str, json: &str) -> Option<String> {
        let how = request_fields::how(name)?;
        let search = &self.rule.search;
        let key = json_key(search.labels(), how, json, self.known);
        if search.memo().is_clean(key) {
            return None;
        }
        let edited = self.edited(json, how, true);
        if edited.is_none() && !self.clock.is_over() {
            search.memo().remember_clean(key, self.known);
        }
        edited
    }

    fn edited(&mut self, json: &str, how: Searched, looks: bool) -> Option<String> {
        let mut walk = FieldWalk { pass: self, looks };
        request_fields::edit(json, how, &mut walk)
    }

    /// Replaces what can be nothing but private in a mark.
    pub(super) fn mark(&mut self, mark: &str, looks: bool) -> Option<String> {
        if !is_telling(mark) || self.clock.is_over() {
            return None;
        }
        let mut hits = self.hits(mark, None, looks);
        // "call_dana_whitfield".
        hits.extend(self.known.find(&mark.replace('_', " ")));
        let mut hits = without_overlaps(self.rule.search.labels(), mark, hits);
        hits.retain(|hit| is_telling(&mark[hit.start..hit.end]));
        let (mut out, mut copied) = (String::new(), 0);
        for hit in &hits {
            let place = hit.start..hit.end;
            let spelling = &mark[place.clone()];
            out.push_str(&mark[copied..hit.start]);
            copied = hit.end;
            out.push_str(&self.stand_in(hit, spelling, place, false));
            self.found.add(self.rule.search.labels(), spelling, *hit);
        }
        out.push_str(&mark[copied..]);
        (copied > 0).then_some(out)
    }
}
