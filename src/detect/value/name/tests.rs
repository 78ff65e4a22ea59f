use crate::detect::Detector::Name;
use crate::detect::testing::{check, check_one};

// Checks the names in a text, which stand in it in brackets.
fn names(marked: &str) {
    let text = marked.replace(['[', ']'], "");
    let parts = marked.split('[').skip(1);
    let expected: Vec<_> = parts
        .map(|part| (Name, part.split(']').next().unwrap_or("")))
        .collect();
    check(&text, &expected);
}

fn all(lines: &[&str]) {
    for line in lines {
        names(line);
    }
}

#[test]
fn names_stand_behind_their_phrases() {
    all(&[
        "my name is [michele farley] and my question is",
        "My name is [Jeremy Kim].",
        "This is [Isa de Man] calling",
        "name: \"[Chaaya Modi]\"",
        "first name [adaora] last name [nwosu]",
        "the booking is under [fernandes]",
        "it's for my wife [gwendolyn]",
        "i'm calling on behalf of my mother [ruth abernathy]",
        "can you put it under [de la rosa]",
        "table for four, [hoffman]",
        "please ask for mrs [okonjo] when you get here",
        "dr [ramanathan] saw me last week",
        "mr [black] called about the roof",
        "that's mrs [green] isn't it",
        "could you let doctor [osei] know",
        "the account is in the name of [oluwaseun adeyemi]",
        "myself [anil kapoor] calling from pune",
        "thank you so much [deepika]",
        "Patient: [Anastazja Borzym]",
    ]);
}

#[test]
fn names_stand_before_their_phrases() {
    all(&[
        "[farid rahimi] here",
        "[Ines Carvalho] is my name",
        "[leticia] speaking",
        "good evening, [habib al fassi] on the line",
        "[kathryn] with a k",
        "we're the [kowalski] party of six",
        "[JOHN PETERSON] IS MY NAME",
    ]);
}

#[test]
fn titles_initials_and_small_words_lead_to_a_name() {
    all(&[
        "Signed for by: [K PATEL] at rear door",
        "Owner: [B & T Fitzgibbon]. Dog on premises.",
        "Owners: [R & S Banerjee]",
        "the account's in the name of [j and m okafor]",
        "To: [Siti Nurhaliza binti Kamal]",
        "Sr. [Ortega] will collect",
        "please ask for Mlle [Bérangère Tissot]",
        "Call [Old Joe] on the intercom",
        "line mgr [Col]",
        "supervisor approval is needed",
        "it's from B & Q",
        "vitamin b and c deficiency",
        "T & Cs apply",
        "the Sr. Developer role",
    ]);
}

#[test]
fn a_last_word_behind_thanks_is_a_name() {
    all(&[
        "update my number please, thanks, [Bex]",
        "could you move it? Cheers, [Jools].",
        "update my number, thanks, bye",
        "thanks, Team",
        "its for the refund ty",
    ]);
}

#[test]
fn a_name_needs_no_phrase_where_the_table_is_sure() {
    all(&[
        "[priya] will pick it up",
        "please add [fatima hassan] as a second driver",
        "[nguyen van anh] is the account holder",
        "[mary ann o'donnell] is picking him up",
        "it's [jose], [jose de la cruz]",
        "[jan van der berg] ordered it",
        "i'm [theresa]'s husband",
    ]);
}

#[test]
fn names_that_are_words_too_need_a_phrase_and_are_whole() {
    all(&[
        "hello my name is [grace hope]",
        "i'm [will rich]",
        "my daughter's name is [summer rain]",
        "the name is [may young]",
        "this is [joy] from the school",
        "hi it's [bill]",
        "my brother [will]",
        "[faith] here",
        "i will call you back in may",
        "grace period is ten days",
        "the bill is too high, mark it",
        "the doctor will see me",
    ]);
}

#[test]
fn letters_that_spell_a_name_go_with_it() {
    all(&[
        "my surname is [o'brien] spelled [o apostrophe b r i e n]",
        "it's [mcdougall], [m c d as in dog o u g a double l]",
        "surname's [d for delta a h l], [dahl]",
        "my name is spelled [k a t h r y n]",
        "it's [mark] [m a r c] with a c",
    ]);
}

#[test]
fn a_phrase_does_not_look_across_the_end_of_a_sentence() {
    all(&[
        "Thanks. Anything else I owe?",
        "Thank you. Goodbye!",
        "My name is. Dinner for two.",
    ]);
}

#[test]
fn other_words_are_no_names() {
    all(&[
        "this is a test and it's fine",
        "my name is on the list",
        "i'm in austin texas",
        "i am dissatisfied with the service",
        "it's raining here",
        "a restaurant called Blue Lagoon",
        "can i get a caesar salad and the chicken alfredo",
        "st john's hospital on madison avenue",
        "i'm at george washington university",
        "we fly from denver to los angeles",
        "my wife is sick and my son has a fever",
        "call me tomorrow",
        "hello operator",
        "dr pepper please",
        "hey siri",
    ]);
}

#[test]
fn an_assistants_own_name_is_none() {
    check("agent: This is Ava from Acme, how can I help?", &[]);
    check("agent: Thanks, I'm Priya, your assistant.", &[]);
    check("agent: Good morning, Kelly speaking.", &[]);
    check("agent: Am I speaking with Priya?", &[(Name, "Priya")]);
}

#[test]
fn a_name_that_a_fuller_one_says_again_is_one() {
    all(&[
        "it's [sam], [sam okafor], about the boiler",
        "[tess] it's [tess maguire] from yesterday",
        "[Bond], [Eddie Bond], room for two",
        "i'm [hope hope winters] and i need a tow",
        "[pearl], that's [pearl adeyemi]",
        "well, well done to the team",
        "bill, the bill is wrong",
        "it's hot, hot and humid",
        "chase bank, it's chase",
    ]);
    check(
        "agent: Name for the table?\ncaller: Lake, Ina Lake.",
        &[(Name, "Lake"), (Name, "Ina Lake")],
    );
}

#[test]
fn a_short_form_beside_the_whole_is_a_name() {
    all(&[
        "you'll have me as [bea] or [beatrice lund]",
        "officially [deborah], but [debs] to my mates",
        "[pat], or [patricia] if you're the bank",
        "everyone says [manny], it's [emmanuel] on the card",
        "people say it's great",
    ]);
}

#[test]
fn what_is_written_down_of_somebody_is_a_name() {
    all(&[
        "you have me down as [carter] but it's [mckenna] now",
        "you've still got me under [porter]",
        "it's booked under [penny] i think",
        "it might be under [joy], that's my wife",
        "you have me down as a smoker and i'm not",
        "it's under warranty probably",
        "look under settings",
    ]);
    for (said, name) in [
        ("I have Rose Hill on file.", "Rose Hill"),
        ("I've got a Jonathan Baker here.", "Jonathan Baker"),
        ("It says here Olive Marsh.", "Olive Marsh"),
        ("We've got you as Heather Moss?", "Heather Moss"),
        ("Thank you, Precious.", "Precious"),
        ("Okay Rose, one moment.", "Rose"),
    ] {
        check(&format!("agent: {said}\ncaller: yes"), &[(Name, name)]);
    }
    for said in [
        "I have a note on file.",
        "We've got you down as vegetarian.",
        "There's a charge on this account.",
        "Okay great, one moment.",
    ] {
        check(&format!("agent: {said}\ncaller: yes"), &[]);
    }
}

#[test]
fn one_near_to_somebody_is_named_before_what_goes_on() {
    all(&[
        "my son [will] has a fever",
        "our daughter [skye] starts on monday",
        "i spoke with [dawn] in billing",
        "it's [dee] from the front office",
        "the account is under [r. t. macready]",
        "my landlord hasn't called",
        "my daughter may come too",
        "my brother bill me later no",
        "could i speak to billing",
        "it's from the front of the shop",
    ]);
}

#[test]
fn a_full_stop_at_the_end_of_a_line_ends_a_name() {
    names("Regards, Mrs [Whitfield].\nSent from my phone");
}

#[test]
fn a_name_may_stand_where_words_and_marks_are() {
    for (text, name) in [
        ("may i speak with june please", "june"),
        ("cancel it for Ravindran + 2, please", "Ravindran"),
        ("that's will akhtar, my son in law", "will akhtar"),
        (
            "a named driver, Jermaine St. Clair, my nephew",
            "Jermaine St. Clair",
        ),
        ("the nominee is Smt. Saraswathi Ammal", "Saraswathi Ammal"),
        (
            "the parcel is at the depot. POD signed T. Szymanski.",
            "T. Szymanski",
        ),
        ("it's ignatius d'souza from bandra", "ignatius d'souza"),
        ("me roderick plum and the treasurer", "roderick plum"),
        ("i've a thomas brennan on my list", "thomas brennan"),
        ("transcript: \"Hi it's Bríd from the creche\"", "Bríd"),
    ] {
        check_one(Name, text, name);
    }
    for text in [
        "ask for june",
        "a table for Tuesday + 1",
        "mum will ring back",
        "so the surname box you leave blank",
        "surname,forename,relationship",
        "Agent ref: see below",
        "user-agent=\"Zoiper 5\"",
        "I'm from Bolton.",
        "a valentine's baby",
        "you've cancelled my sister, you've done it",
        "agent: And NINO?",
        "agent: full name as per ic?",
    ] {
        check(text, &[]);
    }
}

#[test]
fn what_is_spelled_near_is_said_and_a_nickname_stands_inside() {
    names("it's [alasdair] and then [farquharson] i'll spell that [f a r q u h a r s o n] okay");
    names("it's for mrs [bebbington] and that's [b e b b i n g t o n]");
    names("K. [Kathryn], [K-A-T-H-R-Y-N], [Sproule].");
    names("please ask [Harold \"Hal\" Jimenez] to call");
    names("[Margaret (Peggy) Ashworth] is the tenant");
    for text in [
        "it's the letters a b c, express",
        "the \"Paris\" package (Deluxe) Rooms",
    ] {
        check(text, &[]);
    }
}
