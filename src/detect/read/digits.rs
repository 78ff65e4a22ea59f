//! Where written digits are in a text, quickly.

/// Whether a text has a digit at all; quick, because most texts have none.
pub(crate) fn has_digit(bytes: &[u8]) -> bool {
    bytes.chunks(32).any(|chunk| {
        chunk
            .iter()
            .fold(false, |any, byte| any | byte.is_ascii_digit())
    })
}

/// Where groups of digits start.
pub(crate) fn starts(bytes: &[u8]) -> impl Iterator<Item = usize> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = next_digit(bytes, at)?;
        at = start
            + bytes[start..]
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count();
        Some(start)
    })
}

fn next_digit(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(chunk) = bytes.get(at..at + 32) {
        if has_digit(chunk) {
            break;
        }
        at += 32;
    }
    bytes
        .get(at..)?
        .iter()
        .position(u8::is_ascii_digit)
        .map(|found| at + found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digit_is_found_in_every_place() {
        for at in 0..80 {
            let mut text = vec![b'a'; 80];
            text[at] = b'7';
            assert!(has_digit(&text));
            assert_eq!(starts(&text).collect::<Vec<_>>(), [at]);
        }
    }
}
