//! PINs, passcodes and one-time codes.

use super::topics::Topic;

/// Phrases that speak of one.
pub(super) const CUES: &[(Topic, &str)] = &[(
    Topic::Pin,
    "pin, p i n, pin number, pin code, pincode, pin is, personal identification number, passcode, pass code, otp, o t p, \
     one time code, one time password, one time passcode, one time pass code, one time pin, verification code, \
     verification number, verify code, authentication code, auth code, authorization pin, access code, login code, \
     log in code, two factor code, 2fa code, 2 f a code, mfa code, six digit code, four digit code, four digit pin, \
     six digit pin, five digit code, eight digit code, six digit number you sent, code you texted me, code you texted, \
     code you just texted me, code you just texted, code you sent, code you sent me, code you just sent, \
     code you just sent me, code you emailed me, code that you sent, code that you sent me, code i got, code i just got, \
     code i received, code i just received, code from the text, code from the message, code from the email, \
     code from my phone, code from my email, code in the text, text code, texted code, code that came, code came through, code they sent, code they texted, code they sent me, sms code, code was texted, code was just texted, code just texted, code was sent, code was just sent, code we sent, code we sent you, \
     code we texted you, code did we send, code did we send you, code did you get, code did you receive, code texted to you, temporary code, \
     unlock code, alarm code, gate code, door code, entry code, keypad code, lock code, security pin, debit pin, card pin, \
     atm pin, voicemail pin, voicemail password, account pin, telephone banking pin, telephone pin, secret code, \
     text says, got a text, got your text, got the text, received a text, received your text, text came, got a message, \
     got your message, six digits are, message says, sms says, text said, message said, text reads, message reads, text it says, message it says, \
     to sign in, to log in, to login, code is, code was, mpin, tpin, verification pin, validation code, identification code, phone password",
)];

/// Whether so many digits are one.
pub(super) fn fits(length: usize) -> bool {
    (4..=8).contains(&length)
}

#[cfg(test)]
mod tests {
    use super::super::Detector;
    use super::super::testing::{check, check_one};

    #[test]
    fn values_are_found_beside_their_words() {
        for (text, value) in [
            ("my pin is five oh two seven", "five oh two seven"),
            ("the code you just texted me is 334796", "334796"),
            ("OTP: 482910", "482910"),
        ] {
            check_one(Detector::Pin, text, value);
        }
    }

    #[test]
    fn other_numbers_stay() {
        for text in [
            "your PIN must be 4 digits",
            "error code 4041",
            "I changed my pin in 2019",
        ] {
            check(text, &[]);
        }
    }
}
