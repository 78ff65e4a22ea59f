use super::*;

fn source(text: &str) -> FieldSource {
    FieldSource::try_from(text.to_owned()).unwrap_or_else(|error| panic!("{error}"))
}

fn from(call_id: &str, customer: &str, metadata: &str) -> CallFrom {
    let place = |text: &str| (!text.is_empty()).then(|| source(text));
    CallFrom {
        call_id: place(call_id),
        customer: place(customer),
        metadata: place(metadata),
    }
}

fn request(fields: &str) -> ChatRequest {
    let body = format!(r#"{{"messages":[{{"role":"user","content":"x"}}]{fields}}}"#);
    ChatRequest::parse(body.into()).expect("a request")
}

fn nothing(_: BesideBody<'_>) -> Option<String> {
    None
}

fn beside(place: BesideBody<'_>) -> Option<String> {
    let text = match place {
        BesideBody::Header("x-conversation-id") => " conv-1 ",
        BesideBody::Header("x-caller") => "+12025550143",
        BesideBody::Header("x-more") => r#" {"tenant":"acme"} "#,
        BesideBody::Query("custom_session_id") => "s-1",
        BesideBody::Header("x-unfilled") => "{{ system__conversation_id }}",
        _ => return None,
    };
    Some(text.to_owned())
}

#[test]
fn what_the_places_hold_is_read_as_if_vapi_had_sent_it() {
    let eleven = r#","user_id":"u-7","elevenlabs_extra_body":{"call":"c-1","who":{"number":"+1","name":"Ann"},"tenant":"acme"}"#;
    let from_extra = from(
        "/elevenlabs_extra_body/call",
        "/elevenlabs_extra_body/who",
        "/elevenlabs_extra_body",
    );
    let read = from_extra.read(&request(eleven), &nothing);
    assert_eq!(read.call_id.as_deref(), Some("c-1"));
    assert_eq!(read.call.as_deref(), Some(r#"{"id":"c-1"}"#));
    assert_eq!(
        read.customer.as_deref(),
        Some(r#"{"number":"+1","name":"Ann"}"#)
    );
    assert_eq!(
        read.metadata.as_deref(),
        Some(r#"{"call":"c-1","who":{"number":"+1","name":"Ann"},"tenant":"acme"}"#)
    );
    let plain = from(
        "header:X-Conversation-Id",
        "header:x-caller",
        "header:x-more",
    );
    let read = plain.read(&request(""), &beside);
    assert_eq!(read.call_id.as_deref(), Some("conv-1"));
    assert_eq!(
        read.customer.as_deref(),
        Some(r#"{"number":"+12025550143"}"#)
    );
    assert_eq!(read.metadata.as_deref(), Some(r#"{"tenant":"acme"}"#));
    let query = from("query:custom_session_id", "/user", "");
    let read = query.read(&request(r#","user":"u-1""#), &beside);
    assert_eq!(read.call_id.as_deref(), Some("s-1"));
    assert_eq!(read.customer.as_deref(), Some(r#"{"number":"u-1"}"#));
}

#[test]
fn an_id_is_a_text_or_a_number_and_nothing_else() {
    for (value, expected) in [
        (r#""a""#, Some("a")),
        (r#"" a b ""#, Some("a b")),
        (r#""\u0061""#, Some("a")),
        ("42", Some("42")),
        ("12345678901234567890123", Some("12345678901234567890123")),
        (r#""""#, None),
        (r#""  ""#, None),
        (r#""{{conversation_id}}""#, None),
        ("null", None),
        ("true", None),
        ("{}", None),
        (r#"["a"]"#, None),
    ] {
        let request = request(&format!(r#","session":{{"id":{value}}}"#));
        let read = from("/session/id", "", "").read(&request, &nothing);
        assert_eq!(read.call_id.as_deref(), expected, "{value}");
    }
}

#[test]
fn a_customer_is_an_object_or_a_number_alone() {
    for (value, expected) in [
        (r#"{"number":"+1"}"#, Some(r#"{"number":"+1"}"#)),
        (r#""+1 \"x\"""#, Some(r#"{"number":"+1 \"x\""}"#)),
        ("12025550143", Some(r#"{"number":"12025550143"}"#)),
        (r#""{\"number\":\"+1\"}""#, Some(r#"{"number":"+1"}"#)),
        (r#""""#, None),
        ("false", None),
        ("[]", None),
        ("null", None),
    ] {
        let request = request(&format!(r#","who":{value}"#));
        let read = from("", "/who", "").read(&request, &nothing);
        assert_eq!(read.customer.as_deref(), expected, "{value}");
    }
}

#[test]
fn metadata_is_an_object_or_the_json_of_one() {
    for (value, expected) in [
        (r#"{"a":1}"#, Some(r#"{"a":1}"#)),
        (r#""{\"a\":1}""#, Some(r#"{"a":1}"#)),
        (r#""{\"a\":""#, None),
        (r#""a""#, None),
        ("1", None),
        ("[{}]", None),
    ] {
        let request = request(&format!(r#","metadata":null,"extra":{value}"#));
        let read = from("", "", "/extra").read(&request, &nothing);
        // Nothing there: what stands beside the messages is the metadata, as Vapi spreads it.
        let spread = format!(r#"{{"extra":{value}}}"#);
        let expected = expected.unwrap_or(&spread);
        assert_eq!(read.metadata.as_deref(), Some(expected), "{value}");
    }
}

#[test]
fn a_place_wins_over_vapis_own_where_something_stands_there() {
    let vapi = r#","call":{"id":"v-1","type":"webCall"},"customer":{"number":"+2"},"metadata":{"a":1},"own":{"id":"o-1","who":"+3","more":{"b":2}}"#;
    let request = request(vapi);
    let read = from("/own/id", "/own/who", "/own/more").read(&request, &nothing);
    assert_eq!(read.call_id.as_deref(), Some("o-1"));
    assert_eq!(
        read.call.as_deref(),
        Some(r#"{"id":"o-1","type":"webCall"}"#)
    );
    assert_eq!(read.customer.as_deref(), Some(r#"{"number":"+3"}"#));
    assert_eq!(read.metadata.as_deref(), Some(r#"{"b":2}"#));
    let read = from("/none/id", "/none/who", "/none").read(&request, &nothing);
    assert_eq!(read.call_id.as_deref(), Some("v-1"));
    assert_eq!(
        read.call.as_deref(),
        Some(r#"{"id":"v-1","type":"webCall"}"#)
    );
    assert_eq!(read.customer.as_deref(), Some(r#"{"number":"+2"}"#));
    assert_eq!(read.metadata.as_deref(), Some(r#"{"a":1}"#));
}

#[test]
fn a_field_of_a_wrong_type_is_found_though_it_goes_nowhere() {
    let request = request(r#","user":{"id":"c-1","phone":"+1"}"#);
    let read = from("/user/id", "/user/phone", "").read(&request, &nothing);
    assert_eq!(read.call_id.as_deref(), Some("c-1"));
    assert_eq!(read.customer.as_deref(), Some(r#"{"number":"+1"}"#));
}

#[test]
fn what_is_missing_is_named() {
    let places = from("/own/id", "header:x-caller", "/own");
    let missing = |fields: &str| -> Vec<String> {
        let request = request(fields);
        let missing = places.missing(&request, &nothing);
        let named = missing
            .iter()
            .map(|(name, place)| format!("{name} {place}"));
        named.collect()
    };
    assert_eq!(
        missing(""),
        [
            "call_id /own/id",
            "customer header:x-caller",
            "metadata /own"
        ]
    );
    assert_eq!(
        missing(r#","own":{"id":"c-1"}"#),
        ["customer header:x-caller"]
    );
    let unfilled = from("header:x-unfilled", "", "");
    assert_eq!(unfilled.missing(&request(""), &beside).len(), 1);
}

#[test]
fn what_is_no_place_says_what_to_write() {
    for (text, expected) in [
        ("", "JSON Pointer"),
        ("/", "JSON Pointer"),
        ("metadata/call", "JSON Pointer"),
        ("call.id", "JSON Pointer"),
        ("$.call.id", "JSON Pointer"),
        ("Header:x-call-id", "header:NAME"),
        ("/a/~b", "`~0`"),
        ("header:", "header:x-call-id"),
        ("header:x call", "header:x-call-id"),
        ("header:x-caller:", "header:x-call-id"),
        ("query:", "query:x-call-id"),
        ("query:a b", "query:x-call-id"),
        ("/messages", "beside them"),
        ("/messages/0/content", "beside them"),
        ("header:Authorization", "secret"),
        ("header:cookie", "secret"),
        ("header:X-Api-Key", "secret"),
        ("header:proxy-authorization", "secret"),
        ("query:api_key", "secret"),
        ("/extra/apiKey", "secret"),
        ("/credentials/0", "secret"),
        ("/extra/client_secret/id", "secret"),
    ] {
        let error = FieldSource::try_from(text.to_owned()).expect_err(text);
        let said = error.to_string();
        assert!(said.contains(expected), "{text}: {said}");
    }
    for text in [
        "/messages_of/0",
        "/a",
        "/a~1b/~0",
        "header:x-call-id",
        "query:sid",
        "/a/0",
    ] {
        assert_eq!(source(text).to_string(), text);
    }
}

#[test]
fn a_customers_number_is_a_text_however_it_is_written() {
    for (customer, expected) in [
        (r#"{"number":4155550123}"#, r#"{"number":"4155550123"}"#),
        (
            r#"{"name":"Ann","age":40,"number":4155550123}"#,
            r#"{"name":"Ann","age":40,"number":"4155550123"}"#,
        ),
        (r#""{\"number\":4155550123}""#, r#"{"number":"4155550123"}"#),
        (r#"{"number": "+1" }"#, r#"{"number": "+1" }"#),
        (r#"{"number":null}"#, r#"{"number":null}"#),
        ("4155550123", r#"{"number":"4155550123"}"#),
    ] {
        let request = request(&format!(r#","metadata":{{"customer":{customer}}}"#));
        let read = from("", "/metadata/customer", "").read(&request, &nothing);
        assert_eq!(read.customer.as_deref(), Some(expected), "{customer}");
        // By it context is found.
        let has_number = !customer.contains("null");
        assert_eq!(read.customer_number().is_some(), has_number, "{customer}");
    }
}
