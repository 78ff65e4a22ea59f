//! The arguments of the filter `date`, where they are written out.

use super::TemplateError;
use super::names::TemplateNames;
use crate::lang::filters::{self, FilterError};

impl TemplateNames<'_> {
    /// Checks the format and the zone of the `date` at a place.
    pub(super) fn check_date(&self, at: usize) -> Result<(), TemplateError> {
        let arguments = self.arguments(at + 1);
        let (mut format, mut zone) = (None, None);
        let mut positions = 0;
        for argument in &arguments {
            let named = self.is_sign(argument + 1, "=") && self.word(*argument) == Some("zone");
            let value = if named { argument + 2 } else { *argument };
            match positions {
                _ if named => zone = Some(value),
                0 => format = Some(value),
                _ => zone = Some(value),
            }
            positions += usize::from(!named);
        }
        let Some(format) = format else {
            let help = "write it as for strftime, as in `date(\"%A, %B %-d\")`";
            return Err(self.error(
                at,
                "`date` needs a format".to_owned(),
                Some(help.to_owned()),
            ));
        };
        let written = |at: Option<usize>| {
            let alone = |at: &usize| self.is_sign(at + 1, ",") || self.is_sign(at + 1, ")");
            at.filter(alone).and_then(|at| self.literal(at))
        };
        let known_zone = written(zone);
        let checked = match written(Some(format)) {
            Some(format) => filters::check_date(format, known_zone),
            None => filters::check_date("%F", known_zone),
        };
        checked.map_err(|error| {
            let place = match error {
                FilterError::Zone(_) => zone.unwrap_or(format),
                _ => format,
            };
            self.error(place, error.to_string(), Some(error.help().to_owned()))
        })
    }

    /// Where each argument of a call begins, whose parenthesis may stand at a place.
    fn arguments(&self, open: usize) -> Vec<usize> {
        let mut found = Vec::new();
        if !self.is_sign(open, "(") {
            return found;
        }
        let mut depth = 0;
        for at in open..self.len() {
            if ["(", "[", "{"].iter().any(|sign| self.is_sign(at, sign)) {
                depth += 1;
            } else if [")", "]", "}"].iter().any(|sign| self.is_sign(at, sign)) {
                depth -= 1;
                if depth == 0 {
                    break;
                }
                continue;
            }
            let begins = at == open || self.is_sign(at, ",");
            if depth == 1 && begins && !self.is_sign(at + 1, ")") {
                found.push(at + 1);
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use crate::lang::template::Template;

    #[test]
    fn a_zone_or_a_format_that_is_none_is_told_wherever_it_stands() {
        for (source, place) in [
            ("{{ now | date('%F', 'Mars') }}", "Mars"),
            ("{{ now | date('%F', zone='Mars') }}", "Mars"),
            ("{{ now | date(variables.format, 'Mars') }}", "Mars"),
            (
                "{{ now | date(variables.format | default('%F'), zone = 'Mars') }}",
                "Mars",
            ),
            ("{{ (now | date('%J')) | upper }}", "%J"),
            ("{{ call.at | date }}", "date"),
            ("{{ call.at | date() }}", "date"),
            ("{{ call.at | date(zone='UTC') }}", "date"),
            (
                "{% filter date('%F', 'Mars') %}2026-01-01{% endfilter %}",
                "Mars",
            ),
        ] {
            let error = Template::parse(source).expect_err(source);
            let range = error.range.expect(source);
            assert_eq!(&source[range], place, "{source}: {}", error.message);
        }
        for source in [
            "{{ now | date('%F', 'Europe/Berlin') }}",
            "{{ now | date('%F', variables.zone) }}",
            "{{ now | date('%F', zone = variables['zone'] | default('UTC')) }}",
            "{{ now | date('%F, %T') }}",
        ] {
            assert!(Template::parse(source).is_ok(), "{source}");
        }
    }

    #[test]
    fn a_key_that_is_never_there_is_told() {
        for (source, place) in [
            ("{{ turn.numbr }}", "numbr"),
            ("{{ turn['numbr'] }}", "numbr"),
            ("{% if turn.numbr is defined %}x{% endif %}", "numbr"),
            ("{{ request.modle | default('x') }}", "modle"),
            ("{{ turn.user }} {{ context.callz.a }}", "callz"),
            ("{{ context.call.vapi.stats }}", "stats"),
            ("{{ route.name }}", "name"),
            ("{{ now.year }}", "year"),
            ("{% for x in context.calls %}{{ x }}{% endfor %}", "calls"),
        ] {
            let error = Template::parse(source).expect_err(source);
            let range = error.range.expect(source);
            assert_eq!(&source[range], place, "{source}: {}", error.message);
            assert!(error.help.is_some());
        }
        for source in [
            "{{ turn.number }}{{ context.customer.anything }}{{ context.call.vapi.status }}",
            "{% for request in call.requests %}{{ request.title }}{% endfor %}",
            "{% set turn = call %}{{ turn.numbr }}",
            "{% raw %}{{ turn.numbr }}{% endraw %}",
        ] {
            assert!(Template::parse(source).is_ok(), "{source}");
        }
    }
}
