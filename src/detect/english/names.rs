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

/// Phrases behind which an address stands: whatever its street is called, or where its words
/// look like one.
pub(crate) const AT_HOME: &Meanings<Surety> = &[
    (
        Surety::Sure,
        "live at, lives at, lived at, living at, i live on, we live on, lives on, living on, address is, \
         address was, address, addressed at, reside at, resides at, residing at, located at, located on, office is at, \
         house is at, home is at, flat is at, place is at, staying at, based at, registered at, my address, \
         residence is, home is, i stay at, we stay at, i'm staying at, neighbour at, neighbor at, parcel to, package to, i live in, we live in, lives in, lived in, \
         mailing address, street address, home address, delivery address, shipping address, billing address",
    ),
    (
        Surety::Likely,
        "address to, deliver to, delivered to, ship to, shipped to, pick up from, pick me up at, pick me up from, \
         pick up at, return to, moved to, moving to, move to, mail it to, mailed to, send it to, sent to, we're at, i'm at, \
         we are at, i am at, i'm on, new one to, someone to, somebody to, come to, out to, it to, them to, that to, \
         invoice to, bill to, technician to, engineer to, driver to, taxi to, cab to, ride to, ambulance to, \
         delivery to, flat is, apartment is, house is, unit is, home at, house at, flat at, apartment at, property at, place at, shop at, office at",
    ),
];
