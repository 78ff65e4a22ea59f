//! The questions that are answered in words, and the words that are no such answer.

use std::ops::Range;

use super::super::lexicon::Lexicon;
use super::super::tokens::Token;
use super::super::topics;

/// What a question asks for that is answered in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in super::super) enum Wording {
    /// A person's name.
    Name,
    /// A postal address.
    Address,
    /// A password.
    Secret,
    /// Something that only sounds alike.
    Other,
}

/// The phrases of such questions.
pub(in super::super) const QUESTIONS: &[(Wording, &str)] = &[
    (
        Wording::Name,
        "your name, your full name, your legal name, full name, first name, last name, first and last name, surname, \
         family name, maiden name, legal name, name please, who am i speaking with, who am i speaking to, \
         who am i talking to, who am i talking with, who do i have, who is calling, who's calling, who is this, \
         whom am i speaking with, whom am i speaking to, name on the account, name on the card, name on your card, \
         name on your account, name on the reservation, name on the booking, name on the order, name on the policy, \
         name for the reservation, name for the booking, name for the order, under what name, under which name, \
         what name, which name, spell your name, spell your last name, spell the last name, spell the name, \
         spell your first name, the patient's name, patient name, the name of the patient, cardholder name, \
         cardholder's name, account holder's name",
    ),
    (
        Wording::Address,
        "your address, home address, mailing address, street address, billing address, shipping address, \
         delivery address, current address, postal address, full address, address please, the address, where do you live, \
         where should we deliver, where should i send, where should we send, address on file, address on the account",
    ),
    (
        Wording::Secret,
        "your password, the password, account password, password please, your passphrase, your pass phrase, \
         memorable word, security word, secret word, code word, your security answer, \
         answer to your security question, mother's maiden name, your secret answer, first pet, first school",
    ),
    (
        Wording::Other,
        "email address, e mail address, ip address, web address, mac address, business name, company name, \
         name of the business, name of the company, name of the product, name of the street, name of your street, \
         reset your password, change your password, new password, user name, username",
    ),
];

/// What is answered when it is not the name.
pub(super) const NO_NAME: &[&str] = &[
    "hello",
    "hi",
    "hey",
    "repeat",
    "pardon",
    "representative",
    "operator",
    "agent",
    "human",
    "person",
    "somebody",
    "someone",
    "nobody",
    "none",
    "anonymous",
    "billing",
    "support",
    "sales",
    "emergency",
    "help",
    "wrong",
    "moment",
    "minute",
    "second",
    "later",
    "already",
    "speaking",
    "yourself",
    "nothing",
    "skip",
    "stop",
    "cancel",
    "refund",
    "delivery",
    "reservation",
    "appointment",
    "customer",
    "service",
    "question",
    "whatever",
    "never",
    "mind",
    "hang",
    "hold",
    "wait",
    "what",
    "huh",
    "excuse",
    "goodbye",
    "bye",
    "good",
    "morning",
    "afternoon",
    "evening",
    "great",
    "perfect",
    "awesome",
    "cool",
    "go",
    "ahead",
    "continue",
];

/// Who says one of these speaks of the thing, and does not say it.
pub(super) const NO_VALUE: &[&str] = &[
    "i",
    "i'm",
    "i've",
    "i'd",
    "i'll",
    "you",
    "we",
    "they",
    "he",
    "she",
    "forgot",
    "forget",
    "forgotten",
    "remember",
    "don't",
    "dont",
    "doesn't",
    "didn't",
    "can't",
    "cannot",
    "won't",
    "what",
    "what's",
    "why",
    "how",
    "which",
    "where",
    "who",
    "can",
    "could",
    "would",
    "should",
    "not",
    "never",
    "no",
    "none",
    "nope",
    "reset",
    "change",
    "changed",
    "wrong",
    "incorrect",
    "expired",
    "locked",
    "same",
    "sorry",
    "pardon",
    "repeat",
    "working",
    "work",
    "invalid",
    "rejected",
    "saved",
    "stolen",
    "compromised",
    "hacked",
    "required",
    "missing",
    "lost",
    "weak",
    "sensitive",
    "characters",
    "letters",
    "digits",
    "long",
    "short",
    "too",
    "about",
    "because",
    "does",
    "did",
    "was",
    "have",
    "has",
    "need",
    "want",
    "think",
    "file",
    "before",
    "already",
    "different",
    "moved",
    "fine",
    "good",
    "bad",
    "old",
    "new",
    "ready",
    "secure",
    "safe",
    "empty",
    "blank",
    "simple",
    "strong",
    "needed",
    "case",
    "very",
    "really",
    "still",
    "okay",
    "broken",
    "useless",
    "hard",
    "easy",
    "complicated",
    "hidden",
    "visible",
    "private",
    "protected",
    "enabled",
    "disabled",
    "ten",
    "eight",
    "asked",
    "updated",
    "set",
];

/// The last such question among tokens: what it asks for, and its tokens.
pub(in super::super) fn question(tokens: &[Token]) -> Option<(Wording, Range<usize>)> {
    let lexicon = Lexicon::get();
    let mut last = None;
    let mut at = 0;
    while at < tokens.len() {
        let found = lexicon.questions.longest(topics::words(tokens, at));
        let Some((end, wording)) = found.filter(|_| tokens[at].entry.id != 0) else {
            at += 1;
            continue;
        };
        if wording != Wording::Other {
            last = Some((wording, at..end + 1));
        }
        at = end + 1;
    }
    last
}
