//! What is wrong with the fields of a file beside each other.

use std::fmt;
use std::ops::Range;

use crate::files::problem::Source;

/// What is wrong with fields that can be read, but do not go together.
#[derive(Debug, Default)]
pub struct Faults(pub(super) Vec<FieldFault>);

/// One of them.
#[derive(Debug)]
pub(super) struct FieldFault {
    /// Paths of keys.
    pub(super) fields: Vec<String>,
    /// Another file, in which it is.
    pub(super) file: Option<Source>,
    /// What is wrong.
    pub(super) message: String,
    /// Where in the text of the field, in bytes.
    pub(super) part: Option<Range<usize>>,
    /// What to write instead.
    pub(super) help: Option<String>,
}

impl Faults {
    /// Adds one. The fields are paths of keys; where it is shown is the first that is written.
    pub fn add(&mut self, fields: &[&str], message: impl Into<String>) {
        self.0.push(FieldFault {
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
            file: None,
            message: message.into(),
            part: None,
            help: None,
        });
    }

    /// Adds one of a part of a field's text.
    pub fn add_within(
        &mut self,
        field: &str,
        part: Option<Range<usize>>,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        self.0.push(FieldFault {
            fields: vec![field.to_owned()],
            file: None,
            message: message.into(),
            part,
            help,
        });
    }

    /// Adds one of another file, that a field names.
    pub fn add_in(
        &mut self,
        file: &Source,
        part: Option<Range<usize>>,
        message: impl Into<String>,
        help: Option<String>,
    ) {
        self.0.push(FieldFault {
            fields: Vec::new(),
            file: Some(file.clone()),
            message: message.into(),
            part,
            help,
        });
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let messages: Vec<&str> = self.0.iter().map(|fault| &*fault.message).collect();
        f.write_str(&messages.join("; "))
    }
}
