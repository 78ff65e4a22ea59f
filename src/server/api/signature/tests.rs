use actix_web::test::TestRequest;

use super::*;
use crate::config::{Config, Overrides};

fn sender(vapi: &str) -> Proof {
    let text = format!("[upstream.a]\nurl = \"http://x\"\n[vapi]\n{vapi}\n");
    let source = crate::config::source("aside.toml", text);
    let (config, problems) = Config::read(&source, &Overrides::default(), &|_| None);
    let config = config.unwrap_or_else(|| panic!("{problems:?}"));
    config.vapi.expect("it is there").proof
}

/// Whether an event with these headers passes at a time.
fn check(sender: &Proof, headers: &[(&str, &str)], body: &[u8], now: u64) -> Result<(), Forged> {
    let mut request = TestRequest::post();
    for (name, value) in headers {
        request = request.append_header((*name, *value));
    }
    let request = request.to_http_request();
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(now);
    let sender = EventSender(sender);
    sender.check_head(&request, now)?;
    sender.check_body(&request, body)
}

#[test]
fn s02_the_secret_comes_in_either_header_and_whole() {
    let sender = sender("secret = \"s3cr3t\"");
    for (headers, is_good) in [
        (&[("x-vapi-secret", "s3cr3t")][..], true),
        (&[("authorization", "Bearer s3cr3t")], true),
        (
            &[
                ("authorization", "Bearer other"),
                ("x-vapi-secret", "s3cr3t"),
            ],
            true,
        ),
        (&[("x-vapi-secret", "s3cr3")], false),
        (&[("x-vapi-secret", "s3cr3tt")], false),
        (&[("x-vapi-secret", "S3CR3T")], false),
        (&[("x-vapi-secret", "")], false),
        (
            &[("x-vapi-secret", "s3cr3t"), ("x-vapi-secret", "s3cr3t")],
            false,
        ),
        (&[("authorization", "Basic s3cr3t")], false),
        (&[("x-signature", "s3cr3t")], false),
        (&[], false),
    ] {
        let expected = is_good.then_some(()).ok_or(Forged::Wrong);
        assert_eq!(check(&sender, headers, b"{}", 0), expected, "{headers:?}");
    }
    assert!(!format!("{sender:?}").contains("s3cr3t"));
}

/// RFC 4231, cases 2 and 6, and RFC 2202, case 2 for SHA-1.
#[test]
fn s02_known_signatures_are_accepted_and_no_other() {
    const DATA: &str = "what do ya want for nothing?";
    for (algorithm, signature) in [
        (
            "sha256",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (
            "sha512",
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
        ),
        ("sha1", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
    ] {
        let sender = sender(&format!(
            "hmac = {{ secret_key = \"Jefe\", algorithm = \"{algorithm}\", payload_format = \"{{body}}\" }}"
        ));
        let passes = |signature: &str, body: &[u8]| {
            check(&sender, &[("x-signature", signature)], body, 0).is_ok()
        };
        assert!(passes(signature, DATA.as_bytes()), "{algorithm}");
        assert!(passes(&signature.to_uppercase(), DATA.as_bytes()));
        for bit in 0..DATA.len() * 8 {
            let mut body = DATA.as_bytes().to_vec();
            body[bit / 8] ^= 1 << (bit % 8);
            assert!(
                !passes(signature, &body),
                "{algorithm}, bit {bit} of the body"
            );
        }
        for digit in 0..signature.len() {
            let mut other = signature.as_bytes().to_vec();
            other[digit] = if other[digit] == b'0' { b'1' } else { b'0' };
            let other = String::from_utf8(other).expect("digits");
            assert!(
                !passes(&other, DATA.as_bytes()),
                "{algorithm}, digit {digit}"
            );
        }
        for other in [
            "",
            &signature[2..],
            &signature[1..],
            &format!("{signature}00"),
            "zz",
            "é",
        ] {
            assert!(!passes(other, DATA.as_bytes()), "{algorithm}, `{other}`");
        }
    }
    let key = base64::engine::general_purpose::STANDARD.encode([0xaa; 131]);
    let sender = sender(&format!(
        "hmac = {{ secret_key = \"{key}\", secret_is_base64 = true, payload_format = \"{{body}}\" }}"
    ));
    let signature = "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54";
    let body = b"Test Using Larger Than Block-Size Key - Hash Key First";
    assert_eq!(
        check(&sender, &[("x-signature", signature)], body, 0),
        Ok(())
    );
}

fn sign(text: &str) -> Vec<u8> {
    let mac = <hmac::Hmac<sha2::Sha256> as KeyInit>::new_from_slice(b"k").expect("any key");
    mac.chain_update(text).finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn s02_a_signature_grows_old() {
    const NOW: u64 = 1_749_546_420;
    let sender = sender("hmac = { secret_key = \"k\" }");
    let at = |time: &str, now: u64| {
        let signature = hex(&sign(&format!("{time}.{{}}")));
        let headers = [("x-signature", signature.as_str()), ("x-timestamp", time)];
        check(&sender, &headers, b"{}", now)
    };
    for time in ["1749546420", "1749546420000", "2025-06-10T09:07:00Z"] {
        for (now, expected) in [
            (NOW, Ok(())),
            (NOW + 300, Ok(())),
            (NOW - 300, Ok(())),
            (NOW + 301, Err(Forged::Stale)),
            (NOW - 301, Err(Forged::Stale)),
        ] {
            assert_eq!(at(time, now), expected, "{time} at {now}");
        }
    }
    for time in ["", "soon", "-1", "9223372036854775807"] {
        assert_eq!(at(time, NOW), Err(Forged::Stale), "{time}");
    }
    // Another time than the one that was signed, and none.
    let signature = hex(&sign("1749546420.{}"));
    let headers = [
        ("x-signature", signature.as_str()),
        ("x-timestamp", "1749546421"),
    ];
    assert_eq!(check(&sender, &headers, b"{}", NOW), Err(Forged::Wrong));
    assert_eq!(
        check(&sender, &headers[..1], b"{}", NOW),
        Err(Forged::Stale)
    );
}

#[test]
fn s02_every_option_of_a_credential_is_followed() {
    use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
    let sender = sender(
        "hmac = { secret_key = \"k\", signature_header = \"X-Sign\", signature_prefix = \"v1,\", signature_encoding = \"base64\", timestamp_header = \"x-at\", message_id_header = \"x-id\", payload_format = \"{svix-id}.{timestamp} {method} {url}\\n{body}!\", url = \"https://a.example/vapi/events\" }",
    );
    let right = sign("m1.1749546420 POST https://a.example/vapi/events\n{}!");
    let passes = |signature: &str, id: &str| {
        let headers = [("x-sign", signature), ("x-at", "1749546420"), ("x-id", id)];
        check(&sender, &headers, b"{}", 1_749_546_420).is_ok()
    };
    assert!(passes(&format!("v1,{}", STANDARD.encode(&right)), "m1"));
    assert!(passes(
        &format!("v1,{}", STANDARD_NO_PAD.encode(&right)),
        "m1"
    ));
    assert!(!passes(&format!("v1,{}", STANDARD.encode(&right)), "m2"));
    assert!(
        !passes(&STANDARD.encode(&right), "m1"),
        "without the prefix"
    );
    assert!(
        !passes(&format!("v1,{}", hex(&right)), "m1"),
        "another encoding"
    );
}

#[test]
fn s02_json_that_means_the_same_is_not_what_was_signed() {
    let sender = sender("hmac = { secret_key = \"k\", payload_format = \"{body}\" }");
    let signature = hex(&sign(r#"{"a":1,"b":"é"}"#));
    for (body, is_good) in [
        (r#"{"a":1,"b":"é"}"#, true),
        (r#"{"a":1, "b":"é"}"#, false),
        (r#"{"b":"é","a":1}"#, false),
        (r#"{"a":1,"b":"\u00e9"}"#, false),
        ("{\"a\":1,\"b\":\"é\"}\n", false),
    ] {
        let checked = check(&sender, &[("x-signature", &signature)], body.as_bytes(), 0);
        assert_eq!(checked.is_ok(), is_good, "{body}");
    }
}
