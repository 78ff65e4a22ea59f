//! What is spoken of, and the phrases that speak of a private value.
//!
//! A head noun governs a number whatever it is called beside it; the phrases of numbers that are
//! nobody's secret are in `harmless.rs`, those of other languages are not here.

use super::Meanings;

/// What a number, a code or an address that follows would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Topic {
    /// A card's number.
    Card,
    /// A card's security code.
    Cvv,
    /// A PIN or one-time code.
    Pin,
    /// A social security number.
    Ssn,
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// An official number where letters are among its digits, and else nothing: "the plate".
    Code,
    /// An IBAN.
    Iban,
    /// A bank account.
    Account,
    /// A web address.
    Url,
    /// A date of birth.
    Birth,
    /// A postal code.
    Zip,
    /// A "pin code": of a place where it has six digits, as in India, and else a PIN.
    PinCode,
    /// An official number.
    Id,
    /// A key or password.
    Secret,
    /// A card's expiry.
    Expiry,
    /// An order, a flight, a version: nothing private.
    Reference,
    /// The last digits of something named elsewhere.
    LastFour,
    /// A number, but nothing says of what.
    Number,
    /// Words that only look like numbers or like another topic.
    Nothing,
}

/// Phrases that speak of a private value.
pub(crate) const PRIVATE: &Meanings<Topic> = &[
    (
        Topic::Card,
        "card, cards, card number, card no, card num, cardnumber, credit card, credit card number, creditcard, \
         debit card, debit card number, bank card, bank card number, charge card, payment card, prepaid card, \
         gift card number, visa, visa card, visa number, master card, mastercard, master card number, amex, \
         american express, discover card, diners club, jcb, maestro, cc, cc number, c c, c c number, mc, \
         primary account number, long number, long card number, number on the front, numbers on the front, \
         digits on the front, number on the card, number across the front, long number across the front, \
         sixteen digits, sixteen digit number, sixteen digit card number, fifteen digits, fifteen digit number, \
         card details, card ending in, card ending, card ending with, card that ends in, card ends in, card ends, card ends with, card on file, \
         card digits, full card number, number off the card, number off my card, plastic, 1 6 digit card number, \
         payment method, new card, other card, front of the card, corporate card, business card number, pay with, \
         paying with, pay by, put it on, put that on, put this on, charge it to, charge it on, charged to, \
         charge this to, bill it to, hsa card, fsa card, company card, ccnum, ccnumber, pan on the card, \
         long number on the front, number on the front of the card",
    ),
    (
        Topic::Cvv,
        "cvv, c v v, cvc, c v c, cvv2, cvv code, c v v code, cvc code, cvv number, c v v number, csc, c s c, cid, \
         cid code, cvd, security code, security number, card security code, security number on the back, \
         code on the back, number on the back, numbers on the back, digits on the back, three digits on the back, \
         three digit code, three digit security code, three digit number on the back, four digits on the front, \
         four digit code on the front, code on the back of the card, three numbers on the back, sec code, scode, \
         security digits, card verification, card verification value, card verification code, \
         card verification number, back of the card, on the back, back says, the back says, back it says, on the reverse, signature strip, on the strip, last three digits on the back, three digits, \
         security code on the back, code on the front",
    ),
    (
        Topic::Pin,
        "pin, p i n, pin number, pin is, personal identification number, passcode, pass code, otp, o t p, \
         one time code, one time password, one time passcode, one time pass code, one time pin, verification code, \
         verification number, verify code, authentication code, auth code, authorization pin, access code, \
         login code, log in code, two factor code, 2fa code, 2 f a code, mfa code, six digit code, four digit code, \
         four digit pin, six digit pin, five digit code, eight digit code, six digit number you sent, \
         code you texted me, code you texted, code you just texted me, code you just texted, code you sent, \
         code you sent me, code you just sent, code you just sent me, code you emailed me, code that you sent, \
         code that you sent me, code i got, code i just got, code i received, code i just received, \
         code from the text, code from the message, code from the email, code from my phone, code from my email, \
         code in the text, text code, texted code, code that came, code came through, code they sent, \
         code they texted, code they sent me, sms code, code was texted, code was just texted, code just texted, \
         code was sent, code was just sent, code we sent, code we sent you, code we texted you, code did we send, \
         code did we send you, code did you get, code did you receive, code texted to you, temporary code, \
         unlock code, alarm code, gate code, door code, entry code, keypad code, lock code, security pin, debit pin, \
         digits to your phone, digits to your mobile, digits to your email, digits on your phone, digits we sent, \
         digits i sent, digits you got, digits in the text, digits we texted, digits by text, digits in a text, \
         it came through, it's come through, it's just come through, it just came through, it came up, \
         card pin, atm pin, voicemail pin, voicemail password, account pin, telephone banking pin, telephone pin, \
         secret code, text says, got a text, got your text, got the text, received a text, received your text, \
         text came, got a message, got your message, six digits are, message says, sms says, text said, message said, \
         text reads, message reads, text it says, message it says, to sign in, to log in, to login, code is, \
         code was, mpin, tpin, verification pin, validation code, identification code, phone password, \
         memorable number, upi pin, sim pin, puk, puk code, door pin, gate pin, safe code, padlock code, buzzer code, \
         key code, keybox code, lockbox code, garage code, lockbox, lock box, keybox, key safe, keysafe, keypad, two step code, two step verification code, \
         authenticator code, backup code, recovery code, telephone passcode, voicemail passcode, phone pin, \
         security pass number, six digit number, four digit number, access pin, collection pin, delivery pin, \
         what came through, what came up, what they sent, what they sent me, what you sent, what you sent me, what you texted me, \
         what they texted me, what they texted",
    ),
    (
        Topic::Ssn,
        "ssn, s s n, ssn number, ssn no, social, socials, social number, social security, social security number, \
         social security no, social security num, social security card, social security card number, soc sec, soc, \
         soc number, ss number, ss no, ss, s s number, s s, tax id, tax id number, tax identification number, tin, \
         t i n, taxpayer id, taxpayer identification number, itin, i t i n, socialsecuritynumber, \
         last four of my social, social security digits",
    ),
    (
        Topic::Phone,
        "phone, phones, phone number, phone numbers, phone no, phone num, phonenumber, phone is, telephone, \
         telephone number, tel, tel no, telephone no, cell, cell number, cell phone, cell phone number, cellphone, \
         cellphone number, mobile, mobile number, mobile no, mobile phone, mobile phone number, landline, \
         landline number, land line, home phone, home number, house phone, work phone, work number, office number, \
         office phone, office line, work line, home line, other line, second line, desk, direct line, direct number, \
         direct dial, fax, fax number, fax no, whatsapp, whats app, whatsapp number, signal number, contact number, \
         contact numbers, callback, callback number, call back, call back number, best number, good number, \
         number to call, number to reach, number to reach me, number to text, number i can be reached, \
         daytime number, evening number, emergency contact, emergency contact number, emergency number, \
         alternate number, other number, backup number, main number, main line, toll free number, toll free, hotline, \
         call, calls, calling, called, calling from, number i'm calling from, number i am calling from, \
         number you are calling from, number you're calling from, number on file, call me, call me at, call me back, \
         ring, ring me, phone me, dial, dialed, dialing, text, text me, text me at, texted, reach, reach me, \
         reach me at, reach me on, reach him, reach her, reach us, reached, reached at, reached on, be reached at, \
         contact, contact me, contact me at, area code, sms, pager, pager number, registered, registered number, \
         registered mobile, registered mobile number, registered mobile no, registered phone number, \
         registered phone, answering at, answer at, no answer at, no answer on, voicemail at, voicemail on, \
         message at, message on, facetime, viber, telegram, caller id, line is, his number, her number, ph, ph no, \
         mob, handset, give me a call, get me at, get a hold of me, get hold of me, catch me at, try me at, \
         try me on, beep me, contacting, contacting them, gcash number, momo number, mobile money number, \
         viber number, telegram number, phone contact, alternative number, whatsapp me, whatsapp me on, ring us, \
         zelle, zelle me, zelle to, zelle is, venmo, venmo me, cash app, cashapp, bizum, bizum me, m pesa, mpesa, \
         mpesa number, m pesa number, gcash, payid, pay id, interac, momo, paytm, paytm number, google pay, \
         google pay number, phonepe, phonepe number, reachable, reachable at, reachable on, \
         bell me, drop me a text, text us, cellular, cellular number",
    ),
    (
        Topic::Email,
        "email, upi id, u p i id, upi, upi address, vpa, emails, e mail, email address, e mail address, email is, mail address, gmail address, emailaddress, \
         email me, email me at, mail me, email id, email on file, inbox, mailbox, mailto, before the at, before the at sign, after the at, \
         after the at sign",
    ),
    (
        Topic::Iban,
        "iban, i b a n, iban number, international bank account number, international account number",
    ),
    (
        Topic::Account,
        "account, account number, account numbers, account no, account num, acct, acct number, acct no, acct num, \
         a c number, accountnumber, accountno, bank account, bank account number, checking account, \
         checking account number, checking, savings account, savings account number, savings, current account, \
         deposit account, member account, brokerage account, loan account, loan number, first nine, first nine digits, first nine numbers, routing, routing number, \
         routing no, routingnumber, routing transit number, routing and transit number, routing code, aba, \
         aba number, aba routing number, aba routing, a b a, a b a number, a b a routing number, a b a routing, \
         transit number, institution, institution number, sort code, sortcode, bank code, bsb, bsb number, wire routing number, \
         wire routing, wire number, ach routing, ach routing number, ach number, rtn, r t n, acc, dda, dda number, \
         dd number, acc no, acc number, acc num, a c no, a c num, a c, ac no, rtg, rtg no, rtg number, transit no, \
         bank a c, savings a c no, direct deposit account, money market account, share account, mortgage account, \
         bank number, bank details, my checking, account ending in, account ending with, account id, account i d, \
         customer account number, current account number, isa account, isa account number, nuban, nuban number, \
         clabe, clabe number, bank sort code, savings account no, bank acct, banking number, giro number, \
         salary account, salary account number, joint account, joint account number, business account, \
         business account number, chequing account, chequing account number, cheque account, sort codes, \
         meter account number, ifsc, i f s c, ifsc code, i f s c code, swift code, bic code, nz bank account",
    ),
    (
        Topic::Url,
        "website was, website, web site, url, u r l, web address, website is, homepage, web page is, link is, \
         web link, linkedin, linked in profile, blog, profile link, site is, domain, domain name, portfolio",
    ),
    (
        Topic::Birth,
        "birthday, birth day, birthdate, birth date, date of birth, dob, d o b, d.o.b, born, born on, i was born on, \
         were born on, born in, birth, dateofbirth, birthdays, birth dates, day of birth, year of birth, birth year, \
         birth month, yob, month and day of birth, date of my birth, month day and year, b day, bday, birthdt, \
         i was born, was born, was born on, were born, were you born, i was born in, was born in, were born in, \
         born back in",
    ),
    (
        Topic::Zip,
        "zip, zip code, zip codes, zipcode, zip is, zip plus four, zip code is, postal code, postalcode, postcode, \
         post code, billing zip, billing zip code, billing postcode, billing postal code, shipping zip, \
         zip code on file, home zip, mailing zip, p code, pcode, postal pin, eircode, five digit zip, \
         five digit zip code, postal zip, zip postal code, eir code, air code, area postcode, delivery postcode, \
         home postcode, delivery zip, delivery zip code, work zip, work zip code, residential postcode, \
         shipping postcode, shipping zip code, zips, postcodes, postal codes",
    ),
    (
        Topic::Code,
        "plate, plates, tag, tags, insurance, insurance is, ni, n i, ins, chart, the id",
    ),
    (
        Topic::PinCode,
        "pin code, pincode, pin codes, pin code number, pin code of my area, area pin code, pin code for my area",
    ),
    (
        Topic::Id,
        "passport, passport number, passport no, passport id, passport num, passport card number, driver's license, \
         drivers license, driver license, driving license, driving licence, drivers licence, driver's licence, \
         driver's license number, drivers license number, driver license number, driving licence number, \
         driving license number, driver's licence number, drivers licence number, license number, licence number, \
         license no, licence no, license, licence, dl, d l, dl number, dl no, d l number, license plate, \
         licence plate, plate number, license plate number, number plate, national insurance number, \
         national insurance, ni number, n i number, nino, nhs number, n h s number, plan id, health plan id, \
         plan number, health plan number, policyholder id, policyholder number, member id, member i d, \
         member id number, member number, member no, membership number, membership id, membership no, memberid, \
         membership, subscriber id, subscriber number, subscriber i d, group number, insurance id, insurance number, \
         insurance member id, insurance card, insurance card number, health insurance number, health card, \
         health card number, policy number, policy no, policy id, policy, policynumber, medicare number, medicare id, \
         medicare, medicaid number, medicaid id, medicaid, patient id, patient number, patient record, \
         patient record number, patient no, patient i d, medical record number, medical record no, medical record, \
         mrn, m r n, mrn number, chart number, health record, student id, student number, student id number, \
         student i d, employee id, employee number, employee no, employee i d, badge number, badge id, staff id, \
         staff number, national id, national id number, national identity number, identity number, identity card, \
         identity card number, identification number, identification card, id number, i d number, id no, \
         id card number, id card no, my id, my i d, state id, state i d, state id number, government id, photo id, \
         green card number, alien number, alien registration number, uscis number, visa application number, \
         known traveler number, known traveller number, redress number, traveler number, traveller number, sevis id, \
         sevis number, meter point reference, meter point reference number, meter point administration number, \
         supply number, frequent flyer number, frequent flyer, \
         loyalty number, loyalty id, rewards number, rewards id, customer id, customer number, customer no, \
         client id, client number, vin, v i n, vin number, vehicle identification number, military id, dod id, \
         veteran id, voter id, voter registration number, aadhaar, aadhaar number, pan card, pan number, \
         tax file number, tfn, ni no, n i no, nat ins no, nat ins number, national insurance no, cdl, cdl number, \
         cdl no, lic, lic no, lic number, driver's lic, drivers lic, driver lic, driver's lic no, mbr, mbr id, \
         mbr no, mbr number, member, subscriber no, medicare card, medicare card number, library card, \
         library card number, green card, insurance card no, membership card, membership card number, loyalty card, \
         loyalty card number, loyalty, id card, patient card, member card, member card number, npi, npi number, \
         dea number, prescription number, rx number, rx, group id, beneficiary number, registration number, pan, \
         ppt, ppt no, ppt number, pp no, a no, alien no, alien registration no, permit no, ghana card no, tfn no, \
         p a n, permanent account number, sin, s i n, sin number, sin no, sin card, social insurance number, \
         social insurance no, claim number, claim no, claim id, pps, p p s, pps number, p p s number, pps no, ppsn, \
         p p s n, personal public service number, emirates id, emirates id number, emirates i d, emirates i d number, \
         bvn, b v n, bvn number, bank verification number, nin, n i n, nin number, national identification number, \
         national identity, nric, n r i c, nric number, fin number, umid, umid number, sss number, s s s number, \
         sss no, sss id, gsis number, gsis id, philhealth number, philhealth id, philhealth id number, \
         pag ibig number, pagibig number, pag ibig mid number, pag ibig id, pag ibig, pagibig, philsys number, philsys id, phil id, \
         prc id, prc license, postal id, voter card, voters card, voter's card, voter's card number, \
         voters card number, voter's id, voter id number, voters id, ghana card, ghana card number, kra pin, \
         k r a pin, huduma number, huduma no, smart id, sa id, sa id number, cnic, c n i c, cnic number, nid number, ic number, \
         i c number, mykad, mykad number, hkid, hkid number, health number, ohip, ohip number, care card, \
         care card number, carecard, carecard number, phn, p h n, personal health number, ird number, i r d number, \
         mbi, mbi number, m b i, hicn, dva number, centrelink number, centrelink reference number, crn, c r n, \
         crn number, healthcare card, healthcare card number, health care card, health care card number, \
         concession card, concession card number, pension card number, pensioner card number, uan, u a n, uan number, \
         epf number, pf number, p f number, ration card, ration card number, epic number, abha number, abha id, uhid, \
         u h i d, uhid number, hospital number, hospital id, chi number, c h i number, health and care number, \
         patient reference, patient reference number, reg, reg number, reg no, reg plate, reg plate number, \
         car reg, vehicle reg, van reg, bike reg, registration, registration no, registration plate, \
         vehicle registration, vehicle registration number, vehicle registration plate, car registration, \
         car registration number, rego, rego number, rego plate, plate is, plate no, \
         number plates, license plates, licence plates, license plate no, licence plate number, licence plate no, \
         car plate, car plate number, license tag, vehicle number, vehicle no, car number, vrm, vrn, \
         policy reference, policy reference number, insurance policy number, insurance policy, \
         insurance group number, payer id, rx bin, rxbin, rx pcn, pcn, rx group, rxgrp, rx group number, group no, \
         subscriber, employee code, staff no, payroll number, payroll id, military number, warrant number, \
         student card, student card number, student no, matric number, matric no, matriculation number, roll number, roll no, \
         enrollment number, enrolment number, enrollment id, enrolment id, residence permit, residence permit number, \
         fob, fob number, fob no, key fob, key fob number, frame number, frame no, microchip, microchip number, \
         chip number, imei, imei number, imei no, i m e i, i m e i number, iccid, i c c i d, \
         sim card number, imsi, hull number, pass number, travel card, \
         travel card number, transit card number, gateway id, user id number, cedula number, \
         driver's is, drivers is, \
         residence card, residence card number, resident card number, resident id, iqama, iqama number, civil id, \
         civil id number, qid, q i d, qatar id, cpr number, brp, b r p, brp number, share code, \
         biometric residence permit, uci number, travel document number, tax number, tax reference, \
         tax reference number, utr, u t r, utr number, unique taxpayer reference, driver number, driver's number, \
         driver id, permit number, learner's permit, learners permit, learner permit number, provisional licence, \
         provisional licence number, provisional license, blue badge, blue badge number, bus pass, bus pass number, railcard number, railcard, oyster number, oyster card, \
         oyster card number, library number, clubcard number, clubcard, nectar card number, nectar number, \
         nectar card, flybuys number, skywards number, avios number, frequent flyer no, mileage number, \
         mileage plus number, skymiles number, rewards card, rewards card number, bonus card number, \
         points card number, medicare no, medicare card no, medicare beneficiary number, medicaid card number, \
         nhs no, n h s no, national health number, nat insurance number, nat insurance, drivers licence no, \
         driver's licence no, driving licence no, driving license no, driver license no, driver's license no, \
         dvla number, passport card, passport book number, aadhar, aadhar number, aadhaar no, aadhar no, \
         aadhaar card, aadhaar card number, aadhar card, aadhar card number, adhar number, adhar, adhaar number, \
         adhaar, uid number, u i d number, pan no, pan card no, pan card number, tax file no, t f n, tfn number, \
         members number, membership i d, member's number, nas, customer i d, client no, client i d, vin no, chassis number, \
         kenyan id, south african id, nigerian id, ghanaian id, ugandan id, tanzanian id, zambian id, \
         zimbabwean id, malaysian id, singapore id, indian id, philippine id, irish id, nhi, n h i, nhi number, n h i number, abn, a b n, \
         abn number, acn, acn number, gstin, g s t i n, gstin number, gst number, gst no, vat number, v a t number, \
         vat no, vat registration number, company number, company registration number, ird, i r d, sss, \
         gsis, philhealth, customer reference number, customer reference, crime reference, crime reference number, \
         crime number, home office reference, home office reference number, home office ref, ho ref, ho reference, \
         council tax reference, council tax reference number, council tax ref, council tax number, \
         council tax account number, school id, school id number, school i d, college id, college i d, university id, company id, work id, club id, gym id, campus id, \
         gym card, gym card number, club card number, school card, bus card, train card, metro card, campus card, swim card, \
         clinic card, hospital card, access card, access card number, staff card, gym membership, gym membership number, \
         emp, emp no, emp number, exemption certificate, \
         exemption certificate number, exempt cert, e sim number, esim number, member ref, pupil number, \
         upn, candidate number, eori number, eori",
    ),
    (
        Topic::Id,
        "tsa precheck, precheck number, pre check number, college id number, uni id, mac address, mac addresses, m a c address, mac id, meter number, meter no, meter id, meter serial, \
         meter serial number, electricity meter number, gas meter number, water meter number, mpan, m p a n, mpan number, m p a n number, mprn, m p r n, mprn number, m p r n number, meter point, \
         meter point number, supply point number, medicare reference, medicare reference number, \
         medicare individual reference number, individual reference number, \
         client reference, client reference number, member reference, \
         member reference number, personal reference, personal reference number, social insurance, nectar, \
         sim number, sim serial number, eid number, e i d, u r n, urn number, u r n number, learner number, unique learner number, oyster, rail card, rail card number, library barcode",
    ),
    (
        Topic::Account,
        "bank with, banks with, banked with, banking with, bank is",
    ),
    (
        Topic::Secret,
        "password, passwords, pw, password is, pass phrase, passphrase, api key, apikey, a p i key, secret key, secret, \
         client secret, access key, access token, api token, auth token, bearer, bearer token, refresh token, \
         private key, secret token, webhook secret, signing secret, passwd, pwd, token, token is, key is, \
         encryption key, security key, memorable info, memorable information, memorable phrase, recovery key, secretkey, accesskey, accesstoken, clientsecret, api secret, \
         apitoken, authtoken, authorization, license key, wifi key, wi fi key, wifi password, wi fi password, security answer, \
         secret answer, secret word, code word, security word, memorable word, \
         security phrase, safety word",
    ),
];
