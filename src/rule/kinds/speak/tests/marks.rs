//! Marks that look like others: bars, closing signs, what stands before a host.

use super::*;

#[test]
fn who_is_named_before_a_host_is_not_said() {
    check(
        "strip = ['urls', 'markdown']",
        &[
            ("https://user:pw@host.com:8080/p?q#f ok", "host.com ok"),
            ("https://bob@www.host.com/x ok", "host.com ok"),
            (
                "http://host.com/@bob, http://a.com?b@c.de",
                "host.com, a.com",
            ),
            ("<https://user:pw@host.com:8080/p> ok", "host.com ok"),
        ],
    );
}

#[test]
fn a_block_of_formulas_keeps_its_first_letter() {
    check(
        "strip = ['latex']",
        &[
            (r"\begin{equation}x=1\end{equation}", "x equals 1"),
            (r"\begin{align*}x=1\end{align*}y", "x equals 1y"),
            (r"\begin{equation} x = 1 \end{equation} ok", "x equals 1 ok"),
        ],
    );
}

#[test]
fn a_bar_that_is_none_of_a_table_stays() {
    check(
        "strip = ['markdown', 'lists']",
        &[
            ("|x| = 5", "|x| = 5"),
            (
                "So |x| = |y|.\n|x| = |y|\nok",
                "So |x| = |y|.\n|x| = |y|\nok",
            ),
            (
                "Use cat file | grep x to see",
                "Use cat file | grep x to see",
            ),
            ("| is a bar", "| is a bar"),
            (
                "|Day|Time|\n|---|---|\n|Mon|9 to 5|\n\na | b",
                "Day, Time.\nMon, 9 to 5.\n\na | b",
            ),
            (
                "Day | Time\n--- | ---\nMon | 9\n\na | b",
                "Day , Time.\nMon , 9.\n\na | b",
            ),
            ("| a | b |\n| c | d |", "a, b.\nc, d"),
        ],
    );
}

#[test]
fn the_signs_that_close_a_heading_go() {
    check(
        "strip = ['markdown']",
        &[
            ("## H2 ##\ntext", "H2.\ntext"),
            ("# Title #", "Title"),
            ("# C # and C#\n#5 # 6", "C # and C#.\n#5 # 6"),
        ],
    );
}
