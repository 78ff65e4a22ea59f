//! What is asked for before one text: by the question before it, and by what was told before that.
//!
//! It changes no cue.

use super::super::correction::{
    corrects, is_one_word, reads_back, reads_name_back, spells, tells_numbers,
};
use super::super::heard::{HeardTurn, says_part};
use super::{ALSO, Cues};
use crate::detect::Speaker;
use crate::detect::english::{Topic, Wording, Wordings};
use crate::detect::hearing::asks_back_number;
use crate::detect::read::{SpokenPassage, TokenReader};

impl Cues {
    /// Whether what was last told in words is asked for once more.
    pub(super) fn asks_words_again(&self, passage: &SpokenPassage, heard: &HeardTurn) -> bool {
        let text = passage.text;
        let is_wrong = || self.last_words.contains(Wording::Secret) && heard.denies(text);
        let is_again = || heard.spells(text) || heard.retries() || heard.is_puzzled(text);
        let is_free = !self.is_past && self.words.is_empty();
        is_free && (is_again() || is_wrong() || heard.reads_name(text))
    }

    /// What a caller may answer: what was asked for, and what he puts right.
    pub(crate) fn ask_caller(&self, passage: &mut SpokenPassage) {
        let reader = passage.reader();
        (passage.asked, passage.also) = (self.asked, self.also);
        passage.reference = self.reference;
        passage.asks_time = self.asks_time;
        let Some(last) = self.last else { return };
        let corrects = corrects(reader, self.is_past);
        let is_bare = (corrects || self.is_told) && tells_numbers(reader);
        if !corrects && !self.is_told {
            return;
        }
        passage.is_bare = is_bare;
        passage.puts_right = self.asked.is_none();
        (passage.asked, passage.also) = match (self.asked, self.also) {
            (None, _) => (Some(last), [None; ALSO]),
            (asked, [None, ..]) => (asked, [Some(last), None]),
            (asked, also) => (asked, also),
        };
    }

    /// What an assistant may read back: what is under way, or was answered last where it says only
    /// numbers.
    pub(crate) fn ask_assistant(&self, passage: &mut SpokenPassage) {
        let is_open = self.is_under_way() || self.last.is_some() && !self.is_past;
        if !is_open && self.asked.is_none() && says_part(passage) {
            (passage.asked, passage.is_bare) = (Some(Topic::Number), true);
            return;
        }
        let reader = passage.reader();
        passage.is_bare = is_open && tells_numbers(reader);
        if is_open && self.last == Some(Topic::Birth) && reads_back(reader) {
            passage.asked = self.last;
            return;
        }
        passage.reference = self.reference;
        let tells_reference = self.asked == Some(Topic::Reference);
        passage.asked = match self.is_under_way() || tells_reference {
            true => self.asked,
            false => self.last.filter(|_| passage.is_bare),
        };
    }

    /// What was told in words, and may be said again by an assistant, or put right by a caller.
    pub(crate) fn told(&self, reader: TokenReader, speaker: Speaker) -> Wordings {
        let is_open = match speaker {
            _ if self.last_words.is_empty() => false,
            Speaker::Caller => {
                let is_said_anew = self.is_told && (spells(reader) || is_one_word(reader));
                corrects(reader, self.is_past) || is_said_anew
            }
            Speaker::Assistant => !self.is_past,
            Speaker::Other => false,
        };
        // "T h o, yes": letters that are read back while more are waited for.
        let is_letter = |at: usize| reader.is_letter(at) && !reader.says_any(at, &["a", "i"]);
        let floor = reader.floor;
        let is_echo = speaker == Speaker::Assistant
            && self.words.contains(Wording::Name)
            && (floor..floor + 2).any(|at| is_letter(at) && is_letter(at + 1));
        // "Ninety six?"
        let is_number = speaker == Speaker::Assistant
            && self.words.contains(Wording::Address)
            && (tells_numbers(reader) || asks_back_number(reader));
        // "Wojcik, got it": what was spelled in pieces.
        let is_spelled = speaker == Speaker::Assistant
            && self.words.contains(Wording::Name)
            && reads_name_back(reader);
        let is_echo = is_echo || is_number || is_spelled;
        match () {
            () if is_open => self.last_words,
            () if is_echo => self.words,
            () => Wordings::default(),
        }
    }
}
