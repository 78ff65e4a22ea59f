//! How a replayed turn differs from the recorded one, without private values.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Again, Line, Played};
use crate::chat::{ChatRequest, json};
use crate::detect::{self, Cues, Detector, Detectors, Speaker};
use crate::ruleset::Texts;
use crate::ruleset::explain::{self, ShownChange, Side};

/// A turn that changes.
#[derive(Debug, Clone, Serialize)]
pub struct Difference {
    /// Its id.
    pub turn: String,
    /// Its call's id.
    pub call: Option<String>,
    /// When it came.
    pub at: String,
    /// What is to be said where a rule refuses the turn, or refused it.
    pub refused: Option<String>,
    /// What changes in the request.
    pub upstream: Vec<ShownChange>,
    /// What changes in what the caller hears.
    pub heard: Vec<ShownChange>,
}

/// What changes; none where nothing does.
pub fn difference(line: &Line, played: &Played) -> Option<Difference> {
    let old = match &line.again {
        Again::Same => Ok(line.sent.get()),
        Again::Other(sent) => Ok(sent.get()),
        Again::Refused(why) => Err(why),
    };
    let (refused, upstream) = match (old, &played.sent) {
        (Err(_), Err(_)) => (None, Vec::new()),
        (Err(why), Ok(_)) => (Some(format!("goes upstream; before: {why}")), Vec::new()),
        (Ok(_), Err(why)) => (Some(format!("nothing goes upstream: {why}")), Vec::new()),
        (Ok(old), Ok(new)) if old.as_bytes() == new => (None, Vec::new()),
        (Ok(old), Ok(new)) => (None, of_requests(old, new, &line.values)),
    };
    let veiled = |texts: &Texts| -> Texts {
        let veiled = |(name, text): &(String, String)| (name.clone(), veil(text, &line.values));
        texts.iter().map(veiled).collect()
    };
    let heard = match line.heard == played.heard || refused.is_some() {
        true => Vec::new(),
        false => explain::of_texts(&veiled(&line.heard), &veiled(&played.heard)),
    };
    let is_changed = refused.is_some() || !upstream.is_empty() || line.heard != played.heard;
    is_changed.then(|| Difference {
        turn: line.turn.clone(),
        call: line.call.clone(),
        at: line.at.clone(),
        refused,
        upstream,
        heard,
    })
}

fn of_requests(old: &str, new: &[u8], values: &BTreeMap<String, String>) -> Vec<ShownChange> {
    let parse = |body: Vec<u8>| ChatRequest::parse(body.into()).ok();
    let (Some(old), Some(new)) = (parse(old.into()), parse(new.to_vec())) else {
        return Vec::new();
    };
    let shown = |request: &ChatRequest| {
        let mut shown = request.clone();
        let hide = |text: &str| Some(veil(text, values)).filter(|veiled| veiled != text);
        shown.edit_messages(|_, message| message.edit_texts(&mut |_, _, text| hide(text)));
        shown.edit_fields(|_, value| json::edit_leaves(value, &mut |leaf| hide(leaf.text)));
        shown
    };
    let (old_shown, new_shown) = (shown(&old), shown(&new));
    let side = |request, shown| Side { request, shown };
    explain::between(
        &side(&old, &old_shown),
        &side(&new, &new_shown),
        false,
        &|_| true,
    )
}

/// A text without what was hidden when the turn was recorded, and without what a detector finds.
fn veil(text: &str, values: &BTreeMap<String, String>) -> String {
    let mut values: Vec<_> = values.iter().collect();
    values.sort_by_key(|(_, value)| std::cmp::Reverse(value.len()));
    let known = values.iter().filter(|(_, value)| value.chars().count() > 1);
    let text = known.fold(text.to_owned(), |text, (name, value)| {
        text.replace(value.as_str(), &format!("‹{name}›"))
    });
    let all: Detectors = Detector::ALL.iter().copied().collect();
    let scan = detect::scan(&text, Speaker::Caller, &Cues::at_start("US"), all);
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for finding in scan.findings {
        out.push_str(&text[copied..finding.start]);
        out.push_str(&format!("‹{}›", finding.detector.label()));
        copied = finding.end;
    }
    out + &text[copied..]
}
