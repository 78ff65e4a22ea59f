//! Web addresses as they are said: "w w w dot example dot com slash login".
//!
//! A name alone, "example dot com", is a brand as often as an address; a path, or what addresses
//! begin with, makes it one.

use std::ops::Range;

use super::Detector;
use super::atom;
use super::claims::Claims;
use super::lexicon::Lexicon;
use super::tokens::Token;
use super::words::{
    CLOSED, COPULA, DETERMINER, DOT, FILLER, LEAD, Number, PREPOSITION, TOP_DOMAIN,
};

/// Claims the addresses that are said in a text.
pub(super) fn claim_spoken(tokens: &[Token], claims: &mut Claims) {
    let mut floor = 0;
    for dot in 1..tokens.len() {
        if dot < floor || !(tokens[dot].has(DOT) && tokens[dot].of(claims.text).len() == 3) {
            continue;
        }
        let reader = Reader {
            text: claims.text,
            tokens,
            floor,
        };
        if let Some(range) = reader.around(dot)
            && !claims.is_any_taken(range.clone())
        {
            floor = range.end;
            let value = reader.spelled(range.clone());
            claims.claim(range, Detector::Url, value);
        }
    }
}

/// The most parts of a host that are spoken.
const MOST_LABELS: usize = 10;

struct Reader<'a> {
    text: &'a str,
    tokens: &'a [Token],
    floor: usize,
}

impl Reader<'_> {
    fn says(&self, at: usize, word: &str) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|token| token.is_word() && token.of(self.text).eq_ignore_ascii_case(word))
    }

    fn is_dot(&self, at: usize) -> bool {
        self.says(at, "dot")
    }

    // The address whose first dot this is.
    fn around(&self, dot: usize) -> Option<Range<usize>> {
        let opening = self.opening(dot);
        let host = opening.unwrap_or_else(|| self.host_start(dot));
        let scheme = self.scheme(host);
        let named = opening.is_some() || scheme.is_some();
        let first = scheme.unwrap_or(host);
        if first < self.floor || !(named || self.is_name(host)) {
            return None;
        }
        let end = self.host_end(dot, named)?;
        let path = self.path_end(end);
        (named || path > end || self.is_spoken_of(host)).then_some(first..path)
    }

    // The first word of a name of up to three: "quarry hollow dot com".
    fn host_start(&self, dot: usize) -> usize {
        const WORDS: usize = 3;
        let mut host = dot - 1;
        while host > self.floor && dot - host < WORDS && self.is_own_name(host - 1) {
            host -= 1;
        }
        host
    }

    fn is_own_name(&self, at: usize) -> bool {
        const OTHERS: [&str; 12] = [
            "through", "via", "using", "called", "named", "visit", "open", "try", "slash", "colon",
            "website", "link",
        ];
        let token = self.tokens[at];
        self.is_name(at)
            && (!token.has(CLOSED) || self.says(at, "my"))
            && token.entry.number == Number::None
            && !OTHERS.iter().any(|other| self.says(at, other))
    }

    // "The website is …", "go to …".
    fn is_spoken_of(&self, host: usize) -> bool {
        const REACH: usize = 5;
        const NOUNS: [&str; 9] = [
            "website", "site", "url", "link", "webpage", "homepage", "domain", "blog", "portal",
        ];
        let from = host.saturating_sub(REACH).max(self.floor);
        (from..host).any(|at| {
            NOUNS.iter().any(|noun| self.says(at, noun))
                || (self.says(at, "go") && self.says(at + 1, "to"))
        })
    }

    // "W w w" or "www", which ends before a dot.
    fn opening(&self, dot: usize) -> Option<usize> {
        if self.says(dot - 1, "www") {
            return Some(dot - 1);
        }
        let start = dot.checked_sub(3).filter(|start| *start >= self.floor)?;
        (start..dot).all(|at| self.says(at, "w")).then_some(start)
    }

    // "H t t p s colon slash slash", which ends before the host.
    fn scheme(&self, host: usize) -> Option<usize> {
        let colon = host.checked_sub(3)?;
        let marks = self.says(colon, "colon") && (colon + 1..host).all(|at| self.says(at, "slash"));
        if !marks {
            return None;
        }
        let before = colon.checked_sub(1)?;
        if self.says(before, "https") || self.says(before, "http") {
            return Some(before);
        }
        let letters = ["h", "t", "t", "p", "s"];
        [&letters[..], &letters[..4]].into_iter().find_map(|word| {
            let start = colon.checked_sub(word.len())?;
            let spelled = word
                .iter()
                .zip(start..)
                .all(|(letter, at)| self.says(at, letter));
            (spelled && start >= self.floor).then_some(start)
        })
    }

    fn is_name(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| {
            token.is_word() && !token.has(COPULA | FILLER | LEAD | DOT | DETERMINER | PREPOSITION)
        })
    }

    // Behind the last part of the host: "dot com", "dot blue river dot co dot uk".
    fn host_end(&self, dot: usize, named: bool) -> Option<usize> {
        let longest = if named { 4 } else { 1 };
        let (mut at, mut end) = (dot, None);
        for _ in 0..MOST_LABELS {
            if !self.is_dot(at) {
                break;
            }
            let label = at + 1;
            if self.is_spelled_top(label) {
                (at, end) = (label + 2, Some(label + 2));
                continue;
            }
            let mut last = label;
            while last < label + longest && self.is_part(last) {
                last += 1;
                // Behind "com" another sentence goes on.
                if self.tokens[last - 1].has(TOP_DOMAIN) && !self.is_dot(last) {
                    break;
                }
            }
            if last == label {
                break;
            }
            let top = self.tokens[last - 1];
            if top.has(TOP_DOMAIN) && last == label + 1 {
                end = Some(last);
            }
            at = last;
        }
        end
    }

    // "Dot i o".
    fn is_spelled_top(&self, at: usize) -> bool {
        let letter = |at: usize| self.tokens.get(at).filter(|token| token.is_letter());
        let Some((first, second)) = letter(at).zip(letter(at + 1)) else {
            return false;
        };
        let top = format!("{}{}", first.of(self.text), second.of(self.text));
        letter(at + 2).is_none() && Lexicon::get().entry(&top).flags & TOP_DOMAIN != 0
    }

    fn is_part(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| {
            let known = token.is_word() && token.has(TOP_DOMAIN);
            let number = atom::read(self.text, self.tokens, at, &mut String::new()).is_some();
            known || number || (token.is_word() && self.is_name(at))
        })
    }

    // Behind the path: words that "slash", "dot", "dash" and the like join.
    fn path_end(&self, host: usize) -> usize {
        const JOINTS: [&str; 6] = ["slash", "dot", "dash", "hyphen", "underscore", "equals"];
        let (mut at, mut end) = (host, host);
        loop {
            at += usize::from(self.says(at, "forward") && self.says(at + 1, "slash"));
            let joint = if end == host {
                self.says(at, "slash")
            } else {
                JOINTS.iter().any(|joint| self.says(at, joint))
            };
            if !joint {
                return end;
            }
            at += 1;
            let part = self.part_end(at);
            if part == at {
                return end;
            }
            (at, end) = (part, part);
        }
    }

    // One word, or letters and digits.
    fn part_end(&self, from: usize) -> usize {
        let mut at = from;
        while let Some(token) = self.tokens.get(at) {
            let mut digits = String::new();
            if let Some(next) = atom::read(self.text, self.tokens, at, &mut digits) {
                at = next;
            } else if token.is_letter() {
                at += 1;
            } else if at == from && token.is_word() {
                return at + 1;
            } else {
                break;
            }
        }
        at
    }

    fn spelled(&self, range: Range<usize>) -> String {
        let mut spelled = String::new();
        let mut at = range.start;
        while at < range.end {
            if let Some(next) = atom::read(self.text, self.tokens, at, &mut spelled) {
                at = next;
                continue;
            }
            let word = self.tokens[at].of(self.text).to_lowercase();
            match word.as_str() {
                "dot" => spelled.push('.'),
                "slash" => spelled.push('/'),
                "colon" => spelled.push(':'),
                "dash" | "hyphen" => spelled.push('-'),
                "underscore" => spelled.push('_'),
                "equals" => spelled.push('='),
                "forward" if self.says(at + 1, "slash") => {}
                _ => spelled.push_str(&word),
            }
            at += 1;
        }
        super::url::canonical(&spelled)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Detector::Url;
    use super::super::testing::check;

    #[test]
    fn addresses_are_read_as_they_are_said() {
        check(
            "just go to w w w dot example dot com slash login and wait",
            &[(Url, "w w w dot example dot com slash login")],
        );
        check(
            "i was on example dot com slash pay and it broke",
            &[(Url, "example dot com slash pay")],
        );
        check(
            "h t t p s colon slash slash shop dot example dot co dot uk forward slash orders slash four two",
            &[(
                Url,
                "h t t p s colon slash slash shop dot example dot co dot uk forward slash orders slash four two",
            )],
        );
        check(
            "it is www dot blue river dental dot org i think",
            &[(Url, "www dot blue river dental dot org")],
        );
    }

    #[test]
    fn brands_are_none() {
        check("i bought it at example dot com last week", &[]);
        check("the dot com bubble", &[]);
    }
}
