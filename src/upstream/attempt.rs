//! One upstream, asked for one turn: in the form that it takes, and again where it refuses that form.
//!
//! A refusal for the form (400, 422, a template's 500, an error event before the first word) is
//! repeated, mended, within the turn's deadline: each time something else is mended, three times at
//! most. Nothing else is ever repeated for what it says.

use std::sync::Arc;

use bytes::Bytes;
use secrecy::SecretString;
use tokio::time::{Instant, timeout_at};

use super::attempt_log::AttemptNotes;
use super::client::{Clients, Upstream};
use super::complaint::Complaint;
use super::error::{UpstreamError, refused};
use super::form::{AttemptOf, RequestForm};
use super::mending::Mending;
use super::plan::{Ask, Plan};
use super::reading::{Deadlines, UpstreamAnswer, read_answer};
use super::refusal::AskedWith;
use crate::chat::ChatRequest;
use crate::net::trace_context::TraceContext;

/// What an upstream answered, and to what.
#[derive(Debug)]
pub struct Answered {
    /// The answer.
    pub answer: UpstreamAnswer,
    /// What was changed in the request for this upstream, in plain words.
    pub notes: Vec<String>,
    /// The request as it went, where it is another than the rules left.
    pub sent: Option<Bytes>,
    /// What its refusals taught, and was not known of this model.
    pub learned: Vec<Mending>,
    /// The model that was asked for.
    pub model: String,
    /// Its place in the log of attempts, where there is one.
    pub attempt: Option<usize>,
}

/// Asks one upstream.
pub(super) async fn ask_one(
    plan: &Plan,
    clients: &Clients,
    upstream: &Upstream,
    ask: Ask<'_>,
    notes: &AttemptNotes<'_>,
) -> Result<Answered, UpstreamError> {
    let deadlines = deadlines_of(plan);
    let whose = AttemptOf {
        upstream: &upstream.name,
        assistant: ask.assistant,
    };
    let keys = upstream.key().text().into_iter();
    let keys = AskedWith::new(keys.chain(ask.key.map(SecretString::from)));
    let model = upstream.model_of(ask.request);
    let mut form = upstream.forms.of(&model);
    let mut mended = MendedSoFar::default();
    let mut sent: Vec<Bytes> = Vec::new();
    loop {
        let formed = form.apply(ask.request, whose);
        let body = Bytes::from(formed.request.write(&form.takes));
        sent.push(body.clone());
        let trace = notes.begins(&model);
        let error = match send(plan, clients, upstream, ask, (body, trace), &deadlines).await {
            Ok(answer) => {
                return Ok(Answered {
                    answer: answer.of_asking(formed.back, keys),
                    sent: sent.pop().filter(|_| !formed.notes.is_empty()),
                    notes: formed.notes,
                    learned: upstream.forms.learned(&model, &mended.all()),
                    model,
                    attempt: notes.answers(),
                });
            }
            Err(error) => error.concealed(&keys),
        };
        let Some(complaint) = error.complaint().filter(|_| form.mend.repeats) else {
            upstream.forms.keep(&model, &mended.helped);
            return Err(error);
        };
        // What did not help goes before something else is tried.
        form = mended.meet(&complaint, form);
        let is_known = upstream.forms.is_fruitless(&model, ask.call, &complaint);
        let way = (sent.len() <= plan.most_mends && !is_known)
            .then(|| way_out(&form, &complaint, (ask.request, whose), &sent));
        match way {
            Some(Some((next, way))) => {
                notes.is_mended(&error);
                mended.take(complaint, way, form);
                form = Arc::new(next);
            }
            // What was mended before it met something else is mended for good.
            given_up => {
                upstream.forms.keep(&model, &mended.helped);
                if given_up.is_some() {
                    upstream.forms.give_up(&model, ask.call, &complaint);
                }
                return Err(error);
            }
        }
    }
}

/// How long an upstream may take that is asked now.
fn deadlines_of(plan: &Plan) -> Deadlines {
    Deadlines {
        asked: Instant::now(),
        first_token: plan.first_token,
        think: plan.think,
        stall: plan.stall,
        whole: plan.whole,
    }
}

/// What was mended in a request, refusal by refusal.
#[derive(Debug, Default)]
struct MendedSoFar {
    /// What helped: the refusal behind it complained of something else.
    helped: Vec<Mending>,
    /// What was tried against the last complaint.
    tried: Vec<Mending>,
    /// That complaint, and the form before it was mended.
    last: Option<(Complaint, Arc<RequestForm>)>,
}

impl MendedSoFar {
    /// The next refusal complains of this, of a request in this form; the form to go on from.
    fn meet(&mut self, complaint: &Complaint, form: Arc<RequestForm>) -> Arc<RequestForm> {
        let tried = std::mem::take(&mut self.tried);
        match self.last.take() {
            Some((last, before)) if last == *complaint => before,
            _ => {
                self.helped.extend(tried);
                form
            }
        }
    }

    fn take(&mut self, complaint: Complaint, way: Vec<Mending>, before: Arc<RequestForm>) {
        self.last = Some((complaint, before));
        self.tried = way;
    }

    /// All that is in the request that was taken.
    fn all(&self) -> Vec<Mending> {
        self.helped.iter().chain(&self.tried).cloned().collect()
    }
}

/// The first way to mend a complaint that makes of the request what was not sent before.
fn way_out(
    form: &RequestForm,
    complaint: &Complaint,
    (request, whose): (&ChatRequest, AttemptOf<'_>),
    sent: &[Bytes],
) -> Option<(RequestForm, Vec<Mending>)> {
    let before = form.write(request, whose);
    // What changes nothing in this request is nothing that it taught.
    let changes = |mending: &&Mending| form.clone().with(mending).write(request, whose) != before;
    complaint.ways.iter().find_map(|way| {
        let way: Vec<Mending> = way.iter().filter(changes).cloned().collect();
        let mended = way.iter().fold(form.clone(), RequestForm::with);
        let is_new = !sent
            .iter()
            .any(|sent| *sent == mended.write(request, whose));
        is_new.then_some((mended, way))
    })
}

/// Sends a request and reads the answer, up to its first word.
async fn send(
    plan: &Plan,
    clients: &Clients,
    upstream: &Upstream,
    ask: Ask<'_>,
    (body, trace): (Bytes, Option<TraceContext>),
    deadlines: &Deadlines,
) -> Result<UpstreamAnswer, UpstreamError> {
    let wants_stream = ask.request.wants_stream();
    let (deadline, within) = deadlines.of_head(wants_stream);
    let send = clients.chat(upstream, plan.connect, ask.key, (body, trace.as_ref()));
    let response = timeout_at(deadline, send).await;
    let response = response.map_err(|_| UpstreamError::Silent(within))??;
    if !response.head.status.is_success() {
        return Err(refused(response, &upstream.chat, deadline).await);
    }
    read_answer(response, wants_stream, deadlines).await
}
