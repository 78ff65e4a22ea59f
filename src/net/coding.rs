//! What the header `content-encoding` of an answer says of its bytes.
//!
//! Nobody is asked for a coding. It decodes nothing.

use http::header::{self, HeaderMap};

/// Codings that change the bytes.
const CODINGS: [&str; 7] = ["gzip", "br", "deflate", "zstd", "compress", "dcb", "dcz"];

/// Whether a coding is named that changes the bytes: some servers name a charset there, `none`, or
/// nothing at all.
pub fn is_coded(headers: &HeaderMap) -> bool {
    let is_coding = |coding: &str| {
        let coding = coding.trim().to_ascii_lowercase();
        CODINGS.contains(&coding.strip_prefix("x-").unwrap_or(&coding))
    };
    headers
        .get_all(header::CONTENT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.split(',').any(is_coding))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn what_changes_no_bytes_is_no_coding() {
        let of = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::CONTENT_ENCODING, HeaderValue::from_static(value));
            }
            is_coded(&headers)
        };
        for plain in [
            &[][..],
            &[""],
            &["none"],
            &["utf-8"],
            &["UTF-8"],
            &["identity"],
        ] {
            assert!(!of(plain), "{plain:?}");
        }
        for coded in [
            &["gzip"][..],
            &["x-gzip"],
            &["identity, BR"],
            &["utf-8", "zstd"],
        ] {
            assert!(of(coded), "{coded:?}");
        }
    }
}
