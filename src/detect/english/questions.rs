//! The questions that are answered in words, and what they ask for.

use super::Meanings;

/// What a question asks for that is answered in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Wording {
    /// A person's name.
    Name,
    /// A postal address.
    Address,
    /// A place, which may be a postal address.
    Place,
    /// A password.
    Secret,
    /// A username.
    Login,
    /// Something that only sounds alike.
    Other,
}

/// All that is asked for and answered in words, in the usual order.
pub(crate) const WORDINGS: [Wording; 5] = [
    Wording::Name,
    Wording::Address,
    Wording::Place,
    Wording::Login,
    Wording::Secret,
];

/// A set of what is asked for and answered in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct Wordings(u8);

impl Wordings {
    /// Adds one.
    pub(crate) fn insert(&mut self, wording: Wording) {
        self.0 |= 1 << wording as u8;
    }

    /// Takes one away.
    pub(crate) fn remove(&mut self, wording: Wording) {
        self.0 &= !(1 << wording as u8);
    }

    /// Whether one is in the set.
    pub(crate) fn contains(self, wording: Wording) -> bool {
        self.0 & (1 << wording as u8) != 0
    }

    /// Whether nothing is in it.
    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What is in the set and not in another.
    pub(crate) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

/// The phrases of such questions.
pub(crate) const QUESTIONS: &Meanings<Wording> = &[
    (
        Wording::Name,
        "your name, your full name, your legal name, full name, first name, last name, first and last name, surname, \
         family name, maiden name, mother's maiden name, legal name, name please, who am i speaking with, who am i speaking to, \
         who am i talking to, who am i talking with, who do i have, who is calling, who's calling, who is this, \
         whom am i speaking with, whom am i speaking to, name on the account, name on the card, name on your card, \
         name on your account, name on the reservation, name on the booking, name on the order, name on the policy, \
         name for the reservation, name for the booking, name for the order, under what name, under which name, \
         what name, which name, what name's, which name's, spell your name, spell your last name, spell the last name, spell the name, \
         spell your first name, the patient's name, patient name, cardholder name, \
         cardholder's name, account holder's name, name, names, the name, second name, christian name, forename, forenames, short for, do they call you, \
         do people call you, do your friends call you, pronounce, pronounced, do you say that, do you say it, do i say that, do i say it, full legal name, middle name, given name, \
         preferred name, your details, initials, middle initial, initial, last names, first names, good name, legal first name, husband's name, wife's name, \
         name of the patient, name of the caller, name of the policyholder, name of the account holder, \
         name of your doctor, name of your attorney, name of your husband, name of your wife, name of the person, \
         name of the passenger, name of the guest, name of the driver, and you'd be, you'd be, you would be, \
         he called, she called, they called, baby called, child called, son called, daughter called, brother called, sister called, wife called, husband called, \
         partner called, mum called, mother called, dad called, father called, call him, call her, and you are, and you're, you are, \
         should i call you, shall i call you, do i call you, can i call you, may i call you, who, who's, whose, whom, \
         who am i on with, who i am speaking with, who i'm speaking with, who i'm speaking to, who i'm talking to, \
         who i am speaking to, who's this, emergency contact, contact on site, site contact, contact person, beneficiary, policyholder, cardholder, account holder",
    ),
    (
        Wording::Address,
        "address, your address, home address, mailing address, street address, billing address, shipping address, \
         delivery address, current address, postal address, full address, address please, the address, \
         where do you live, where should we deliver, where should i send, where should we send, address on file, \
         address on the account",
    ),
    (
        Wording::Address,
        "street, town, suburb, estate, village, townland, which house, what house, your street, which estate, what estate, line two, second line, address line two, apartment, apt, flat, suite, which suite, what suite, suite number, building name, house name, \
         which building, what building, block number, what block, number is the house, number is your house, \
         you live at, your house number, number of the house, number of your house, the town, the suburb, \
         street and city, street and town, building called, name of the building, house called, door number, door no, door number and street, at number, address line one, address line 1, line one of the address, \
         name of the house, the name of the house, the name of your house, the name of the street, the name of your street, number or name of the house, name or number of the house, house number, civic number, civic address, which corner, what corner, which intersection, what intersection, cross streets, house number and street, street number, street name, name of the street, name of your street, \
         the street, street please, what street, which street, what road, which road, the road, unit number, \
         flat number, apartment number, apartment or unit, which flat, which unit, which apartment, what apartment, \
         what unit, your unit, unit, number house, which floor, what floor, which property, what property, house or a flat, house or flat, flat or a house, house or an apartment, \
         house or apartment, apartment or a house, pickup location, pick up location, delivery location, pickup address, pick up address, service address, new address, old address, \
         previous address, last address, installation address, property address, correspondence address, \
         permanent address, residential address, registered address, your residence, first line of your address, \
         first line of the address, where are you located, where are you based, where is the property, \
         where should the technician, where should the engineer, where should the driver, where should we come, \
         where should they come, where shall we come, where shall i send, where shall we send, where shall we deliver, \
         where do i send, where do we deliver, where can we find you, where would you like it delivered, \
         where would you like it sent, where do you want it delivered, where do you want it sent, where do you stay, \
         where do you reside, where are you staying, nearest landmark, any landmark, your location, cross street, level and unit, unit and level, what number on, which number on",
    ),
    (
        Wording::Secret,
        "your password, the password, a password, wifi password, wi fi password, network password, \
         phone password, telephone password, safe word, account password, password please, your passphrase, your pass phrase, \
         memorable word, security word, secret word, code word, your security answer, \
         answer to your security question, your secret answer, first pet, first school, \
         answer to the security question, answer to that question, \
         what password, which password, what passphrase, which passphrase, what pass phrase, which pass phrase, \
         the passphrase, the pass phrase, what code word, which code word, what secret word, which secret word, \
         security phrase, agreed password, agreed passphrase, temporary password, temp password, current password, \
         old password, existing password, initial password, default password, \
         verbal password",
    ),
    (
        Wording::Login,
        "username, user name, user name's, login name, login, user id, online id, online banking id",
    ),
    (
        Wording::Other,
        "should i call you on, should i call you at, should i call you back, shall i call you on, shall i \
         call you at, shall i call you back, do i call you on, do i call you at, do i call you back, can i \
         call you on, can i call you at, can i call you back, may i call you on, may i call you at, may i \
         call you back, \
         unit price, unit cost, unit of, units of, \
         who would you like to send, who would you like to transfer, who do you want to send, who do you want to transfer, \
         who should i send, who should i transfer, who are you sending, who are you transferring, to whom will you send, \
         whom would you like to send, whom would you like to transfer, who would you like to pay, who do you want to pay, email address, e mail address, gmail address, mail address, ip address, web address, \
         website address, mac address, email addresses, business name, company name, \
         name of the business, name of the company, name of the product, \
         name of the restaurant, name of the hotel, name of the doctor's office, name of your bank, name of your company, \
         name of your employer, name of your business, name of your school, name of the school, name of the store, \
         name of the shop, name of the event, name of the song, name of the movie, name of the medication, name of the, \
         name of your, name of, brand name, product name, drug name, medication name, medicine name, model name, spell the name of the, pet's name, dog's name, cat's name, company's name, hotel's name, \
         bank's name, hotel name, restaurant name, event name, store name, school name, file name, \
         network name, domain name, display name, screen name, team name, project name, bank name, employer's name, \
         who do you bank, who do you work, who is your provider, who is your employer, who is your insurer, \
         who is your carrier, who is your bank, who's your provider, who's your employer, who's your insurer, \
         who's your carrier, who's your bank, who told you, who can, who would you, who do you want, \
         who would you like, who's the manufacturer, who is the manufacturer, who made, who makes, who sells, \
         who supplies, who's the maker, user's name, \
         reset your password, change your password, new password, \
         what number on it, which number on it, what number on the card, what number on your card, \
         what number on the letter, what number on the bill, what number on the back, what number on the front",
    ),
];
