//! How deep an expression of a rule is, found out before a parser sees it.
//!
//! Parsers and what they make of a text call themselves once a level, so a long chain of operators
//! would end the stack, and with it the process. The number is never below the true one: where it
//! is bounded, so is the stack.

/// The most brackets in each other: a parser calls itself a dozen times for each.
pub(super) const MOST_BRACKETS: usize = 30;

/// What the signs of an expression do to its depth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// A bracket opens: a group, a list or a map.
    Open,
    /// A bracket opens behind a value: a call or a place in a list.
    OpenBehind,
    /// It closes.
    Close,
    /// What follows stands beside what was before: a comma, or the operator of a balanced tree.
    Next,
    /// What binds least: each stands in the next, their operands beside each other.
    Loose,
    /// Any other operator, a step of a path, or a filter: each stands in the next.
    Tight,
}

/// Counts how deep an expression is.
#[derive(Debug)]
pub(super) struct Depth {
    deepest: usize,
    open: Vec<NestingLevel>,
    level: NestingLevel,
}

/// What stands between two brackets.
#[derive(Debug, Default)]
struct NestingLevel {
    /// How deep it stands itself.
    outside: usize,
    /// The deepest of what stands beside what is read now.
    before: usize,
    loose: usize,
    /// The deepest operand between loose operators.
    operands: usize,
    tight: usize,
    /// The deepest bracket of the operand that is read now.
    within: usize,
}

impl NestingLevel {
    fn operand(&self) -> usize {
        self.tight + self.within
    }

    fn depth(&self) -> usize {
        self.before
            .max(self.loose + self.operands.max(self.operand()))
    }
}

impl Depth {
    /// Of an expression that may be so deep.
    pub(super) fn up_to(deepest: usize) -> Depth {
        Depth {
            deepest,
            open: Vec::new(),
            level: NestingLevel::default(),
        }
    }

    /// Takes the next sign; says whether the expression is deeper than it may be.
    pub(super) fn is_beyond(&mut self, mark: Mark) -> bool {
        let level = &mut self.level;
        match mark {
            Mark::Open | Mark::OpenBehind => {
                level.tight += usize::from(mark == Mark::OpenBehind);
                let inner = NestingLevel {
                    outside: level.outside + level.loose + level.tight + 1,
                    ..NestingLevel::default()
                };
                self.open.push(std::mem::replace(level, inner));
            }
            Mark::Close => {
                let within = level.depth() + 1;
                if let Some(outer) = self.open.pop() {
                    *level = outer;
                    level.within = level.within.max(within);
                }
            }
            Mark::Next => {
                *level = NestingLevel {
                    before: level.depth(),
                    outside: level.outside,
                    ..NestingLevel::default()
                };
            }
            Mark::Loose => {
                level.loose += 1;
                level.operands = level.operands.max(level.operand());
                (level.tight, level.within) = (0, 0);
            }
            Mark::Tight => level.tight += 1,
        }
        self.open.len() > MOST_BRACKETS || self.level.outside + self.level.depth() > self.deepest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEEPEST: usize = 100;

    fn is_too_deep(signs: &str) -> bool {
        let mut depth = Depth::up_to(DEEPEST);
        let mark = |sign| match sign {
            '(' => Mark::Open,
            '[' => Mark::OpenBehind,
            ')' => Mark::Close,
            ',' => Mark::Next,
            '?' => Mark::Loose,
            _ => Mark::Tight,
        };
        signs.chars().any(|sign| depth.is_beyond(mark(sign)))
    }

    #[test]
    fn what_stands_in_each_other_counts_and_what_stands_beside_does_not() {
        for (sign, many) in [
            ("+", true),
            ("?", true),
            ("[)", true),
            (",", false),
            ("()", false),
            ("(+),", false),
        ] {
            assert!(!is_too_deep(&sign.repeat(DEEPEST - 1)), "{sign}");
            assert_eq!(is_too_deep(&sign.repeat(DEEPEST + 1)), many, "{sign}");
        }
        assert!(!is_too_deep(&"(".repeat(MOST_BRACKETS)));
        assert!(is_too_deep(&"(".repeat(MOST_BRACKETS + 1)));
        assert!(is_too_deep(&format!(
            "({}){}",
            "+".repeat(60),
            "+".repeat(60)
        )));
        assert!(!is_too_deep(&format!(
            "({})?{}",
            "+".repeat(60),
            "+".repeat(60)
        )));
        assert!(!is_too_deep(&"+++?".repeat(DEEPEST - 5)));
        assert!(is_too_deep(&"(++++".repeat(25)));
        assert!(!is_too_deep(")))"), "the parser will say what is wrong");
    }
}
