//! The words with which somebody asks: what each does in a request for a value.

use super::Meanings;

bitflags::bitflags! {
    /// What a word does where somebody asks.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub(crate) struct AskingRole: u32 {
        /// Asks for a thing or a person.
        const WHICH = 1 << 0;
        /// Asks how, or how many.
        const HOW = 1 << 1;
        /// Asks for a time.
        const WHEN = 1 << 2;
        /// A verb that stands before its subject in a question.
        const VERB = 1 << 3;
        /// The one who asks.
        const ME = 1 << 4;
        /// The one who is asked.
        const YOU = 1 << 5;
        /// The thing that may be asked of.
        const THING = 1 << 6;
        /// What one who asks would do with the answer.
        const TAKE = 1 << 7;
        /// What one who offers asks.
        const OFFER = 1 << 8;
        /// What the other shall do with the value.
        const SAY = 1 << 9;
        /// Says that something is lacking.
        const NEED = 1 << 10;
        /// Verbs of a statement.
        const STATES = 1 << 11;
        /// Behind "what": no value, but a time, a kind or a count.
        const KIND = 1 << 12;
        /// How people are reached.
        const REACH = 1 << 13;
        /// Before a command.
        const FIRST = 1 << 14;
        /// Speaks of what was asked for before.
        const SAME = 1 << 15;
        /// Begins an invitation.
        const LET = 1 << 16;
    }
}

/// The words of each. They count as unknown everywhere else.
pub(crate) const ASKING: &Meanings<AskingRole> = &[
    (
        AskingRole::WHICH,
        "what what's whats which who who's whos whose whom where where's whereabouts",
    ),
    (AskingRole::HOW, "how how's hows"),
    (AskingRole::WHEN, "when when's whens"),
    (
        AskingRole::VERB,
        "can could may might would will shall should do does did have is are was were has",
    ),
    (
        AskingRole::ME,
        "i we me us i'll we'll i'd we'd i'm we're i've we've",
    ),
    (AskingRole::LET, "let let's lets ahead"),
    (AskingRole::YOU, "you u ya"),
    (
        AskingRole::THING,
        "your that the this it there her his their my",
    ),
    (
        AskingRole::TAKE,
        "get have take grab ask start confirm verify trouble borrow know note just also please quickly first bother",
    ),
    (
        AskingRole::OFFER,
        "like want prefer help assist see hear send book charge call",
    ),
    (
        AskingRole::SAY,
        "give tell enter say read confirm verify spell provide repeat share state type key punch input speak supply spelling pronounce \
         choose pick set create pop drop shoot throw grab turn",
    ),
    (
        AskingRole::NEED,
        "need needs require requires lack looking after missing want",
    ),
    (
        AskingRole::STATES,
        "is are was were has have had been will be i've we've i'll we'll it's that's you're i'm we're got found see sent \
         thanks thank ends looks there's here's matches declined says works goes failed expired",
    ),
    (
        AskingRole::KIND,
        "time times day kind sort type colour color size brand make many much long old often far big soon late \
         early year month date",
    ),
    (
        AskingRole::REACH,
        "reach contact call text ring phone get hold",
    ),
    (
        AskingRole::FIRST,
        "please kindly just and then so okay ok now first right alright great thanks perfect well um uh next",
    ),
    (
        AskingRole::SAME,
        "it that this those these one them again rest more",
    ),
];
