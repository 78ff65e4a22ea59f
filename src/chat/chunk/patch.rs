//! New texts in the places of old ones: what is not patched stays as it came.

use std::ops::Range;

/// New text for a place of a JSON text.
#[derive(Debug)]
pub struct Patch {
    /// The place; two never overlap.
    pub place: Range<usize>,
    /// What stands there then.
    pub text: String,
}

/// Appends `json` with its patches to `out`.
pub fn write_patched(json: &str, patches: &mut [Patch], out: &mut Vec<u8>) {
    patches.sort_by_key(|patch| patch.place.start);
    let mut copied = 0;
    for patch in patches.iter() {
        out.extend_from_slice(&json.as_bytes()[copied..patch.place.start]);
        out.extend_from_slice(patch.text.as_bytes());
        copied = patch.place.end;
    }
    out.extend_from_slice(&json.as_bytes()[copied..]);
}
