//! The single parts of a known name, and which of them are common words too.

/// A part of a name shorter than this is part of too many phrases.
const SHORTEST_PART: usize = 3;
/// A known text of more words is no name, and its words alone are not private.
const MOST_PARTS: usize = 4;

/// Parts of names that are none by themselves.
const PARTICLES: &[&str] = &[
    "and", "bin", "del", "della", "der", "den", "des", "dos", "ibn", "les", "mac", "miss", "mrs",
    "san", "the", "van", "von", "jnr", "snr",
];

/// Names that are common words: as a part alone they count only with a capital letter.
const WORDS_TOO: &[&str] = &[
    "able", "art", "august", "april", "best", "bill", "black", "brown", "case", "cash", "chance",
    "cook", "cross", "day", "dawn", "early", "faith", "field", "fox", "free", "grace", "grant",
    "gray", "green", "hall", "hill", "hope", "house", "hunt", "joy", "june", "king", "lake",
    "lane", "long", "love", "mark", "may", "moon", "north", "olive", "page", "park", "pat",
    "pearl", "penny", "pine", "pond", "pope", "price", "rich", "rice", "rose", "sharp", "short",
    "sky", "small", "snow", "speed", "spring", "stone", "strong", "summer", "west", "white",
    "will", "wood", "young",
];

/// Whether a part of a name is a common word, which counts only with a capital letter.
pub(super) fn is_word_too(part: &str) -> bool {
    WORDS_TOO.contains(&part.to_lowercase().as_str())
}

/// The single parts of a name; none where the text is no name.
pub(super) fn parts(text: &str) -> Vec<&str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_name = |word: &&str| {
        word.chars()
            .all(|c| c.is_alphabetic() || "'’.-,".contains(c))
    };
    if !(2..=MOST_PARTS).contains(&words.len()) || !words.iter().all(is_name) {
        return Vec::new();
    }
    let words = words
        .into_iter()
        .map(|word| word.trim_matches(['.', ',', '\'', '’', '-']));
    words
        .filter(|word| word.chars().count() >= SHORTEST_PART)
        .filter(|word| !PARTICLES.contains(&word.to_lowercase().as_str()))
        .collect()
}
