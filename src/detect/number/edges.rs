//! What touches a number: an opening plus or bracket, letters, a unit, an extension.

use crate::detect::english::{CURRENCIES, CURRENCY_SIGNS, Class};
use crate::detect::read::{Run, SpokenPassage, Token, TokenKind};

/// What a number is made of: "it's eleven digits".
const SIGNS: [&str; 6] = [
    "digits",
    "digit",
    "numbers",
    "letters",
    "characters",
    "figures",
];

/// The tokens round the numbers of a passage.
#[derive(Clone, Copy)]
pub(crate) struct Edges<'a> {
    text: &'a str,
    tokens: &'a [Token],
    first: usize,
    end: usize,
}

impl<'a> Edges<'a> {
    /// Those of a passage.
    pub(crate) fn of(passage: &SpokenPassage<'a>) -> Self {
        Self {
            text: passage.text,
            tokens: passage.tokens,
            first: passage.first,
            end: passage.end,
        }
    }

    /// "Lakewood ohio four four one oh seven", "Austin, TX 78701".
    pub(crate) fn is_behind_state(&self, run: &Run) -> bool {
        let mut before = self.tokens[self.first..run.first].iter().rev();
        let word = before.find(|token| !(token.is_mark(b',') || token.is_mark(b'.')));
        let is_state = word.is_some_and(|word| {
            let name = word.of(self.text);
            word.has(Class::STATE)
                && (word.len() > 2 || name.bytes().all(|byte| byte.is_ascii_uppercase()))
        });
        is_state && run.digits.len() == 5
    }

    /// A plus, "plus" or a bracket in front belongs to a phone number.
    pub(crate) fn opening(&self, run: &Run) -> usize {
        let tokens = self.tokens;
        let own = tokens[run.first].start;
        let before = |back: usize| {
            run.first
                .checked_sub(back)
                .filter(|at| *at >= self.first)
                .map(|at| tokens[at])
        };
        let Some(mark) = before(1) else { return own };
        if mark.is_mark(b'+') && mark.end == own
            || (mark.is_word() && mark.of(self.text).eq_ignore_ascii_case("plus"))
        {
            return mark.start;
        }
        let closes = tokens[run.first..run.end.min(run.first + 4)]
            .iter()
            .any(|token| token.is_mark(b')'));
        if mark.is_mark(b'(') && closes {
            return match before(2) {
                Some(plus) if plus.is_mark(b'+') && plus.end == mark.start => plus.start,
                _ => mark.start,
            };
        }
        own
    }

    /// Letters at its ends make it a code: "A6058710", "HZ-2464".
    pub(crate) fn is_glued(&self, run: &Run) -> bool {
        let tokens = self.tokens;
        let (first, last) = (tokens[run.first], tokens[run.end - 1]);
        if first.is_word() {
            return false;
        }
        let before = |back: usize| run.first.checked_sub(back).map(|at| tokens[at]);
        let touches = before(1).is_some_and(|token| {
            token.is_word() && token.end == first.start && !self.is_masked(token)
        });
        let hyphen = before(1).zip(before(2)).is_some_and(|(mark, word)| {
            (mark.is_mark(b'-') || mark.is_mark(b'_'))
                && mark.end == first.start
                && word.is_word()
                && word.end == mark.start
                && word.entry.id == 0
                && !self.is_masked(word)
        });
        let behind = tokens.get(run.end).is_some_and(|token| {
            token.is_word()
                && token.start == last.end
                && last.kind == TokenKind::Digits
                && !self.is_extension(run.end, run.end + 1)
        });
        touches || hyphen || behind
    }

    // "Xxx-xx-6630": what stands for digits is no letter.
    fn is_masked(&self, token: Token) -> bool {
        token
            .of(self.text)
            .bytes()
            .all(|byte| matches!(byte, b'x' | b'X'))
            && token.len() > 1
    }

    /// Whether a unit, a currency or a per cent sign stands beside it.
    pub(crate) fn is_counted(&self, run: &Run) -> bool {
        let tokens = self.tokens;
        let before = run.first.checked_sub(1).map(|at| tokens[at]);
        let currency = before.is_some_and(|token| {
            let word = token.of(self.text);
            match token.kind {
                TokenKind::Mark(_) => CURRENCY_SIGNS.contains(&word),
                TokenKind::Word => CURRENCIES.iter().any(|one| word.eq_ignore_ascii_case(one)),
                _ => false,
            }
        });
        let behind = tokens.get(run.end).filter(|_| run.end < self.end);
        currency
            || self.is_time(run)
            || behind.is_some_and(|token| {
                let word = token.of(self.text);
                let is_sign = || SIGNS.iter().any(|sign| word.eq_ignore_ascii_case(sign));
                token.is_mark(b'%') || token.has(Class::UNIT) || run.digits.len() <= 2 && is_sign()
            })
    }

    // "7:45": hours and minutes, and the score of a game.
    fn is_time(&self, run: &Run) -> bool {
        let is_short = |token: &Token| token.kind == TokenKind::Digits && token.len() <= 2;
        let colon = |mark: usize| {
            let token = |at: usize| self.tokens.get(at);
            let (left, right) = (mark.checked_sub(1).and_then(token), token(mark + 1));
            left.zip(token(mark))
                .zip(right)
                .is_some_and(|((left, mark), right)| {
                    let is_glued = left.end == mark.start && mark.end == right.start;
                    mark.is_mark(b':') && is_glued && is_short(left) && is_short(right)
                })
        };
        run.digits.len() <= 2 && (colon(run.end) || run.first.checked_sub(1).is_some_and(colon))
    }

    /// Whether nothing touches a number but what stands around a value.
    pub(crate) fn is_apart(&self, run: &Run) -> bool {
        let touches = |left: &Token, right: &Token| left.end == right.start;
        let before = run.first.checked_sub(1).and_then(|at| self.tokens.get(at));
        let opens = |token: &Token| {
            matches!(token.kind, TokenKind::Line)
                || ['"', '(', '[', ':', '=', ',', ';', '|'].contains(&self.sign(token))
        };
        let closes = |token: &Token| {
            matches!(token.kind, TokenKind::Line)
                || ['"', ')', ']', ',', ';', '|', '.', '!', '?'].contains(&self.sign(token))
        };
        let (first, last) = (&self.tokens[run.first], &self.tokens[run.end - 1]);
        before.is_none_or(|before| !touches(before, first) || opens(before))
            && self
                .tokens
                .get(run.end)
                .is_none_or(|next| !touches(last, next) || closes(next))
    }

    fn sign(&self, token: &Token) -> char {
        token.of(self.text).chars().next().unwrap_or(' ')
    }

    /// Whether a number stands by itself between a comma and a mark or the end: "…, 8046, and …".
    pub(crate) fn is_clause(&self, run: &Run) -> bool {
        let before = run.first.checked_sub(1).and_then(|at| self.tokens.get(at));
        let next = self.tokens.get(run.end).filter(|_| run.end < self.end);
        before.is_some_and(|before| before.is_mark(b',')) && next.is_none_or(|next| !next.is_word())
    }

    /// The token behind the sign that ends what is keyed in: "1940#", "two two seven star".
    pub(crate) fn keyed_end(&self, run: &Run) -> Option<usize> {
        const KEYS: [&str; 4] = ["star", "hash", "asterisk", "hashtag"];
        let token = self.tokens.get(run.end).filter(|_| run.end < self.end)?;
        let touches = self.tokens[run.end - 1].end == token.start;
        let word = token.of(self.text);
        let is_said = KEYS.iter().any(|sign| word.eq_ignore_ascii_case(sign));
        let is_sign = touches && (token.is_mark(b'#') || token.is_mark(b'*'));
        (is_said || is_sign).then_some(run.end + 1)
    }

    /// Whether a number is an extension of the one before, by the words between them.
    pub(crate) fn is_extension(&self, from: usize, to: usize) -> bool {
        const LONGEST: usize = 3;
        let between = self.tokens.get(from..to).unwrap_or(&[]);
        let names = |token: &Token| {
            ["x", "ext", "extn", "extension"]
                .iter()
                .any(|name| token.of(self.text).eq_ignore_ascii_case(name))
        };
        let mut words = between.iter().filter(|token| token.is_word());
        between.len() <= LONGEST
            && words.next().is_some_and(names)
            && words.all(|word| word.has(Class::COPULA))
    }
}
