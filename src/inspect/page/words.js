// Sentences and numbers for people.

const ENDS = {
  answered: ["answered", "good"],
  apology: ["the caller heard the apology", "bad"],
  replaced: ["a newer turn took its place", "gone"],
  hung_up: ["the caller hung up, or went on", "gone"],
  refused: ["a rule failed, so nothing went upstream", "bad"],
  shed: ["turned away: a limit is reached", "bad"],
  broken: ["something broke inside aside", "bad"],
};

/** How a turn ended, for people, and whether that is good. */
export function ending(ended) {
  const [words, tone] = ENDS[ended] || [ended, "bad"];
  return { words, tone };
}

export const plural = (count, one, more = `${one}s`) => `${count} ${count === 1 ? one : more}`;

/** Microseconds for people. */
export function time(micros) {
  if (micros === null || micros === undefined) return "–";
  if (micros < 1000) return `${micros} µs`;
  if (micros < 100_000) return `${(micros / 1000).toFixed(1)} ms`;
  if (micros < 10_000_000) return `${Math.round(micros / 1000)} ms`;
  return `${(micros / 1_000_000).toFixed(1)} s`;
}

/** A time of the day, where the one who looks is. */
export function clock(at) {
  const when = new Date(at);
  return Number.isNaN(when.getTime()) ? at : when.toLocaleTimeString(undefined, { hour12: false });
}

export const percent = (part, whole) => (whole > 0 ? `${Math.round((100 * part) / whole)} %` : "–");

export const callName = (head) => head.call || head.turn;

const sum = (counts) => Object.values(counts || {}).reduce((one, other) => one + other, 0);

/** How many values were hidden. */
export const hiddenCount = (head) => sum(head.hidden);

/** What happened in a turn, in plain sentences. */
export function story(head) {
  const parts = [];
  const with_ = (outcome) => head.steps.filter((step) => step.outcome === outcome);
  const changed = with_("changed").filter((step) => step.rule !== head.answered_by);
  const failed = with_("failed");
  if (head.dark === "refused") return [darkWords.refused[0]];
  if (head.dark) return [darkWords[head.dark][0]];
  const ran = head.steps.filter((step) => step.outcome !== "skipped").length;
  if (head.steps.length === 0) parts.push("No rule stands on this route, so the request went on as it came.");
  else if (changed.length === 0) parts.push(`${plural(ran, "rule")} looked at it and changed nothing.`);
  else parts.push(`${plural(changed.length, "rule")} of ${head.steps.length} changed the request: ${changed.map((step) => step.rule).join(", ")}.`);
  if (failed.length) parts.push(`${failed.map((step) => step.rule).join(", ")} failed and was passed by.`);
  const hidden = hiddenCount(head);
  if (hidden) {
    const labels = Object.entries(head.hidden).map(([label, count]) => `${label} ${count}`).join(", ");
    parts.push(`${plural(hidden, "value")} hidden from the model: ${labels}.`);
  }
  if (head.answered_by) parts.push(`${head.answered_by} answered in the model's place; no upstream was asked.`);
  else {
    const timeline = head.timeline;
    const hedged = timeline && timeline.attempts && timeline.attempts.some((one) => one.outcome === "hedged_away");
    for (const failure of head.failures) parts.push(`${failure.upstream} gave no answer: ${failureWords(failure)}.`);
    if (hedged) parts.push("Another upstream was asked as well, since the first was slow (hedge).");
    if (head.ended === "answered") parts.push(`${head.upstream || "An upstream"} answered${firstWord(head)}.`);
    else if (head.ended === "apology") parts.push("Nobody gave an answer that can be used, so the caller heard the apology.");
    else parts.push(`It ended early: ${ending(head.ended).words}.`);
  }
  return parts;
}

function firstWord(head) {
  const first = head.timeline && head.timeline.first_word;
  return first === null || first === undefined ? "" : `; the caller heard the first word after ${time(first)}`;
}

/** Why an upstream failed, with its own codes. */
export function failureWords(failure) {
  const isStatus = failure.reason === "status" && failure.status;
  const reason = isStatus ? `status ${failure.status}` : failure.reason;
  const more = [!isStatus && failure.status, failure.code, failure.type, failure.param && `field ${failure.param}`].filter(Boolean);
  return more.length ? `${reason} (${more.join(", ")})` : reason;
}

const OUTCOMES = { answered: "answered", failed: "failed", mended: "refused the form; asked again, mended", hedged_away: "the other, asked as well, was faster (hedge)", hung_up: "ended with the turn" };

/** What came of asking an upstream. */
export function attemptWords(attempt) {
  const words = OUTCOMES[attempt.outcome] || attempt.outcome;
  return attempt.reason ? `${words}: ${failureWords(attempt)}` : words;
}

/** Why nothing more of a turn is shown, and what to do. */
export const darkWords = {
  refused: [
    "A rule failed that must not, so nothing went upstream and the caller heard the apology.",
    "What it should have hidden is not known, so nothing of what was said is shown. The step in red says why it failed: mend that rule; `aside check` and `aside test` try it.",
  ],
  turned_away: [
    "It was turned away before its rules ran: a limit is reached.",
    "Look at `aside_turns_shed_total` for which limit, and at `[limits]` in aside.toml.",
  ],
  ended_early: [
    "It was over before its rules were: the caller hung up or went on, or a newer turn took its place.",
    "There is nothing to mend: Vapi sends another turn when the caller goes on speaking.",
  ],
  too_large: [
    "Its reply is too large to be kept.",
    "Replies over 8 MiB are passed on, and not shown. The log has a line of the turn.",
  ],
  unreadable: [
    "The turn was passed on, but its rules could not be run again to show what they did.",
    "Nothing of it is shown, since nobody knows what is private in it. The log has a line of the turn.",
  ],
};

/** A step in one line. */
export function visibleStep(step) {
  const why = step.why ? `: ${step.why}` : "";
  return `${step.rule} (${step.kind}) ${step.outcome}, ${time(step.micros)}${why}`;
}
