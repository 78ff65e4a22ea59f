//! Web addresses as they are said: "w w w dot example dot com slash login".
//!
//! A name alone, "example dot com", is a brand as often as an address; a path, or what addresses
//! begin with, makes it one.

use std::ops::Range;

use super::is_top_domain;
use crate::detect::Detector;
use crate::detect::english::{Class, NumberWord};
use crate::detect::hearing::Hearing;
use crate::detect::read::{Lexicon, Token, TokenReader};

/// The most parts of a host that are spoken.
const MOST_LABELS: usize = 10;

/// Claims the addresses that are said in a text.
pub(super) fn claim(text: &mut Hearing) {
    claim_all(text, false);
}

/// The same where an address was asked for, whatever it is called.
pub(super) fn claim_asked(passage: &mut Hearing) {
    claim_all(passage, true);
}

fn claim_all(text: &mut Hearing, is_asked: bool) {
    let mut url = UrlReader {
        reader: text.passage.reader(),
        is_asked,
    };
    for dot in url.reader.floor + 1..url.reader.tokens.len() {
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
    // Whether an address was asked for.
    is_asked: bool,
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
        let first = scheme.unwrap_or_else(|| self.with_my(host, dot));
        if first < self.reader.floor || !(named || self.is_name(host)) {
            return None;
        }
        let end = self.host_end(dot, named)?;
        let path = self.path_end(end);
        (named || path > end || self.is_asked || self.is_spoken_of(host)).then_some(first..path)
    }

    // The first word of a name of up to three: "quarry hollow dot com".
    fn host_start(&self, dot: usize) -> usize {
        const WORDS: usize = 3;
        let mut host = dot - 1;
        let mut words = 1;
        while host > self.reader.floor {
            let is_joined = host >= self.reader.floor + 2
                && self.is_dash(host - 1)
                && self.reader.token(host - 2).is_some_and(Token::is_word);
            if is_joined {
                host -= 2;
            } else if words < WORDS && self.is_own_name(host - 1) {
                (host, words) = (host - 1, words + 1);
            } else {
                break;
            }
        }
        host
    }

    // "My account dot quarry hollow dot com": a part of a site that its users have.
    fn with_my(&self, host: usize, dot: usize) -> usize {
        const NEAR: usize = 5;
        const PARTS: [&str; 9] = [
            "account", "portal", "chart", "health", "bill", "services", "home", "plan", "login",
        ];
        let is_part = host + 1 == dot && self.reader.says_any(host, &PARTS);
        let has_more = || (dot + 2..dot + NEAR).any(|at| self.reader.says(at, "dot"));
        let is_mine = host > self.reader.floor && self.reader.says(host - 1, "my");
        host - usize::from(is_part && is_mine && has_more())
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
            self.is_site(at) || (self.reader.says(at, "go") && self.reader.says(at + 1, "to"))
        })
    }

    // "Website", "my website's".
    fn is_site(&self, at: usize) -> bool {
        let owner = || self.reader.word(at).strip_suffix("'s");
        self.reader.tokens[at].has(Class::SITE)
            || owner().is_some_and(|word| Lexicon::get().entry(word).classes.contains(Class::SITE))
    }

    fn is_dash(&self, at: usize) -> bool {
        self.reader.says_any(at, &["dash", "hyphen", "minus"])
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
            let (mut last, mut words) = (label, 0);
            while words < longest && self.is_part(last) {
                (last, words) = (last + 1, words + 1);
                while last > label && self.is_dash(last) && self.is_word(last + 1) {
                    last += 2;
                }
                // Behind "com" another sentence goes on.
                if self.reader.tokens[last - 1].has(Class::TOP_DOMAIN) && !self.is_dot(last) {
                    break;
                }
            }
            if last == label {
                break;
            }
            let top = self.reader.tokens[last - 1];
            if top.has(Class::TOP_DOMAIN | Class::TOP_SITE) && last == label + 1 {
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

    fn is_word(&self, at: usize) -> bool {
        self.reader.token(at).is_some_and(Token::is_word)
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
                at += 1;
                // "Slash dr shah", "slash mona b".
                let is_titled = token.has(Class::TITLE) && self.is_name(at);
                let is_initial = self.reader.is_letter(at) && self.is_name(at);
                return at + usize::from(is_titled || is_initial);
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
            "i went to my account dot quarryhollow dot com forward slash reset",
            &[(
                Url,
                "my account dot quarryhollow dot com forward slash reset",
            )],
        );
        check(
            "it is www dot blue river dental dot org i think",
            &[(Url, "www dot blue river dental dot org")],
        );
    }

    #[test]
    fn a_site_that_is_spoken_of_is_no_brand() {
        for (text, value) in [
            (
                "my website's copper lane coffee dot com, have a look",
                "copper lane coffee dot com",
            ),
            (
                "it's w w w dot pay dash my dash parcel dot info slash r",
                "w w w dot pay dash my dash parcel dot info slash r",
            ),
            (
                "my site is lane dash photos dotcom",
                "lane dash photos dotcom",
            ),
            (
                "meet dot blueriver dot com slash dr patel for the visit",
                "meet dot blueriver dot com slash dr patel",
            ),
            (
                "agent: is there a website?\ncaller: copper lane dot com",
                "copper lane dot com",
            ),
        ] {
            check(text, &[(Url, value)]);
        }
    }

    #[test]
    fn brands_are_none() {
        check("the dotcom bubble was a bubble", &[]);
        check("i found it on copper lane dot com", &[]);
        check("i bought it at example dot com last week", &[]);
        check("the dot com bubble", &[]);
    }
}
