//! Voice tags (`<flush />`, `<break …/>`, `<spell>…</spell>`, `<emotion …/>` and the like) stay whole.
//!
//! A tag that is cut in two would be read aloud. Where filters touch what is heard, a tag leaves
//! in one piece, also if the model sent it in several. Anything else that begins with `<` goes on
//! as soon as it can be no tag.

use std::sync::{Arc, LazyLock};

use regex::Regex;

use crate::stream::{Segment, StreamPattern, TextFilter, Undecided};

// A constant: compiled once, and the same for every reply.
static TAG: LazyLock<Option<Arc<StreamPattern>>> = LazyLock::new(|| {
    let source = r"(?i)<[ \t]{0,3}/?[ \t]{0,3}(?:flush|break|spell|emotion|speed|volume|prosody|emphasis|phoneme|say-as)[^<>]{0,80}>";
    let regex = Regex::new(source).ok()?;
    StreamPattern::new(&regex).ok().map(Arc::new)
});

/// A filter that changes nothing but where the text is cut.
pub(super) fn filter() -> Option<Box<dyn TextFilter>> {
    let tag = TAG.clone()?;
    Some(Box::new(WholeTag {
        tag,
        held: Undecided::default(),
    }))
}

struct WholeTag {
    tag: Arc<StreamPattern>,
    held: Undecided,
}

impl TextFilter for WholeTag {
    fn push(&mut self, piece: &str, out: &mut String) {
        self.tag.advance(&mut self.held, piece, &mut |segment| {
            out.push_str(text_of(&segment))
        });
    }

    fn finish(&mut self, out: &mut String) {
        self.tag.finish(&mut self.held, &mut |segment| {
            out.push_str(text_of(&segment))
        });
    }

    fn held(&self) -> usize {
        self.held.held()
    }
}

fn text_of<'t>(segment: &Segment<'t>) -> &'t str {
    match segment {
        Segment::Text(text) => text,
        Segment::Match(found) => found.get_match().as_str(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &[&str]) -> Vec<String> {
        let mut filter = filter().expect("the pattern is constant");
        let mut pieces: Vec<String> = text
            .iter()
            .map(|piece| {
                let mut out = String::new();
                filter.push(piece, &mut out);
                out
            })
            .collect();
        let mut last = String::new();
        filter.finish(&mut last);
        pieces.push(last);
        pieces.retain(|piece| !piece.is_empty());
        pieces
    }

    #[test]
    fn a_tag_leaves_whole_and_other_text_at_once() {
        assert_eq!(
            pieces(&["One <flu", "sh /> two"]),
            ["One ", "<flush /> two"]
        );
        assert_eq!(
            pieces(&["<", "break time=\"1s\"", "/>", "x"]),
            ["<break time=\"1s\"/>", "x"]
        );
        assert_eq!(pieces(&["a < b", " <b", ">c"]), ["a ", "< b ", "<b>c"]);
        assert_eq!(
            pieces(&["<spell>ab</spe", "ll>"]),
            ["<spell>ab", "</spell>"]
        );
        assert_eq!(pieces(&["end <flush"]), ["end ", "<flush"]);
        let tag = "<emotion value=\"sad\"/>";
        assert_eq!(
            pieces(&["<emot", "ion value=\"sad\"/> x"]),
            [&*format!("{tag} x")]
        );
    }
}
