//! Words of other languages that callers and forms use among English ones.
//!
//! Whole sentences in other languages are not understood; these are labels and the parts of names.

use super::english::{Class, Meanings, Topic};

/// Phrases that speak of a private value.
pub(crate) const PRIVATE: &Meanings<Topic> = &[
    (
        Topic::Phone,
        "handy, handynummer, móvil, movil, portable, telefon, telefono, teléfono, téléphone, joignable, rufnummer",
    ),
    (Topic::Account, "blz, kontonummer"),
    (
        Topic::Birth,
        "geburtsdatum, geb datum, geb, geboren, geboren am, né le, née le, ne le, date de naissance, \
         fecha de nacimiento, nacido, nato il",
    ),
    (
        Topic::Zip,
        "plz, postleitzahl, code postal, codigo postal, código postal",
    ),
    (
        Topic::Id,
        "cpf, curp, bsn, dni, nie, personnummer, steuer id, steueridentifikationsnummer, steuernummer, \
         personalausweis, ausweisnummer, reisepass, codice fiscale, nif, pesel, nip, nss, cnp, egn, omang, \
         kenteken, matrícula, kennzeichen, ahv, ahv nummer, numéro de sécurité sociale, uin, rijbewijs, \
         sozialversicherungsnummer, versichertennummer, pasaporte, passeport, rut, dpi, cédula, cedula",
    ),
];

/// How German streets end whose names stand before the house's number.
pub(crate) const STREET_ENDS: [&str; 43] = [
    "straße", "strasse", "str", "gasse", "platz", "allee", "weg", "ring", "ufer", "damm", "straat",
    "gracht", "laan", "plein", "dreef", "gatan", "vägen", "vej", "katu", "vegur", "gata", "stígur",
    "braut", "veien", "vegen", "gaten", "stræde", "rgade", "sgade", "dgade", "kade", "singel",
    "steeg", "allé", "vejen", "vænget", "stræti", "plads", "torv", "dijk", "intie", "kuja", "utca",
];

/// Words with which the names of streets begin that have theirs behind, and others of addresses.
pub(crate) const STREETS: &Meanings<Class> = &[
    (
        Class::STREET_FIRST,
        "rue calle avenida avinguda passeig plaça viale piazza rua jalan lorong carrer paseo chemin impasse allée carretera strada barangay \
         brgy jln phố đường ngõ corso vicolo ulica praça travessa avda av alameda jirón \
         ffordd heol stryd lôn ul taman persiaran lebuhraya kampung bóthar sráid",
    ),
    (Class::STREET_TOO, "lorong jalan"),
    (
        Class::FLAT,
        "appartement appt wohnung piso apto ap étage phường quận bâtiment batiment apartamento bloco portal escalera",
    ),
    (
        Class::PLACE,
        "québec montréal münchen köln wien zürich genève bruxelles méxico",
    ),
];

/// The small words inside names of other languages.
pub(crate) const PARTICLES: [&str; 37] = [
    "van", "von", "de", "den", "der", "la", "le", "di", "da", "del", "al", "bin", "ten", "ter",
    "el", "dos", "das", "du", "st", "abu", "ibn", "bint", "ben", "ní", "ni", "mac", "mc", "o", "y",
    "e", "dela", "della", "zu", "of", "binti", "binte", "bte",
];

/// Those with which a name may begin.
pub(crate) const NAME_HEADS: [&str; 16] = [
    "van", "von", "de", "den", "der", "la", "di", "da", "del", "al", "el", "bin", "mac", "mc", "o",
    "dela",
];
