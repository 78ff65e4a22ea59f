//! Phrases of numbers that are nobody's secret: orders, prices, times, versions, rooms, flights.
//!
//! They govern a number as the phrases of private values do, so that it stays.

use super::Meanings;
use super::topics::Topic;

/// Phrases that speak of such numbers, of a card's expiry, of last digits, and of nothing.
pub(crate) const HARMLESS: &Meanings<Topic> = &[
    (
        Topic::Reference,
        "order, orders, order number, order no, order num, order id, order i d, tracking, tracking number, \
         tracking no, tracking id, reference, reference number, reference no, ref, ref no, ref number, reference id, \
         reference code, transaction, transaction id, transaction number, transaction code, transaction reference, \
         confirmation, confirmation number, confirmation code, confirmation id, conf number, invoice, invoice number, \
         invoice no, ticket, ticket number, ticket no, ticket id, case, case number, case no, case id, \
         case reference, claim, serial, serial number, serial no, serial num, s n, part number, part no, part, parts, \
         model, model number, model no, sku, s k u, upc, u p c, ean, isbn, i s b n, issn, asin, barcode, bar code, \
         item, item number, item no, product, product number, product code, product id, batch, lot number, lot no, \
         version, build, release, revision, section, chapter, page, rfc, pr, pull request, issue number, bug, commit, \
         request id, request number, call id, callid, call sid, tool call id, chat id, conversation id, thread id, \
         run id, span id, how many, how much, how old, how long, how far, what time, session id, trace id, \
         message id, event id, job id, job number, task id, unix time, timestamp, epoch, coordinates, latitude, \
         longitude, lat, lng, lon, population, flight, flight dl, flight number, gate, seat, seats, room, \
         house number, room number, suite number, floor, unit number, train, bus, platform, track number, terminal, \
         channel, station, highway, interstate, route, exit, exit number, extension, size, sizes, tyre, tyres, tire, tires, score, ratio, temperature, \
         humidity, http, status code, error code, error, error number, promo code, coupon code, discount code, \
         coupon, voucher, voucher code, gift code, dress code, country code, booking, booking number, \
         booking reference, booking id, booking code, reservation, reservation number, reservation code, \
         reservation id, pnr, shipment, shipment number, shipping number, delivery number, package number, \
         quote number, quote, estimate number, work order, work order number, purchase order, purchase order number, \
         p o number, po number, check number, cheque number, check no, receipt number, receipt no, meter, \
         meter reading, reading, odometer, mileage, balance, total, amount, price, cost, costs, limit, budget, \
         salary, income, rent, payment of, fee, interest, rate, apr, percent, year, years, date, dated, step, \
         question, option, press, rank, level, lane, table number, table, locker, queue number, complaint number, \
         incident, incident number, incident id, docket number, file number, listing number, property number, \
         store number, branch number, shop number, agent number, operator number, stock number, catalog number, \
         catalogue number, article number, lottery, frequency, speed, weight, height, width, length, area of, \
         distance, port, pid, process, error id, hash, checksum, sha, md5, uuid, guid, row, column, \
         index, quantity, qty, count, phase, season, episode, volume, edition, psalm, verse, isbn number, upc code, \
         ean code, sku number, pi, serial code, device number, case file, tag number, bus number, train number, \
         gift card balance, points balance, points, reward points, prefix, sequence, code name, gas meter, \
         part numbers, ups, fedex, dhl, usps, parcel, parcel number, waybill, consignment, consignment number, \
         ticker, engine number, locker number, class number, course number, exam number, bid number, tender number",
    ),
    (
        Topic::Expiry,
        "expires, expiry, expiry date, expiration, expiration date, exp, exp date, expire, expiring, valid thru, \
         valid through, valid until, good thru, good through, card expires, expired, expiry is, expiration is, \
         valid to, expires on, expires in, expirydate, expirationdate, exp month, exp year",
    ),
    (
        Topic::LastFour,
        "last four, last four digits, last four numbers, the last four, final four, final four digits, ending in, \
         ends in, ending with, ends with, ending, last 4, last three digits, last five digits, last six digits, \
         last four on, on file ends, finishes in, finishes with, finishing in, finishing with, finish in, \
         it ends in, that ends in, it ends, that ends, which ends, ended in, end in, first six, first six digits, \
         first four, first four digits, first two digits, last two digits, first three digits, first five digits, \
         first three, first three numbers, last three numbers, first half",
    ),
    (
        Topic::Nothing,
        "in case, just in case, in any case, in which case, twenty four seven, twenty four by seven, \
         twenty four hours, one sec, one second, one moment, one minute, one more, one of, one day, one time, \
         one thing, one way, one another, no one, any one, some one, each one, every one, that one, this one, \
         which one, the one, another one, new one, old one, other one, only one, last one, first one, next one, \
         wrong one, right one, number one, one hundred percent, one on one, one by one, one at a time, social media, \
         social network, social worker, social life, social event, social club, social hour, account manager, \
         account executive, account type, account holder, account balance, card game, card games, card table, \
         card reader, card holder, zip file, zip files, zip it, zip up, zip line, pin it, pin the, pin down, \
         call center, call centre, call back later, call waiting, text message, text messages, phone call, \
         phone calls, phone bill, phone case, phone plan, second floor, double check, double room, double bed, \
         double booked, double charged, double the, double or, triple a, a couple, one or two, two or three, \
         three or four, born and raised, web page, home page, office hours, store hours, business hours, square one, \
         one stop, one year, half past, quarter past, quarter to, birthday party, birthday present, birthday gift, \
         birthday cake, number of, a number of, the number of, ip address, i p address, mobile app, cell phone bill, \
         card issuer, issuing bank, mobile data, fax machine, phone number format, pass the, passport office, \
         license plate frame, drivers license office, member since, members only, testing one two three, \
         testing one two, count to, counting, \
         upper case, lower case",
    ),
];

/// Words before a number with dots that is no address.
pub(crate) const VERSIONS: [&str; 8] = [
    "version", "ver", "v", "release", "build", "section", "firmware", "chapter",
];

/// Signs before an amount of money.
pub(crate) const CURRENCY_SIGNS: [&str; 9] = ["$", "€", "£", "¥", "₹", "₦", "₱", "₩", "₪"];

/// Words before an amount of money.
pub(crate) const CURRENCIES: [&str; 14] = [
    "usd", "eur", "gbp", "aud", "cad", "nzd", "inr", "rs", "php", "ngn", "aed", "zar", "kes", "sgd",
];
