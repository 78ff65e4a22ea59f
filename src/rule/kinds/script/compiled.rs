//! A script, read and ready to run.

use rhai::{AST, Dynamic, ParseError, ParseErrorType, Scope};

use super::names::{ScriptFault, ScriptNames};
use super::part::ScriptPart;
use super::patterns::ScriptPatterns;
use super::sandbox::{reader, runner};
use super::text::ScriptText;
use super::values::{ValueSize, of_value};
use super::words::told;
use super::work::{ScriptTools, ScriptWork};
use crate::lang::facts::Facts;
use crate::rule::{Clock, RuleError};

/// A script.
#[derive(Debug)]
pub(super) struct ReadScript {
    ast: AST,
    pub(super) text: ScriptText,
    pub(super) part: ScriptPart,
    pub(super) names: ScriptNames,
    patterns: ScriptPatterns,
}

/// One that can't be read, and all that is wrong with it.
pub(super) type UnreadScript = Box<(ScriptText, Vec<ScriptFault>)>;

impl ReadScript {
    /// Reads one, or says all that is wrong with it.
    pub(super) fn read(text: ScriptText, part: ScriptPart) -> Result<ReadScript, UnreadScript> {
        let mut scope = Scope::new();
        for name in part.known() {
            scope.push_dynamic(name, Dynamic::UNIT);
        }
        let ast = match reader().compile_with_scope(&scope, text.text()) {
            Ok(ast) => ast,
            Err(error) => {
                let fault = syntax_fault(&error, part);
                return Err(Box::new((text, vec![fault])));
            }
        };
        let (names, mut faults) = ScriptNames::read(&ast, part);
        let sources = names.patterns.iter().map(|(source, _)| source.as_str());
        let patterns = ScriptPatterns::read(sources).unwrap_or_else(|(source, error)| {
            let place = names.patterns.iter().find(|(known, _)| *known == source);
            faults.push(ScriptFault {
                position: place.map_or(rhai::Position::NONE, |(_, place)| *place),
                message: error.to_string(),
                help: None,
            });
            ScriptPatterns::default()
        });
        match faults.is_empty() {
            true => Ok(ReadScript {
                ast,
                text,
                part,
                names,
                patterns,
            }),
            false => Err(Box::new((text, faults))),
        }
    }

    /// The facts that it speaks of, as constants, and how large they are.
    pub(super) fn facts(&self, facts: &Facts) -> (Scope<'static>, ValueSize) {
        let mut scope = Scope::new();
        let mut size = ValueSize::default();
        for root in self.names.roots(self.part.own()) {
            if let Some(value) = facts.root(root) {
                size = size.with(value);
                scope.push_constant_dynamic(root, of_value(value));
            }
        }
        (scope, size)
    }

    /// Runs it, over variables of a size, in so many operations; how many it took is told beside
    /// what came of it.
    pub(super) fn run(
        &self,
        scope: &mut Scope<'_>,
        size: ValueSize,
        most: u64,
        clock: &Clock,
    ) -> (Result<(), RuleError>, u64) {
        let work = ScriptWork::of(most);
        let tools = ScriptTools {
            patterns: self.patterns.clone(),
            work: work.clone(),
        };
        let engine = runner(size, tools, clock);
        let done = engine
            .run_ast_with_scope(scope, &self.ast)
            .map_err(|error| {
                let (words, position) = told(&error, self.text.text(), most);
                RuleError(format!("{}: {words}", self.text.place(position)))
            });
        (done, work.taken())
    }
}

/// A script that can't be parsed.
fn syntax_fault(error: &ParseError, part: ScriptPart) -> ScriptFault {
    let (message, help) = match error.err_type() {
        ParseErrorType::VariableUndefined(name) => {
            let (message, help) = part.without(name);
            (message, Some(help))
        }
        other => {
            let told = other.to_string();
            let mut letters = told.chars();
            let first = letters.next().map(|first| first.to_lowercase().to_string());
            let told = format!("{}{}", first.unwrap_or_default(), letters.as_str());
            (format!("this is no script: {told}"), None)
        }
    };
    ScriptFault {
        position: error.position(),
        message,
        help,
    }
}
