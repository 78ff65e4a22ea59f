//! Errors in the middle of a stream, in all forms: before the first word the next upstream is
//! asked, behind it the caller hears the apology. Notes of other kinds are none.

use serde_json::json;

use crate::aside::{Aside, Setup, config};
use crate::upstream::{ScriptStep, Upstream};
use crate::wire::{
    APOLOGY, CHAT, Reply, choice_frame, frame, saying, says, stream_head, turn, with,
};

/// What a server writes that breaks.
const ERRORS: &[&str] = &[
    "event: error\ndata: {\"code\":500}\n\n",
    "event: error\ndata: it broke\n\n",
    "event: error\r\ndata:\r\n\r\n",
    "event: error\n\n",
    "data: {\"error\":{\"message\":\"inner\",\"code\":\"x\"}}\n\n",
    "data: {\"error\":\"inner\"}\n\n",
    "data: {\"error\":{\"message\":\"inner\"},\"choices\":[]}\n\n",
    "data: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}\n\n",
    "data: {\"type\":\"error\"}\n\n",
    "data: {\"object\":\"error\",\"message\":\"inner\"}\n\n",
    "data: {\"detail\":\"inner\"}\n\n",
    "data: {\"detail\":[{\"msg\":\"inner\",\"type\":\"x\"}]}\n\n",
    "data: {\"message\":\"inner\"}\n\n",
    "data: {\"code\":\"1302\",\"msg\":\"inner\"}\n\n",
    "data: {\"title\":\"inner\",\"status\":500,\"type\":\"about:blank\"}\n\n",
    "data: {\"throttlingException\":{\"message\":\"inner\"}}\n\n",
    "data: {\"Message\":\"inner\",\"__type\":\"ThrottlingException\"}\n\n",
    "data: {\"base_resp\":{\"status_code\":1002}}\n\n",
    "data: {\"type\":\"response.failed\",\"response\":{\"id\":\"inner\"}}\n\n",
    "event: timeout\ndata: {\"m\":\"inner\"}\n\n",
    "data: [{\"error\":{\"code\":503,\"status\":\"UNAVAILABLE\"}}]\n\n",
    "data: [\ndata: {\"error\":{\"code\":503}}\ndata: ]\n\n",
    "data: [ERROR]\n\n",
    "data: [ERROR] inner\n\n",
    "data: Internal Server Error\n\n",
    "data: \"Internal Server Error\"\n\n",
    "data: the model is gone\n\n",
    "Internal Server Error",
    "Bad Gateway\n",
    "{\"error\":{\"message\":\"inner\"}}\n",
    "{\"detail\":\"inner\"}",
    "{\n  \"error\": {\n    \"message\": \"inner\"\n  }\n}\n",
    "[{\n  \"error\": {\"code\": 503}\n}]\n",
    "<html>\n<body>inner</body>\n</html>\n",
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"error\"}]}\n\n",
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"},\"finish_reason\":\"network_error\"}]}\n\n",
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":null,\"error\":{\"code\":502}}]}\n\n",
    "data: {\"choices\":[{\"index\":0,\"delta\":{}}],\"x_groq\":{\"id\":\"r\",\"error\":\"inner\"}}\n\n",
    "data: {\"choices\":[],\"base_resp\":{\"status_code\":1002}}\n\n",
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"function_call_filter: MALFORMED_FUNCTION_CALL\"}]}\n\n",
];

/// How the stream ends behind it.
fn endings() -> [Vec<ScriptStep>; 3] {
    let done = ScriptStep::Chunk(b"\n\ndata: [DONE]\n\n".to_vec());
    [
        vec![ScriptStep::EndChunks],
        vec![done, ScriptStep::EndChunks],
        vec![ScriptStep::Chunk(b"\n\n".to_vec()), ScriptStep::Close],
    ]
}

#[test]
fn r14_an_error_behind_the_first_word_is_the_apology() {
    // Each turn plays the next form, in each ending.
    let forms: Vec<Vec<ScriptStep>> = ERRORS
        .iter()
        .flat_map(|error| {
            endings().map(|end| {
                let error = ScriptStep::Chunk(error.as_bytes().to_vec());
                let steps = [stream_head(), says("Well, "), error].into_iter();
                steps.chain(end).collect()
            })
        })
        .collect();
    let count = forms.len();
    let upstream = Upstream::start(move |_, number| forms[number].clone());
    let aside = Aside::serve(&Setup::with_config(&config(&upstream, "")));
    for number in 0..count {
        let answer = aside.client().post(CHAT, &[], &turn("Hi."));
        let reply = Reply::read(&answer.text());
        let form = ERRORS[number / 3];
        assert_eq!(
            reply.heard(),
            format!("Well,  {APOLOGY}"),
            "{form:?} {}",
            number % 3
        );
        assert_eq!(reply.finishes(0), ["stop"], "{form:?}");
        assert!(!answer.text().contains("inner"), "{form:?}");
    }
    assert!(!aside.printed().contains("inner"), "{}", aside.printed());
}

#[test]
fn r14_an_error_before_the_first_word_is_the_next_upstreams_turn() {
    for stream in [true, false] {
        for (number, error) in ERRORS.iter().enumerate() {
            let end = endings()[number % 3].clone();
            let role = ScriptStep::Chunk(frame(json!({"role": "assistant", "content": ""})));
            let error = ScriptStep::Chunk(error.as_bytes().to_vec());
            let steps = [stream_head()].into_iter();
            let steps = steps
                .chain((number % 2 == 0).then_some(role))
                .chain([error]);
            let first = Upstream::playing(steps.chain(end).collect());
            let second = Upstream::playing(saying(&["Second."]));
            let (one, two) = (first.url(), second.url());
            let aside = Aside::serve(&Setup::with_config(&format!(
                "[upstream.a]\nurl = \"{one}\"\n[upstream.b]\nurl = \"{two}\"\n[route.default]\nupstreams = [\"a\", \"b\"]\n"
            )));
            let asked = with(&turn("Hi."), json!({ "stream": stream }));
            let answer = aside.client().post(CHAT, &[], &asked);
            let heard = match stream {
                true => Reply::read(&answer.text()).heard(),
                false => answer.json()["choices"][0]["message"]["content"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned(),
            };
            assert_eq!(heard, "Second.", "{:?}", ERRORS[number]);
        }
    }
}

#[test]
fn what_is_no_error_ends_nothing() {
    let text = |chunk: &str| format!("data: {chunk}\n\n");
    for note in [
        text(r#"{"choices":[{"index":0,"delta":{"content":""}}],"error":null}"#),
        text(r#"{"choices":[{"index":0,"delta":{}}],"message":"fine","detail":"x"}"#),
        text(
            r#"{"choices":[],"prompt_filter_results":[{"content_filter_results":{"hate":{"filtered":false}}}]}"#,
        ),
        text(
            r#"{"choices":[{"index":0,"finish_reason":null,"content_filter_results":{},"content_filter_offsets":{}}]}"#,
        ),
        text(r#"{"type":"ping"}"#),
        text(r#"{"base_resp":{"status_code":0,"status_msg":""}}"#),
        text(r#"{"type":"response.in_progress","timeout":500}"#),
        text(r#"{"usage":{"total_tokens":3}}"#),
        text(r#"{"choices":null,"usage":null}"#),
        text("ping"),
        text("7"),
        text("{oops"),
        text("one moment"),
        "event: ping\ndata: {}\n\n".to_owned(),
        "event: metadata\ndata: {\"run_id\":\"x\",\"message\":\"y\",\"detail\":\"z\"}\n\n"
            .to_owned(),
        "event: progress\ndata: an error is not one here\n\n".to_owned(),
        ": error\n\n".to_owned(),
        "retry: 5000\nid: error\n\n".to_owned(),
        "nonsense\n\n".to_owned(),
    ] {
        let steps = vec![
            stream_head(),
            ScriptStep::Chunk(note.clone().into_bytes()),
            says("Hel"),
            ScriptStep::Chunk(note.clone().into_bytes()),
            says("lo."),
            ScriptStep::Chunk(choice_frame(0, json!({}), json!("stop"))),
            ScriptStep::Chunk(note.clone().into_bytes()),
            ScriptStep::EndChunks,
        ];
        let upstream = Upstream::playing(steps);
        let aside = Aside::before(&upstream);
        let reply = Reply::read(&aside.client().post(CHAT, &[], &turn("Hi.")).text());
        assert_eq!(reply.heard(), "Hello.", "{note:?}");
    }
}

#[test]
fn r10_a_whole_tool_call_and_a_clean_end_is_a_call_and_half_of_one_is_none() {
    let piece = |arguments: &str, name: Option<&str>| {
        let mut function = json!({ "arguments": arguments });
        if let Some(name) = name {
            function["name"] = name.into();
        }
        let call =
            json!({"index": 0, "id": name.map(|_| "c"), "type": "function", "function": function});
        ScriptStep::Chunk(frame(json!({ "tool_calls": [call] })))
    };
    for (first, second, ends_well) in [
        ("{\"a\"", ":1}", true),
        ("", "", true),
        ("{}", "", true),
        ("{\"a\"", ":", false),
        ("{", "", false),
    ] {
        let finish = |reason: &str| ScriptStep::Chunk(choice_frame(0, json!({}), json!(reason)));
        for (end, is_clean) in [
            (vec![ScriptStep::EndChunks], true),
            (vec![finish("tool_calls"), ScriptStep::EndChunks], true),
            (
                vec![
                    ScriptStep::Chunk(b"data: [DONE]\n\n".to_vec()),
                    ScriptStep::EndChunks,
                ],
                true,
            ),
            (vec![ScriptStep::Reset], false),
        ] {
            let steps = [
                stream_head(),
                piece(first, Some("book")),
                piece(second, None),
            ];
            let steps = steps.into_iter().chain(end.clone());
            let upstream = Upstream::playing(steps.collect());
            let aside = Aside::before(&upstream);
            let reply = Reply::read(&aside.client().post(CHAT, &[], &turn("Hi.")).text());
            let what = format!("{first}{second}, {end:?}");
            if ends_well && is_clean {
                assert_eq!(reply.finishes(0), ["tool_calls"], "{what}");
                assert_eq!(reply.heard(), "", "{what}");
                // A call without arguments that was finished is one that no client fails to parse.
                let told = vec![finish("tool_calls"), ScriptStep::EndChunks];
                let is_finished = format!("{end:?}") == format!("{told:?}");
                let arguments = match (first, second) {
                    ("", "") if is_finished => "{}".to_owned(),
                    _ => format!("{first}{second}"),
                };
                assert_eq!(reply.call(0), ("book".to_owned(), arguments), "{what}");
            } else {
                assert_eq!(reply.finishes(0), ["stop"], "{what}");
                assert_eq!(reply.heard(), APOLOGY, "{what}");
            }
        }
    }
}

#[test]
fn half_a_call_is_the_apology_whatever_its_upstream_says_of_its_end() {
    for reason in ["tool_calls", "length", "stop", "function_call"] {
        let function = json!({"name": "book", "arguments": "{\"a\":"});
        let call = json!({"index": 0, "id": "c", "type": "function", "function": function});
        for is_late in [true, false] {
            let (delta, last) = match is_late {
                true => (json!({"tool_calls": [call]}), json!({})),
                false => (json!({"role": "assistant"}), json!({"tool_calls": [call]})),
            };
            let upstream = Upstream::playing(vec![
                stream_head(),
                ScriptStep::Chunk(frame(delta)),
                ScriptStep::Chunk(choice_frame(0, last, json!(reason))),
                ScriptStep::Chunk(b"data: [DONE]\n\n".to_vec()),
                ScriptStep::EndChunks,
            ]);
            let aside = Aside::before(&upstream);
            let reply = Reply::read(&aside.client().post(CHAT, &[], &turn("Hi.")).text());
            assert_eq!(reply.finishes(0), ["stop"], "{reason}");
            assert_eq!(reply.heard(), APOLOGY, "{reason}");
        }
    }
}
