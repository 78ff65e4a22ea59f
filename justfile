# What one does all day. `just` lists it; each line is what you would type.

# The five, by name.
default:
    @just --list

# See whether it compiles, tests and benchmarks too.
check:
    cargo check --all-targets

# Run the tests; `just test voice` runs those with `voice` in their names.
test *filter:
    cargo test {{filter}}

# Format, and hold the code against the lints.
lint:
    cargo fmt
    cargo clippy --all-targets --locked -- -D warnings

# Play the sample calls.
demo:
    cargo run -- demo

# All that must hold before a change is taken.
all:
    .ci/run
