//! What must be known of the text before, to take parts out of a reply.

/// What is known of the text before.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct StripState {
    /// What the line is that is under way.
    pub(super) line: StripLine,
    /// The numbers of the list that is under way.
    pub(super) numbers: SeenNumbers,
    /// Whether a table is under way, so that a bar sets cells apart.
    pub(super) is_in_table: bool,
    /// Whether a block is open whose fence went and whose inside is said.
    pub(super) is_in_said_block: bool,
}

/// What a line is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum StripLine {
    /// A sentence, or part of one.
    #[default]
    Plain,
    /// An item, whose mark went.
    Item,
    /// A heading, whose first mark went.
    Heading,
    /// A row of a table.
    Row,
}

/// The numbers that items of lists had so far, up to 127.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct SeenNumbers(u128);

impl SeenNumbers {
    /// Whether an item may have a number: it begins a list, or follows in one.
    pub(super) fn takes(&mut self, number: u32) -> bool {
        let is_seen = |number: u32| number < 128 && self.0 & (1 << number) != 0;
        let is_next = number == 1 || number.checked_sub(1).is_some_and(is_seen);
        if is_next && number < 128 {
            self.0 |= 1 << number;
        }
        is_next
    }
}
