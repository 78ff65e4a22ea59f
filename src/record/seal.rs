//! Encryption of what is kept whole: ChaCha20-Poly1305, a random nonce a line.
//!
//! The key is never shown.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use data_encoding::HEXLOWER_PERMISSIVE;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};

/// Seals and opens lines with one key.
pub struct Seal {
    key: LessSafeKey,
    random: SystemRandom,
}

impl Seal {
    /// With a key of 32 bytes, as 64 hex digits or as base64. None: it is no such key.
    pub fn with_key(text: &str) -> Option<Seal> {
        let text = text.trim();
        let bytes = match text.len() {
            64 => HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()?,
            _ => STANDARD.decode(text).ok()?,
        };
        let key = UnboundKey::new(&CHACHA20_POLY1305, &bytes).ok()?;
        Some(Seal {
            key: LessSafeKey::new(key),
            random: SystemRandom::new(),
        })
    }

    /// A text as base64 of the nonce and what is encrypted. None: the system gives no random bytes.
    pub fn close(&self, text: String) -> Option<String> {
        let mut nonce = [0; NONCE_LEN];
        self.random.fill(&mut nonce).ok()?;
        let mut sealed = text.into_bytes();
        let unique = Nonce::assume_unique_for_key(nonce);
        let key = &self.key;
        key.seal_in_place_append_tag(unique, Aad::empty(), &mut sealed)
            .ok()?;
        Some(STANDARD.encode([&nonce[..], &sealed].concat()))
    }

    /// The text again. None: it was sealed with another key, or is not what was sealed.
    pub fn open(&self, sealed: &str) -> Option<String> {
        let mut bytes = STANDARD.decode(sealed).ok()?;
        let (nonce, text) = bytes.split_at_mut_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let text = self.key.open_in_place(nonce, Aad::empty(), text).ok()?;
        String::from_utf8(text.to_vec()).ok()
    }
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_the_same_key_only() {
        let key = "0f".repeat(32);
        let seal = Seal::with_key(&key).expect("a key");
        let (one, other) = (seal.close("Ä".into()), seal.close("Ä".into()));
        let (one, other) = (one.expect("sealed"), other.expect("sealed"));
        assert_ne!(one, other, "no nonce comes twice");
        assert_eq!(seal.open(&one).as_deref(), Some("Ä"));
        let same = Seal::with_key(&STANDARD.encode([0x0f; 32])).expect("a key");
        assert_eq!(same.open(&one).as_deref(), Some("Ä"));
        let wrong = Seal::with_key(&"0e".repeat(32)).expect("a key");
        assert_eq!(wrong.open(&one), None);
        let mut changed = one.into_bytes();
        changed[20] = if changed[20] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).expect("base64");
        for text in [changed.as_str(), "", "AAAA", "no base64"] {
            assert_eq!(seal.open(text), None);
        }
        assert_eq!(format!("{seal:?}"), "Seal");
    }

    #[test]
    fn a_key_has_32_bytes() {
        for text in [
            "",
            "abc",
            &"0f".repeat(31),
            &"0g".repeat(32),
            &STANDARD.encode([7; 31]),
        ] {
            assert!(Seal::with_key(text).is_none(), "{text}");
        }
    }
}
