//! Classes of single words, as callers speak and as speech recognisers write.

use super::Meanings;

bitflags::bitflags! {
    /// The classes that a word is in.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub(crate) struct Class: u64 {
        /// Sounds that say nothing.
        const FILLER = 1 << 0;
        /// Words that stand between parts of a number.
        const JOIN = 1 << 1;
        /// Spoken dashes and blanks.
        const SEPARATOR = 1 << 2;
        /// Words that say that what follows is the thing spoken of.
        const COPULA = 1 << 3;
        /// Words behind a number that make it a quantity.
        const UNIT = 1 << 4;
        /// Words that are never part of a name, a mailbox or a place.
        const CLOSED = 1 << 5;
        /// Words with which an answer begins.
        const LEAD = 1 << 6;
        /// Words of one who asks.
        const REQUEST = 1 << 7;
        /// Words of one who wants more of the same.
        const GO_ON = 1 << 8;
        /// Words of one who did not get what was said.
        const RETRY = 1 << 9;
        /// Words with "'s" behind them.
        const POSSESSIVE = 1 << 10;
        /// Articles and possessives.
        const DETERMINER = 1 << 11;
        /// Prepositions that tie a noun to the one before.
        const PREPOSITION = 1 << 12;
        /// Last parts of domains.
        const TOP_DOMAIN = 1 << 13;
        /// A spoken full stop inside an address.
        const DOT = 1 << 14;
        /// Spoken signs inside a mailbox.
        const SIGN = 1 << 15;
        /// Words that end the name of a street.
        const STREET = 1 << 16;
        /// Words before the number of a flat.
        const FLAT = 1 << 17;
        /// Verbs and prepositions behind which a telephone number is said.
        const TOWARDS = 1 << 18;
        /// Words before `number` that do not say of what.
        const VAGUE = 1 << 19;
        /// Kinds of telephone lines, said behind a number.
        const LINE = 1 << 20;
        /// States and their short forms.
        const STATE = 1 << 21;
        /// Forms of address.
        const TITLE = 1 << 22;
        /// Words that join spoken digits, but not written numbers.
        const LOOSE = 1 << 23;
        /// Words of the phrases inside dictated numbers.
        const IN_GAP = 1 << 24;
        /// Words of the closed class that domains and dates have.
        const IN_DOMAIN = 1 << 25;
        /// Verbs of one who takes something back.
        const CORRECTION = 1 << 26;
        /// Words of the alphabet that spellers use.
        const ALPHABET = 1 << 27;
        /// Days, colours and what people are or pay with: behind "it's" no names.
        const NO_NAME = 1 << 28;
        /// Common words that are names as well.
        const NAME_TOO = 1 << 29;
        /// Said in answer to a question for a name, and none.
        const NO_ANSWER = 1 << 30;
        /// Who says one of these speaks of the value asked for, and does not say it.
        const NO_VALUE = 1 << 31;
        /// Before days on which something began or ended.
        const OTHER_DAY = 1 << 32;
        /// Before a web address, and no part of its name.
        const NO_HOST = 1 << 33;
        /// Nouns for a web address.
        const SITE = 1 << 34;
        /// Mailboxes of an office.
        const OFFICE = 1 << 35;
        /// Words of the closed class with which the names of domains begin.
        const IN_BRAND = 1 << 36;
        /// Said behind a caller's own name.
        const CALLING = 1 << 37;
        /// What goes on behind a name that was asked for.
        const BEHIND_NAME = 1 << 38;
        /// Between a value and another of its kind.
        const CONTRAST = 1 << 39;
        /// What else is on a day: between a cue for a birth and a date, it is of that.
        const EVENT = 1 << 50;
        /// Last parts of domains that are plain words elsewhere.
        const TOP_SITE = 1 << 51;
        /// Behind or before a name that is no person's: what it is the name of.
        const THING = 1 << 53;
        /// Before the name of a place or a thing.
        const OF_THING = 1 << 54;
        /// Films, songs, events: who is named beside one is known to everyone.
        const WORK = 1 << 52;
        /// Sums of money, and what is done with them.
        const MONEY = 1 << 40;
        /// What takes somebody somewhere.
        const RIDE = 1 << 41;
        /// Affairs and things of somebody that have a number of their own.
        const CASE = 1 << 49;
        /// Things and affairs whose numbers are nobody's secret.
        const NUMBERED = 1 << 47;
        /// Affairs and goods of one customer, whose long numbers are given to nobody else.
        const ISSUED = 1 << 42;
        /// Words with which an address may begin, beside numbers.
        const PLACE_START = 1 << 55;
        /// Words with which the name of a street begins.
        const STREET_FIRST = 1 << 56;
        /// Words that end the name of a street, and more often are others.
        const STREET_TOO = 1 << 57;
        /// Words before the name of a street or behind all of it.
        const DIRECTION = 1 << 58;
        /// Words that end the name of a house.
        const HOUSE = 1 << 59;
        /// Countries, provinces, counties and large towns.
        const PLACE = 1 << 60;
        /// Words before what a house is near to.
        const LANDMARK = 1 << 61;
        /// Words that are measured or counted, and begin no street's name behind a number.
        const MEASURE = 1 << 62;
        /// Behind an address, and no town.
        const NO_TOWN = 1 << 63;
    }
}

/// The words of each class that a phrase or a number may have.
pub(crate) const CLASSES: &Meanings<Class> = &[
    (
        Class::FILLER,
        "uh uhh um umm er err erm hmm hm mm mmm mhm ah eh uhm ehm huh",
    ),
    (
        Class::JOIN,
        "then so like okay ok next number and yeah yes right again comma followed well alright plus",
    ),
    (Class::LOOSE, "or and plus number"),
    (
        Class::IN_DOMAIN,
        "my me mail live work best buy info online message the of in",
    ),
    (Class::CORRECTION, "scratch strike forget correct make"),
    (
        Class::SEPARATOR,
        "dash hyphen space minus slash blank stroke hash",
    ),
    (
        Class::COPULA,
        "starts begins starting beginning is are was were be being it's its that's thats says reads equals as it am \
         i'm here's there's i",
    ),
    (
        Class::UNIT,
        "dollar dollars cent cents euro euros pound pounds percent percentage degrees degree fahrenheit celsius day \
         days week weeks month months year years hour hours minute minutes second seconds sec secs old am pm people \
         persons guests adults children kids boys girls cats dogs dog cat nights night rooms room times feet foot \
         inches inch miles mile meters metres kilometers kilometres km kg kilos ounces gallons liters litres square \
         acres dozen items item pieces copies boxes pizzas cokes tickets ticket bottles bags units points point \
         stars bucks grand million billion quarters half halves percentages o'clock oclock ish bedroom bedrooms \
         bathroom bathrooms stories floors pages page chapters episodes employees users customers requests orders \
         others eur usd gbp hz mb gb tb ms k calories pairs pair weekdays megabyte megabytes gigabyte gigabytes \
         files callers players games seats large rupees rupee naira pesos peso quid dirhams dirham rand shillings lakh \
         lakhs crore crores pence passengers travelers travellers slices portions servings cups glasses beers drinks courses dishes tables cars bikes",
    ),
    (
        Class::CLOSED,
        "a an the my your his her our their its this that these those i you he she it we they me him us them is are \
         was were be been being am do does did have has had can could will would shall should may might must and or \
         but so because if when while for of on in at to from with by about as into over under after before not no \
         yes yeah yep yup sure okay ok please thanks thank hello hi hey well just also too then there here what \
         what's who which where how why it's that's i'm i've i'd i'll you're you'd you've you'll we'll they've they'll he'll she'll he's she's they're we're let \
         let's email mail e address send sent write reach contact use used using get got give take put try said say \
         says think know want need like need's mine yours correct right actually maybe receipt file account invoice \
         copy confirmation everything it'll would've gonna wanna goes go going best one's personal work's both \
         either instead again still up out back down off my-email her's now new old other same message messages bill \
         statement info information details order ordered shop bought look looked visit visited find found see check \
         website site online page buy sell acct meet stay stayed work works live lives call called calling text texted \
         number phone cell name wife husband mother father sister brother son daughter friend's wife's husband's \
         spell spelled spelling spells",
    ),
    (
        Class::LEAD,
        "yes yeah yep yup sure okay ok so um uh well then it's its it that's that is and oh alright right the my \
         number uhh hmm got here goes go here's let me see i think of course certainly absolutely hi hello thanks \
         thank you please now again first next last digits digit rest are a moment sorry was would be with heard no \
         nope believe guess suppose correct fine nah aye",
    ),
    (
        Class::REQUEST,
        "what what's whats which could can may would please give tell provide need enter say read verify confirm \
         spell share have get let's go take start type key repeat",
    ),
    (
        Class::GO_ON,
        "again continue rest remaining go ahead next last slowly more repeat digits keep catch finish missing \
         following part half first second third remainder starting groups",
    ),
    (
        Class::RETRY,
        "expired again wrong incorrect invalid match matches matching mismatch repeat retry catch missed slower slowly rest \
         remaining remainder pardon broke breaking muffled louder hear",
    ),
    (
        Class::DETERMINER,
        "a an the my your his her our their this that its same another",
    ),
    (
        Class::PREPOSITION,
        "for of on to with from in about under behind against into onto",
    ),
    (
        Class::TOP_DOMAIN,
        "com net org edu gov io co me de uk fr es it info biz us ca au nl ch eu at be se no dk pl app dev ai tv fm \
         ly cc gl gg sh am vc lu sk bg hr lt lv ee ar cl pe ve uy kr hk tw sg vn ph pk lk bd ke ng gh eg sa ae il tr \
         ua wales london in nz ie jp mx br pt fi cz ru cn za gr ro hu coop pro name jobs travel club museum agency \
         studio email tech online xyz store site shop cloud mil int example",
    ),
    (Class::DOT, "dot period point"),
    (
        Class::SIGN,
        "dot period underscore underline dash hyphen minus plus score",
    ),
    (
        Class::TOWARDS,
        "at on to me call dial text reach ring phone him her us using via by",
    ),
    (
        Class::VAGUE,
        "my the your his her our a an this that best good full whole long new old same right correct contact \
         callback current other alternate second first only real actual main preferred daytime evening us uk british \
         american canadian german french local international whose is and what's that's it's or of not match matches \
         another any toll private secret complete entire their one more following",
    ),
    (
        Class::LINE,
        "office cell mobile home work fax desk landline direct main",
    ),
    (
        Class::STATE,
        "al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd oh ok \
         or pa ri sc sd tn tx ut vt va wa wv wi wy dc pr vi gu mp as mh fm pw aa ae ap alabama alaska arizona \
         arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois indiana iowa kansas \
         kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska \
         nevada hampshire jersey mexico york carolina dakota ohio oklahoma oregon pennsylvania rhode tennessee texas \
         utah vermont virginia washington wisconsin wyoming",
    ),
    (
        Class::TITLE,
        "mr mrs ms miss dr doctor mister prof professor sir madam mme mlle sr sra srta",
    ),
    (
        Class::ALPHABET,
        "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa quebec \
         romeo sierra tango uniform victor whiskey xray yankee zulu alfa juliett juliette whisky indigo queen",
    ),
];

/// Words that matter in one place only. They count as unknown everywhere else, and with "'s"
/// behind them they are other words.
pub(crate) const APART: &Meanings<Class> = &[
    (
        Class::NO_NAME,
        "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri today tomorrow tonight later soon anytime noon \
         midnight back christmas easter thanksgiving halloween hanukkah ramadan diwali visa mastercard amex discover \
         paypal italian spanish english french german american british indian mexican chinese japanese korean \
         canadian vegan vegetarian hungry ridiculous support sales billing blue red green black white pizza ok sir \
         madam everyone all team there pepper sunny tram trams \
         capricorn aquarius pisces gemini sagittarius taurus filipina filipino latina latino maori igbo yoruba hausa celiac coeliac \
         diabetic autistic tiny stormy misty windy rainy dusty sandy rusty happy busy early lucky curious ty vis",
    ),
    (
        Class::NAME_TOO,
        "will bill may june april august mark page ty",
    ),
    (
        Class::NO_ANSWER,
        "hello hi hey repeat pardon representative operator agent human person somebody someone nobody none \
         anonymous billing support sales emergency help wrong moment minute second later already speaking yourself \
         nothing skip stop cancel refund delivery reservation appointment customer service question whatever never \
          mind hang hold wait what huh friend neighbour neighbor colleague google facebook instagram \
          website online advert stranger excuse goodbye bye good morning afternoon evening great perfect awesome cool \
          alrighty gotcha yup righto okey dokey understood noted roger indeed go ahead continue many sounds lovely brilliant wonderful fantastic excellent fab smashing grand",
    ),
    (
        Class::NO_VALUE,
        "i i'm i've i'd i'll you we they he she forgot forget forgotten remember don't dont doesn't didn't can't \
         cannot won't what what's why how which where who can could would should not never no none nope reset change \
         changed wrong incorrect expired locked same sorry pardon repeat working work invalid rejected saved stolen \
         compromised hacked required missing lost weak sensitive characters letters digits long short too about \
         because does did was have has need want think file before already different moved fine good bad old new \
         ready secure safe empty blank simple strong needed case very really still okay broken useless hard easy \
         complicated hidden visible private protected enabled disabled ten eight asked updated set",
    ),
    (
        Class::OTHER_DAY,
        "from until till by between before after dated founded",
    ),
    (
        Class::NO_HOST,
        "through via using called named visit open try slash colon website link",
    ),
    (
        Class::SITE,
        "website site url link webpage homepage domain blog portal",
    ),
    (
        Class::OFFICE,
        "info hello help order orders account accounts invoice message contact",
    ),
    (
        Class::IN_BRAND,
        "my mail live work best buy info online message",
    ),
    (Class::CALLING, "calling here from speaking again with at"),
    (
        Class::BEHIND_NAME,
        "and with but spelled here speaking calling please yes yeah thanks",
    ),
    (
        Class::CONTRAST,
        "gave instead not should actually lives said changed",
    ),
    (
        Class::TOP_SITE,
        "photo photos photography art design page link blog news life world today care health clinic dental vet law \
         legal gallery fitness yoga cafe restaurant hotel homes house estate rent space website digital media \
         social team group company business solutions services consulting finance bank money tax works zone wiki \
         church school academy training coach events wedding garden farm kitchen fashion style beauty salon toys \
         games video music band theater family tips guide support help center international global network systems \
         software codes press pizza pub bike boats builders camp cars catering chat city cleaning coffee college \
         community construction dance delivery dentist direct doctor dog earth education energy engineer engineering \
         equipment expert express film fish fit florist flowers foundation fun fund furniture gifts gold golf green \
         hair haus host industries ink institute insure land lighting limited loans ltd management market \
         marketing menu mortgage ngo partners pet pictures place plumbing plus productions properties rentals \
         repair report rocks run sale science security show solar storage supplies surgery taxi tennis theatre tools \
         tours town trade university vacations ventures vision watch win wine",
    ),
    (
        Class::EVENT,
        "appointment appointments appt visit booking delivery deliver delivered due arrival arrive arriving arrived \
         departure checkin checkout pickup meeting scheduled rescheduled shipped ordered purchased posted renewed \
         signed happened surgery party wedding starting starts",
    ),
    (
        Class::THING,
        "drug medicine medication manufacturer chemist pharmacy hospital hotel clinic station airport university college school church bank store shop restaurant cafe café \
         bar pub bridge beach bay island islands county city stadium arena museum hall tower towers house salad sauce \
         pizza chicken cake foundation inc llc ltd plc gmbh company corporation corp brothers bros motors estate \
         estates apartments residency heights village valley creek river falls springs beds bread tea coffee whiskey \
         whisky bourbon wine beer gin vodka jeans shoes bags watch model disease syndrome test method award prize cup \
         center centre library mall market nursery insurance group partners associates temple mosque cathedral \
         terminal junction line dam castle palace farm farms place business product brand event app file street \
         software grill bistro diner kitchen bakery salon spa gym academy institute depot terrace housing \
         international airlines airways club team ship boat horse dog cat puppy kitten spaniel hamster rabbit parrot \
         plant branch mattress crackers potatoes knife trainers honey pads polo biscuits sofa bookcase dresser dress handbag perfume lipstick vacuum tractor",
    ),
    (
        Class::OF_THING,
        "st saint san santa santo port fort mount mt lake the a an hotel villa chez camp cape point hurricane storm \
         bloody in near los las",
    ),
    (
        Class::MONEY,
        "dollars bucks funds money checking savings payee",
    ),
    (Class::RIDE, "cab cabs taxi taxis ride rideshare uber lyft"),
    (
        Class::WORK,
        "movie movies film films song songs album albums music band concert concerts singer artist actor actors \
         actress novel genre starring soundtrack lyrics playlist theater theatre cinema directed comedy show shows \
         tickets gig rating event events match versus vs game games",
    ),
    (
        Class::ISSUED,
        "claim serial meter complaint docket file device agreement contract record loan warranty",
    ),
    (
        Class::NUMBERED,
        "locker seat room table gate floor house flat unit apartment door building bay space parking spot lane row \
         queue turn lucky favourite favorite jersey shirt shoe size bag baggage luggage box container pallet load \
         batch lot part model serial product item stock article catalog catalogue ticket case complaint enquiry \
         inquiry query support repair return rma refund request job task project issue incident order booking \
         reservation confirmation reference ref tracking parcel package shipment delivery collection pickup invoice \
         receipt quote estimate bill statement transaction payment check cheque flight train bus route trip ride \
         platform coach carriage track channel station page chapter lesson course class module exam question answer \
         step level version build release phase episode season race bib player team meeting webinar conference \
         session event draw raffle lottery winning bid auction tender contract work purchase vendor supplier store \
         shop branch department agent operator extension conversation chat error report log file document form plot \
         block sector zone area region district ward street road highway exit junction mile wrong different exact \
         big small high low large total final minimum maximum average even odd prime round whole bad magic golden \
         pin promo coupon discount voucher gift dress country colour color bar qr morse zip post source",
    ),
];
