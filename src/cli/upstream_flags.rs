//! The upstream of a command line: where it is, and its key. The key is never shown.

use clap::Args;

/// An upstream that is named without a config, or beside it.
#[derive(Debug, Clone, Args)]
pub(super) struct UpstreamFlags {
    /// The base URL of an OpenAI-compatible upstream
    #[arg(
        long,
        env = "ASIDE_UPSTREAM",
        value_name = "URL",
        hide_env_values = true
    )]
    pub(super) upstream: Option<String>,
    /// What that upstream is asked with; `probe` also asks one that has `forward = true` with it
    #[arg(
        long,
        env = "ASIDE_UPSTREAM_KEY",
        value_name = "KEY",
        hide_env_values = true
    )]
    pub(super) upstream_key: Option<String>,
}
