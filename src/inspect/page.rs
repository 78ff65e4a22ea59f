//! The page, as files that are part of the program: it loads nothing from anywhere else.

/// A file of the page.
#[derive(Debug)]
pub struct PageFile {
    /// Its name below `/inspect/`; the page itself has none.
    pub name: &'static str,
    /// What it is.
    pub kind: &'static str,
    /// What stands in it.
    pub text: &'static str,
}

/// The files of the page.
pub const PAGE_FILES: &[PageFile] = &[
    PageFile {
        name: "",
        kind: "text/html; charset=utf-8",
        text: include_str!("page/index.html"),
    },
    PageFile {
        name: "style.css",
        kind: "text/css; charset=utf-8",
        text: include_str!("page/style.css"),
    },
    PageFile {
        name: "icon.svg",
        kind: "image/svg+xml",
        text: include_str!("page/icon.svg"),
    },
    script("app.js", include_str!("page/app.js")),
    script("calls.js", include_str!("page/calls.js")),
    script("diff.js", include_str!("page/diff.js")),
    script("dom.js", include_str!("page/dom.js")),
    script("empty.js", include_str!("page/empty.js")),
    script("net.js", include_str!("page/net.js")),
    script("playground.js", include_str!("page/playground.js")),
    script("report.js", include_str!("page/report.js")),
    script("turn.js", include_str!("page/turn.js")),
    script("waterfall.js", include_str!("page/waterfall.js")),
    script("words.js", include_str!("page/words.js")),
];

const fn script(name: &'static str, text: &'static str) -> PageFile {
    PageFile {
        name,
        kind: "text/javascript; charset=utf-8",
        text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What would make markup, or code, of a text that somebody said.
    const FORBIDDEN: &[&str] = &[
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "DOMParser",
        "createContextualFragment",
        "setHTML",
        "srcdoc",
        "eval(",
        "new Function",
        "setTimeout(\"",
        "javascript:",
        " style=",
        " onclick=",
        "localStorage",
        "sessionStorage",
    ];

    #[test]
    fn s19_the_page_makes_no_markup_of_texts_and_loads_nothing_from_elsewhere() {
        for file in PAGE_FILES {
            for word in FORBIDDEN {
                assert!(!file.text.contains(word), "{}: {word}", file.name);
            }
            let addresses = file.text.match_indices("://").map(|(at, _)| {
                let before = &file.text[..at];
                let start = before.rfind(|sign: char| !sign.is_ascii_alphanumeric());
                &file.text[start.map_or(0, |start| start + 1)..(at + 40).min(file.text.len())]
            });
            // The name of SVG's namespace is no address that is asked.
            let asked = addresses.filter(|it| !it.starts_with("http://www.w3.org/2000/svg"));
            assert_eq!(
                asked.collect::<Vec<_>>(),
                Vec::<&str>::new(),
                "{}",
                file.name
            );
        }
    }

    #[test]
    fn the_scripts_name_each_other_and_all_of_them_are_served() {
        for file in PAGE_FILES {
            let quoted = file
                .text
                .split('"')
                .filter(|it| it.ends_with(".js") || it.ends_with(".css"));
            for name in quoted {
                let name = name.trim_start_matches("./").trim_start_matches("inspect/");
                let is_served = PAGE_FILES.iter().any(|other| other.name == name);
                assert!(is_served, "{}: {name}", file.name);
            }
        }
    }
}
