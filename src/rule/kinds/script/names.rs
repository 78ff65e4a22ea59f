//! What a script speaks of, as far as it can be told before any turn: facts, functions, patterns.
//!
//! It judges by the parsed script alone, and where a name may be one of the script's own it lets it
//! be.

use std::collections::BTreeSet;

use rhai::{AST, ASTFlags, ASTNode, BinaryExpr, Expr, FnCallExpr, Map, Position, Stmt};

use super::asked::is_asked;
use super::part::ScriptPart;
use super::patterns::WITH_PATTERN;
use super::sandbox::FUNCTIONS;
use crate::files::problem::nearest;
use crate::lang::facts::{FETCH, ROOTS, missing};

/// What a script speaks of.
#[derive(Debug, Default)]
pub(super) struct ScriptNames {
    /// The variables that it uses.
    pub(super) variables: BTreeSet<String>,
    /// The paths of facts, from their roots on.
    pub(super) paths: Vec<Vec<String>>,
    /// Those of them of which more is taken than whether something holds.
    pub(super) brought: Vec<Vec<String>>,
    /// The patterns that stand in it.
    pub(super) patterns: Vec<(String, Position)>,
    /// Lists that it goes through to set what is lost, by their variables.
    pub(super) lost: Vec<(String, Position)>,
    /// Whether it may fail on purpose.
    pub(super) throws: bool,
}

/// Something wrong in a script that can be read.
#[derive(Debug)]
pub(super) struct ScriptFault {
    pub(super) position: Position,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

/// Words that the language calls as functions, beside those there are.
const KEYWORDS: &[&str] = &[
    "Fn",
    "call",
    "curry",
    "debug",
    "is_def_fn",
    "is_def_var",
    "is_shared",
    "print",
    "type_of",
];

impl ScriptNames {
    /// Reads the names of a script.
    pub(super) fn read(ast: &AST, part: ScriptPart) -> (ScriptNames, Vec<ScriptFault>) {
        let declared = Declared::of(ast);
        let mut reader = ScriptNameReader {
            names: ScriptNames::default(),
            faults: unseen_in_functions(ast, part),
            own: part.own(),
            declared: &declared,
            ast,
        };
        ast.walk(&mut |nodes: &[ASTNode<'_>]| {
            reader.node(nodes);
            true
        });
        let ScriptNameReader {
            mut names, faults, ..
        } = reader;
        names.lost = declared.lost_in(ast);
        (names, faults)
    }

    /// The facts that it speaks of.
    pub(super) fn roots(&self, own: &[&str]) -> impl Iterator<Item = &'static str> {
        let is_spoken = |root: &&str| self.variables.contains(*root) && !own.contains(root);
        let roots: Vec<&'static str> = ROOTS.iter().copied().filter(is_spoken).collect();
        roots.into_iter()
    }
}

struct ScriptNameReader<'a> {
    names: ScriptNames,
    faults: Vec<ScriptFault>,
    own: &'a [&'a str],
    declared: &'a Declared,
    ast: &'a AST,
}

impl ScriptNameReader<'_> {
    fn node(&mut self, nodes: &[ASTNode<'_>]) {
        match nodes.last() {
            Some(ASTNode::Expr(Expr::Variable(variable, _, position))) => {
                let name = variable.1.as_str();
                self.names.variables.insert(name.to_owned());
                let before = nodes.len().checked_sub(2).and_then(|at| nodes.get(at));
                let is_within = matches!(before, Some(ASTNode::Expr(Expr::Dot(chain, ..) | Expr::Index(chain, ..)))
                    if matches!(&chain.lhs, Expr::Variable(first, _, place) if first.1 == variable.1 && place == position));
                if !is_within {
                    self.path(vec![name.to_owned()], *position, !is_asked(nodes));
                }
            }
            Some(ASTNode::Expr(Expr::Dot(chain, _, _) | Expr::Index(chain, _, _))) => {
                if let Some((path, position)) = path_of(
                    chain,
                    matches!(nodes.last(), Some(ASTNode::Expr(Expr::Index(..)))),
                ) {
                    self.path(path, position, !is_asked(nodes));
                }
            }
            Some(ASTNode::Expr(Expr::FnCall(call, position))) => self.call(call, 0, *position),
            Some(ASTNode::Stmt(Stmt::FnCall(call, position))) => self.call(call, 0, *position),
            Some(ASTNode::Expr(Expr::MethodCall(call, position))) => self.call(call, 1, *position),
            Some(ASTNode::Stmt(Stmt::Assignment(assignment))) => self.assigned(&assignment.1),
            Some(ASTNode::Stmt(Stmt::Return(_, flags, _))) => {
                self.names.throws |= flags.contains(ASTFlags::BREAK);
            }
            _ => {}
        }
    }

    fn is_fact(&self, name: &str) -> bool {
        ROOTS.contains(&name) && !self.own.contains(&name) && !self.declared.names.contains(name)
    }

    fn path(&mut self, path: Vec<String>, position: Position, is_brought: bool) {
        let Some(root) = path.first().filter(|root| self.is_fact(root)) else {
            return;
        };
        if root == FETCH && path.len() < 2 {
            self.faults.push(ScriptFault {
                position,
                message: "`fetch` alone says not what is fetched".to_owned(),
                help: Some("name the fetch, as in `fetch.crm`".to_owned()),
            });
        }
        if let Some(missing) = missing(&path) {
            self.faults.push(ScriptFault {
                position,
                message: missing.message,
                help: Some(missing.help),
            });
        }
        if is_brought && !self.names.brought.contains(&path) {
            self.names.brought.push(path.clone());
        }
        if !self.names.paths.contains(&path) {
            self.names.paths.push(path);
        }
    }

    fn assigned(&mut self, assignment: &BinaryExpr) {
        let mut to = &assignment.lhs;
        while let Expr::Dot(chain, ..) | Expr::Index(chain, ..) = to {
            to = &chain.lhs;
        }
        if let Expr::Variable(variable, _, position) = to
            && self.is_fact(&variable.1)
        {
            self.faults.push(ScriptFault {
                position: *position,
                message: format!("`{}` is known, and can't be changed", variable.1),
                help: Some("put what you make of it into a variable of your own".to_owned()),
            });
        }
    }

    fn call(&mut self, call: &FnCallExpr, before: usize, position: Position) {
        let name = call.name.as_str();
        let is_word = name.starts_with(|sign: char| sign.is_alphabetic() || sign == '_');
        if call.op_token.is_some() || !is_word {
            return;
        }
        let count = call.args.len() + before;
        if WITH_PATTERN.contains(&name)
            && let Some(pattern) = call.args.get(1 - before)
        {
            self.pattern(pattern);
        }
        let own = self.ast.iter_functions().filter(|own| own.name == name);
        let own: Vec<usize> = own.map(|own| own.params.len() + before).collect();
        let may_hold_one = self.declared.names.contains(name) || self.declared.keys.contains(name);
        if KEYWORDS.contains(&name) || own.contains(&count) || may_hold_one {
            return;
        }
        let counts = FUNCTIONS.get(name);
        if counts.is_some_and(|counts| counts.contains(&count)) {
            return;
        }
        let known = FUNCTIONS.keys().map(String::as_str);
        let known = known.chain(self.ast.iter_functions().map(|own| own.name));
        let is_known = counts.is_some() || !own.is_empty();
        let (message, help) = match is_known {
            true => (format!("`{name}` takes another number of arguments"), None),
            false => (
                format!("there is no function `{name}`"),
                nearest(name, known.filter(|name| !name.contains(['$', '#'])))
                    .map(|near| format!("did you mean `{near}`?")),
            ),
        };
        self.faults.push(ScriptFault {
            position,
            message,
            help,
        });
    }

    fn pattern(&mut self, pattern: &Expr) {
        match pattern {
            Expr::StringConstant(text, position) => {
                self.names.patterns.push((text.to_string(), *position));
            }
            other => self.faults.push(ScriptFault {
                position: other.position(),
                message: "a pattern stands in the script as a text, so that it is read once"
                    .to_owned(),
                help: Some(
                    "write it there, between back-ticks where it has backslashes".to_owned(),
                ),
            }),
        }
    }
}

/// Names in functions that see their arguments alone.
fn unseen_in_functions(ast: &AST, part: ScriptPart) -> Vec<ScriptFault> {
    let mut faults = Vec::new();
    let is_anonymous = |name: &str| name.contains('$');
    for own in ast.iter_functions().filter(|own| !is_anonymous(own.name)) {
        let is_it =
            |_, _, _: bool, name: &str, count| name == own.name && count == own.params.len();
        let alone = ast.clone_functions_only_filtered(is_it);
        let declared = Declared::of(&alone);
        alone.walk(&mut |nodes: &[ASTNode<'_>]| {
            if let Some(ASTNode::Expr(Expr::Variable(variable, _, position))) = nodes.last()
                && !declared.names.contains(variable.1.as_str())
                && part.known().any(|known| known == variable.1)
            {
                let (message, help) = part.without(&variable.1);
                faults.push(ScriptFault {
                    position: *position,
                    message,
                    help: Some(help),
                });
            }
            true
        });
    }
    faults
}

/// The path of facts that a chain begins with.
fn path_of(chain: &BinaryExpr, is_index: bool) -> Option<(Vec<String>, Position)> {
    let Expr::Variable(root, _, position) = &chain.lhs else {
        return None;
    };
    let mut path = vec![root.1.to_string()];
    let (mut rest, mut is_index) = (&chain.rhs, is_index);
    loop {
        let (first, next) = match rest {
            Expr::Dot(inner, ..) => (&inner.lhs, Some((&inner.rhs, false))),
            Expr::Index(inner, ..) => (&inner.lhs, Some((&inner.rhs, true))),
            last => (last, None),
        };
        match first {
            Expr::Property(property, _) if !is_index => path.push(property.2.to_string()),
            Expr::StringConstant(key, _) if is_index => path.push(key.to_string()),
            _ => break,
        }
        match next {
            Some(next) => (rest, is_index) = next,
            None => break,
        }
    }
    Some((path, *position))
}

/// The names that a script makes itself.
#[derive(Debug, Default)]
struct Declared {
    /// Of variables and parameters.
    names: BTreeSet<String>,
    /// Of entries of its maps, which may be functions.
    keys: BTreeSet<String>,
}

impl Declared {
    fn of(ast: &AST) -> Declared {
        let mut all = Declared::default();
        let mut captured = BTreeSet::new();
        ast.walk(&mut |nodes: &[ASTNode<'_>]| {
            match nodes.last() {
                Some(ASTNode::Stmt(Stmt::Var(variable, ..))) => {
                    all.names.insert(variable.0.name.to_string());
                }
                Some(ASTNode::Stmt(Stmt::For(each, _))) => {
                    all.names.insert(each.0.name.to_string());
                    all.names
                        .extend(each.1.iter().map(|at| at.name.to_string()));
                }
                Some(ASTNode::Stmt(Stmt::TryCatch(flow, _))) => {
                    if let Expr::Variable(caught, ..) = &flow.expr {
                        all.names.insert(caught.1.to_string());
                    }
                }
                Some(ASTNode::Stmt(Stmt::Share(names))) => {
                    captured.extend(names.iter().map(|(name, _)| name.name.to_string()));
                }
                Some(ASTNode::Expr(Expr::Map(map, _))) => {
                    all.keys
                        .extend(map.0.iter().map(|(key, _)| key.name.to_string()));
                }
                // Maps whose values are all known are one value.
                Some(ASTNode::Expr(Expr::DynamicConstant(value, _))) => {
                    if let Some(map) = value.read_lock::<Map>() {
                        all.keys.extend(map.keys().map(ToString::to_string));
                    }
                }
                Some(ASTNode::Expr(Expr::Property(property, _))) => {
                    all.keys.insert(property.2.to_string());
                }
                _ => {}
            }
            true
        });
        let parameters = ast.iter_functions().flat_map(|own| own.params);
        let parameters = parameters.filter(|name| !captured.contains(*name));
        all.names.extend(parameters.map(str::to_owned));
        all
    }

    /// `for m in messages { m.content = "x" }`: the variable is a copy, and nothing is made of it.
    fn lost_in(&self, ast: &AST) -> Vec<(String, Position)> {
        let mut set: Vec<(String, Position)> = Vec::new();
        let mut loops = BTreeSet::new();
        let mut whole = BTreeSet::new();
        ast.walk(&mut |nodes: &[ASTNode<'_>]| {
            match nodes.last() {
                Some(ASTNode::Stmt(Stmt::For(each, _))) => {
                    loops.insert(each.0.name.to_string());
                }
                Some(ASTNode::Stmt(Stmt::Assignment(assignment))) => {
                    if let Expr::Dot(chain, ..) | Expr::Index(chain, ..) = &assignment.1.lhs
                        && let Expr::Variable(variable, _, position) = &chain.lhs
                    {
                        set.push((variable.1.to_string(), *position));
                    }
                }
                Some(ASTNode::Expr(Expr::Variable(variable, _, position))) => {
                    let before = nodes.len().checked_sub(2).and_then(|at| nodes.get(at));
                    let is_within = matches!(before, Some(ASTNode::Expr(Expr::Dot(chain, ..) | Expr::Index(chain, ..)))
                        if chain.lhs.position() == *position);
                    if !is_within {
                        whole.insert(variable.1.to_string());
                    }
                }
                _ => {}
            }
            true
        });
        set.retain(|(name, _)| loops.contains(name) && !whole.contains(name));
        set
    }
}
