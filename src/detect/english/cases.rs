//! What somebody has a number of: orders, contracts, meters, cars. Written codes behind these words
//! are private, while what the same word counts or prices is not.

use super::Meanings;
use super::class::Class;

/// The words of such affairs and things. They count as unknown everywhere else.
pub(crate) const CASES: &Meanings<Class> = &[(
    Class::CASE,
    "order orders complaint complaints ticket tickets case cases claim claims booking bookings reservation confirmation \
     reference references ref refs tracking parcel parcels package packages shipment consignment delivery waybill awb \
     invoice invoices inv receipt quote quotation estimate proposal incident docket dossier application appln \
     enquiry inquiry query dispute appeal refund rma return returns repair callout job jobs appointment appt referral \
     prescription script rx policy policies contract contracts agreement tenancy lease mortgage loan membership member \
     subscription subscriber licence license permit visa passport ppt plate plates reg registration rego vrm vrn vin \
     vehicle car van truck lorry taxi motorbike motorcycle scooter driving drove parked meter meters mpan mprn mpr nmi \
     gprn sim imei iccid esn serial sn mileageplus skymiles aadvantage krisflyer avios warranty guarantee certificate cert student pupil learner patient hospital chart \
     clinic mrn scheme aid employee staff payroll badge fine pcn penalty notice summons warrant crime police court \
     matter probate deed title collection pickup hire rental itinerary pnr locator transaction txn transfer \
     remittance payment mandate deposit bond candidate enrolment enrollment applicant donor specimen sample union \
     pension payslip tax acct acc customer cust client beneficiary insurance insured nhs benefit welfare grant voter \
     identity id ird ein conf cab minicab bakkie ute microchip bag baggage luggage cheque contractor purchase po wo",
)];

/// Affairs that a business numbers, and looks up by their number: who hides that breaks the call.
pub(crate) const LOOKED_UP: [&str; 58] = [
    "order",
    "orders",
    "ticket",
    "tickets",
    "case",
    "cases",
    "booking",
    "bookings",
    "reservation",
    "confirmation",
    "reference",
    "references",
    "ref",
    "refs",
    "tracking",
    "transaction",
    "request",
    "parcel",
    "parcels",
    "package",
    "packages",
    "shipment",
    "consignment",
    "delivery",
    "waybill",
    "awb",
    "pickup",
    "collection",
    "invoice",
    "invoices",
    "inv",
    "receipt",
    "quote",
    "quotation",
    "estimate",
    "proposal",
    "incident",
    "enquiry",
    "inquiry",
    "query",
    "refund",
    "rma",
    "return",
    "returns",
    "repair",
    "callout",
    "job",
    "jobs",
    "appointment",
    "appt",
    "itinerary",
    "pnr",
    "locator",
    "rental",
    "hire",
    "txn",
    "po",
    "wo",
];

/// What begins the name of a standard, a known flaw, a product, a year of accounts: everybody's.
pub(crate) const PUBLIC_CODES: [&str; 16] = [
    "cve", "iso", "iec", "rfc", "din", "ansi", "ieee", "isbn", "issn", "ean", "upc", "gtin", "utc",
    "gmt", "fy", "asin",
];
