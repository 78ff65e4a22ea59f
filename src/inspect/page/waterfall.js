// The turns of a call, as a waterfall: when what happened in each. A turn whose place another took is
// grey, under the one that took it.

import { el, visible } from "./dom.js";
import { attemptWords, clock, ending, time } from "./words.js";

/** The turns in order, each that was replaced or hung up behind the one that came in its place. */
function ordered(all) {
  const turns = [...all].sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : one.place - other.place));
  const next = (turn) => turns[turns.indexOf(turn) + 1];
  const wentOn = (turn) => ["replaced", "hung_up"].includes(turn.ended) && next(turn) && next(turn).turn;
  const under = (turn) => (turn.timeline && turn.timeline.superseded_by) || wentOn(turn) || null;
  const known = new Set(turns.map((turn) => turn.turn));
  const rows = [];
  const place = (turn, depth) => {
    rows.push({ turn, depth });
    for (const older of turns) if (under(older) === turn.turn && depth < 5) place(older, depth + 1);
  };
  for (const turn of turns) if (!known.has(under(turn))) place(turn, 0);
  return rows;
}

/** What happened in a turn, with its times. */
export function phases(head) {
  const timeline = head.timeline;
  if (!timeline) return [];
  const all = [{ kind: "body", name: "request arrives", from: 0, to: timeline.body }];
  if (timeline.context) all.push({ kind: "context", name: "stored context", ...timeline.context });
  for (const fetch of timeline.fetches || []) {
    all.push({ kind: "fetch", name: `fetch.${fetch.name}`, from: fetch.from, to: fetch.to, note: fetch.result || "not there in time" });
  }
  if (timeline.rules) all.push({ kind: "rules", name: "rules", ...timeline.rules });
  for (const attempt of timeline.attempts || []) {
    all.push({
      kind: `attempt ${attempt.outcome}`,
      name: `${attempt.upstream}${attempt.model ? ` (${attempt.model})` : ""}`,
      from: attempt.from,
      to: attempt.to,
      first: attempt.first,
      note: attemptWords(attempt),
    });
  }
  return all;
}

function bar(phase, scale) {
  const at = (micros) => `${Math.min(100, (100 * micros) / scale)}%`;
  const width = `${Math.max(0.4, Math.min(100, (100 * (phase.to - phase.from)) / scale))}%`;
  const kinds = phase.kind.split(" ");
  const first = phase.first ? el("span.tick", { vars: { "--at": at(phase.first) } }) : null;
  return [el(`span.bar.${kinds.join(".")}`, { vars: { "--from": at(phase.from), "--width": width } }), first];
}

function marks(timeline, scale) {
  const at = (micros) => `${Math.min(100, (100 * micros) / scale)}%`;
  const mark = (kind, micros) => (micros === null || micros === undefined ? null : el(`span.mark-at.${kind}`, { vars: { "--at": at(micros) } }));
  return [mark("first-word", timeline.first_word), mark("last-event", timeline.last_event)];
}

/** The waterfall of a call; `selected` is drawn phase by phase. */
export function waterfall(turns, selected) {
  const scale = Math.max(1, ...turns.map((turn) => (turn.timeline ? turn.timeline.end : 0)));
  const rows = ordered(turns).map(({ turn, depth }) => {
    const { words, tone } = ending(turn.ended);
    const timeline = turn.timeline;
    const isSelected = turn.turn === selected;
    const track = timeline
      ? el("span.track", { "aria-hidden": "true" }, phases(turn).map((phase) => bar(phase, scale)), marks(timeline, scale))
      : el("span.track.none", {}, "no times");
    return el(
      `li.turn.${tone}`,
      { vars: { "--depth": String(depth) } },
      el(
        "a.row",
        { href: `#turn/${encodeURIComponent(turn.turn)}`, "aria-current": isSelected ? "true" : null },
        el("span.when", {}, clock(turn.at)),
        el("span.what", { dir: "auto" }, depth ? el("span.under", { "aria-hidden": "true" }, "↳ ") : null, turn.caller ? visible(turn.caller) : el("i", {}, "nothing of it is shown")),
        track,
        el("span.lasted", {}, timeline ? time(timeline.end) : ""),
        el("span.why", {}, depth && turn.ended === "hung_up" ? `superseded: ${words}` : words),
      ),
      isSelected && timeline ? detail(turn) : null,
    );
  });
  return el(
    "section.waterfall",
    { "aria-labelledby": "waterfall-title" },
    el("h2", { id: "waterfall-title" }, "Turns of the call"),
    el("ol.turns", {}, rows),
    legend(),
  );
}

function detail(turn) {
  const timeline = turn.timeline;
  const scale = Math.max(1, timeline.end);
  const rows = phases(turn).map((phase) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, visible(phase.name)),
      el("td", {}, `${time(phase.from)}`),
      el("td", {}, time(phase.to - phase.from)),
      el("td.wide", {}, el("span.track", { "aria-hidden": "true" }, bar(phase, scale))),
      el("td", {}, visible(phase.note || ""), phase.first ? ` (first piece at ${time(phase.first)})` : ""),
    ),
  );
  const moment = (name, micros) =>
    micros === null || micros === undefined
      ? null
      : el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, time(micros)), el("td", {}, ""), el("td.wide", {}, el("span.track", { "aria-hidden": "true" }, el("span.tick", { vars: { "--at": `${(100 * micros) / scale}%` } }))), el("td", {}, ""));
  return el(
    "div.scroll",
    { tabindex: 0, role: "region", "aria-label": "When what happened in this turn" },
    el(
      "table.phases",
      {},
      el("thead", {}, el("tr", {}, ["What", "From", "Took", "", "What came of it"].map((name) => (name ? el("th", { scope: "col" }, name) : el("td", {}))))),
      el("tbody", {}, rows, moment("first word", timeline.first_word), moment("last event", timeline.last_event), el("tr", {}, el("th", { scope: "row" }, "over"), el("td", {}, time(timeline.end)), el("td", {}), el("td.wide", {}), el("td", {}, ending(turn.ended).words))),
    ),
  );
}

function legend() {
  const kinds = [["body", "request"], ["context", "context"], ["fetch", "fetch"], ["rules", "rules"], ["attempt.answered", "upstream"], ["attempt.failed", "failed"], ["attempt.hedged_away", "slower of a hedge"]];
  return el("p.legend", {}, kinds.map(([kind, name]) => el("span", {}, el(`span.swatch.${kind}`, { "aria-hidden": "true" }), ` ${name} `)), el("span", {}, el("span.swatch.tick", { "aria-hidden": "true" }), " first piece or word"));
}
