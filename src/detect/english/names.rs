//! The phrases behind which people give a name or an address.

use super::Meanings;

/// What a phrase says of the words beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameFrame {
    /// They are a name in any case; recognisers write names small.
    Told,
    /// They are the speaker's own name in any case.
    Own,
    /// They are likely the speaker's own name.
    Self_,
    /// A person is likely to be named there.
    Likely,
    /// One near to somebody is named there.
    Kin,
    /// A person may be named there.
    Near,
    /// A form of address.
    Titled,
    /// Somebody is spoken to.
    Greeted,
    /// A letter is told of a name.
    Spelt,
    /// What somebody is called is told.
    Called,
    /// What is written down of somebody is told.
    Recorded,
    /// What is written down is told, of whatever it may be.
    Seen,
    /// A part of a name, and the other is told with it.
    Part,
}

/// Phrases behind which a name stands.
pub(crate) const NAMED: &Meanings<NameFrame> = &[
    (
        NameFrame::Own,
        "my initials are, my name is, my name's, my names, my full name is, my first name is, my last name is, my surname is, \
         my good name is, my own name is, myself, i am called, i'm called, i go by, you can call me, \
         people call me, everyone calls me, everybody calls me, they call me, friends call me, folks call me, mates call me, je m'appelle, \
         mein name ist, me llamo, mi nombre es, mi chiamo, meu nome é, ik heet",
    ),
    (
        NameFrame::Told,
        "name is, name's, names is, full name is, full name, first name is, first name, last name is, last name, surname is, \
         surname, surname's, last name's, first name's, nickname's, family name is, family name, maiden name is, maiden name, middle name is, middle name, \
         given name is, given name, legal name is, legal name, good name is, good name, nickname is, first names, \
         known as, goes by, name on the card is, name on the account is, name on the policy is, name on it is, \
         name on the booking is, name on the reservation is, name on the order is, his name is, her name is, \
         their name is, spouse is, name was, named him, named her, under the name of, under the name, \
         under the names, in the name of, by the name of, under name of, name would be, name should be, \
         name to put is, name it's under is, name it's under, goes by the name of, firstname, lastname, fullname",
    ),
    (
        NameFrame::Self_,
        "this is, i am, i'm, it's, its, it's only, it's just, c'est, ich bin, soy, hier ist, yes this is, it is",
    ),
    (
        NameFrame::Likely,
        "name, name on the card, name on card, name on account, name on acct, cardholder, \
         card holder, patient, patient is, customer, customer is, the caller, caller is, account under, client is, \
         on behalf of, appointment for, follow up with, contact, reach, under, regards, sincerely, account holder, account holder is, acct holder, tenant, tenant is, resident, policyholder, \
         policyholder is, applicant, passenger, passenger is, beneficiary, holder, given, family, ship to, bill to, \
         attn, directed by, signed, call me, tell, me and, i and, and myself, yours truly, \
         insured is, traveller, traveler, guest is, guest, claimant, complainant, owner, owner is, owners, tenants, occupier, executor, executors, applicants, student, \
         student is, buyer, seller, recipient, payee, contact is, emergency contact is, next of kin is, \
         attention of, care of, c o, made by, booked by, placed by, signed by, signed for by, received by, prepared by, approved by, collected by, driver, pupil, paid by, issued to, registered to, \
         belongs to, made out to, payable to, addressed to, reserved for, booked for, reservation for, \
         booking for, booking is for, reservation is for, it's under, booked under, listed under, filed under, \
         put it under, put that under, is under, card says, account says, id says, put me down as, \
         meet, meeting with, seeing, appointment with, call for, is that, am i speaking with, am i speaking to, am i talking to, \
         you're talking to, you are talking to, you're speaking to, you're speaking with, you are speaking to, \
         you are speaking with",
    ),
    (
        NameFrame::Kin,
        "called, named, mate, wife, husband, son, daughter, friend, partner, mother, father, mum, mom, dad, mam, brother, sister, boss, \
         colleague, neighbour, neighbor, cousin, nephew, niece, grandmother, grandfather, nan, granddad, grandad, \
         grandma, grandpa, granny, gran, boyfriend, girlfriend, fiance, fiancee, landlord, landlady, lawyer, \
         solicitor, attorney, accountant, carer, caregiver, caretaker, child, kid, baby, toddler, twin, stepson, \
         stepdaughter, little one, eldest, youngest, stepdad, stepmum, stepmom, stepfather, stepmother, ex husband, ex wife, roommate, flatmate, \
         housemate, teacher, dentist, therapist, spouse, mother in law, father in law, sister in law, \
         brother in law, son in law, daughter in law, best friend, missus, hubby, \
         husband's, wife's, mum's, mom's, wife is, husband is, daughter is, son is, mother is, father is, \
         partner is, dad is, mum is, mom is, brother is, sister is, boss is, godson, goddaughter, grandson, \
         granddaughter, secretary, my manager, my assistant, my client, my patient, my student, my doctor, \
         my ex, mgr, line manager, line mgr, site manager, team leader, supervisor, keyholder, key holder, the driver, driver was, technician was, guardian is, next of kin",
    ),
    (
        NameFrame::Called,
        "is this, call you, everyone says, everybody says, people say, friends say, say it, says it, pronounced, pronounce it, i sign as, but say, just say, or say, officially, \
         legally, formally, short for, long for, tell him it's, tell her it's, tell them it's, say it's, say it's for, tell them it's for, tell him it's for, tell her it's for, guard it's for, security it's for, reception it's for, doorman it's for, concierge it's for, i used to be, name from, \
         names are, caller was, think it was, is that you, put down, just write, me name's, i answer to, speak with, speak to, speaking with, speaking to, \
         spoke with, spoke to, spoken to, talk to, talk with, talking to, talking with, talked to, ask for, asking for, holding for, leave it with, left it with, gave it to, hand it to, handed it to, signs as, call her, call him, deal with, dealt with, dealing with, \
         you related to, your relationship to, your relation to, signs his emails, signs her emails, signs his e mails, signs her e mails, \
         love from, happy birthday, get well soon, congrats to, signs off as, signs himself, signs herself, introduced himself as, introduced herself as, transfer me to, put me through to, connect me to, connect me with, message for, calls himself, calls herself",
    ),
    (
        NameFrame::Recorded,
        "you down as, me down as, us down as, him down as, her down as, them down as, have you as, got you as, have me as, \
         got me as, had me as, had you as, have you under, got you under, have me under, got me under, see you as, \
         should say, came up as, comes up as, they've written, you've written, they've put, you've put, has it as, have it as, got it as, \
         printed as, entered as, typed as, spelled me, spelt me, did you say, put me as, me registered as, you registered as, me listed as, you listed as, says here, \
         married name, new name, previous name, former name",
    ),
    (
        NameFrame::Seen,
        "i have, we have, i've got, we've got, i see, we see, i'm seeing, we're seeing, shows, have a, got a, have a mr, \
         seeing a, see a, shows a, there's a, so it's, so that's, with a",
    ),
    (NameFrame::Near, "for, with, from, by, to, per"),
    (
        NameFrame::Titled,
        "mr, mrs, ms, mx, dr, miss, mister, doctor, prof, professor, auntie, aunty, aunt, nana, detective, bishop, matron, uncle, frau, herr, \
         señor, señora, madame, monsieur, nurse, agent, constable, sir, lady, captain, sergeant, officer, rabbi, imam, \
         reverend, pastor, sheikh, deacon, lieutenant, inspector, corporal, alderman, councillor, \
         col, maj, sgt, capt, rev, fr, brig, cpl, chief, judge, engineer, alhaji, alhaja, kuya, ate, smt, shri, sri, \
         mme, mlle, sr, sra, srta, revd, cllr, signor, signora, senhor, senhora, encik, puan, datuk, dato, datin, haji, dona, padre",
    ),
    (
        NameFrame::Greeted,
        "thanks, thank you, thanks a million, thanks a lot, thanks so much, thank you so much, many thanks, no worries, no problem, nice one, thanks in advance, thank you in advance, hi, hello, hey, dear, bye, goodbye, good morning, good afternoon, good evening, \
         okay, ok, yes, no, sorry, cheers, ta, thx, hiya, alright, right, so, well, now, oh",
    ),
];

/// Phrases before which a name stands.
pub(crate) const NAMED_BEFORE: &Meanings<NameFrame> = &[
    (
        NameFrame::Told,
        "is my name, is the name, is my full name, is my last name, is my first name, is my surname, \
         is the surname, is the last name, is the first name, is what they call me, is what people call me, \
         is my given name, is the given name, is the family name, is the middle name, is my family name, is my middle name, is my maiden name, is my second name, \
         is what everyone calls me, that's my name, that is my name, is who i am",
    ),
    (
        NameFrame::Likely,
        "here, speaking, calling, again, on the line, is calling, this side, on this side, is the name on the account, \
         calling again, here again, at your service",
    ),
    (
        NameFrame::Near,
        "party, family, household, residence, reservation, booking, wedding, funeral, account",
    ),
    (
        NameFrame::Recorded,
        "on file, on record, down for, down here",
    ),
    (NameFrame::Called, "in full, for short"),
    (
        NameFrame::Part,
        "first name, given name, christian name, forename, last name, surname, family name, second name",
    ),
    (
        NameFrame::Spelt,
        "with a, with an, with one, with two, with double, without a, without an, without the",
    ),
];

/// Who somebody is, beside those near to one: what is said of them may be a name.
pub(crate) const PEOPLE: &[&str] = &[
    "boy",
    "girl",
    "lad",
    "lass",
    "guy",
    "bloke",
    "fella",
    "fellow",
    "chap",
    "man",
    "woman",
    "gentleman",
    "person",
    "one",
    "nurse",
    "receptionist",
    "manager",
    "supervisor",
    "clerk",
    "cashier",
    "waiter",
    "waitress",
    "technician",
    "engineer",
    "plumber",
    "electrician",
    "builder",
    "cleaner",
    "gardener",
    "courier",
    "driver",
    "rider",
    "agent",
    "adviser",
    "advisor",
    "officer",
    "doctor",
    "midwife",
    "surgeon",
    "vet",
    "tutor",
    "coach",
    "instructor",
    "trainer",
    "bridesmaid",
    "groom",
    "bride",
    "guest",
    "patient",
    "pupil",
    "student",
    "tenant",
    "lodger",
    "witness",
    "victim",
    "passenger",
    "owner",
    "contact",
    "executor",
    "trustee",
    "guardian",
    "warden",
    "priest",
    "vicar",
    "usher",
    "babysitter",
    "nanny",
    "nephew",
    "niece",
    "twin",
    "sibling",
    "ex",
    "assistant",
    "teammate",
    "classmate",
    "coworker",
];

/// How sure a phrase is of the address behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Surety {
    /// One stands there in any case.
    Sure,
    /// A capital says that it is one.
    Likely,
}

/// Phrases behind which an address stands: whatever its street is called, or where its words
/// look like one.
pub(crate) const AT_HOME: &Meanings<Surety> = &[
    (
        Surety::Sure,
        "live out on, lives out on, living out on, live over on, live down on, live up on, adresse ist, adresse lautet, ich wohne in der, dirección es, direccion es, vivo en, \
         adresse c'est, j'habite au, j'habite, moro na, moro no, endereço é, abito in, live at, lives at, lived at, living at, live along, lives along, stay along, i live on, we live on, lives on, living on, address is, \
         address was, address, addressed at, reside at, resides at, residing at, located at, located on, office is at, \
         house is at, home is at, flat is at, place is at, my place is, our place is, staying at, live in, based at, registered at, my address, \
         residence is, home is, i stay at, we stay at, i'm staying at, neighbour at, neighbor at, parcel to, package to, i live in, we live in, lives in, lived in, \
         house is called, place is called, cottage is called, farm is called, property is called, home is called, \
         flat is called, bungalow is called, house is known as, property is known as, place is known as, house is named, \
         house's called, place's called, house name is, name of the house is, name of the property is, house called, \
         cottage called, farm called, bungalow called, property called, \
         changed to, address changed to, lives up, live up, the flat's, my flat's, our flat's, \
         mailing address, street address, home address, delivery address, shipping address, billing address",
    ),
    (
        Surety::Likely,
        "he's at, she's at, they're at, address to, i live, we live, he lives, she lives, they live, parcel for, package for, letter for, delivery for, \
         owner of, owners of, tenant of, tenant at, occupier of, moved out of, move out of, moving out of, deliver to, delivered to, ship to, shipped to, pick up from, goods from, parcel from, package from, collect from, collected from, collection from, \
         picked up from, pick me up at, pick me up from, \
         pick up at, return to, moved to, moving to, move to, mail it to, mailed to, send it to, sent to, we're at, i'm at, \
         we are at, i am at, i'm on, new one to, someone to, somebody to, come to, out to, it to, them to, that to, send to, mail to, \
         it's now, i'm outside, parked at, fire at, accident at, incident at, break in at, drop it at, drop off at, delivered at, round to, over to, ring at, locked out at, live off, \
         invoice to, bill to, technician to, engineer to, driver to, taxi to, cab to, ride to, ambulance to, \
         delivery to, flat is, apartment is, house is, unit is, home at, house at, flat at, apartment at, property at, place at, shop at, office at",
    ),
];

/// Phrases that begin a sentence of instructions, and behind which an assistant's own name stands.
pub(crate) const PERSONA_OPENED: &[&[&str]] = &[
    &["you", "are"],
    &["you're"],
    &["your", "name", "is"],
    &["your", "persona", "is"],
];

/// The same, wherever they stand.
pub(crate) const PERSONA_GIVEN: &[&[&str]] = &[
    &["act", "as"],
    &["acting", "as"],
    &["answer", "as"],
    &["respond", "as"],
    &["reply", "as"],
    &["speak", "as"],
    &["pose", "as"],
    &["roleplay", "as"],
    &["role", "play", "as"],
    &["yourself", "as"],
    &["call", "yourself"],
    &["play", "the", "role", "of"],
    &["take", "the", "role", "of"],
    &["play", "the", "part", "of"],
    &["assistant", "name"],
    &["assistant's", "name"],
    &["bot", "name"],
    &["bot's", "name"],
    &["ai", "name"],
    &["persona", "name"],
    &["persona"],
];

/// What an assistant is called in instructions.
pub(crate) const PERSONA_ROLES: &[&str] = &[
    "assistant",
    "agent",
    "bot",
    "chatbot",
    "receptionist",
    "representative",
    "concierge",
    "operator",
    "persona",
    "ai",
];
