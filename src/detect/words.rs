//! Word lists of English as callers speak it and as speech recognisers write it.

/// What a word says in a spoken number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Number {
    /// Nothing.
    #[default]
    None,
    /// A digit.
    Unit(u8),
    /// Ten to nineteen.
    Teen(u8),
    /// Twenty to ninety, as its first digit.
    Ten(u8),
    /// The next digit this many times.
    Times(u8),
    /// Two zeros behind a digit.
    Hundred,
    /// Three zeros behind a digit.
    Thousand,
    /// A digit misheard as a word that is rare beside digits.
    Misheard(u8),
    /// A digit misheard as one of the commonest words.
    Doubtful(u8),
    /// A day of the month.
    Ordinal(u8),
    /// A month.
    Month(u8),
}

/// What a phrase does between two parts of a dictated number; the strongest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// It says nothing.
    Nothing,
    /// What follows may be what was said already.
    Again,
    /// What was said last was wrong.
    Correction,
    /// All is said anew.
    Restart,
}

/// Sounds that say nothing.
pub(super) const FILLER: u32 = 1;
/// Words that stand between parts of a number.
pub(super) const JOIN: u32 = 1 << 1;
/// Spoken dashes and blanks.
pub(super) const SEPARATOR: u32 = 1 << 2;
/// Words that say that what follows is the thing spoken of.
pub(super) const COPULA: u32 = 1 << 3;
/// Words behind a number that make it a quantity.
pub(super) const UNIT: u32 = 1 << 4;
/// Words that are never part of a name, a mailbox or a place.
pub(super) const CLOSED: u32 = 1 << 5;
/// Words with which an answer begins.
pub(super) const LEAD: u32 = 1 << 6;
/// Words of one who asks.
pub(super) const REQUEST: u32 = 1 << 7;
/// Words of one who wants more of the same.
pub(super) const GO_ON: u32 = 1 << 8;
/// Words of one who did not get what was said.
pub(super) const RETRY: u32 = 1 << 26;
/// Words with "'s" behind them.
pub(super) const POSSESSIVE: u32 = 1 << 27;
/// Articles and possessives.
pub(super) const DETERMINER: u32 = 1 << 9;
/// Prepositions that tie a noun to the one before.
pub(super) const PREPOSITION: u32 = 1 << 10;
/// Last parts of domains.
pub(super) const TOP_DOMAIN: u32 = 1 << 11;
/// A spoken full stop inside an address.
pub(super) const DOT: u32 = 1 << 12;
/// Spoken signs inside a mailbox.
pub(super) const SIGN: u32 = 1 << 13;
/// Words that end the name of a street.
pub(super) const STREET: u32 = 1 << 14;
/// Words before the number of a flat.
pub(super) const FLAT: u32 = 1 << 15;
/// Verbs and prepositions behind which a telephone number is said.
pub(super) const TOWARDS: u32 = 1 << 16;
/// Words before `number` that do not say of what.
pub(super) const VAGUE: u32 = 1 << 17;
/// Kinds of telephone lines, said behind a number.
pub(super) const LINE: u32 = 1 << 18;
/// States and their short forms.
pub(super) const STATE: u32 = 1 << 19;
/// Forms of address.
pub(super) const TITLE: u32 = 1 << 20;
/// Words that join spoken digits, but not written numbers.
pub(super) const LOOSE: u32 = 1 << 22;
/// Words of the phrases inside dictated numbers.
pub(super) const IN_GAP: u32 = 1 << 24;
/// Words of the closed class that domains and dates have.
pub(super) const IN_DOMAIN: u32 = 1 << 25;
/// Verbs of one who takes something back.
pub(super) const CORRECTION: u32 = 1 << 23;
/// Words of the alphabet that spellers use.
pub(super) const ALPHABET: u32 = 1 << 21;

/// The lists.
pub(super) const LISTS: &[(u32, &str)] = &[
    (
        FILLER,
        "uh uhh um umm er err erm hmm hm mm mmm mhm ah eh uhm ehm huh",
    ),
    (
        JOIN,
        "then so like okay ok next number and yeah yes right again comma followed well alright plus",
    ),
    (LOOSE, "or and plus number"),
    (
        IN_DOMAIN,
        "my me mail live work best buy info online message the of in",
    ),
    (CORRECTION, "scratch strike forget correct make"),
    (SEPARATOR, "dash hyphen space minus slash blank stroke"),
    (
        COPULA,
        "starts begins starting beginning is are was were be being it's its that's thats says reads equals as it am i'm here's there's i",
    ),
    (
        UNIT,
        "dollar dollars cent cents euro euros pound pounds percent percentage degrees degree fahrenheit celsius \
        day days week weeks month months year years hour hours minute minutes second seconds sec secs old am pm \
        people persons guests adults children kids boys girls cats dogs dog cat nights night rooms room times \
        feet foot inches inch miles mile meters metres kilometers kilometres km kg kilos ounces gallons liters \
        litres square acres dozen items item pieces copies boxes pizzas cokes tickets ticket bottles bags units \
        points point stars bucks grand million billion quarters half halves percentages \
        o'clock oclock ish bedroom bedrooms bathroom bathrooms stories floors pages page chapters episodes \
        employees users customers requests orders others eur usd gbp hz mb gb tb ms k calories pairs pair \
        weekdays megabyte megabytes gigabyte gigabytes files callers players games seats large",
    ),
    (
        CLOSED,
        "a an the my your his her our their its this that these those i you he she it we they me him us them \
        is are was were be been being am do does did have has had can could will would shall should may might must \
        and or but so because if when while for of on in at to from with by about as into over under after before \
        not no yes yeah yep yup sure okay ok please thanks thank hello hi hey well just also too then there here \
        what what's who which where how why it's that's i'm i've i'd i'll you're you'd he's she's they're we're \
        let let's me email mail e address send sent write reach contact use used using get got give take put try \
        said say says think know want need like need's should mine yours correct right actually maybe \
        receipt file account invoice copy confirmation everything it'll would've gonna wanna have goes go going \
        best one's personal work's both either instead again still up out back down off my-email her's now new \
        old other same again message messages bill statement info information details order ordered shop bought \
        look looked visit visited find found see check website site online page buy sell meet stay stayed work \
        works live lives call called calling text texted number phone cell name wife husband mother father sister \
        brother son daughter friend's wife's husband's spell spelled spelling spells",
    ),
    (
        LEAD,
        "yes yeah yep yup sure okay ok so um uh well then it's its it that's that is and oh alright right the my \
        number uhh hmm got here goes go here's let me see i think of course certainly absolutely hi hello thanks thank \
        you please now again first next last digits digit rest are a moment sorry was would be with heard no nope believe guess suppose correct fine",
    ),
    (
        REQUEST,
        "what what's whats which could can may would please give tell provide need enter say read verify confirm \
        spell share have get let's go take start type key repeat",
    ),
    (
        GO_ON,
        "again continue rest remaining go ahead next last slowly more repeat digits keep catch finish missing \
        following part half first second third remainder starting groups",
    ),
    (
        RETRY,
        "again wrong incorrect invalid match matches matching mismatch repeat retry catch missed slower slowly rest remaining remainder",
    ),
    (
        DETERMINER,
        "a an the my your his her our their this that its same another",
    ),
    (
        PREPOSITION,
        "for of on to with from in about under behind against into onto",
    ),
    (
        TOP_DOMAIN,
        "com net org edu gov io co me de uk fr es it info biz us ca au nl ch eu at be se no dk pl app dev ai \
        tv fm ly cc gl gg sh am vc lu sk bg hr lt lv ee ar cl pe ve uy kr hk tw sg vn ph pk lk bd ke ng gh eg sa ae il tr ua wales london in nz ie jp mx br pt fi cz ru cn za gr ro hu coop pro name jobs travel club museum agency studio email tech online xyz store site shop cloud mil int",
    ),
    (DOT, "dot period point"),
    (
        SIGN,
        "dot period underscore underline dash hyphen minus plus score",
    ),
    (
        STREET,
        "street st avenue ave road rd boulevard blvd lane ln drive dr court ct circle cir place pl way \
        terrace ter trail trl parkway pkwy highway hwy square sq loop alley plaza crescent close row mews gardens \
        grove hill view walk path pike run pass ridge park crossing route turnpike",
    ),
    (
        FLAT,
        "apartment apt suite ste unit flat room floor building bldg box lot",
    ),
    (
        TOWARDS,
        "at on to me call dial text reach ring phone him her us using via by",
    ),
    (
        VAGUE,
        "my the your his her our a an this that best good full whole long new old same right correct contact \
        callback current other alternate second first only real actual main preferred daytime evening us uk british american canadian german french local international whose is and \
        what's that's it's or of not match matches another any toll private secret complete entire their one more following",
    ),
    (
        LINE,
        "office cell mobile home work fax desk landline direct main",
    ),
    (
        STATE,
        "al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd oh \
        ok or pa ri sc sd tn tx ut vt va wa wv wi wy dc pr vi gu mp as mh fm pw aa ae ap alabama alaska arizona \
        arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois indiana iowa \
        kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana \
        nebraska nevada hampshire jersey mexico york carolina dakota ohio oklahoma oregon pennsylvania rhode \
        tennessee texas utah vermont virginia washington wisconsin wyoming",
    ),
    (
        TITLE,
        "mr mrs ms miss dr doctor mister prof professor sir madam",
    ),
    (
        ALPHABET,
        "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa \
        quebec romeo sierra tango uniform victor whiskey xray yankee zulu",
    ),
];

/// Phrases inside a dictated number.
pub(super) const GAPS: &[(Gap, &str)] = &[
    (
        Gap::Nothing,
        "and then, next is, next up, after that, and after that, followed by, let me see, and finally, \
        then it's, and it's, and that's, then there's, hold on, hang on, let's see, and the, then the, and the last, \
        and the rest is, you know, next comes, and next, okay then, okay so, got it, area code, the number, number is, \
        and the number is, then comes, followed up by, are you ready, one sec, one second, just a second, \
        one moment, like i said, as i said, that's, then it goes, it goes, and lastly, last four, last ones are, and last, prefix, and a, then a, another",
    ),
    (
        Gap::Again,
        "again, i repeat, i'll repeat, let me repeat, let me repeat that, once more, repeating, say again, \
        i'll say it again, i'll say that again, let me say it again, let me say that again",
    ),
    (
        Gap::Restart,
        "start over, let me start over, i'll start over, starting over, let me start again, i'll start again, \
        from the top, from the beginning, from the start, let me try again, let me try that again, \
        let me do that again, let me begin again",
    ),
    (
        Gap::Correction,
        "no wait, wait no, i mean, i meant, actually, scratch that, no sorry, sorry no, sorry, no, \
        correction, make that, no make that, oops, excuse me, rather, wait, no no, no actually, actually no, \
        strike that, my bad, my mistake, i'm sorry, no i mean, sorry i mean, wait sorry, or rather, pardon, \
        pardon me, no it's, sorry that's, wait that's, no that's, forget that, i misspoke, let me correct that, \
        take that back, not that, sorry make that, no excuse me, uh no, wait i mean, hold on no, wait actually",
    ),
];

const UNITS: &str = "zero one two three four five six seven eight nine";
const TEENS: &str =
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen";
const TENS: &str = "_ _ twenty thirty forty fifty sixty seventy eighty ninety";
const ORDINALS: &str = "_ first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth \
    fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth _ _ _ _ _ _ _ _ _ thirtieth";
const MONTHS: &str =
    "_ january february march april may june july august september october november december";
const MONTHS_CUT: &str = "_ jan feb mar apr _ jun jul aug sep oct nov dec";

/// Whether a word under way may become one that begins a number or a date.
pub(super) fn begins_number(begun: &str) -> bool {
    let begun = begun.trim_end_matches([',', '.', ';', ':', '!', '?', '\'', '"']);
    let starts = |word: &str| {
        word.get(..begun.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(begun))
    };
    starts("plus") || numbers().into_iter().any(|(_, word)| starts(word))
}

/// The words that say numbers.
pub(super) fn numbers() -> Vec<(Number, &'static str)> {
    let one_list = |list: &'static str, make: fn(u8) -> Number| {
        list.split_whitespace()
            .enumerate()
            .filter(|(_, word)| *word != "_")
            .map(move |(at, word)| (make(at as u8), word))
            .collect::<Vec<_>>()
    };
    let mut all = one_list(UNITS, Number::Unit);
    all.extend(one_list(TEENS, Number::Teen));
    all.extend(one_list(TENS, Number::Ten));
    all.extend(one_list(ORDINALS, Number::Ordinal));
    all.extend(one_list(MONTHS, Number::Month));
    all.extend(one_list(MONTHS_CUT, Number::Month));
    all.extend([
        (Number::Unit(0), "oh"),
        (Number::Unit(0), "nought"),
        (Number::Unit(0), "naught"),
        (Number::Unit(0), "zeros"),
        (Number::Unit(0), "zeroes"),
        (Number::Unit(9), "niner"),
        (Number::Ten(4), "fourty"),
        (Number::Month(9), "sept"),
        (Number::Times(2), "double"),
        (Number::Times(3), "triple"),
        (Number::Times(3), "treble"),
        (Number::Times(4), "quadruple"),
        (Number::Hundred, "hundred"),
        (Number::Thousand, "thousand"),
        (Number::Misheard(0), "o"),
        (Number::Misheard(0), "owe"),
        (Number::Misheard(1), "won"),
        (Number::Misheard(3), "tree"),
        (Number::Unit(5), "fife"),
        (Number::Unit(6), "sicks"),
        (Number::Unit(6), "sics"),
        (Number::Misheard(8), "ate"),
        (Number::Doubtful(2), "to"),
        (Number::Doubtful(2), "too"),
        (Number::Doubtful(4), "for"),
        (Number::Doubtful(4), "fore"),
    ]);
    all
}
