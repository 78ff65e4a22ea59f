//! What people say between two parts of one dictated number.

use super::Meanings;

/// What a phrase does between two parts of a dictated number; the strongest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gap {
    /// It says nothing.
    Nothing,
    /// The speaker looks for it: what follows may be all of it, anew.
    Pause,
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
        "and then, next is, next up, after that, and after that, followed by, and finally, then it's, and it's, \
         and that's, then there's, and i think it's, and the, then the, and the last, and the rest is, you know, next comes, \
         and next, okay then, okay so, got it, area code, the number, number is, and the number is, then comes, \
         followed up by, are you ready, like i said, as i said, that's, then it goes, it goes, and lastly, \
         last four, last ones are, and last, prefix, and a, then a, another, where was i, what else, \
         what's next, and after that it's, still there, you there, are you there, are you with me, \
         did you get that, got that, you got that, with me so far, okay, ready, here we go, here goes, it says, \
         and it says, so far, that's the first half, that's the first part, second half, second part, \
         the second half, the other half, the rest of it, the rest is, rest is, can't read it, \
         it's hard to read, it's worn off, it's a bit worn, it's faded, i can't see, i can't read it, \
         let me turn it over, i need my glasses, where are my glasses, my glasses, sorry about that, \
         the last bit, last bit is, and the last bit is, and the last bit, the next bit, next bit is, \
         and the last four are, and the last four is, the last four are, the last four is, last four are, \
         last four is, and the last three are, the last three are, and the last two are, the last two are, \
         and the last digits are, the last digits are, and i think that's, i think that's, and it looks like",
    ),
    (
        Gap::Pause,
        "hold on, hang on, one sec, one second, just a second, one moment, bear with me, bear with me a second, \
         hang on a second, hang on a sec, hold on a second, hold on a sec, give me a second, give me a sec, \
         just a sec, just a moment, just a minute, give me a moment, give me a minute, one moment please, \
         one second please, hang on a minute, let me look, let me check, let me think, let me find it, \
         let me get it, let me read it, let me read that, let me see, let's see, let me put my glasses on, \
         wait a second, wait a minute, wait a sec",
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
