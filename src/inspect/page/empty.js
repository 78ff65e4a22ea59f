// What stands where there is nothing to show: why, and what to do.

import { el, marked, visible } from "./dom.js";
import { darkWords, plural } from "./words.js";

function state(kind, title, ...children) {
  return el("section.empty", { "data-empty": kind }, el("h2", {}, title), children);
}

const code = (text) => el("code", {}, text);
const block = (text) => el("pre", { tabindex: 0 }, text);

export function switchedOff() {
  return state(
    "switched-off",
    "The inspector is switched off",
    el("p", {}, "Turns go on as ever; none is kept, so there is nothing to show."),
    el("p", {}, "To look on, write this in aside.toml and start aside again:"),
    block("[inspect]\nenabled = true"),
  );
}

export function noTurns() {
  const base = `${location.origin}/v1`;
  return state(
    "no-turns",
    "No turn came yet",
    el("p", {}, "Aside listens, and the next turn shows here by itself. At Vapi, the URL of the custom LLM is this server's address with ", code("/v1"), "; or try it from a terminal:"),
    block(`curl -N ${base}/chat/completions -H 'content-type: application/json' \\\n  -d '{"stream":true,"messages":[{"role":"user","content":"My card is 4111 1111 1111 1111"}]}'`),
  );
}

export function pick() {
  return state("pick", "Pick a call", el("p", {}, "The calls are listed beside this, the newest first. ", code("j"), " and ", code("k"), " go from turn to turn."));
}

export function notFound(search) {
  return state("not-found", "No kept call has that", el("p", {}, "Nothing among the kept turns has ", code(visible(search)), " in its id, or a number that ends like it. Digits are compared from a number's end."));
}

export function onlyLive() {
  return state("only-live", "No call speaks now", el("p", {}, "Only calls with a turn in the last two minutes are listed: switch off “Live only” to see the others."));
}

export function notKept(kept) {
  const most = kept ? plural(kept.most_turns, "turn") : "the last turns";
  return state(
    "not-kept",
    "This turn is not kept any more",
    el("p", {}, `Only the last ones are, ${most} at most, and none from before aside was started.`),
    el("p", {}, "To keep more, raise ", code("turns"), " or ", code("memory"), " under ", code("[inspect]"), "; to keep them on disk, set ", code("[record]"), " and read them with ", code("aside explain RECORDING --turn ID"), "."),
  );
}

export function dark(head) {
  const [, what] = darkWords[head.dark];
  const titles = {
    refused: "Failed: nothing is shown",
    turned_away: "Turned away: there is nothing to show",
    ended_early: "Ended early: there is nothing to show",
    too_large: "Not kept: too large",
    unreadable: "Failed: it can't be shown",
  };
  return state(`dark-${head.dark}`, titles[head.dark], el("p", {}, marked(what)));
}

export function failed(message) {
  return state("failed", "This could not be loaded", el("p", {}, visible(message)), el("p", {}, "Is aside running? The page tries again by itself."));
}
