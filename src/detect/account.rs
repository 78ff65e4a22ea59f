//! Bank account and routing numbers.

use super::topics::Topic;

/// Phrases that speak of one.
pub(super) const CUES: &[(Topic, &str)] = &[(
    Topic::Account,
    "account, account number, account numbers, account no, account num, acct, acct number, acct no, acct num, a c number, \
     accountnumber, accountno, bank account, bank account number, checking account, checking account number, checking, \
     savings account, savings account number, savings, current account, deposit account, member account, \
     brokerage account, loan account, loan number, routing, routing number, routing no, routingnumber, \
     routing transit number, routing and transit number, routing code, aba, aba number, aba routing number, aba routing, \
     a b a, a b a number, a b a routing number, a b a routing, transit number, institution number, sort code, \
     sortcode, bank code, bsb, bsb number, wire routing number, wire routing, wire number, ach routing, ach routing number, \
     ach number, rtn, r t n, acc, dda, dda number, dd number, acc no, acc number, acc num, a c no, a c num, a c, ac no, rtg, rtg no, rtg number, transit no, bank a c, savings a c no, direct deposit account, money market account, share account, mortgage account, bank number, \
     bank details, my checking, account ending in, account ending with, blz, kontonummer",
)];

/// Whether so many digits are one.
pub(super) fn fits(length: usize) -> bool {
    (6..=17).contains(&length)
}

#[cfg(test)]
mod tests {
    use super::super::Detector;
    use super::super::testing::{check, check_one};

    #[test]
    fn values_are_found_beside_their_words() {
        for (text, value) in [
            (
                "my account number is nine zero six eight zero nine one five five",
                "nine zero six eight zero nine one five five",
            ),
            ("the routing number is 121042882", "121042882"),
            ("acct no. 15853236", "15853236"),
        ] {
            check_one(Detector::Account, text, value);
        }
    }

    #[test]
    fn other_numbers_stay() {
        for text in ["my account has 3 users", "an account manager for 12 months"] {
            check(text, &[]);
        }
    }
}
