//! The url of a fetch: its scheme and host are those of the file, whatever the facts are.
//!
//! What is rendered is looked at once more, part by part; a URL that leads elsewhere is refused.

use percent_encoding::percent_decode_str;

use crate::lang::facts::Facts;
use crate::net::host::Origin;

use super::request::{FetchError, in_part};
use super::secret::{WithSecrets, is_url_byte};

/// The longest URL, in bytes.
const LONGEST: usize = 8 * 1024;

/// A url that was checked when its rule file was read.
#[derive(Debug)]
pub(super) struct FetchUrl {
    template: WithSecrets,
    origin: Origin,
    /// How many parts of the path are empty in the file already.
    empty_parts: usize,
}

/// What is wrong with a url.
#[derive(Debug, thiserror::Error)]
pub(super) enum UrlError {
    #[error("it has a sign that no URL has")]
    Sign,
    #[error("{message}")]
    NoOrigin { message: String, is_whole: bool },
    #[error("the host ends in a `{{{{ … }}}}`")]
    OpenHost { origin: Origin },
    #[error("its path has a part `.` or `..`")]
    Climbs,
}

impl UrlError {
    /// What to write.
    pub(super) fn help(&self) -> Option<String> {
        match self {
            UrlError::Sign => Some("percent-encode it, as `%20` for a blank".into()),
            UrlError::NoOrigin {
                is_whole: false, ..
            } => Some("scheme and host stand in the url as they are, before any `{{ … }}`".into()),
            UrlError::OpenHost { origin } => {
                Some(format!("write `{origin}/` and the path behind it"))
            }
            UrlError::NoOrigin { .. } | UrlError::Climbs => None,
        }
    }
}

impl FetchUrl {
    pub(super) fn new(template: WithSecrets) -> Result<FetchUrl, UrlError> {
        let fixed = template.fixed();
        let texts = fixed.iter().flatten();
        if texts.clone().any(|text| !text.bytes().all(is_url_byte)) {
            return Err(UrlError::Sign);
        }
        let first: String = fixed.iter().map_while(|part| part.as_deref()).collect();
        let is_whole = fixed.iter().all(Option::is_some);
        let split = Origin::split(&first);
        let (origin, rest) = split.map_err(|error| UrlError::NoOrigin {
            message: error.to_string(),
            is_whole,
        })?;
        if rest.is_empty() && !is_whole {
            return Err(UrlError::OpenHost { origin });
        }
        let usual: String = fixed
            .iter()
            .map(|part| part.as_deref().unwrap_or("x"))
            .collect();
        let usual = Origin::split(&usual).map_or("", |(_, rest)| rest);
        if usual.contains('\\') || parts(usual).any(|part| is_climbing(&part)) {
            return Err(UrlError::Climbs);
        }
        let empty_parts = parts(usual).filter(Vec::is_empty).count();
        Ok(FetchUrl {
            origin,
            empty_parts,
            template,
        })
    }

    pub(super) fn origin(&self) -> &Origin {
        &self.origin
    }

    pub(super) fn render(&self, facts: &Facts) -> Result<String, FetchError> {
        let url = self.template.render(facts);
        let url = url.map_err(|error| in_part("url", &error))?;
        let error = |message: &str| Err(FetchError(message.to_owned()));
        if url.len() > LONGEST {
            return error("its url is too long");
        }
        match Origin::split(&url) {
            Ok((origin, path)) if origin == self.origin && url.bytes().all(is_url_byte) => {
                if parts(path).any(|part| is_climbing(&part)) {
                    return error("a part of its path would be `.` or `..`");
                }
                if parts(path).filter(Vec::is_empty).count() > self.empty_parts {
                    return error("a part of its path would be empty");
                }
            }
            _ => return error("its url would lead elsewhere"),
        }
        Ok(url)
    }
}

/// The parts of a path, decoded. Servers differ in what they decode first, so an encoded slash
/// parts it as well.
fn parts(path: &str) -> impl Iterator<Item = Vec<u8>> {
    let path = path.split('?').next().unwrap_or_default();
    let path = path.strip_prefix('/').unwrap_or(path);
    let decoded: Vec<u8> = percent_decode_str(path).collect();
    let is_slash = |byte: &u8| matches!(byte, b'/' | b'\\');
    let parts: Vec<Vec<u8>> = decoded.split(is_slash).map(<[u8]>::to_vec).collect();
    parts.into_iter()
}

fn is_climbing(part: &[u8]) -> bool {
    // Some servers take what stands behind `;` for no part of the name.
    let name = part.split(|byte| *byte == b';').next().unwrap_or_default();
    matches!(name, b"." | b"..")
}
