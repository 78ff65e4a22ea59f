use proptest::prelude::*;

use super::*;

fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|it| it.to_string()),
        "-?(0|[1-9][0-9]{0,22})(\\.[0-9]{1,4})?([eE][+-]?[0-9]{1,3})?",
        any::<String>().prop_map(|text| serde_json::Value::from(text).to_string()),
        Just("\"\\u00e9\\/\"".to_owned()),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4)
                .prop_map(|items| format!("[ {} ]", items.join(" , "))),
            prop::collection::btree_map("[a-z]{1,6}", inner, 0..4).prop_map(|fields| {
                let fields = fields
                    .iter()
                    .rev()
                    .map(|(key, value)| format!("\"{key}\" : {value}"));
                format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
            }),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_taken_comes_back_as_it_was(json in json()) {
        let mut origins = Origins::default();
        let value = origins.take(&json.clone().into());
        prop_assert_eq!(origins.json_of(&value).expect("JSON"), json.clone());
        prop_assert_eq!(origins.json_of(&value.clone()).expect("JSON"), json.clone());
        // In something new as well.
        let list = Dynamic::from_array(vec![value]);
        prop_assert_eq!(origins.json_of(&list).expect("JSON"), format!("[{json}]"));
    }
}

#[test]
fn a_tag_never_stands_for_another_value() {
    let mut origins = Origins::default();
    let one = origins.take(&"1.0".into());
    let mut other = Dynamic::from_int(7);
    other.set_tag(one.tag());
    assert_eq!(origins.json_of(&other).as_deref(), Ok("7"));
    let map = origins.take(&r#"{"b":1,"a":2}"#.into());
    let mut changed = map.clone();
    changed
        .write_lock::<Map>()
        .expect("a map")
        .insert("a".into(), Dynamic::from_int(3));
    assert_eq!(origins.json_of(&changed).as_deref(), Ok(r#"{"b":1,"a":3}"#));
    other.set_tag(99);
    assert_eq!(origins.json_of(&other).as_deref(), Ok("7"));
}

#[test]
fn a_key_that_stands_twice_goes_as_it_came() {
    let mut origins = Origins::default();
    let json = r#"{"a":1,"a":2.50}"#;
    let value = origins.take(&json.into());
    assert_eq!(origins.json_of(&value).as_deref(), Ok(json));
}
