//! A formula in words: what one would say of it on the phone, part by part.
//!
//! It reckons nothing, and leaves digits to whoever says numbers.

/// Commands and how they are said.
const COMMANDS: &[(&str, &str)] = &[
    ("times", " times "),
    ("cdot", " times "),
    ("div", " divided by "),
    ("pm", " plus or minus "),
    ("le", " less than or equal to "),
    ("leq", " less than or equal to "),
    ("ge", " greater than or equal to "),
    ("geq", " greater than or equal to "),
    ("lt", " less than "),
    ("gt", " greater than "),
    ("ne", " not equal to "),
    ("neq", " not equal to "),
    ("approx", " about "),
    ("sim", " about "),
    ("to", " to "),
    ("rightarrow", " to "),
    ("Rightarrow", " so "),
    ("infty", "infinity"),
    ("degree", " degrees"),
    ("circ", " degrees"),
    ("percent", " percent"),
    ("sum", "the sum of "),
    ("int", "the integral of "),
    ("lim", "the limit of "),
    ("log", "log "),
    ("ln", "log "),
    ("sin", "sine "),
    ("cos", "cosine "),
    ("tan", "tangent "),
    ("alpha", "alpha"),
    ("beta", "beta"),
    ("gamma", "gamma"),
    ("delta", "delta"),
    ("Delta", "delta"),
    ("epsilon", "epsilon"),
    ("theta", "theta"),
    ("lambda", "lambda"),
    ("mu", "mu"),
    ("pi", "pi"),
    ("sigma", "sigma"),
    ("omega", "omega"),
    ("ldots", "and so on"),
    ("dots", "and so on"),
    ("quad", " "),
    ("left", ""),
    ("right", ""),
    ("text", ""),
    ("textbf", ""),
    ("textit", ""),
    ("mathrm", ""),
    ("mathbf", ""),
    ("mathit", ""),
    ("boxed", ""),
    ("displaystyle", ""),
    ("frac", ""),
    ("dfrac", ""),
    ("tfrac", ""),
    ("sqrt", ""),
];

/// Whether a command is known, so that it can be nothing else than one.
pub(super) fn is_command(name: &str) -> bool {
    COMMANDS.iter().any(|(known, _)| *known == name)
}

/// A formula in words.
pub(super) fn in_words(formula: &str) -> String {
    let mut out = String::with_capacity(formula.len() * 2);
    say(formula, 0, &mut out);
    let words: Vec<&str> = out.split_whitespace().collect();
    words.join(" ")
}

/// No formula is nested deeper than this.
const DEEPEST: usize = 8;

fn say(formula: &str, depth: usize, out: &mut String) {
    if depth > DEEPEST {
        return;
    }
    let mut rest = formula;
    while let Some(sign) = rest.chars().next() {
        rest = &rest[sign.len_utf8()..];
        match sign {
            '\\' => rest = command(rest, depth, out),
            '^' => rest = power(rest, depth, out),
            '_' => {
                let (inside, behind) = group(rest);
                out.push_str(" sub ");
                say(inside, depth + 1, out);
                out.push(' ');
                rest = behind;
            }
            '{' | '}' | '$' | '&' => {}
            '+' => out.push_str(" plus "),
            '-' if out.trim_end().ends_with(char::is_alphanumeric) => out.push_str(" minus "),
            '=' => out.push_str(" equals "),
            '<' => out.push_str(" less than "),
            '>' => out.push_str(" greater than "),
            '*' | '×' => out.push_str(" times "),
            '/' => out.push_str(" over "),
            sign => out.push(sign),
        }
    }
}

/// A command whose backslash went; what stands behind it.
fn command<'f>(rest: &'f str, depth: usize, out: &mut String) -> &'f str {
    let end = rest
        .find(|sign: char| !sign.is_ascii_alphabetic())
        .unwrap_or(rest.len());
    let (name, behind) = rest.split_at(end);
    match name {
        "" => {
            let mut signs = behind.chars();
            let sign = signs.next();
            // `\,` and the like are blanks, `\$` and `\%` are meant.
            out.push(sign.filter(|sign| "$%#&".contains(*sign)).unwrap_or(' '));
            signs.as_str()
        }
        "frac" | "dfrac" | "tfrac" => {
            let (upper, behind) = group(behind);
            let (lower, behind) = group(behind);
            say(upper, depth + 1, out);
            out.push_str(" over ");
            say(lower, depth + 1, out);
            out.push(' ');
            behind
        }
        "sqrt" => {
            let (inside, behind) = group(behind);
            out.push_str(" the square root of ");
            say(inside, depth + 1, out);
            out.push(' ');
            behind
        }
        name => {
            let said = COMMANDS.iter().find(|(known, _)| *known == name);
            out.push_str(said.map_or(" ", |(_, said)| said));
            behind
        }
    }
}

fn power<'f>(rest: &'f str, depth: usize, out: &mut String) -> &'f str {
    let (inside, behind) = group(rest);
    match inside {
        "2" => out.push_str(" squared "),
        "3" => out.push_str(" cubed "),
        "\\circ" => out.push_str(" degrees "),
        inside => {
            out.push_str(" to the power of ");
            say(inside, depth + 1, out);
            out.push(' ');
        }
    }
    behind
}

/// What stands in the braces that come next, or the next sign; and what stands behind it.
fn group(rest: &str) -> (&str, &str) {
    let rest = rest.trim_start();
    let Some(inside) = rest.strip_prefix('{') else {
        let end = match rest.strip_prefix('\\') {
            Some(name) => {
                1 + name
                    .find(|sign: char| !sign.is_ascii_alphabetic())
                    .unwrap_or(name.len())
            }
            None => rest.chars().next().map_or(0, char::len_utf8),
        };
        return rest.split_at(end);
    };
    let mut depth = 1;
    for (at, sign) in inside.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return (&inside[..at], &inside[at + 1..]);
        }
    }
    (inside, "")
}
