//! Answers to requests whose body is not here yet.
//!
//! Whoever is refused before it came is answered at once. What still comes then never holds the
//! connection: it is dropped for a while, so that the client gets to read the answer instead of a
//! reset, and then the connection ends.

use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::HttpResponse;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use bytes::Bytes;
use tokio::time::{Sleep, sleep_until};

use super::connection::Answering;
use crate::server::api::body::RequestBody;

/// Of a body that nobody wants so much is read and dropped at most.
const DRAINED: usize = 64 << 20;

/// Has an answer given, also where the request's body is not here yet.
pub(super) async fn give(
    response: HttpResponse,
    body: Rc<RequestBody>,
    answering: Option<Answering>,
) -> HttpResponse {
    if !body.has_ended() {
        body.look().await;
    }
    response.map_body(|_, answer| {
        BoxBody::new(LingeringAnswer {
            answer,
            is_given: false,
            body,
            timer: None,
            _answering: answering,
        })
    })
}

/// An answer on its way out. It ends when the request's body has ended too, or had its time.
struct LingeringAnswer {
    answer: BoxBody,
    is_given: bool,
    // While it lives the web server knows that the body is not whole, and ends the connection.
    body: Rc<RequestBody>,
    timer: Option<Pin<Box<Sleep>>>,
    _answering: Option<Answering>,
}

impl MessageBody for LingeringAnswer {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        self.answer.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let this = &mut *self;
        if !this.is_given {
            let next = Pin::new(&mut this.answer).poll_next(cx);
            if !matches!(next, Poll::Ready(None)) {
                return next;
            }
            this.is_given = true;
        }
        while let Poll::Ready(Some(Ok(_))) = this.body.poll(cx) {
            if this.body.came() > DRAINED {
                return Poll::Ready(None);
            }
        }
        if this.body.has_ended() {
            return Poll::Ready(None);
        }
        let deadline = this.body.deadline();
        let timer = this
            .timer
            .get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        timer.as_mut().reset(deadline);
        timer.as_mut().poll(cx).map(|()| None)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::server::testing::paused;
    use actix_http::h1;
    use actix_web::dev::Payload;
    use tokio::time::Instant;

    #[test]
    fn r24_who_is_not_let_in_is_not_waited_for() {
        paused(async {
            let (_sender, payload) = h1::Payload::create(false);
            let body = RequestBody::new(Payload::from(payload));
            let began = Instant::now();
            let response = HttpResponse::Unauthorized().body("no");
            let given = give(response, body, None).await;
            let bytes = actix_web::body::to_bytes(given.into_body()).await;
            assert_eq!(bytes.ok().as_deref(), Some(&b"no"[..]));
            assert!(began.elapsed() < Duration::from_secs(1));
        });
    }
}
