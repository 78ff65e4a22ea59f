use crate::detect::Detector::Name;
use crate::detect::testing::check;

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
