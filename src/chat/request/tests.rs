use super::*;

fn parse(body: &str) -> Result<ChatRequest, RequestError> {
    ChatRequest::parse(bytes::Bytes::copy_from_slice(body.as_bytes()))
}

fn openai() -> Takes {
    Takes {
        fields: fields::KNOWN
            .iter()
            .map(|(name, _)| (*name).to_owned())
            .collect(),
        ..Takes::default()
    }
}

fn sent(body: &str, takes: &Takes) -> String {
    String::from_utf8(parse(body).expect("a request").write(takes)).expect("UTF-8")
}

#[test]
fn what_nobody_touches_goes_as_it_came() {
    let body = r#"{"model":"m","seed":15924764223251450000,"messages":[ {"role":"user","content":"a"} ],"temperature":1e0,"stream":true}"#;
    assert_eq!(sent(body, &openai()), body);
}

#[test]
fn fields_that_the_upstream_does_not_take_stay_here() {
    let body = r#"{"call":{"id":"x"},"messages":[{"role":"user","content":"a"}],"tenantId":"acme","model":"m","top_k":3}"#;
    assert_eq!(
        sent(body, &openai()),
        r#"{"messages":[{"role":"user","content":"a"}],"model":"m"}"#
    );
    let all = Takes {
        all_fields: true,
        model: Some("other".into()),
        ..Takes::default()
    };
    assert_eq!(
        sent(body, &all),
        r#"{"messages":[{"role":"user","content":"a"}],"tenantId":"acme","model":"other","top_k":3}"#
    );
}

#[test]
fn fields_take_the_place_of_one() {
    let body = r#"{"model":"m","functions":[1],"messages":[{"role":"user","content":"a"}],"function_call":"auto","n":1}"#;
    let mut request = parse(body).expect("a request");
    let by = vec![("tools", "[2]".to_owned()), ("seed", "3".to_owned())];
    request.replace_field("functions", by);
    request.replace_field(
        "function_call",
        vec![("tool_choice", "\"auto\"".to_owned())],
    );
    request.replace_field("model", Vec::new());
    request.replace_field("top_p", vec![("top_p", "1".to_owned())]);
    let sent = String::from_utf8(request.write(&openai())).expect("UTF-8");
    assert_eq!(
        sent,
        r#"{"tools":[2],"seed":3,"messages":[{"role":"user","content":"a"}],"tool_choice":"auto","n":1,"top_p":1}"#
    );
}

#[test]
fn a_model_is_added_where_the_request_has_none() {
    let takes = Takes {
        model: Some("m".into()),
        ..openai()
    };
    let body = r#"{"messages":[{"role":"user","content":"a"}]}"#;
    assert_eq!(
        sent(body, &takes),
        r#"{"messages":[{"role":"user","content":"a"}],"model":"m"}"#
    );
}

#[test]
fn a_spread_key_of_a_wrong_type_is_left_out_with_a_note() {
    let body = r#"{"messages":[{"role":"user","content":"a"}],"temperature":"hot","top_p":null}"#;
    let request = parse(body).expect("a request");
    assert_eq!(request.notes().len(), 1);
    assert_eq!(
        sent(body, &openai()),
        r#"{"messages":[{"role":"user","content":"a"}],"top_p":null}"#
    );
}

#[test]
fn what_is_no_chat_request_is_refused() {
    for (body, param) in [
        ("", None),
        ("[]", None),
        ("{", None),
        ("{}", Some("messages")),
        (r#"{"messages":[]}"#, Some("messages")),
        (r#"{"messages":null}"#, Some("messages")),
        (r#"{"messages":{"role":"user"}}"#, Some("messages")),
        (r#"{"messages":[3]}"#, Some("messages[0]")),
        (
            r#"{"messages":[{"role":"user","content":"a"}],"model":3}"#,
            Some("model"),
        ),
        (
            r#"{"messages":[{"role":"user","content":"a"}],"stream":"yes"}"#,
            Some("stream"),
        ),
        (
            r#"{"messages":[{"role":"user","content":"a"}],"model":"a","model":"b"}"#,
            Some("model"),
        ),
        (
            r#"{"messages":[{"role":"user"}],"messages":[{"role":"user"}]}"#,
            Some("messages"),
        ),
        (r#"{"messages":[{"role":"user"}]} x"#, None),
    ] {
        assert_eq!(
            parse(body).map(|_| ()).map_err(|error| error.param),
            Err(param.map(str::to_owned)),
            "{body}"
        );
    }
    let deep = format!(r#"{{"messages":{}{}}}"#, "[".repeat(5000), "]".repeat(5000));
    assert!(parse(&deep).is_err());
}
