//! The sentences of a text that streams by.
//!
//! Where a sentence ends is told by its letters alone, one after the other, so that it never depends
//! on how the text was cut. Tags for voices and placeholders stay in one piece. Nothing is held
//! longer than a sentence, or [`LONGEST`] characters of one.

/// No more characters are held.
pub(super) const LONGEST: usize = 400;
/// A tag has no more characters, and what stands between tags that belong together.
const LONGEST_TAG: usize = 160;
const LONGEST_SPELLED: usize = 240;
/// What stands in brackets has no more.
const LONGEST_BRACKETED: usize = 60;

/// Words behind whose full stop a sentence goes on.
const SHORT: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "st", "ave", "blvd", "vs", "etc", "approx", "dept", "inc",
    "ltd", "jr", "sr", "tel", "mt",
];
/// Tags whose inside belongs to them.
const WITH_INSIDE: &[&str] = &["spell", "say-as", "phoneme"];

/// A text, cut into its sentences.
#[derive(Debug, Default)]
pub(super) struct Sentences {
    /// The sentence under way; it begins with no blank.
    text: String,
    /// How many characters it has.
    count: usize,
    open: Option<OpenPiece>,
}

/// What must stay in one piece and is not whole yet.
#[derive(Debug)]
struct OpenPiece {
    /// Where it begins, in bytes.
    from: usize,
    /// The character at which it began.
    at: usize,
    kind: PieceKind,
}

#[derive(Debug)]
enum PieceKind {
    Tag,
    Bracket,
    /// Up to this closing tag.
    Until(String),
}

/// A part of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum SentencePart<'t> {
    /// Blanks between sentences.
    Blank(char),
    /// A sentence without the blanks around it, or as much of one as is held.
    Sentence(&'t str),
}

impl Sentences {
    /// Takes a piece of the text and shows what is whole of it.
    pub(super) fn push(&mut self, piece: &str, show: &mut dyn FnMut(SentencePart<'_>)) {
        for letter in piece.chars() {
            self.letter(letter, show);
        }
    }

    /// The text is over: shows what is held.
    pub(super) fn finish(&mut self, show: &mut dyn FnMut(SentencePart<'_>)) {
        self.end(self.text.len(), show);
    }

    fn letter(&mut self, letter: char, show: &mut dyn FnMut(SentencePart<'_>)) {
        if self.open.is_none() && self.ends_before(letter) {
            self.end(self.text.len(), show);
        }
        if self.text.is_empty() && letter.is_whitespace() {
            return show(SentencePart::Blank(letter));
        }
        self.text.push(letter);
        self.count += 1;
        self.note_open(letter);
        if self.count >= LONGEST {
            self.end(self.place_to_cut(), show);
        }
    }

    /// Shows the text up to a place; what is behind it is held.
    fn end(&mut self, to: usize, show: &mut dyn FnMut(SentencePart<'_>)) {
        let rest = self.text.split_off(to);
        let ended = std::mem::take(&mut self.text);
        let said = ended.trim_end();
        if !said.is_empty() {
            show(SentencePart::Sentence(said));
        }
        for blank in ended.get(said.len()..).unwrap_or_default().chars() {
            show(SentencePart::Blank(blank));
        }
        self.open = None;
        self.count = 0;
        for letter in rest.chars() {
            self.letter(letter, show);
        }
    }

    /// Whether the sentence is over where this letter follows.
    fn ends_before(&self, letter: char) -> bool {
        if self.text.is_empty() {
            return false;
        }
        if matches!(letter, '\n' | '\r') {
            return true;
        }
        let end = self.text.trim_end_matches(is_closing);
        let Some(last) = end.chars().next_back() else {
            return false;
        };
        match last {
            '。' | '！' | '？' | '｡' => !is_closing(letter) && !is_stop(letter),
            _ if !letter.is_whitespace() => false,
            '.' => !goes_on(end),
            last => is_stop(last),
        }
    }

    fn note_open(&mut self, letter: char) {
        let Some(open) = &self.open else {
            let kind = match letter {
                '<' => PieceKind::Tag,
                '[' => PieceKind::Bracket,
                _ => return,
            };
            self.open = Some(OpenPiece {
                from: self.text.len() - 1,
                at: self.count,
                kind,
            });
            return;
        };
        let length = self.count - open.at;
        let is_over = match &open.kind {
            PieceKind::Tag if letter == '>' => {
                let inside = closing_of(&self.text[open.from..]);
                if let (Some(kind), Some(open)) = (inside, &mut self.open) {
                    open.kind = kind;
                    return;
                }
                true
            }
            PieceKind::Tag => {
                let begins = length > 1 || letter.is_ascii_alphabetic() || letter == '/';
                !begins || length > LONGEST_TAG
            }
            PieceKind::Bracket => letter == ']' || length > LONGEST_BRACKETED,
            PieceKind::Until(closing) => {
                let is_closed = letter == '>' && {
                    let end = self.text.len().saturating_sub(closing.len());
                    let end = self.text.get(end..).unwrap_or_default();
                    end.eq_ignore_ascii_case(closing)
                };
                is_closed || length > LONGEST_TAG + LONGEST_SPELLED
            }
        };
        if is_over {
            self.open = None;
        }
    }

    /// Where a sentence that is too long is cut: behind its last blank, before what is open.
    fn place_to_cut(&self) -> usize {
        let open = self
            .open
            .as_ref()
            .map(|open| open.from)
            .filter(|from| *from > 0);
        let end = open.unwrap_or(self.text.len());
        let before = self.text.get(..end).unwrap_or_default();
        let blank = before
            .char_indices()
            .rev()
            .find(|(at, letter)| letter.is_whitespace() && !self.is_in_piece(*at));
        blank.map_or(end, |(at, letter)| at + letter.len_utf8())
    }

    /// Whether a place is within brackets or a tag that are whole.
    fn is_in_piece(&self, place: usize) -> bool {
        let (before, behind) = self.text.split_at_checked(place).unwrap_or_default();
        let within = |open: char, close: char| {
            let opened = before.rfind(open);
            let is_closed = opened.is_none_or(|at| before[at..].contains(close));
            let closes = behind.find(close);
            !is_closed && closes.is_some_and(|at| !behind[..at].contains(open))
        };
        within('<', '>') || within('[', ']') || is_in_spelled(before, behind)
    }
}

/// Whether what is between stands within a tag whose inside belongs to it.
fn is_in_spelled(before: &str, behind: &str) -> bool {
    WITH_INSIDE.iter().any(|name| {
        let (opening, closing) = (format!("<{name}"), format!("</{name}>"));
        let opened = before.rfind(&opening);
        opened.is_some_and(|at| !before[at..].contains(&closing)) && behind.contains(&closing)
    })
}

/// Up to what a tag goes on, as far as its inside belongs to it.
fn closing_of(tag: &str) -> Option<PieceKind> {
    if tag.ends_with("/>") {
        return None;
    }
    let name = tag.trim_start_matches('<');
    let end = name.find(|sign: char| !sign.is_ascii_alphanumeric() && sign != '-');
    let name = name.get(..end?).unwrap_or_default().to_ascii_lowercase();
    let is_known = WITH_INSIDE.contains(&name.as_str());
    is_known.then(|| PieceKind::Until(format!("</{name}>")))
}

/// Whether a sentence goes on behind its full stop.
fn goes_on(text: &str) -> bool {
    let text = text.strip_suffix('.').unwrap_or(text);
    let word = text.rsplit(char::is_whitespace).next().unwrap_or_default();
    let word = word.trim_start_matches(|sign: char| !sign.is_alphanumeric());
    let small = word.to_lowercase();
    let is_letter = word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
    // `1. Lamps` is an item, not a sentence.
    let is_number =
        word.len() <= 2 && !word.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    let is_dotted = word.contains('.') && word.split('.').all(|part| part.chars().count() <= 2);
    is_letter || is_number || is_dotted || SHORT.contains(&small.as_str())
}

fn is_stop(letter: char) -> bool {
    matches!(
        letter,
        '.' | '!' | '?' | '…' | '‽' | '。' | '！' | '？' | '｡' | '؟' | '।'
    )
}

fn is_closing(letter: char) -> bool {
    matches!(
        letter,
        '"' | '\'' | '”' | '’' | '»' | '*' | '」' | '』' | '）'
    )
}

#[cfg(test)]
mod tests;
