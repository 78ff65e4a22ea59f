//! Counts the connections that a worker opens to each server, so that it can be told whether a
//! request went out on one that was open before.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_service::Service;
use actix_tls::connect::ConnectInfo;
use actix_web::http::Uri;

/// How many connections were opened, by host and port. Clones count together.
#[derive(Debug, Clone, Default)]
pub(super) struct Opened(Rc<RefCell<HashMap<(String, u16), u64>>>);

/// A connector that counts.
#[derive(Debug, Clone)]
pub(super) struct Counting<S> {
    inner: S,
    opened: Opened,
}

impl Opened {
    /// How many were opened to the server of a URL.
    pub(super) fn count(&self, uri: &Uri) -> u64 {
        let counts = self.0.borrow();
        counts.get(&server_of(uri)).copied().unwrap_or(0)
    }

    /// A connector that counts here.
    pub(super) fn counting<S>(&self, inner: S) -> Counting<S> {
        Counting {
            inner,
            opened: self.clone(),
        }
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
        let server = server_of(request.request());
        *self.opened.0.borrow_mut().entry(server).or_default() += 1;
        self.inner.call(request)
    }
}

fn server_of(uri: &Uri) -> (String, u16) {
    let is_tls = uri.scheme_str() == Some("https");
    let port = uri.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
    (uri.host().unwrap_or_default().to_owned(), port)
}
