//! The phrases behind which people give a name or an address.

use super::Meanings;

/// How sure a phrase is of the name behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Surety {
    /// A name stands there in any case; recognisers write names small.
    Sure,
    /// A capital says that it is one.
    Likely,
}

/// Phrases behind which a name stands.
pub(crate) const NAMED: &Meanings<Surety> = &[
    (
        Surety::Sure,
        "my name is, my name's, name is, names is, my names, full name is, first name is, last name is, surname is, \
         maiden name is, i am called, call me, goes by, name on the card is, his name is, her name is, spouse is, \
         name was, named him, named her",
    ),
    (
        Surety::Likely,
        "this is, i am, i'm, it's, speak with, speak to, talk to, name, name on the card, name on card, cardholder, \
         patient, customer, the caller, in the name of, appointment for, follow up with, thanks, thank you, hi, \
         hello, dear, contact, reach, under, regards, mr, mrs, ms, dr, miss, sincerely, ask for, account holder, \
         tenant, resident, policyholder, applicant, passenger, beneficiary, holder, given, family, ship to, bill to, \
         attn, firstname, lastname, fullname, my wife, my husband, my son, my daughter, my friend, directed by, \
         signed",
    ),
];

/// Phrases behind which an address stands, whatever its street is called.
pub(crate) const AT_HOME: &Meanings<()> = &[(
    (),
    "live at, lives at, living at, live on, address is, address to, deliver to, delivered to, ship to, shipped to, \
     located at, pick up from, return to, moved to, mail it to, send it to, address, reside at, office is at, \
     house is at, home is at, we're at, staying at, new one to",
)];
