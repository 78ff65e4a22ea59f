//! The body of a request: read whole, bounded in size and in time.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, error::PayloadError};
use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use tokio::time::{Instant, timeout_at};

use super::error::ApiError;

/// Behind its first second a body must have come at so many bytes a second.
const LEAST_RATE: u32 = 1024;
const FIRST_SECOND: Duration = Duration::from_secs(1);
/// So much room is made before anything came.
const ROOM: usize = 256 << 10;

/// The body of one request.
pub(in crate::server) struct RequestBody {
    payload: RefCell<Payload>,
    began: Instant,
    /// How many bytes came.
    came: Cell<usize>,
    has_ended: Cell<bool>,
    /// How long it may take, once it is known who asks.
    longest: Cell<Duration>,
}

impl RequestBody {
    /// The body of a request whose head just came.
    pub(in crate::server) fn new(payload: Payload) -> Rc<RequestBody> {
        Rc::new(RequestBody {
            payload: RefCell::new(payload),
            began: Instant::now(),
            came: Cell::new(0),
            has_ended: Cell::new(false),
            longest: Cell::new(Duration::ZERO),
        })
    }

    /// Who asks may ask, so the body may take so long.
    pub(in crate::server) fn may_take(&self, longest: Duration) {
        self.longest.set(longest);
    }

    /// Reads the body; `limit` is in bytes.
    pub(in crate::server) async fn read(
        &self,
        request: &HttpRequest,
        limit: usize,
    ) -> Result<Bytes, ApiError> {
        let hint = "`limits.body` in the config sets how much is taken";
        self.read_up_to(request, limit, hint).await
    }

    /// Reads a body for which there is a limit of its own.
    pub(in crate::server) async fn read_small(
        &self,
        request: &HttpRequest,
        limit: usize,
    ) -> Result<Bytes, ApiError> {
        self.read_up_to(request, limit, "send less").await
    }

    async fn read_up_to(
        &self,
        request: &HttpRequest,
        limit: usize,
        hint: &str,
    ) -> Result<Bytes, ApiError> {
        let encoding = request
            .headers()
            .get(header::CONTENT_ENCODING)
            .map(|value| value.as_bytes());
        if !matches!(encoding, None | Some(b"" | b"identity")) {
            let message = "compressed bodies are not taken: send the JSON as it is";
            return Err(ApiError::client(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_encoding",
                message,
            ));
        }
        let announced = request
            .headers()
            .get(header::CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok()?.parse().ok());
        if announced.is_some_and(|length: usize| length > limit) {
            return Err(too_large(limit, hint));
        }
        let room = announced.unwrap_or(8 << 10).min(limit).min(ROOM);
        let mut body = BytesMut::with_capacity(room);
        while let Some(piece) = self.next().await? {
            if body.is_empty() && announced == Some(piece.len()) {
                return Ok(piece);
            }
            if body.len() + piece.len() > limit {
                return Err(too_large(limit, hint));
            }
            body.extend_from_slice(&piece);
        }
        Ok(body.freeze())
    }

    /// The next piece, in time; none: the body is whole.
    async fn next(&self) -> Result<Option<Bytes>, ApiError> {
        let next = timeout_at(self.deadline(), poll_fn(|cx| self.poll(cx))).await;
        match next {
            Ok(None) => Ok(None),
            Ok(Some(piece)) => piece.map(Some).map_err(|error| unreadable(&error)),
            Err(_) => Err(self.too_slow()),
        }
    }

    /// Polls for the next piece, whatever its time.
    pub(in crate::server) fn poll(
        &self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, PayloadError>>> {
        if self.has_ended.get() {
            return Poll::Ready(None);
        }
        let next = self.payload.borrow_mut().poll_next_unpin(cx);
        match &next {
            Poll::Ready(Some(Ok(piece))) => self.came.set(self.came.get() + piece.len()),
            Poll::Ready(_) => self.has_ended.set(true),
            Poll::Pending => {}
        }
        next
    }

    /// When the next piece must be there.
    pub(in crate::server) fn deadline(&self) -> Instant {
        let at_least = Duration::from_secs(self.came.get() as u64) / LEAST_RATE;
        self.began + self.longest.get().min(FIRST_SECOND + at_least)
    }

    /// Whether all of it came, or no more will.
    pub(in crate::server) fn has_ended(&self) -> bool {
        self.has_ended.get()
    }

    /// How many bytes came.
    pub(in crate::server) fn came(&self) -> usize {
        self.came.get()
    }

    fn too_slow(&self) -> ApiError {
        let message = match self.began.elapsed() >= self.longest.get() {
            true => format!(
                "the body did not come whole within {:?}; `limits.body_time` in the config sets how long it may take",
                self.longest.get()
            ),
            false => {
                format!("the body came too slowly: less than {LEAST_RATE} bytes a second")
            }
        };
        closing(StatusCode::REQUEST_TIMEOUT, "body_too_slow", message)
    }

    /// Takes what is here of the body, and waits for nothing: where that is all of it, the
    /// connection can be used again.
    pub(in crate::server) async fn look(&self) {
        let mut is_second = false;
        poll_fn(|cx| {
            if !std::mem::replace(&mut is_second, true) {
                // The web server reads on while we are not ready.
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            while let Poll::Ready(Some(Ok(_))) = self.poll(cx) {}
            Poll::Ready(())
        })
        .await;
    }
}

fn too_large(limit: usize, hint: &str) -> ApiError {
    let message = format!("the body is larger than {limit} bytes; {hint}");
    closing(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", message)
}

fn unreadable(error: &PayloadError) -> ApiError {
    let message = format!("the body did not come whole: {error}");
    closing(StatusCode::BAD_REQUEST, "incomplete_body", message)
}

fn closing(status: StatusCode, code: &'static str, message: String) -> ApiError {
    ApiError {
        closes: true,
        ..ApiError::client(status, code, message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::testing::paused;
    use actix_http::h1;
    use actix_web::test::TestRequest;

    const LONGEST: Duration = Duration::from_secs(10);

    /// What comes of a body of which so many bytes come each tenth of a second, so many times, and
    /// that then ends or not.
    fn read(bytes: usize, times: usize, ends: bool) -> Result<usize, String> {
        paused(async {
            let (mut sender, payload) = h1::Payload::create(false);
            let body = RequestBody::new(Payload::from(payload));
            body.may_take(LONGEST);
            let send = async {
                for _ in 0..times {
                    sender.feed_data(vec![b'x'; bytes].into());
                    tokio::time::sleep(LONGEST / 100).await;
                }
                if ends {
                    sender.feed_eof();
                }
                std::future::pending::<()>().await;
            };
            let request = TestRequest::default().to_http_request();
            tokio::select! {
                read = body.read(&request, 1 << 20) => {
                    read.map(|bytes| bytes.len()).map_err(|error| error.code.into_owned())
                }
                () = send => Err("it goes on".to_owned()),
            }
        })
    }

    #[test]
    fn r24_a_body_comes_at_a_kilobyte_a_second_or_is_refused() {
        assert_eq!(read(110, 90, true), Ok(9_900), "slow, and fast enough");
        assert_eq!(read(0, 9, true), Ok(0), "the first second has no rate");
        assert_eq!(
            read(1, 100, true),
            Err("body_too_slow".to_owned()),
            "it dribbles"
        );
        assert_eq!(
            read(100_000, 1, false),
            Err("body_too_slow".to_owned()),
            "it stops"
        );
        assert_eq!(
            read(0, 0, false),
            Err("body_too_slow".to_owned()),
            "it never comes"
        );
    }

    #[test]
    fn r24_no_body_takes_longer_than_it_may() {
        assert_eq!(read(1000, 98, true), Ok(98_000));
        assert_eq!(read(1000, 200, true), Err("body_too_slow".to_owned()));
    }
}
