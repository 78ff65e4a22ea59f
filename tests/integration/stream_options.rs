//! What a client or the config says of a stream's form goes with streams alone.

use serde_json::{Value, json};

use crate::aside::{Aside, Setup};
use crate::upstream::Upstream;
use crate::wire::{CHAT, saying, turn, whole, with};

/// An upstream that refuses options of a stream where none is asked for, as OpenAI does.
fn upstream() -> Upstream {
    Upstream::start(|request, _| {
        let body: Value = request.json();
        if body["stream"] == true || body.get("stream_options").is_none() {
            return saying(&["Hello."]);
        }
        let message = "The 'stream_options' parameter is only allowed when 'stream' is enabled.";
        let error = json!({ "error": {
            "message": message, "type": "invalid_request_error", "param": "stream_options",
        } });
        whole(
            "400 Bad Request",
            "content-type: application/json\r\n",
            &error.to_string(),
        )
    })
}

#[test]
fn options_of_a_stream_go_with_streams_alone() {
    let upstream = upstream();
    let url = upstream.url();
    let default = "default = { stream_options = { include_usage = true } }";
    let aside = Aside::serve(&Setup::with_config(&format!(
        "[upstream.own]\nurl = \"{url}\"\n{default}\n"
    )));
    let options = json!({ "include_usage": true });
    let whole = with(&turn("Hi."), json!({ "stream": false }));
    let own = with(&whole, json!({ "stream_options": options }));
    let turns = [
        (turn("Hi."), true),
        (whole, false),
        (own, false),
        (turn("Hi."), true),
    ];
    for (at, (request, is_streamed)) in turns.into_iter().enumerate() {
        assert_eq!(aside.client().post(CHAT, &[], &request).status, 200);
        let sent = upstream.request(at).json();
        let expected = is_streamed.then_some(&options);
        assert_eq!(sent.get("stream_options"), expected, "turn {at}");
    }
    assert_eq!(upstream.count(), 4, "no turn was asked again");
}
