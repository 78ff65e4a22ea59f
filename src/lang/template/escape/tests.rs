use serde_json::json;

use super::*;
use crate::lang::{facts::Facts, template::Template};

fn escaped(escaping: Escaping, source: &str, user: serde_json::Value) -> Result<String, String> {
    let template = Template::parse_for(escaping, source).map_err(|error| error.to_string())?;
    let mut facts = Facts::default();
    facts.set("turn", json!({ "user": user }));
    template.render(&facts).map_err(|error| error.to_string())
}

#[test]
fn s12_a_value_stays_data_wherever_its_text_goes() {
    let hostile = json!("a\"}/../b?c=d&e#f%2f\\\n$ {{ turn }} ${KEY} é");
    let in_url = escaped(Escaping::Url, "/x/{{ turn.user }}?y", hostile.clone());
    assert_eq!(
        in_url.as_deref(),
        Ok(
            "/x/a%22%7D%2F..%2Fb%3Fc%3Dd%26e%23f%252f%5C%0A%24%20%7B%7B%20turn%20%7D%7D%20%24%7BKEY%7D%20%C3%A9?y"
        )
    );
    for source in [
        r#"{"a":"{{ turn.user }}"}"#,
        r#"{"a":{{ turn.user | tojson }}}"#,
    ] {
        let text = escaped(Escaping::Json, source, hostile.clone()).expect(source);
        assert!(!text.contains("${"), "{text}");
        let read: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(read, json!({ "a": hostile }), "{source}");
    }
    let whole = escaped(
        Escaping::Json,
        "{{ turn.user | tojson }} {% set user = turn.user %}{{ user.n }}",
        json!({"n": 1.5, "l": [true, null]}),
    );
    assert_eq!(whole.as_deref(), Ok(r#"{"l":[true,null],"n":1.5} 1.5"#));
    for (value, is_good) in [
        ("plain text é", true),
        ("a\r\nx-admin: 1", false),
        ("a\0", false),
        ("${KEY}", false),
    ] {
        let made = escaped(Escaping::Header, "Bearer {{ turn.user }}", json!(value));
        assert_eq!(made.is_ok(), is_good, "{value:?}: {made:?}");
        assert!(is_good || !made.expect_err("it is refused").contains("admin"));
    }
}

#[test]
fn s12_no_filter_lets_a_value_out() {
    for filter in ["tojson", "urlencode", "trim", "string", "join('/')"] {
        let source = format!(
            "/{{{{ turn.user | {filter} }}}}/{{% set x %}}{{{{ turn.user }}}}{{% endset %}}{{{{ x }}}}"
        );
        let text = escaped(Escaping::Url, &source, json!("a/b?c")).expect(filter);
        assert!(
            text.matches('/').count() == 2 && !text.contains('?'),
            "{filter}: {text}"
        );
    }
    assert_eq!(
        escaped(
            Escaping::Url,
            "/{{ turn.user | urlencode }}",
            json!("+1 555")
        )
        .as_deref(),
        Ok("/%2B1%20555")
    );
    for escaping in [Escaping::Url, Escaping::Json, Escaping::Header] {
        for filter in ["safe", "escape", "e"] {
            let source = format!("{{{{ turn.user | {filter} }}}}");
            let error = escaped(escaping, &source, json!("a")).expect_err(filter);
            assert!(error.starts_with("there is no filter"), "{error}");
        }
    }
}
