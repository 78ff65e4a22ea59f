//! Bank accounts that tell themselves by their groups: Britain's sort code with the account behind
//! it, and New Zealand's of bank, branch, account and suffix.
//!
//! A sort code alone looks like a date, and needs its name.

use std::ops::Range;

use crate::detect::Detector;
use crate::detect::hearing::Hearing;
use crate::detect::read::{TokenKind, TokenReader};

/// Claims the accounts of a passage.
pub(crate) fn claim_bank(hearing: &mut Hearing) {
    let reader = hearing.passage.reader();
    let mut at = hearing.passage.first;
    while at < hearing.passage.end {
        let found = match digits(reader, at) {
            2 if !is_glued_before(reader, at) => account_at(reader, at),
            _ => Vec::new(),
        };
        let is_free = |range: &Range<usize>| !hearing.claims.is_any_taken(range.clone());
        if found.is_empty() || !found.iter().all(is_free) {
            at += 1;
            continue;
        }
        for range in found {
            at = range.end;
            let tokens = reader.tokens.get(range.clone()).unwrap_or(&[]);
            let own = tokens.iter().filter(|one| one.kind == TokenKind::Digits);
            let value = own.map(|one| one.of(reader.text)).collect();
            hearing.claims.claim(range, Detector::Account, value);
        }
    }
}

fn account_at(reader: TokenReader, at: usize) -> Vec<Range<usize>> {
    let british = || british(reader, at);
    new_zealand(reader, at)
        .map(|range| vec![range])
        .or_else(british)
        .unwrap_or_default()
}

// "80-22-60 / 00417728", "80-22-60 a/c 00417728".
fn british(reader: TokenReader, at: usize) -> Option<Vec<Range<usize>>> {
    const ACCOUNT: usize = 8;
    const BETWEEN: usize = 5;
    let is_pair = |back: usize| digits(reader, at + back) == 2;
    let is_joined = |back: usize| reader.is_mark(at + back, b'-') && is_touching(reader, at + back);
    let is_code = is_joined(1) && is_pair(2) && is_joined(3) && is_pair(4);
    let end = at + 5;
    if !is_code || reader.touches_next(end - 1) && reader.is_mark(end, b'-') {
        return None;
    }
    let is_silent = |at: &usize| {
        let token = reader.token(*at);
        let names = ["a", "c", "acc", "acct", "account", "ac", "no", "number"];
        token.is_some_and(|token| matches!(token.kind, TokenKind::Mark(_)))
            || reader.says_any(*at, &names)
    };
    // "Acct 71940826, sort 40-47-81".
    let is_named = at > reader.floor && reader.says_any(at - 1, &["sort", "sc"]);
    let account = end + (end..end + BETWEEN).take_while(is_silent).count();
    let is_account = digits(reader, account) == ACCOUNT && !is_glued_behind(reader, account);
    let account = is_account.then(|| account..account + 1);
    let all = std::iter::once(at..end).chain(account);
    (is_account || is_named).then(|| all.collect())
}

// "12-3113-0045178-00", with blanks as well.
fn new_zealand(reader: TokenReader, at: usize) -> Option<Range<usize>> {
    const LENGTHS: [RangeOfLengths; 3] = [(4, 4), (7, 7), (2, 3)];
    let mut end = at + 1;
    for (least, most) in LENGTHS {
        let mark = usize::from(reader.is_mark(end, b'-'));
        let next = end + mark;
        let is_near = mark == 1 && is_touching(reader, end) || is_one_blank(reader, end);
        if !is_near || !(least..=most).contains(&digits(reader, next)) {
            return None;
        }
        end = next + 1;
    }
    (!is_glued_behind(reader, end - 1)).then_some(at..end)
}

/// The least and the most digits of a group.
type RangeOfLengths = (usize, usize);

fn digits(reader: TokenReader, at: usize) -> usize {
    let token = reader.token(at).filter(|one| one.kind == TokenKind::Digits);
    token.map_or(0, |one| one.len())
}

fn is_touching(reader: TokenReader, mark: usize) -> bool {
    mark > 0 && reader.touches_next(mark - 1) && reader.touches_next(mark)
}

fn is_one_blank(reader: TokenReader, at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| reader.token(before));
    let pair = before.zip(reader.token(at));
    pair.is_some_and(|(left, right)| left.end + 1 == right.start)
}

fn is_glued_before(reader: TokenReader, at: usize) -> bool {
    let before = at
        .checked_sub(1)
        .filter(|before| reader.touches_next(*before));
    before
        .and_then(|before| reader.token(before))
        .is_some_and(|token| {
            token.is_word()
                || token.kind == TokenKind::Digits
                || matches!(token.kind, TokenKind::Mark(b'-' | b'.' | b'/'))
        })
}

fn is_glued_behind(reader: TokenReader, at: usize) -> bool {
    let next = reader.token(at + 1).filter(|_| reader.touches_next(at));
    next.is_some_and(|next| next.is_word() || next.is_mark(b'-'))
}

#[cfg(test)]
mod tests {
    use crate::detect::Detector::Account;
    use crate::detect::testing::check;

    #[test]
    fn accounts_are_told_by_their_groups() {
        for text in ["S/C 40-47-81 a/c 71940826", "he gave 40-47-81 / 71940826"] {
            check(text, &[(Account, "40-47-81"), (Account, "71940826")]);
        }
        for (text, value) in [
            ("and sort 90-13-51 then", "90-13-51"),
            ("pay it to 12-3113 0045178 00 then", "12-3113 0045178 00"),
            ("bank 38-9014-0447182-000", "38-9014-0447182-000"),
        ] {
            check(text, &[(Account, value)]);
        }
    }

    #[test]
    fn the_first_nine_digits_of_a_cheque_are_a_banks() {
        let value = "one two two one oh five one five five";
        check(
            &format!("on the check the first nine are {value}"),
            &[(Account, value)],
        );
        check("the first nine guests arrive at seven oh five", &[]);
        check("sorry this is tiny but it matters", &[]);
    }

    #[test]
    fn dates_and_parts_are_no_accounts() {
        for text in [
            "part 40-47-81-22 of 71940826",
            "scores were 10-12-11 and 71940826 watched",
            "version 12-3113-0045178-0",
        ] {
            check(text, &[]);
        }
    }
}
