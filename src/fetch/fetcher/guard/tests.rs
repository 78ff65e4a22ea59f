use super::*;

#[test]
fn s14_only_public_addresses_are_asked() {
    for address in [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",
        "169.254.169.254",
        "169.254.170.2",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::ffff:0:127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::808:808",
        "100::1",
        "2001::1",
        "2001:10::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ] {
        assert!(!is_public(address.parse().expect(address)), "{address}");
    }
    for address in [
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.1",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "192.167.1.1",
        "223.255.255.255",
        "2606:4700:4700::1111",
        "2001:4860:4860::8888",
        "64:ff9b::808:808",
        "2002:808:808::1",
    ] {
        assert!(is_public(address.parse().expect(address)), "{address}");
    }
}

#[test]
fn s14_an_origin_must_be_listed_and_its_address_public() {
    let host = |text: &str| Host::try_from(text.to_owned()).expect(text);
    for (url, listed, private, is_good) in [
        ("https://a.example/", "a.example", false, true),
        ("https://b.example/", "a.example", true, false),
        ("https://a.example:81/", "a.example", true, false),
        ("http://127.0.0.1:81/", "127.0.0.1:81", false, false),
        ("http://127.0.0.1:81/", "127.0.0.1:81", true, true),
        (
            "http://[::ffff:127.0.0.1]/",
            "[::ffff:127.0.0.1]",
            false,
            false,
        ),
        ("http://169.254.169.254/", "169.254.169.254", false, false),
        ("http://[fd00:ec2::254]/", "[fd00:ec2::254]", false, false),
        ("http://1.1.1.1/", "1.1.1.1", false, true),
    ] {
        let (origin, _) = Origin::split(url).expect(url);
        let answer = may_ask(&origin, &[host(listed)], private);
        assert_eq!(answer.is_ok(), is_good, "{url}: {answer:?}");
    }
}
