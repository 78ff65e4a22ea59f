// A turn as a text to copy: without what the rules hide, so it may be shown to others.

import { phases } from "./waterfall.js";
import { ending, failureWords, plural, story, time, visibleStep } from "./words.js";

export function report(head, line) {
  const out = [`# Turn ${head.turn}`, ""];
  const add = (name, value) => value && out.push(`- ${name}: ${value}`);
  add("call", head.call);
  add("at", head.at);
  add("route", head.route);
  add("rules", head.rules);
  add("upstream", head.upstream);
  add("ended", `${head.ended} (${ending(head.ended).words})`);
  const heldBack = line && !head.answered_by ? line.held_back : null;
  if (heldBack !== null && heldBack !== undefined) add("held back at most", plural(heldBack, "character"));
  out.push("", story(head).join(" "), "");
  if (head.steps.length) {
    out.push("## Rules", "");
    for (const step of head.steps) out.push(`- ${visibleStep(step)}`);
    out.push("");
  }
  if (head.failures.length) {
    out.push("## Upstreams that gave no answer", "");
    for (const one of head.failures) out.push(`- ${one.upstream}: ${failureWords(one)}`);
    out.push("");
  }
  const times = phases(head);
  if (times.length) {
    out.push("## Times", "");
    for (const phase of times) out.push(`- ${phase.name}: from ${time(phase.from)}, ${time(phase.to - phase.from)}${phase.note ? `, ${phase.note}` : ""}`);
    out.push("");
  }
  if (line) {
    const quoted = (text) => text.split("\n").map((one) => `> ${one}`).join("\n");
    const texts = (name, all) => {
      for (const [what, text] of all || []) if (text) out.push(`## ${name} (${what})`, "", quoted(text), "");
    };
    if (head.caller) out.push("## The caller said", "", quoted(head.caller), "");
    texts("The model said", line.said);
    texts("The caller heard", line.heard);
  }
  out.push("Placeholders such as [CARD_1] stand for values that are hidden.", "");
  return out.join("\n");
}
