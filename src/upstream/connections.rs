//! Tells whether a request went out on a connection that was open before.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_service::Service;
use actix_tls::connect::ConnectInfo;
use actix_web::http::Uri;

/// How many connections a worker has opened. Clones count together.
#[derive(Debug, Clone, Default)]
pub(super) struct Opened(Rc<Cell<u64>>);

/// A connector that counts.
#[derive(Debug, Clone)]
pub(super) struct Counting<S> {
    inner: S,
    opened: Opened,
}

impl Opened {
    /// A connector that counts here.
    pub(super) fn counting<S>(&self, inner: S) -> Counting<S> {
        Counting {
            inner,
            opened: self.clone(),
        }
    }

    /// Awaits a request; whether a connection was opened for it. A worker does one thing at a
    /// time, so what was opened while the request was polled was opened for it.
    pub(super) async fn noting<F: Future>(&self, request: F) -> (F::Output, bool) {
        let mut request = pin!(request);
        let mut is_fresh = false;
        let output = poll_fn(|cx| {
            let before = self.0.get();
            let polled = request.as_mut().poll(cx);
            is_fresh |= before != self.0.get();
            polled
        })
        .await;
        (output, is_fresh)
    }
}

impl<S: Service<ConnectInfo<Uri>>> Service<ConnectInfo<Uri>> for Counting<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&self, request: ConnectInfo<Uri>) -> S::Future {
        self.opened.0.set(self.opened.0.get() + 1);
        self.inner.call(request)
    }
}
