//! What people say between two parts of one dictated number.

use super::Meanings;

/// What a phrase does between two parts of a dictated number; the strongest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gap {
    /// It says nothing.
    Nothing,
    /// What follows may be what was said already.
    Again,
    /// What was said last was wrong.
    Correction,
    /// All is said anew.
    Restart,
}

/// Phrases inside a dictated number.
pub(crate) const GAPS: &Meanings<Gap> = &[
    (
        Gap::Nothing,
        "and then, next is, next up, after that, and after that, followed by, let me see, and finally, then it's, \
         and it's, and that's, then there's, hold on, hang on, let's see, and the, then the, and the last, \
         and the rest is, you know, next comes, and next, okay then, okay so, got it, area code, the number, \
         number is, and the number is, then comes, followed up by, are you ready, one sec, one second, \
         just a second, one moment, like i said, as i said, that's, then it goes, it goes, and lastly, last four, \
         last ones are, and last, prefix, and a, then a, another",
    ),
    (
        Gap::Again,
        "again, i repeat, i'll repeat, let me repeat, let me repeat that, once more, repeating, say again, \
         i'll say it again, i'll say that again, let me say it again, let me say that again",
    ),
    (
        Gap::Restart,
        "start over, let me start over, i'll start over, starting over, let me start again, i'll start again, \
         from the top, from the beginning, from the start, let me try again, let me try that again, \
         let me do that again, let me begin again",
    ),
    (
        Gap::Correction,
        "no wait, wait no, i mean, i meant, actually, scratch that, no sorry, sorry no, sorry, no, correction, \
         make that, no make that, oops, excuse me, rather, wait, no no, no actually, actually no, strike that, \
         my bad, my mistake, i'm sorry, no i mean, sorry i mean, wait sorry, or rather, pardon, pardon me, no it's, \
         sorry that's, wait that's, no that's, forget that, i misspoke, let me correct that, take that back, \
         not that, sorry make that, no excuse me, uh no, wait i mean, hold on no, wait actually",
    ),
];
