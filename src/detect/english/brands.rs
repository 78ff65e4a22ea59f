//! Brands, products, dishes and figures of stories that are made of words which people have as names.
//!
//! They are no names where nothing says that somebody is called so.

/// The phrases, in small letters and in the order of their letters.
#[rustfmt::skip]
pub(crate) const BRANDS: &[&str] = &[
    "abercrombie and fitch", "air jordan", "air jordans", "air max", "alfa romeo", "arnold palmer", "aston martin",
    "aunt jemima", "average joe", "barnes and noble", "baskin robbins", "ben and jerry", "ben and jerry's",
    "benson and hedges", "betty crocker", "big ben", "billy elliot", "black and decker", "bloody mary",
    "bob evans", "bob the builder", "bobbi brown", "briggs and stratton", "brooks brothers", "buzz lightyear",
    "calvin klein", "captain morgan", "charles schwab", "charlie brown", "charlotte tilbury", "christian dior",
    "christian louboutin", "chuck e cheese", "chuck taylor", "chuck taylors", "doc martens", "dolce and gabbana",
    "dom perignon", "donald duck", "donna karan", "dr martens", "dr pepper", "earl grey", "eddie bauer",
    "edward jones", "eggs benedict", "elizabeth arden", "ernst and young", "estee lauder", "evan williams",
    "famous amos", "fannie mae", "father christmas", "fisher price", "fortnum and mason", "fred perry",
    "freddie mac", "general tso", "george foreman", "guy fawkes", "harley davidson", "harry potter",
    "harvey nichols", "heath robinson", "helena rubinstein", "henry hoover", "hugo boss", "indiana jones",
    "j p morgan", "jack daniel's", "jack daniels", "jack frost", "jack russell", "jack russells", "james bond",
    "jane doe", "jim beam", "jimmy choo", "jimmy choos", "jimmy dean", "jimmy john's", "jimmy johns", "jo malone",
    "joan of arc", "joe bloggs", "john collins", "john deere", "john doe", "john lewis", "johnnie walker",
    "johnny rockets", "johnson and johnson", "jose cuervo", "jp morgan", "karen millen", "kate spade",
    "kenneth cole", "king arthur", "king charles", "lady grey", "lara croft", "laura ashley", "levi strauss",
    "little debbie", "louis vuitton", "mad max", "mamma mia", "mango lassi", "marc jacobs", "mario kart",
    "marks and spencer", "martin luther king", "mary kay", "mary poppins", "max factor", "max mara",
    "mercedes benz", "merrill lynch", "michael kors", "mickey mouse", "minnie mouse", "morgan stanley",
    "morphy richards", "murphy's law", "nosy parker", "oscar mayer", "paddington bear", "papa john's",
    "papa johns", "paul smith", "peach melba", "pear helene", "peeping tom", "peppa pig", "peter pan",
    "peter rabbit", "philip morris", "pina colada", "plain jane", "pro max", "procter and gamble", "ralph lauren",
    "robert dyas", "robin hood", "rogan josh", "rolls royce", "romeo and juliet", "rose lassi", "rosetta stone",
    "russell hobbs", "ruth's chris", "saint bernard", "sallie mae", "salt lassi", "salted lassi", "sam adams",
    "samuel adams", "santa claus", "sara lee", "sherlock holmes", "shirley temple", "sloppy joe", "sloppy joes",
    "smart alec", "smith and wesson", "st andrew's", "st david's", "st george's", "st patrick's", "stan smith",
    "stan smiths", "stella artois", "stella mccartney", "super mario", "sweet lassi", "ted baker",
    "thomas the tank", "tiffany and co", "tim hortons", "tom collins", "tom ford", "tom kha", "tom yum",
    "tomb raider", "tommy hilfiger", "trader joe's", "uncle ben's", "uncle sam", "vera wang", "victoria sponge",
    "virgin mary", "wells fargo", "winnie the pooh", "yves saint laurent",
];
