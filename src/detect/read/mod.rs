//! A text read: cut into tokens, the phrases among them, the numbers, codes and dates that stand
//! or are said in it.
//!
//! It says what stands there and how it is said, never what is private.

mod code;
mod cue;
mod date;
mod digits;
mod gap;
mod host;
mod letter;
mod lexicon;
mod number_word;
mod passage;
mod phrases;
mod reader;
mod repair;
mod run;
mod said_digits;
mod series;
mod signs;
mod token;
mod view;

pub(super) use code::{CodeReader, SpokenCode};
pub(super) use cue::{Cue, cues, is_complement};
pub(super) use date::{SaidDate, date_at, feast_at, year_at};
pub(super) use digits::starts as digit_starts;
pub(super) use gap::LONGEST_GAP;
pub(super) use lexicon::Lexicon;
pub(super) use number_word::{DigitGroup, DigitSink, FewDigits};
pub(super) use passage::{GivenDigits, SpokenPassage};
pub(super) use reader::TokenReader;
pub(super) use run::{Run, bytes_of, runs};
pub(super) use said_digits::SaidDigits;
pub use signs::{SaidSigns, SignWord};
pub(super) use token::{Token, TokenKind, phrase_words, tokenize};
pub use view::View;
