// One turn, readable without a press: a sentence, then five stages side by side.

import { el, marked, said, visible } from "./dom.js";
import { change } from "./diff.js";
import { attemptWords, ending, failureWords, hiddenCount, percent, plural, story, time } from "./words.js";
import * as empty from "./empty.js";

const OUTCOMES = {
  changed: "changed",
  unchanged: "looked, changed nothing",
  skipped: "skipped",
  failed: "failed",
  answered: "answered",
};

/** The turn. `view`: `mode`, `raw` and `reveal`; `actions`: what its buttons do. */
export function turn(head, line, view, actions) {
  const { words, tone } = ending(head.ended);
  return el(
    "article.one",
    { "aria-labelledby": "turn-title" },
    el("h2", { id: "turn-title" }, "Turn ", el("code", {}, head.turn), " ", el(`span.chip.${tone}`, {}, words)),
    el("p.story", {}, story(head).map((sentence) => `${visible(sentence)} `)),
    facts(head, line),
    buttons(head, line, view, actions),
    asked(head),
    view.raw && line ? raw(line) : null,
    line ? stages(head, line, view) : [empty.dark(head), head.steps.length ? el("section.stage", {}, el("h3", {}, "Rules"), rules(head, null, view)) : null],
  );
}

function facts(head, line) {
  const tokens = head.tokens || {};
  const heldBack = line && line.held_back;
  const rows = [
    ["Route", head.route],
    ["Upstream", head.answered_by ? "none was asked" : head.upstream || "–"],
    ["First word", head.timeline && head.timeline.first_word ? time(head.timeline.first_word) : null],
    ["Rules took", time(head.steps.reduce((all, step) => all + step.micros, 0))],
    ["Hidden", hiddenCount(head) ? plural(hiddenCount(head), "value") : "nothing"],
    ["Tokens", tokens.prompt === null && tokens.completion === null ? "not told" : `${tokens.prompt ?? "?"} in, ${tokens.completion ?? "?"} out`],
    ["From the provider's cache", tokens.cached === null || tokens.cached === undefined ? "not told" : `cached_tokens ${tokens.cached} (${percent(tokens.cached, tokens.prompt)})`],
    ["Same prefix as the turn before", head.prefix ? `${percent(head.prefix.bytes, head.prefix.of_bytes)} (${head.prefix.bytes} of ${head.prefix.of_bytes} bytes)` : "no turn before it is kept"],
    line && !head.answered_by ? ["Held back at most", heldBack === null || heldBack === undefined ? "nothing: it came in one piece" : plural(heldBack, "character")] : null,
    ...Object.entries(head.arms || {}).map(([rule, arm]) => [`Share of ${rule}`, arm === "in" ? "in: the rule acts in this call" : "out: it does not act in this call"]),
    ["Rules", `version ${head.rules}`],
  ];
  return el("dl.facts", {}, rows.filter((row) => row && row[1] !== null).map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, visible(String(value))))));
}

function buttons(head, line, view, actions) {
  const press = (name, key, act, more = {}) => el("button", { type: "button", onclick: act, ...more }, name, " ", el("kbd", {}, key));
  return el(
    "p.actions",
    {},
    line ? press(view.mode === "edited" ? "Show the original" : "Show what was edited", "o", actions.toggle, { "aria-pressed": view.mode === "original" ? "true" : "false" }) : null,
    press("Copy the link", "y", actions.link),
    press("Copy a report", "c", actions.report),
    line ? press("Make this turn a test", "t", actions.test) : null,
    line ? press("Try a rule on it", "p", actions.playground) : null,
    line ? press(view.raw ? "Hide the JSON" : "Show the JSON", "r", actions.raw, { "aria-expanded": view.raw ? "true" : "false" }) : null,
  );
}

function stages(head, line, view) {
  const stage = (number, title, ...children) => el("section.stage", { "aria-labelledby": `stage-${number}` }, el("h3", { id: `stage-${number}` }, el("span.number", { "aria-hidden": "true" }, String(number)), " ", title), children);
  const notSent = head.answered_by ? `Nothing: ${head.answered_by} answered in the model's place.` : null;
  return el(
    "div.stages",
    {},
    stage(1, "Caller said", callerSaid(line, view)),
    stage(2, "After each rule", rules(head, line, view)),
    stage(3, "Sent", notSent ? el("p.quiet", {}, visible(notSent)) : sent(line, view)),
    stage(4, "Model said", notSent ? el("p.quiet", {}, "It was not asked.") : texts(line.said, view, silence(head))),
    stage(5, "Caller hears", texts(line.heard, view, head.ended === "apology" ? "The apology." : silence(head)), back(line, view)),
  );
}

const silence = (head) => (head.ended === "answered" ? "Nothing in words." : `Nothing: ${ending(head.ended).words}.`);

function textOf(message) {
  const content = message.content;
  if (typeof content === "string") return content;
  if (Array.isArray(content)) return content.map((part) => (part && typeof part.text === "string" ? part.text : `(${(part && part.type) || "part"})`)).join("\n");
  return "";
}

function callsOf(message) {
  return (message.tool_calls || []).map((call) => {
    const asked = call.function || {};
    return `${asked.name}(${typeof asked.arguments === "string" ? asked.arguments : JSON.stringify(asked.arguments ?? {})})`;
  });
}

function message(one, view) {
  return el(
    `div.message.${String(one.role || "other").replace(/[^a-z]/g, "")}`,
    {},
    el("p.at", {}, visible(String(one.role)) + (one.name ? ` ${visible(String(one.name))}` : "")),
    textOf(one) ? el("p.text", { dir: "auto" }, said(textOf(one), view.reveal)) : null,
    callsOf(one).map((call) => el("p.text.code", { dir: "auto" }, said(call, view.reveal))),
  );
}

/** What came before, folded. */
function folded(messages, title, view) {
  if (messages.length === 0) return null;
  return el("details", {}, el("summary", {}, title), messages.map((one) => message(one, view)));
}

function split(messages) {
  let newest = messages.length - 1;
  while (newest > 0 && messages[newest].role !== "user") newest -= 1;
  return { before: messages.slice(0, newest), now: messages.slice(Math.max(0, newest)) };
}

function callerSaid(line, view) {
  const messages = (line.came && line.came.messages) || [];
  const { before, now } = split(messages);
  return [folded(before, `${plural(before.length, "message")} before it`, view), now.map((one) => message(one, view))];
}

function rules(head, line, view) {
  const steps = line ? line.steps : head.steps;
  if (steps.length === 0) return el("p.quiet", {}, "No rule stands on this route.");
  return el(
    "ol.rules",
    {},
    steps.map((step) => {
      const outcome = step.rule === head.answered_by ? "answered" : step.outcome;
      return el(
        `li.rule.${outcome}`,
        {},
        el("p.name", {}, el("strong", {}, visible(step.rule)), ` ${step.kind} `, el(`span.chip.${outcome}`, {}, OUTCOMES[outcome] || outcome), el("span.took", {}, ` ${time(step.micros)}`)),
        step.why ? el("p.why", {}, marked(step.why)) : null,
        (step.changes || []).map((one) => change(one, view.mode, view.reveal)),
      );
    }),
  );
}

function sent(line, view) {
  const body = line.got || line.sent || {};
  const messages = body.messages || [];
  const { before, now } = split(messages);
  const fields = Object.entries(body).filter(([name]) => name !== "messages");
  const short = (value) => {
    const text = JSON.stringify(value);
    return text.length > 160 ? `${text.slice(0, 160)}…` : text;
  };
  return [
    el("p.quiet", {}, `To ${visible(line.upstream)}, ${plural(messages.length, "message")}:`),
    folded(before, `${plural(before.length, "message")} before the newest`, view),
    now.map((one) => message(one, view)),
    line.shaped && line.shaped.length ? el("div", {}, el("p.at", {}, "changed for this upstream"), el("ul", {}, line.shaped.map((note) => el("li", {}, visible(note))))) : null,
    fields.length ? el("details", {}, el("summary", {}, plural(fields.length, "field")), el("ul.code", {}, fields.map(([name, value]) => el("li", {}, `${visible(name)}: `, said(short(value), view.reveal))))) : null,
    line.not_taken && line.not_taken.length ? el("p.quiet", {}, `Stayed here: ${line.not_taken.map(visible).join(", ")}`) : null,
  ];
}

function texts(all, view, none) {
  const spoken = (all || []).filter(([, text]) => text);
  if (spoken.length === 0) return el("p.quiet", {}, none);
  return spoken.map(([name, text]) => el("div.message.assistant", {}, el("p.at", {}, visible(name)), el("p.text", { dir: "auto" }, said(text, view.reveal))));
}

function back(line, view) {
  const steps = (line.back || []).filter((step) => step.changes.length);
  if (steps.length === 0) return null;
  return [
    el("p.at.how", { id: "how-title" }, "How it came to that, rule by rule"),
    el(
      "ol.rules",
      { "aria-labelledby": "how-title" },
      steps.map((step) => el("li.rule.changed", {}, el("p.name", {}, el("strong", {}, visible(step.rule || "escapes are undone"))), step.changes.map((one) => change(one, view.mode, view.reveal)))),
    ),
  ];
}

/** Who was asked, in order, and what came of it: where that is more than one. */
function asked(head) {
  const attempts = (head.timeline && head.timeline.attempts) || [];
  if (head.failures.length === 0 && attempts.length < 2) return null;
  const tones = { answered: "good", failed: "bad", mended: "bad" };
  const failure = (one) => one.outcome === "failed" && head.failures.find((it) => it.upstream === one.upstream);
  const told = (one) => (failure(one) ? `failed: ${failureWords(failure(one))}` : attemptWords(one));
  const row = (name, tone, words) => el("li", {}, el("strong", {}, visible(name)), " ", el(`span.chip.${tone || "gone"}`, {}, visible(words)));
  const rows = attempts.length ? attempts.map((one) => row(one.model ? `${one.upstream} (${one.model})` : one.upstream, tones[one.outcome], told(one))) : head.failures.map((one) => row(one.upstream, "bad", failureWords(one)));
  return el("section.asked", { "aria-labelledby": "asked-title" }, el("h3", { id: "asked-title" }, "Upstreams asked, in order"), el("ol", {}, rows));
}

function raw(line) {
  const parts = [
    ["As it came", line.came],
    ["As the rules left it", line.sent],
    ["As the upstream got it", line.got],
    ["The reply", line.reply],
    ["What was known", line.facts],
    ["The whole line, as a recording has it", line],
  ];
  return el(
    "section.raw",
    { "aria-labelledby": "raw-title" },
    el("h3", { id: "raw-title" }, "JSON"),
    parts.filter(([, value]) => value).map(([name, value], at) => el("details", { open: at === 0 }, el("summary", {}, name), el("pre", { tabindex: 0 }, visible(JSON.stringify(value, null, 2))))),
  );
}
