//! `[fetch.NAME]` of a rule file: where facts come from, and the request for one turn.
//!
//! `url`, `headers` and `body` are templates in which `${NAME}` reads the environment. The scheme
//! and the host stand there as they are. In the url a value is percent-encoded, so it can change
//! neither host nor path; one that would leave a part of the path empty, `.` or `..` is refused.
//! In the body a value is escaped for JSON: write `"{{ turn.user }}"`, or `{{ x | tojson }}` for a
//! whole value. In a header a value with a line break is refused.
//!
//! It asks nobody; its errors and its Debug never hold a value or a secret.

mod request;
mod secret;
mod strings;
mod url;

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use toml::Spanned;

use crate::chat::pointer::JsonPointer;
use crate::files::duration::{duration, optional_duration};
use crate::files::{Document, Problem};
use crate::lang::facts::Facts;
use crate::lang::template::Escaping;
use crate::net::host::Origin;
use request::in_part;
pub use request::{FetchError, FetchIdentity, FetchRequest};
use secret::WithSecrets;
use strings::FetchStrings;
use url::FetchUrl;

/// The longest that a request may be under way.
pub const LONGEST: Duration = Duration::from_secs(10);

/// A source of facts, as a rule file describes it.
pub struct Fetch {
    name: String,
    method: FetchMethod,
    url: FetchUrl,
    headers: Vec<(String, WithSecrets)>,
    body: Option<WithSecrets>,
    pick: JsonPointer,
    within: Duration,
    fresh: Duration,
    stale: Duration,
    at: AskedAt,
    /// Everything above as it stands in the file.
    definition: String,
}

/// When a source is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AskedAt {
    /// In a turn that needs it.
    #[default]
    Turn,
    /// Also when the call begins, ahead of its first turn.
    Call,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
enum FetchMethod {
    #[default]
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

/// A source of facts over HTTP. Its answer is `fetch.NAME` for every rule.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FetchFields {
    /// The address; a template whose scheme and host stand there as they are.
    #[schemars(with = "String")]
    url: Spanned<String>,
    /// How it is asked. Default: GET.
    #[serde(default)]
    method: FetchMethod,
    /// Headers; templates. `${NAME}` reads the environment.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    headers: BTreeMap<String, Spanned<String>>,
    /// What is posted; a template.
    #[schemars(with = "Option<String>")]
    body: Option<Spanned<String>>,
    /// The part of the answer that counts, a JSON Pointer (RFC 6901). Default: the whole answer.
    #[schemars(with = "Option<String>")]
    pick: Option<Spanned<String>>,
    /// How long a turn waits for it. Default: 80ms.
    #[serde(default = "eighty_ms", deserialize_with = "duration")]
    #[schemars(with = "String")]
    within: Duration,
    /// How long it is served without asking again. Default: 30s; with `at = "call"` 2h.
    #[serde(default, deserialize_with = "optional_duration")]
    #[schemars(with = "Option<String>")]
    fresh: Option<Duration>,
    /// How long after that it is served while it is asked again. Default: 10m.
    #[serde(default = "ten_minutes", deserialize_with = "duration")]
    #[schemars(with = "String")]
    stale: Duration,
    /// When it is asked. Default: turn.
    #[serde(default)]
    at: AskedAt,
}

impl Fetch {
    /// The JSON Schema of `[fetch.NAME]`.
    pub fn schema(generator: &mut SchemaGenerator) -> Schema {
        FetchFields::json_schema(generator)
    }

    /// Reads `[fetch.NAME]`. `env` gives environment variables. No fetch comes with at least one
    /// problem. The range is the place of the url.
    pub fn read(
        name: &str,
        document: Document<'_>,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> (Option<(Fetch, std::ops::Range<usize>)>, Vec<Problem>) {
        let source = document.source();
        let (fields, mut problems) = document.read_in_part::<FetchFields>();
        let Some(fields) = fields else {
            return (None, problems);
        };
        let strings = FetchStrings { source, env };
        let definition = definition(&fields);
        let url = strings.url(&fields.url, &mut problems);
        let headers = strings.headers(&fields.headers, &mut problems);
        let body = fields.body.as_ref().and_then(|body| {
            if matches!(fields.method, FetchMethod::Get) {
                let problem = source.error(body.span(), "a GET has no body");
                problems.push(problem.with_help("write `method = \"POST\"`"));
            }
            strings.text(Escaping::Json, body, &mut problems)
        });
        let mut pick = JsonPointer::default();
        if let Some(written) = &fields.pick {
            match JsonPointer::parse(written.get_ref()) {
                Ok(pointer) => pick = pointer,
                Err(error) => {
                    let help = "write a JSON Pointer such as `/data/customer`";
                    let problem = source.error(written.span(), error.to_string());
                    problems.push(problem.with_help(help));
                }
            }
        }
        if fields.within > LONGEST || fields.within.is_zero() {
            let message = format!("`within` must be from 1ms to {}s", LONGEST.as_secs());
            problems.push(source.error(fields.url.span(), message));
        }
        let (Some(url), true) = (url, problems.is_empty()) else {
            return (None, problems);
        };
        let usual = match fields.at {
            AskedAt::Turn => Duration::from_secs(30),
            AskedAt::Call => Duration::from_secs(2 * 3600),
        };
        let fetch = Fetch {
            name: name.to_owned(),
            method: fields.method,
            url,
            headers,
            body,
            pick,
            within: fields.within,
            fresh: fields.fresh.unwrap_or(usual),
            stale: fields.stale,
            at: fields.at,
            definition,
        };
        (Some((fetch, fields.url.span())), problems)
    }

    /// The request for these facts.
    pub fn render(&self, facts: &Facts) -> Result<FetchRequest, FetchError> {
        let url = self.url.render(facts)?;
        let mut headers = Vec::with_capacity(self.headers.len());
        for (name, value) in &self.headers {
            let value = value.render(facts);
            let error = |error| FetchError(format!("its header `{name}`: {error}"));
            headers.push((name.clone(), value.map_err(error)?));
        }
        let body = self.body.as_ref().map(|body| body.render(facts));
        let body = body.transpose().map_err(|error| in_part("body", &error))?;
        let mut hash = Sha256::new();
        let mut add = |text: &str| {
            hash.update(text.len().to_le_bytes());
            hash.update(text);
        };
        [self.method.name(), &url].into_iter().for_each(&mut add);
        for (name, value) in &headers {
            add(name);
            add(value);
        }
        add(body.as_deref().unwrap_or_default());
        self.pick.keys().iter().for_each(|key| add(key));
        Ok(FetchRequest {
            method: self.method.name(),
            origin: self.url.origin().clone(),
            url,
            headers,
            body,
            identity: hash.finalize().into(),
        })
    }

    /// Its name, as in `fetch.NAME`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where its url leads.
    pub fn origin(&self) -> &Origin {
        self.url.origin()
    }

    /// The keys to the part of the answer that counts; none: the whole answer.
    pub fn pick(&self) -> &JsonPointer {
        &self.pick
    }

    /// How long a turn waits for it.
    pub fn within(&self) -> Duration {
        self.within
    }

    /// How long an answer is served without asking again.
    pub fn fresh(&self) -> Duration {
        self.fresh
    }

    /// How long after that it is served while it is asked again.
    pub fn stale(&self) -> Duration {
        self.stale
    }

    /// When it is asked.
    pub fn at(&self) -> AskedAt {
        self.at
    }

    /// Whether its templates may speak of a root.
    pub fn may_speak_of(&self, root: &str) -> bool {
        self.definition.contains(root)
    }

    /// Whether the files say the same of both.
    pub fn is_same_as(&self, other: &Fetch) -> bool {
        self.definition == other.definition
    }
}

/// What the file says, in one text; secrets stand in it by their names.
fn definition(fields: &FetchFields) -> String {
    let headers: Vec<_> = fields
        .headers
        .iter()
        .map(|(name, value)| (name, value.get_ref()))
        .collect();
    format!(
        "{:?}",
        (
            (fields.url.get_ref(), fields.method, headers),
            fields.body.as_ref().map(Spanned::get_ref),
            fields.pick.as_ref().map(Spanned::get_ref),
            (fields.within, fields.fresh, fields.stale, fields.at),
        )
    )
}

impl FetchMethod {
    fn name(self) -> &'static str {
        match self {
            FetchMethod::Get => "GET",
            FetchMethod::Post => "POST",
            FetchMethod::Put => "PUT",
            FetchMethod::Patch => "PATCH",
            FetchMethod::Delete => "DELETE",
        }
    }
}

/// Names it; the rest may hold secrets.
impl fmt::Debug for Fetch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Fetch").field(&self.name).finish()
    }
}

fn eighty_ms() -> Duration {
    Duration::from_millis(80)
}

fn ten_minutes() -> Duration {
    Duration::from_secs(600)
}

#[cfg(test)]
mod tests;
