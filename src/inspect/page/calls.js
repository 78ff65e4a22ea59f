// The list of calls: the newest first, each a link to its newest turn.

import { el, visible } from "./dom.js";
import { clock, ending, plural } from "./words.js";
import * as empty from "./empty.js";

/** So long after its last turn a call counts as live. */
const LIVE = 120_000;

export const isLive = (call) => call.underway > 0 || Date.now() - (call.seen || Date.parse(call.last) || 0) < LIVE;

export const keyOf = (call) => call.call || call.newest;

/** Puts a turn that began into the list. */
export function begun(calls, turn) {
  const call = take(calls, turn) || { call: turn.call, newest: turn.turn, turns: 0, ended: null, caller: null, last: new Date().toISOString() };
  call.underway = (call.underway || 0) + 1;
  call.seen = Date.now();
  calls.unshift(call);
}

/** Puts a turn that is over into the list. */
export function ended(calls, head) {
  const call = take(calls, head) || { call: head.call, turns: 0 };
  Object.assign(call, {
    turns: call.turns + 1,
    newest: head.turn,
    last: head.at,
    seen: Date.now(),
    ended: head.ended,
    caller: head.caller || call.caller,
    place: head.place,
    underway: Math.max(0, (call.underway || 0) - 1),
  });
  calls.unshift(call);
}

function take(calls, turn) {
  const at = calls.findIndex((call) => keyOf(call) === (turn.call || turn.turn));
  return at < 0 ? null : calls.splice(at, 1)[0];
}

/** The list. */
export function list({ calls, selected, search, liveOnly, kept }) {
  const shown = liveOnly ? calls.filter(isLive) : calls;
  if (shown.length === 0) {
    if (liveOnly && calls.length) return empty.onlyLive();
    if (search) return empty.notFound(search);
    return el("p.quiet", {}, "No call yet.");
  }
  return [
    el("p.quiet", {}, liveOnly ? `${plural(shown.length, "call")} live` : `${plural(shown.length, "call")}${kept ? `, ${plural(kept.turns, "turn")} kept of ${kept.most_turns} at most` : ""}`),
    el("ol.list", {}, shown.map((call) => row(call, keyOf(call) === selected))),
  ];
}

function row(call, isSelected) {
  const { words, tone } = call.ended ? ending(call.ended) : { words: "speaks now", tone: "good" };
  const now = call.underway > 0;
  return el(
    "li",
    {},
    el(
      "a.call",
      { href: `#call/${encodeURIComponent(keyOf(call))}`, "aria-current": isSelected ? "true" : null },
      el("span.id", {}, visible(call.call || `${call.newest} (no call id)`)),
      el("span.when", {}, `${clock(call.last)} · ${plural(call.turns, "turn")}`),
      el("span.last", { dir: "auto" }, call.caller ? visible(call.caller) : ""),
      el(`span.chip.${now ? "now" : tone}`, {}, now ? "a turn is under way" : words),
    ),
  );
}
