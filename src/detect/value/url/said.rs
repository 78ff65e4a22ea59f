//! Web addresses as they are said: "w w w dot example dot com slash login".
//!
//! A name alone, "example dot com", is a brand as often as an address; a path, or what addresses
//! begin with, makes it one.

use std::ops::Range;

use super::is_top_domain;
use crate::detect::Detector;
use crate::detect::english::{Class, NumberWord};
use crate::detect::hearing::Hearing;
use crate::detect::read::TokenReader;

/// The most parts of a host that are spoken.
const MOST_LABELS: usize = 10;

/// Claims the addresses that are said in a text.
pub(super) fn claim(text: &mut Hearing) {
    let mut url = UrlReader {
        reader: text.passage.reader(),
    };
    for dot in 1..url.reader.tokens.len() {
        let is_dot = url.reader.tokens[dot].has(Class::DOT) && url.is_dot(dot);
        if dot < url.reader.floor || !is_dot {
            continue;
        }
        if let Some(range) = url.around(dot)
            && !text.claims.is_any_taken(range.clone())
        {
            url.reader.floor = range.end;
            let value = url.spelled(range.clone());
            text.claims.claim(range, Detector::Url, value);
        }
    }
}

struct UrlReader<'a> {
    reader: TokenReader<'a>,
}

impl UrlReader<'_> {
    fn is_dot(&self, at: usize) -> bool {
        self.reader.says(at, "dot")
    }

    // The address whose first dot this is.
    fn around(&self, dot: usize) -> Option<Range<usize>> {
        let opening = self.opening(dot);
        let host = opening.unwrap_or_else(|| self.host_start(dot));
        let scheme = self.scheme(host);
        let named = opening.is_some() || scheme.is_some();
        let first = scheme.unwrap_or(host);
        if first < self.reader.floor || !(named || self.is_name(host)) {
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
        while host > self.reader.floor && dot - host < WORDS && self.is_own_name(host - 1) {
            host -= 1;
        }
        host
    }

    fn is_own_name(&self, at: usize) -> bool {
        let token = self.reader.tokens[at];
        self.is_name(at)
            && !token.has(Class::NO_HOST)
            && (!token.has(Class::CLOSED) || self.reader.says(at, "my"))
            && token.entry.number == NumberWord::None
    }

    // "The website is …", "go to …".
    fn is_spoken_of(&self, host: usize) -> bool {
        const REACH: usize = 5;
        let from = host.saturating_sub(REACH).max(self.reader.floor);
        (from..host).any(|at| {
            self.reader.tokens[at].has(Class::SITE)
                || (self.reader.says(at, "go") && self.reader.says(at + 1, "to"))
        })
    }

    // "W w w" or "www", which ends before a dot.
    fn opening(&self, dot: usize) -> Option<usize> {
        if self.reader.says(dot - 1, "www") {
            return Some(dot - 1);
        }
        let start = dot
            .checked_sub(3)
            .filter(|start| *start >= self.reader.floor)?;
        (start..dot)
            .all(|at| self.reader.says(at, "w"))
            .then_some(start)
    }

    // "H t t p s colon slash slash", which ends before the host.
    fn scheme(&self, host: usize) -> Option<usize> {
        let colon = host.checked_sub(3)?;
        let marks = self.reader.says(colon, "colon")
            && (colon + 1..host).all(|at| self.reader.says(at, "slash"));
        if !marks {
            return None;
        }
        let before = colon.checked_sub(1)?;
        if self.reader.says(before, "https") || self.reader.says(before, "http") {
            return Some(before);
        }
        let letters = ["h", "t", "t", "p", "s"];
        [&letters[..], &letters[..4]].into_iter().find_map(|word| {
            let start = colon.checked_sub(word.len())?;
            let spelled = word
                .iter()
                .zip(start..)
                .all(|(letter, at)| self.reader.says(at, letter));
            (spelled && start >= self.reader.floor).then_some(start)
        })
    }

    fn is_name(&self, at: usize) -> bool {
        self.reader.tokens.get(at).is_some_and(|token| {
            token.is_word()
                && !token.has(
                    Class::COPULA
                        | Class::FILLER
                        | Class::LEAD
                        | Class::DOT
                        | Class::DETERMINER
                        | Class::PREPOSITION,
                )
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
                if self.reader.tokens[last - 1].has(Class::TOP_DOMAIN) && !self.is_dot(last) {
                    break;
                }
            }
            if last == label {
                break;
            }
            let top = self.reader.tokens[last - 1];
            if top.has(Class::TOP_DOMAIN) && last == label + 1 {
                end = Some(last);
            }
            at = last;
        }
        end
    }

    // "Dot i o".
    fn is_spelled_top(&self, at: usize) -> bool {
        let letter = |at: usize| self.reader.tokens.get(at).filter(|token| token.is_letter());
        let Some((first, second)) = letter(at).zip(letter(at + 1)) else {
            return false;
        };
        let top = format!(
            "{}{}",
            first.of(self.reader.text),
            second.of(self.reader.text)
        );
        letter(at + 2).is_none() && is_top_domain(&top)
    }

    fn is_part(&self, at: usize) -> bool {
        self.reader.tokens.get(at).is_some_and(|token| {
            let known = token.is_word() && token.has(Class::TOP_DOMAIN);
            let number = self.reader.is_number(at);
            known || number || (token.is_word() && self.is_name(at))
        })
    }

    // Behind the path: words that "slash", "dot", "dash" and the like join.
    fn path_end(&self, host: usize) -> usize {
        const JOINTS: [&str; 6] = ["slash", "dot", "dash", "hyphen", "underscore", "equals"];
        let (mut at, mut end) = (host, host);
        loop {
            at += usize::from(self.reader.says(at, "forward") && self.reader.says(at + 1, "slash"));
            let joint = if end == host {
                self.reader.says(at, "slash")
            } else {
                JOINTS.iter().any(|joint| self.reader.says(at, joint))
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
        while let Some(token) = self.reader.tokens.get(at) {
            let mut digits = String::new();
            if let Some(next) = self.reader.number(at, &mut digits) {
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
            if let Some(next) = self.reader.number(at, &mut spelled) {
                at = next;
                continue;
            }
            let word = self.reader.tokens[at].of(self.reader.text).to_lowercase();
            match word.as_str() {
                "dot" => spelled.push('.'),
                "slash" => spelled.push('/'),
                "colon" => spelled.push(':'),
                "dash" | "hyphen" => spelled.push('-'),
                "underscore" => spelled.push('_'),
                "equals" => spelled.push('='),
                "forward" if self.reader.says(at + 1, "slash") => {}
                _ => spelled.push_str(&word),
            }
            at += 1;
        }
        super::canonical(&spelled)
    }
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::Url;
    use crate::detect::testing::check;

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
