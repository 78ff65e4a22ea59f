//! Strings of a `[fetch.NAME]`, each checked and its problems told at their places.

use std::collections::BTreeMap;

use toml::Spanned;

use super::secret::WithSecrets;
use super::url::FetchUrl;
use crate::files::{Problem, Source, variable};
use crate::lang::facts::FETCH;
use crate::lang::template::Escaping;
use crate::net::own_header::is_own_header;

/// Reads strings of one file.
pub(super) struct FetchStrings<'r> {
    pub(super) source: &'r Source,
    pub(super) env: &'r dyn Fn(&str) -> Option<String>,
}

impl FetchStrings<'_> {
    pub(super) fn url(
        &self,
        text: &Spanned<String>,
        problems: &mut Vec<Problem>,
    ) -> Option<FetchUrl> {
        let with_secrets = self.text(Escaping::Url, text, problems)?;
        match FetchUrl::new(with_secrets) {
            Ok(url) => Some(url),
            Err(error) => {
                let problem = self.source.error(text.span(), error.to_string());
                problems.push(problem.with_help_if(error.help()));
                None
            }
        }
    }

    pub(super) fn headers(
        &self,
        headers: &BTreeMap<String, Spanned<String>>,
        problems: &mut Vec<Problem>,
    ) -> Vec<(String, WithSecrets)> {
        let mut read = Vec::new();
        for (name, value) in headers {
            let is_token =
                |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
            let name = name.to_ascii_lowercase();
            let wrong = if name.is_empty() || !name.bytes().all(is_token) {
                Some("this is no name of a header".to_owned())
            } else if is_own_header(&name) || name == "proxy-authorization" {
                Some(format!("the header `{name}` is aside's own"))
            } else if read.iter().any(|(known, _)| *known == name) {
                Some(format!("the header `{name}` stands here twice"))
            } else {
                None
            };
            problems.extend(wrong.map(|message| self.source.error(value.span(), message)));
            if let Some(value) = self.text(Escaping::Header, value, problems) {
                read.push((name, value));
            }
        }
        read
    }

    pub(super) fn text(
        &self,
        escaping: Escaping,
        text: &Spanned<String>,
        problems: &mut Vec<Problem>,
    ) -> Option<WithSecrets> {
        // In a body `$NAME` may be a variable of the server's own language.
        let bare = variable::without_braces(text.get_ref()).filter(|_| escaping != Escaping::Json);
        if let Some((part, name)) = bare {
            let message = format!("`${name}` is no variable without braces: it stays as it is");
            let problem = self
                .source
                .error(self.source.place_in(text, Some(part)), message);
            problems
                .push(problem.with_help(format!("write `${{{name}}}` to read the environment")));
            return None;
        }
        match WithSecrets::read(escaping, text.get_ref(), self.env) {
            Ok(read) if read.references().contains(FETCH) => {
                let message = "a fetch can't speak of what is fetched";
                problems.push(self.source.error(text.span(), message));
                None
            }
            Ok(read) => Some(read),
            Err(error) => {
                let place = self.source.place_in(text, error.range.clone());
                let problem = self.source.error(place, error.message);
                problems.push(problem.with_help_if(error.help));
                None
            }
        }
    }
}
