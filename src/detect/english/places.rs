//! The words of postal addresses: what ends the name of a street or a house, what stands before
//! the number of a flat, and where the world has its towns.

use super::{Class, Meanings};

/// Words of addresses. They count as unknown everywhere else.
pub(crate) const PLACES: &Meanings<Class> = &[
    (
        Class::STREET,
        "street avenue ave road rd boulevard blvd lane ln parkway pkwy highway hwy terrace crescent alley turnpike \
         tpke expressway freeway motorway causeway mews esplanade promenade marg salai veedhi nagar colony enclave vihar chowk boreen \
         drive cres crt bvd pde tce straße strasse",
    ),
    (
        Class::STREET_TOO,
        "gdns st dr court ct circle cir place pl way ter trail trl square sq loop plaza close row gardens garden grove hill \
         view walk path pike run pass ridge park crossing route interstate landing cove coves cv bend bluff bluffs bottom branch bridge \
         brook brooks burg burgs bypass camp canyon cape center centers centre cliff cliffs club common commons \
         corner corners course courts creek crest crossroad crossroads curve dale dam divide drives estate estates \
         extension extensions fall falls ferry field fields flats ford fords forest forge forges fork forks fort \
         gateway glen glens green greens groves harbor harbors harbour haven heights hills hollow inlet island \
         islands isle junction junctions key keys knoll knolls lake lakes land light lights loaf lock locks \
         lodge mall manor manors meadow meadows mill mills mission mount mountain mountains neck orchard oval \
         overpass parade quays docks moorings maltings parks parkways passage pine pines plain plains plazas point port ports prairie quay \
         radial ramp ranch rapid rapids rest reach ridges rise river roads shoal shoals shore shores skyway spring \
         springs spur spurs squares station stravenue stream streets summit throughway trace track \
         trafficway trails tunnel underpass union unions valley valleys viaduct views village villages ville vista \
         walks wall ways well wells wharf wynd yard circles crossways layout cross main lines bazaar \
         puram gali mahal residency circuit link approach chase copse croft drove dene end fold gate lawn lea \
         mead nook paddock paddocks parc strand vale vennel avenues",
    ),
    (
        Class::FLAT,
        "apartment apt suite ste unit flat room floor building bldg box lot block blk level lvl tower wing plot \
         shop door villa stand erf stall penthouse townhouse condo trailer site sector phase house purok hse cabin caravan chalet berth pitch mooring",
    ),
    (
        Class::PLACE_START,
        "po pob gpo post postal private locked community mail rural rr care number no ground top upper lower \
         basement garden hash hall house ext comp hc",
    ),
    (
        Class::DIRECTION,
        "north south east west northeast northwest southeast southwest n s e w ne nw se sw upper lower",
    ),
    (
        Class::HOUSE,
        "cottage house villa lodge farm farmhouse manor hall barn rectory vicarage bungalow towers apartments heights \
         residency residence residences mansion mansions court chateau croft grange mill cottages estate condominium \
         bakery forge smithy schoolhouse chapel parsonage dairy stables granary gatehouse oast priory abbey bothy \
         presbytery campus tower hostel dormitory dorm chs almshouses almshouse hospice",
    ),
    (
        Class::PLACE,
        "england scotland wales ireland uk gb usa america canada australia india singapore philippines pakistan \
         nigeria kenya ghana zealand africa germany france spain italy brazil japan netherlands belgium \
         switzerland austria sweden norway denmark poland portugal kingdom emirates uganda jamaica malta cyprus \
         ontario quebec alberta manitoba saskatchewan columbia scotia brunswick newfoundland nsw queensland qld \
         victoria vic tasmania tas gauteng natal karnataka maharashtra kerala gujarat punjab haryana rajasthan \
         telangana pradesh nadu bengal goa kent essex surrey sussex yorkshire lancashire cheshire devon cornwall \
         dorset somerset norfolk suffolk hertfordshire berkshire oxfordshire kerry mayo sligo donegal wicklow wexford \
         kildare meath antrim tyrone cork galway limerick waterford dublin belfast london manchester birmingham \
         leeds liverpool sheffield bristol glasgow edinburgh cardiff nottingham leicester newcastle brighton mumbai \
         delhi bangalore bengaluru hyderabad chennai kolkata pune ahmedabad jaipur noida gurgaon lagos abuja ibadan \
         kano nairobi accra manila cebu davao makati sydney melbourne brisbane perth adelaide hobart darwin canberra \
         toronto vancouver montreal calgary ottawa edmonton winnipeg johannesburg pretoria durban berlin munich \
         hamburg paris madrid barcelona lyon marseille chicago houston philadelphia phoenix dallas austin seattle \
         denver boston nashville portland detroit baltimore milwaukee albuquerque tucson fresno sacramento atlanta \
         omaha miami oakland minneapolis tulsa tampa cleveland cincinnati pittsburgh orlando springfield brooklyn \
         bath queens bronx manhattan county co dubai dhaka karachi lahore islamabad colombo kathmandu doha riyadh jeddah auckland wellington christchurch bangkok jakarta hanoi taipei selangor johor perak sabah sarawak kedah kelantan pahang terengganu perlis reykjavík oslo helsinki stockholm \
         warsaw prague budapest kingston kampala lusaka harare penang",
    ),
    (
        Class::LANDMARK,
        "near nr opposite opp behind beside adjacent",
    ),
    (
        Class::MEASURE,
        "am pm hour hours minute minutes min mins mile miles day days week weeks month months year years star stars \
         way car cars person people bed beds bath baths bedroom bedrooms bathroom bathrooms point points story storey \
         room rooms man men yard yards block blocks meter meters metre metres km kms foot feet ft inch inches hole \
         percent o'clock oclock dollar dollars cent cents pound pounds euro euros bucks digit digits letter letters \
         sided speed door doors seater seat seats player players pair pairs dozen night nights time times different \
         ounce oz gallon lane lanes est pst cst mst gmt edt pdt items passengers persons guests adults kids children \
         half quarter hard disk flash usb test thumb external tee second seconds part step steps degree degrees \
         kilometer kilometers kilometre kilometres kg stop stops busy dirt quiet long short nice major \
         large small big extra free full piece pack count hundred thousand million dead wheel legged team all",
    ),
    (
        Class::NO_TOWN,
        "lovely brilliant wonderful fantastic super ta asap cheers mate urgent urgently quickly immediately hurry tonight tomorrow today morning afternoon evening \
         noon midnight now around about approximately daily weekly monthly pronto soon later early bye goodbye sir \
         madam everyone delivery pickup people persons trip trips food sign signs lamp lamps fair party blocks away \
         closure closures works traffic parking rage side open closed until till every during since ago service",
    ),
];

/// What many a house is called behind "the".
pub(crate) const NAMED_HOUSES: &[&str] = &[
    "gables",
    "beeches",
    "laurels",
    "limes",
    "firs",
    "willows",
    "poplars",
    "cedars",
    "hollies",
    "elms",
    "oaks",
    "birches",
    "larches",
    "rowans",
    "hawthorns",
    "chestnuts",
    "sycamores",
    "pines",
    "spinney",
    "paddocks",
    "maltings",
    "orchard",
    "laburnums",
    "oasts",
    "nook",
    "haven",
    "cottage",
];

/// Large towns of two words.
pub(crate) const TWO_WORD_TOWNS: &[(&str, &str)] = &[
    ("cape", "town"),
    ("hong", "kong"),
    ("kuala", "lumpur"),
    ("petaling", "jaya"),
    ("los", "angeles"),
    ("las", "vegas"),
    ("san", "francisco"),
    ("san", "diego"),
    ("san", "antonio"),
    ("san", "jose"),
    ("santa", "monica"),
    ("saint", "paul"),
    ("saint", "louis"),
    ("fort", "worth"),
    ("baton", "rouge"),
    ("long", "beach"),
    ("el", "paso"),
    ("port", "harcourt"),
    ("port", "elizabeth"),
    ("quezon", "city"),
    ("navi", "mumbai"),
    ("tel", "aviv"),
    ("abu", "dhabi"),
    ("alice", "springs"),
    ("gold", "coast"),
    ("milton", "keynes"),
];
