use super::super::testing::scanned;
use crate::detect::Detector::{self, *};
use crate::detect::{Cues, Speaker, scan};

fn found(text: &str) -> Vec<(Detector, String)> {
    let all = Detector::ALL.iter().copied().collect();
    let scan = scan(text, Speaker::Other, &Cues::at_start("US"), all);
    let findings = scan.findings.into_iter();
    findings
        .map(|found| (found.detector, text[found.start..found.end].to_owned()))
        .collect()
}

fn check(text: &str, expected: &[(Detector, &str)]) {
    let expected: Vec<_> = expected
        .iter()
        .map(|(detector, value)| (*detector, (*value).to_owned()))
        .collect();
    assert_eq!(found(text), expected, "{text}");
}

#[test]
fn a_key_of_json_says_what_its_value_is() {
    check(
        r#"{"caller":"dana whitfield","user_id":"u-8213","name":"Dana W","dob":"1981-03-09","addr1":"12 oak lane","msisdn":4155550123,"acct":99120034,"ssn_last4":"6789"}"#,
        &[
            (Name, "dana whitfield"),
            (Id, "u-8213"),
            (Name, "Dana W"),
            (Birthdate, "1981-03-09"),
            (Address, "12 oak lane"),
            (Phone, "4155550123"),
            (Account, "99120034"),
            (Ssn, "6789"),
        ],
    );
    check(
        r#"{"patient":{"firstName":"priya","lastName":"nair","zipCode":"94110"},"items":[{"sku":"A1","name":"Blue Kettle","price":31}]}"#,
        &[(Name, "priya"), (Name, "nair"), (Zip, "94110")],
    );
    check(
        r#"{"phones":[],"caller_phone":"415 555 0123","contacts":[{"name":"omar haddad","email":"o@example.com"}]}"#,
        &[
            (Phone, "415 555 0123"),
            (Name, "omar haddad"),
            (Email, "o@example.com"),
        ],
    );
    check(
        r#"{\"first_name\": \"dana\", \"surname\": \"whitfield\"}"#,
        &[(Name, "dana"), (Name, "whitfield")],
    );
}

#[test]
fn a_value_in_parts_is_hidden_in_each() {
    check(
        r#"{"area":"415","number":"5550123"}"#,
        &[(Phone, "415"), (Phone, "5550123")],
    );
    check(
        r#"{"first":"dana","last":"whitfield"}"#,
        &[(Name, "dana"), (Name, "whitfield")],
    );
    check(
        r#"{"street":"12 Oak Lane","city":"Springfield","state":"IL","zip":"62704"}"#,
        &[
            (Address, "12 Oak Lane"),
            (Address, "Springfield"),
            (Address, "IL"),
            (Zip, "62704"),
        ],
    );
    check(
        r#"{"dob":{"year":1981,"month":3,"day":9},"at":{"year":2026,"month":3}}"#,
        &[(Birthdate, "1981"), (Birthdate, "3"), (Birthdate, "9")],
    );
    check(
        r#"[{"key":"email","value":"sky at example"},{"key":"dob","value":"03/09/1981"},{"key":"caller_name","value":"dana whitfield"},{"key":"color","value":"violet sky"}]"#,
        &[(Birthdate, "03/09/1981"), (Name, "dana whitfield")],
    );
}

#[test]
fn tables_lines_and_pairs_are_records() {
    check(
        "name,phone,city\ndana whitfield,4155550123,Springfield\nomar haddad,4155550124,Dover",
        &[
            (Name, "dana whitfield"),
            (Phone, "4155550123"),
            (Name, "omar haddad"),
            (Phone, "4155550124"),
        ],
    );
    check(
        "| Caller name | Acct |\n|---|---|\n| dana whitfield | 88120034 |",
        &[(Name, "dana whitfield"), (Account, "88120034")],
    );
    check(
        "first_name\tlast_name\tdob\ndana\twhitfield\t03/09/1981",
        &[
            (Name, "dana"),
            (Name, "whitfield"),
            (Birthdate, "03/09/1981"),
        ],
    );
    check(
        "name;member id;status\ndana whitfield;M-88213;active",
        &[(Name, "dana whitfield"), (Id, "M-88213")],
    );
    check(
        "NAME             PHONE         SEATS\ndana whitfield   4155550123    4",
        &[(Name, "dana whitfield"), (Phone, "4155550123")],
    );
    check(
        "<tr><th>Name</th><th>Phone</th></tr><tr><td>dana whitfield</td><td>4155550123</td></tr>",
        &[(Name, "dana whitfield"), (Phone, "4155550123")],
    );
    check(
        "<caller><first_name>dana</first_name><phone>4155550123</phone></caller>",
        &[(Name, "dana"), (Phone, "4155550123")],
    );
    check(
        "caller_name: dana whitfield\nmember_no: 8812003\nmood: fine",
        &[(Name, "dana whitfield"), (Id, "8812003")],
    );
    check(
        "cust_id,0029913\ncust_tel,08 9555 0163\nscore,9",
        &[(Id, "0029913"), (Phone, "08 9555 0163")],
    );
    check(
        "Student: Dana Whitfield\nSemester: Autumn Term",
        &[(Name, "Dana Whitfield")],
    );
    check(
        r#"{"slots":{"name":"dana may whitfield","party_size":4,"date":"2026-05-02"}}"#,
        &[(Name, "dana may whitfield")],
    );
    check(
        "first_name=dana&last_name=whitfield&seats=4&phone=4155550123 see /x?first_name=omar&page=2",
        &[
            (Name, "dana"),
            (Name, "whitfield"),
            (Phone, "4155550123"),
            (Name, "omar"),
        ],
    );
}

#[test]
fn other_records_stay() {
    for text in [
        r#"{"order_id":"48213","status":"active","total":94.5,"created_at":"2026-03-09T10:30:00Z"}"#,
        r#"{"product":"Blue Kettle","name":"Blue Kettle","price":31,"qty":2}"#,
        r#"{"type":"object","properties":{"name":{"type":"string"},"phone":{"type":"string","description":"Their number"}},"required":["name","phone"]}"#,
        r#"{"caller":"unknown","patient":"new","user":"admin","phone":"mobile","email":null,"address":true}"#,
        r#"{"table":4,"time":"19:30","party":6,"cuisine":"thai","name":"Golden Lotus"}"#,
        r#"{"id":"call_8f21","type":"function","function":{"name":"book_table","arguments":"{}"}}"#,
        r#"{"city":"Dover","temperature":21,"state":"sunny","number":4}"#,
        "item,qty,price\nkettle,2,31\npan,1,12",
        "Time: 10:30\nDate: 2026-03-09\nRoom: 12\nStatus: 200",
        "Name: to be confirmed\nPhone: none\nAddress: we could not verify it",
        "agent: hello there\ncustomer: yes please\nagent: thanks",
        "| Day | Open |\n|---|---|\n| Monday | 9 |",
        "<p>hello</p><b>Open now</b>",
        "see https://example.org/x?page=2&sort=name",
        r#"[{"role":"user","content":"hi there"}]"#,
    ] {
        let found: Vec<_> = found(text)
            .into_iter()
            .filter(|(kind, _)| *kind != Url)
            .collect();
        assert!(found.is_empty(), "{text}: {found:?}");
    }
}

#[test]
fn broken_records_are_read_without_harm() {
    for text in [
        "{",
        "{\"",
        "{\"name",
        "{\"name\":",
        "{\"name\":\"",
        "[[[[",
        "{\"a\":{\"b\":[\"name\"",
        "]}]}",
        "name,phone\n,",
        "|\n|",
        "<td>",
        "<a></a",
        "?=&=&",
        "a=b",
        "\\\"\\\":\\\"",
        "{'é':'é'}",
        "dob:",
    ] {
        scanned(text);
    }
    let long = "{\"name\":\"".repeat(20_000);
    scanned(&long);
    scanned(&"a,b\n".repeat(20_000));
    scanned(&"<td>".repeat(20_000));
}

#[test]
fn an_account_stands_under_from_and_to_where_it_has_its_form() {
    check(
        r#"{"from":"KD-448-2219","to":"PT-901-7733"}"#,
        &[(Account, "KD-448-2219"), (Account, "PT-901-7733")],
    );
    for text in [
        r#"{"from":"2026-01-04","to":"2026-02-01"}"#,
        r#"{"from":"LHR","to":"JFK","flight":"BA0117"}"#,
        r#"{"source":"web","destination":"queue-7"}"#,
    ] {
        check(text, &[]);
    }
}

#[test]
fn keys_of_other_languages_say_what_their_values_are() {
    check(
        r#"{"vorname":"Jonas","nachname":"Kranz","geburtsdatum":"04.07.1981","plz":"50667"}"#,
        &[
            (Name, "Jonas"),
            (Name, "Kranz"),
            (Birthdate, "04.07.1981"),
            (Zip, "50667"),
        ],
    );
    check(r#"{"handy":"yes","fin":"true"}"#, &[]);
    check(
        "<c><nome>Chiara</nome><cognome>Rinaldi</cognome><cp>28013</cp></c>",
        &[(Name, "Chiara"), (Name, "Rinaldi"), (Zip, "28013")],
    );
    check(
        r#"{"nome":"Pizza Margherita","price":"9.50","cp":"2.5"}"#,
        &[],
    );
}

#[test]
fn fields_of_an_object_that_was_cut_are_read_too() {
    check(
        r#""policyHolder": "Beatrix Ruiz", "policyNo": "VR00449-18", "excess": 2500"#,
        &[(Name, "Beatrix Ruiz"), (Id, "VR00449-18")],
    );
    check(r#"he said "name": and "phone" it was"#, &[]);
}

#[test]
fn what_else_is_told_of_a_person_is_no_name() {
    check(
        r#"{"passenger":{"given":"Aigerim","title":"Ms","type":"Adult","seat":"window"}}"#,
        &[(Name, "Aigerim")],
    );
}

#[test]
fn what_else_is_told_of_a_card_or_an_account_is_no_number_of_it() {
    check(
        r#"{"card":{"exp_month":4,"exp_year":2028,"amount":2600,"created":1700000000,"ending":"4242"}}"#,
        &[(Card, "4242")],
    );
    check(
        r#"{"account":{"balance":1200,"ours":"33445566"}}"#,
        &[(Account, "33445566")],
    );
}

#[test]
fn what_somebody_signs_in_as_is_an_id() {
    check(
        r#"{"username":"nomvula.d","login":"admin","pw":"Sunshine2019"}"#,
        &[(Id, "nomvula.d"), (Secret, "Sunshine2019")],
    );
    check(
        r#"{"user":"mkovacs77","host":"web-2"}"#,
        &[(Id, "mkovacs77")],
    );
    check(r#"{"user":"Maria Kovacs"}"#, &[(Name, "Maria Kovacs")]);
    check(r#"{"user":"system"} {"user":"bot"}"#, &[]);
}

#[test]
fn pairs_of_a_log_and_columns_of_cases_are_records() {
    check(
        "09:14:02 INFO session=8f2c91 user_id=88231 msisdn=263772409180",
        &[(Id, "88231"), (Phone, "263772409180")],
    );
    check("a=1 b=2 then x=8", &[]);
    check(
        r#"203.0.113.9 - jhalloran [08/Mar/2024:09:14:11 +0000] "POST /login HTTP/1.1" 401"#,
        &[(Ip, "203.0.113.9"), (Id, "jhalloran")],
    );
    check(
        "198.51.100.4 - - [12/Apr/2024:10:11:12 +0200] 200",
        &[(Ip, "198.51.100.4")],
    );
    check("released 2024-11-03 - stable [12 notes]", &[]);
    check(
        "sshd[411]: Failed password for rkessler from 198.51.100.7 port 51122",
        &[(Id, "rkessler"), (Ip, "198.51.100.7")],
    );
    check("note: Waiting for rkessler from 10 to 12", &[]);
    check(
        r#"{"benutzer":"t.vogel","kennwort":"Regen77!"}"#,
        &[(Id, "t.vogel"), (Secret, "Regen77!")],
    );
    check(
        r#"{"event":"dtmf","digits":"4482","purpose":"phone_pin"}"#,
        &[(Pin, "4482")],
    );
    check(r#"{"event":"dtmf","digits":"2","purpose":"menu"}"#, &[]);
    let columns = "complaint,caller\nINC-4471,Ana Lim\nopen,none";
    super::super::testing::check(columns, &[(Id, "INC-4471"), (Name, "Ana Lim")]);
    check(columns, &[(Name, "Ana Lim")]);
    check("Patient Ref: 7741-KX / Ward: 4", &[(Id, "7741-KX")]);
}
