//! The keys of records, and what their values are: columns of tables, fields of JSON, lines of
//! notes.
//!
//! Keys are words here: `callerName`, `caller_name` and `Caller name` are all "caller name".

use super::Meanings;
use crate::detect::Detector;

/// What stands under a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum RecordKey {
    /// A value of one kind.
    Of(Detector),
    /// A person: their name, or how to reach them.
    Person,
    /// A name, of a person only where the record is one's.
    AnyName,
    /// An affair or a thing of somebody, by its code.
    Case,
    /// What somebody signs in as.
    UserName,
    /// A person, or what they sign in as.
    User,
    /// A town, a region: part of an address only beside its street.
    Place,
    /// The digits of a telephone number before those beside it.
    Area,
    /// A part of what the key around it, or a key beside it, names.
    PartOf,
    /// Whose the record is, or what of it: says nothing of the value alone.
    Owner,
    /// From whom or to whom: an account where it has an account's form.
    Party,
    /// How a value is kept: "number", "text".
    Form,
    /// Said of people: how many they are.
    OfPeople,
    /// A thing: a record with this key is nobody's.
    Thing,
    /// Holds the name of a key, whose value stands beside it.
    KeyName,
    /// Holds the value of such a key.
    KeyValue,
}

/// The keys that say what stands under them.
pub(crate) const RECORD_KEYS: &Meanings<RecordKey> = &[
    (
        RecordKey::Of(Detector::Name),
        "full name, first name, last name, middle name, given name, family name, surname, fname, lname, firstname, \
         lastname, fullname, forename, maiden name, nickname, preferred name, legal name, contact name, cardholder, \
         card holder, cardholder name, name on card, account holder, account holder name, policyholder, \
         policy holder, insured, insured name, beneficiary, payee, payer, addressee, attn, guest name, client name, \
         caller name, customer name, employee name, patient name, member name, user full name, spouse, next of kin, \
         emergency contact name, guardian, passenger, passenger name, tenant, applicant, borrower, recipient name, \
         sender name, nombre, apellido, apellidos, nombre completo, vorname, nachname, vollständiger name, prénom, \
         prenom, nom, nom de famille, nom complet, cognome, sobrenome, naam, achternaam, voornaam, titular, kunde, \
         nombres, primer apellido, segundo apellido, nombre titular, familienname, nome completo, nominativo, \
         nome e cognome, imie, imie i nazwisko, traveller name, lead passenger, driver name, owner name, student name, doctor name, person name, \
         registered owner, imię, nazwisko, imię i nazwisko, jméno, příjmení, ad soyad, soyad, navn, namn, fornavn, etternavn, \
         efternavn, förnamn, efternamn, nama, nama lengkap, nimi, sukunimi, nume, prenume, nombre y \
         apellidos, account name, person, contact person, first, last, given, family, middle, display name, holder name",
    ),
    (
        RecordKey::Of(Detector::Phone),
        "phone, telephone, tel, t, mobile, cell, cellphone, msisdn, ani, dnis, cli, caller id, callerid, fax, whatsapp, \
         phone number, contact number, callback, callback number, mobile number, landline, phone no, tel no, \
         mobile no, cell number, cell phone, home phone, work phone, mobile phone, contact phone, day phone, \
         evening phone, numer telefonu, nr telefonu, nr tel, telefonnr, tlf, tlf nr, mobil, mobilnr, mobilnummer, puhelin, \
         puhelinnumero, cep telefonu, telefone, fone, fono, téléphone portable, nomor telepon, no hp, from number, to number, caller number, customer number phone, phonenumber, telephone number, \
         tfno, tlfno, telf, telefono fijo, telefono movil, tel movil, tel fijo, tel portable, tel fixe, num tel, festnetz, mobiltelefon, \
         numero telefono, numero de telefono, número de teléfono, numéro de téléphone, numero de telephone, telemovel, \
         telemóvel, mob, ph, telefon, teléfono, telefono, téléphone, telefonnummer, móvil, movil, celular, handy, handynummer, \
         portable, rufnummer, telefoon, cellulare, reach at, caller phone number, alt phone, whatsapp number",
    ),
    (
        RecordKey::Of(Detector::Email),
        "email, e mail, mail, email address, e mail address, emailaddress, email id, contact email, work email, \
         personal email, mailbox, e post, epost, eposta, e posta, adresse mail, adresse email, indirizzo email, correo, correo electrónico, correo electronico, courriel, email adresse",
    ),
    (
        RecordKey::Of(Detector::Birthdate),
        "dob, d o b, yob, birth date, birthdate, date of birth, dateofbirth, birthday, born, bday, birth, year of birth, \
         birth year, born on, data urodzenia, datum narození, fødselsdato, födelsedatum, syntymäaika, doğum tarihi, tanggal lahir, \
         fecha nac, fecha de nac, nascimento, data nascimento, data nasc, dt nasc, nascita, data nascita, date naissance, \
         geb dat, f nacimiento, geb datum, gebdatum, gebdat, geburtstag, née le, né le, f nac, fec nac, geburtsdatum, geboren, geb, fecha de nacimiento, fecha nacimiento, date de naissance, \
         data di nascita, data de nascimento, geboortedatum",
    ),
    (
        RecordKey::Of(Detector::Ssn),
        "ssn, social, social security, social security number, social security no, sin, tin, itin, tax id, ssn last 4, \
         last 4 ssn, ssn 4, social insurance number, ssn last four, last 4 of ssn, socialsecuritynumber, taxpayer id, \
         last 4 social",
    ),
    (
        RecordKey::Of(Detector::Card),
        "card, card number, cardnumber, cc, cc number, ccnum, cc num, pan, credit card, credit card number, \
         debit card, debit card number, card no, card num, card last 4, last 4, last four, card last four, \
         payment card",
    ),
    (
        RecordKey::Of(Detector::Cvv),
        "cvv, cvc, cvv 2, cvc 2, security code, csc, card code",
    ),
    (
        RecordKey::Of(Detector::Pin),
        "pin, tpin, mpin, phone pin, telephone pin, account pin, voicemail pin, door pin, security pin, atm pin, upi pin, card pin, otp, passcode, one time code, verification code, mfa, 2fa, totp, sms code, otp code, one time password, mfa code, pin code number, 2fa code, auth code, \
         login code",
    ),
    (
        RecordKey::Of(Detector::Account),
        "acct, account, account number, acct no, acct num, acct number, account no, account num, acc no, acc number, \
         routing, routing number, aba, sort code, sortcode, bsb, bank account, bank account number, accountnumber, \
         transit number, blz, bankleitzahl, kontonummer, numéro de compte, número de cuenta, cuenta, konto, from account, to account, \
         debit account, credit account, source account, destination account, payer account, payee account, \
         beneficiary account, account ref, funding account, nuban, dtmf, dtmf input, dtmf digits, keypress, \
         keypresses, keypad input, digits entered, entered digits",
    ),
    (RecordKey::Of(Detector::Iban), "iban"),
    (
        RecordKey::Of(Detector::Zip),
        "zip, zipcode, zip code, postal, postal code, postalcode, postcode, post code, eircode, pincode, pin code, \
         zip plus 4, zip 5, psč, psc, kod pocztowy, postnummer, postnr, postinumero, cep, posta kodu, kode pos, irányítószám, plz, cp, c p, c postal, cod postal, cód postal, codice postale, kod poczt, postleitzahl, code postal, código postal, codigo postal, cap, eir code",
    ),
    (
        RecordKey::Of(Detector::Id),
        "user id, userid, uid, member id, member number, member no, patient id, patient number, mrn, \
         medical record number, customer id, customer number, customer no, client id, client number, employee id, \
         employee number, emp id, passport, passport number, passport no, driver license, drivers license, \
         driving licence, driver licence, driving license, license number, licence number, driver license number, \
         dl, dl number, nino, ni number, national insurance, national insurance number, nhs, nhs number, \
         medicare, medicare number, medicare id, medicaid, medicaid id, aadhaar, aadhar, pan number, policy number, \
         policy no, policy id, policy, subscriber id, insurance id, insurance number, national id, national id number, \
         id number, id card, plate, license plate, licence plate, number plate, vehicle registration, vrm, vin, \
         tax file number, tfn, student id, staff id, loyalty number, membership number, membership id, group number, \
         health card, frequent flyer, person id, contact id, caller ref id, guest id, account id, cust id, cust no, cust number, badge, \
         badge number, nric, fin, hkid, cnic, pps, ppsn, pps number, emirates id, ghana card, bvn, nin, curp, cpf, dni, \
         nie, nif, bsn, pesel, personnummer, ausweisnummer, codice fiscale, steuer id, pasaporte, passeport, reisepass, \
         a number, alien number, alien registration number, green card number, uscis number, ppt, ppt no, rego, \
         registration, reg no, reg plate, plate number, license plate number, car reg, chassis number, \
         kennzeichen, matrícula, id no, id num, national no, voter id, mykad, iqama, civil id, kra pin, health number, \
         health card number, vers nr, versnr, versicherungsnummer, versichertennummer, kd nr, kdnr, kundennummer, kundennr, kunden nr, \
         mitgliedsnummer, mitgliedsnr, cédula, cedula, rut, cuil, cuit, nuss, nss, tc kimlik no, tckn, kimlik \
         no, rodné číslo, henkilötunnus, cpr nr, fødselsnummer, iccid, imei, imsi, patient no, hi card, fob, \
         fob number, microchip, microchip number, frame number, utr, ohip, phn, ihi, mbi, hicn, claim number, claim id, matric no, roll no, dl no, licence no, \
         license no, lic no, mpan, mprn, nmi, badge no, fob no, staff no, student no, nhi, membership no, medicare no, nhs no, medical record, patient ref",
    ),
    (
        RecordKey::Of(Detector::Address),
        "address, addr, addr 1, addr 2, address 1, address 2, address line 1, address line 2, line 1, line 2, street, \
         street address, street 1, street 2, street line 1, street name, home address, mailing address, \
         billing address, shipping address, delivery address, dirección, direccion, domicilio, calle, adresse, \
         anschrift, straße, strasse, rue, indirizzo, endereço, adres, property address, pickup address, \
         drop off address, physical address, permanent address, correspondence address, eir address, residence, address line, full address, addr line 1, \
         addr line 2, house, house number, residential address, service address",
    ),
    (
        RecordKey::Of(Detector::Secret),
        "password, passwd, pwd, pass, kennwort, passwort, contraseña, contrasena, clave acceso, clave de acceso, clave secreta, senha, mot de passe, mdp, wachtwoord, \
         hasło, haslo, lösenord, secret, api key, apikey, token, access token, client secret, passphrase, private key, \
         auth token, security answer, secret answer, refresh token, bearer",
    ),
    (
        RecordKey::Of(Detector::Ip),
        "ip, ip address, client ip, remote addr, ipaddress",
    ),
    (
        RecordKey::Person,
        "caller, customer, cliente, klant, paciente, client, patient, contact, member, guest, subscriber, employee, requester, owner, \
         lead, callee, emergency contact, resident, participant, student, claimant, complainant, traveller, traveler, driver, recipient, buyer, \
         seller, named insured, account owner, insured person",
    ),
    (RecordKey::AnyName, "name, nome"),
    (RecordKey::Of(Detector::Secret), "pw, pword, psw"),
    (
        RecordKey::UserName,
        "username, user name, login, login name, login id, user login, usr, uname, screen name, account login, \
         usuario, usuário, utente, nome utente, utilisateur, gebruiker, gebruikersnaam, benutzer, nutzername, benutzername, identifiant",
    ),
    (RecordKey::User, "user"),
    (RecordKey::Party, "from, to, source, destination"),
    (
        RecordKey::Place,
        "city, town, locality, suburb, state, province, region, county, post town, ciudad, ort, ville, stadt, provincia, estate, landmark",
    ),
    (RecordKey::Area, "area, area code, prefix, npa"),
    (
        RecordKey::PartOf,
        "exchange, line, number, national, subscriber number, local, country code, ext, extension, year, \
         month, day, y, m, d, dd, mm, yyyy, digits, raw, formatted, part 1, part 2, part 3, part 4, group 1, group 2, \
         group 3, group 4, no, last digits, ending, ending in, ends in, ends with",
    ),
    (
        RecordKey::Owner,
        "my, the, your, enter, primary, secondary, billing, shipping, home, work, alt, alternate, alternative, emergency, \
         main, slots, reservation, booking, appointment, other, new, old, current, previous, verified, preferred, personal, business, \
         profile, personal info, details, info, agent entered, sender, residential, cust, \
         mailing, delivery, service, contact info, daytime, us, uk, on file, confirmed, primary contact, lead guest",
    ),
    (
        RecordKey::Form,
        "value, text, str, string, full, e 164, masked, hash, input, field, entered, given by caller, 1, 2, 3, val, \
         plain, normalized, display, as said, spoken, heard, confirmed by caller, provided",
    ),
    (
        RecordKey::OfPeople,
        "party size, party, guests, covers, pax",
    ),
    (
        RecordKey::Thing,
        "sku, price, qty, quantity, product, stock, parameters, arguments, description, cuisine, calories, unit price, \
         category, brand, version, currency, cost, arguments json, instructions, function, permissions, endpoint, \
         path, method, duration minutes, capacity, score, rating",
    ),
    (
        RecordKey::KeyName,
        "key, field name, label, attribute, property, question, slot, param, parameter, entity, column, variable, \
         prompt, asked for, purpose",
    ),
    (
        RecordKey::KeyValue,
        "answer, content, response, data, entry, reply",
    ),
];

/// What stands in the place of a value, and is none.
pub(crate) const NO_VALUES: [&str; 67] = [
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "unknown",
    "none",
    "null",
    "n/a",
    "na",
    "yes",
    "no",
    "true",
    "false",
    "string",
    "number",
    "integer",
    "boolean",
    "object",
    "array",
    "redacted",
    "required",
    "optional",
    "pending",
    "missing",
    "invalid",
    "new",
    "test",
    "admin",
    "agent",
    "assistant",
    "system",
    "default",
    "guest",
    "anonymous",
    "unavailable",
    "blocked",
    "private",
    "restricted",
    "mobile",
    "landline",
    "home",
    "work",
    "primary",
    "secondary",
    "existing",
    "returning",
    "valid",
    "verified",
    "not provided",
    "not given",
    "on file",
    "same",
    "same as above",
    "tbd",
    "tba",
    "see above",
    "email",
    "phone",
    "user",
    "caller",
    "customer",
    "active",
    "inactive",
    "ok",
    "undefined",
    "empty",
];
