//! Which addresses are those of the public network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address is one of the public network.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    // Address and length of the ranges that IANA lists as not globally reachable, and multicast.
    const CLOSED: &[([u8; 4], u32)] = &[
        ([0, 0, 0, 0], 8),
        ([10, 0, 0, 0], 8),
        ([100, 64, 0, 0], 10),
        ([127, 0, 0, 0], 8),
        ([169, 254, 0, 0], 16),
        ([172, 16, 0, 0], 12),
        ([192, 0, 0, 0], 24),
        ([192, 0, 2, 0], 24),
        ([192, 88, 99, 0], 24),
        ([192, 168, 0, 0], 16),
        ([198, 18, 0, 0], 15),
        ([198, 51, 100, 0], 24),
        ([203, 0, 113, 0], 24),
        ([224, 0, 0, 0], 4),
        ([240, 0, 0, 0], 4),
    ];
    let bits = address.to_bits();
    // Clouds answer their machines here, though it looks public.
    const METADATA: Ipv4Addr = Ipv4Addr::new(168, 63, 129, 16);
    address != METADATA
        && !CLOSED.iter().any(|(network, length)| {
            (bits ^ Ipv4Addr::from(*network).to_bits()) >> (32 - length) == 0
        })
}

/// Only 2000::/3 is in use. What carries an address of IPv4 is as public as that one.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    let v4_at = |at: usize| {
        let [high, low] = [parts[at], parts[at + 1]];
        Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low))
    };
    match parts {
        // NAT64. Mapped (::ffff:0:0/96) and compatible (::/96) forms are no destinations.
        [0x64, 0xff9b, 0, 0, 0, 0, _, _] => is_public_v4(v4_at(6)),
        // 6to4.
        [0x2002, ..] => is_public_v4(v4_at(1)),
        // Teredo and other protocols, documentation.
        [0x2001, second, ..] if second < 0x200 || second == 0xdb8 => false,
        [0x3fff, second, ..] if second < 0x1000 => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}
