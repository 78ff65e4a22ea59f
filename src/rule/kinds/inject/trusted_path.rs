//! Paths of values that are printed as they are written.

use serde::Deserialize;

use crate::lang::facts::{ROOTS, missing};

/// A path of keys to a value.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct TrustedPath(pub(super) Vec<String>);

/// Why a path is none of a value that can be trusted.
#[derive(Debug, thiserror::Error)]
pub(super) enum TrustedPathError {
    #[error(
        "`{path}` names no value: write a path such as `context.assistant.prompt`, that begins with one of {}",
        ROOTS.join(", ")
    )]
    Root { path: String },
    #[error("{message}: {help}")]
    Missing { message: String, help: String },
}

impl TryFrom<String> for TrustedPath {
    type Error = TrustedPathError;

    fn try_from(path: String) -> Result<TrustedPath, TrustedPathError> {
        let keys: Vec<String> = path.split('.').map(str::to_owned).collect();
        let is_known = keys
            .first()
            .is_some_and(|root| ROOTS.contains(&root.as_str()));
        if !is_known || keys.iter().any(String::is_empty) {
            return Err(TrustedPathError::Root { path });
        }
        match missing(&keys) {
            Some(missing) => Err(TrustedPathError::Missing {
                message: missing.message,
                help: missing.help,
            }),
            None => Ok(TrustedPath(keys)),
        }
    }
}
