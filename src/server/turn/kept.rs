//! What a turn carries of earlier replies for upstreams that want it back, and what its own leaves.

use std::sync::Arc;

use crate::chat::ChatRequest;
use crate::server::state::route::Route;
use crate::server::state::snapshot::Snapshot;
use crate::upstream::{KeptStates, StateCapture, Won};

/// The place of a turn among what is kept of its call.
pub(super) struct StateOfTurn {
    states: Arc<KeptStates>,
    /// The call's id, and whose it is.
    call: String,
    /// How many messages its request had, as it came.
    after: usize,
}

impl StateOfTurn {
    /// Puts on a request, as it came, what is kept of its call. None: the call has no id, so nothing
    /// may be kept of it.
    pub(super) fn of(
        snapshot: &Snapshot,
        call: Option<&str>,
        request: &mut ChatRequest,
    ) -> Option<StateOfTurn> {
        let states = &snapshot.process.kept;
        let call = call?;
        states.carry_into(call, request);
        Some(StateOfTurn {
            states: states.clone(),
            call: call.to_owned(),
            after: request.messages().len(),
        })
    }

    /// Begins to note the reply of who answers; none where that one wants nothing back.
    pub(super) fn capture(
        self,
        won: &Won,
        route: &Route,
        request: &ChatRequest,
    ) -> Option<StateCapture> {
        let mut upstreams = route.plan.upstreams.iter();
        let upstream = upstreams.find(|upstream| upstream.name == won.upstream)?;
        let wants = upstream.forms.of(&upstream.model_of(request)).wants_back;
        self.states
            .capture(self.call, self.after, &upstream.name, wants)
    }
}
