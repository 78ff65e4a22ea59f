//! Official numbers of a person: passports, licences, insurance, members, patients.

use super::topics::Topic;

/// Phrases that speak of one.
pub(super) const CUES: &[(Topic, &str)] = &[(
    Topic::Id,
    "passport, passport number, passport no, passport id, passport num, passport card number, driver's license, drivers license, \
     driver license, driving license, driving licence, drivers licence, driver's licence, driver's license number, \
     drivers license number, driver license number, driving licence number, driving license number, driver's licence number, \
     drivers licence number, license number, licence number, license no, licence no, license, licence, dl, d l, dl number, \
     dl no, d l number, license plate, licence plate, plate number, license plate number, number plate, \
     national insurance number, national insurance, ni number, n i number, nino, nhs number, n h s number, \
     plan id, health plan id, plan number, health plan number, policyholder id, policyholder number, \
     member id, member i d, member id number, member number, member no, membership number, membership id, membership no, \
     memberid, membership, subscriber id, subscriber number, subscriber i d, group number, insurance id, insurance number, \
     insurance member id, insurance card, insurance card number, health insurance number, health card, health card number, \
     policy number, policy no, policy id, policy, policynumber, medicare number, medicare id, medicare, medicaid number, \
     medicaid id, medicaid, patient id, patient number, patient record, patient record number, patient no, patient i d, \
     medical record number, medical record no, medical record, mrn, m r n, mrn number, chart number, health record, \
     student id, student number, student id number, student i d, employee id, employee number, employee no, employee i d, \
     badge number, badge id, staff id, staff number, national id, national id number, national identity number, \
     identity number, identity card, identity card number, identification number, identification card, id number, i d number, \
     id no, id card number, id card no, my id, my i d, state id, state i d, state id number, government id, photo id, \
     green card number, alien number, alien registration number, uscis number, visa application number, \
     known traveler number, redress number, traveler number, frequent flyer number, frequent flyer, loyalty number, \
     loyalty id, rewards number, rewards id, customer id, customer number, customer no, client id, client number, vin, v i n, \
     vin number, vehicle identification number, military id, dod id, veteran id, voter id, voter registration number, \
     aadhaar, aadhaar number, pan card, pan number, cpf, curp, bsn, dni, nie, personnummer, tax file number, tfn, \
     ni no, n i no, nat ins no, nat ins number, national insurance no, cdl, cdl number, cdl no, lic, lic no, lic number, driver's lic, \
     drivers lic, driver lic, driver's lic no, mbr, mbr id, mbr no, mbr number, member, subscriber no, \
     steuer id, steueridentifikationsnummer, steuernummer, personalausweis, ausweisnummer, reisepass, codice fiscale, nif, \
     medicare card, medicare card number, library card, library card number, green card, insurance card no, \
     membership card, membership card number, loyalty card, loyalty card number, loyalty, id card, patient card, \
     member card, member card number, npi, npi number, dea number, prescription number, rx number, rx, group id, beneficiary number, registration number",
)];

/// Whether so many letters and digits are one where it was spoken of.
pub(super) fn fits(length: usize) -> bool {
    (5..=20).contains(&length)
}

#[cfg(test)]
mod tests {
    use super::super::Detector;
    use super::super::testing::{check, check_one};

    #[test]
    fn values_are_found_beside_their_words() {
        for (text, value) in [
            ("Passport number ZL4977656", "ZL4977656"),
            ("Member ID: MRN-4579347", "MRN-4579347"),
            ("N912490542546 is my driver's license", "N912490542546"),
            (
                "my member id is w two four five seven eight eight one",
                "w two four five seven eight eight one",
            ),
        ] {
            check_one(Detector::Id, text, value);
        }
    }

    #[test]
    fn other_numbers_stay() {
        check("my passport expires in 2027", &[]);
    }
}
