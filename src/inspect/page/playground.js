// A rule that is tried on turns that are kept and never saved; and a turn as a test.

import { announce, copy, dialog, el, fill, visible } from "./dom.js";
import { change } from "./diff.js";
import { get, post } from "./net.js";
import { plural } from "./words.js";

const NEW = "about = \"What it does, in a sentence.\"\n\n[then.inject]\ntext = \"Speak slowly.\"\n";

/** Opens the playground on a turn. */
export async function playground(head) {
  const { files } = await get(`api/rules/${encodeURIComponent(head.route)}`);
  const results = el("div.results", { role: "status" });
  const text = el("textarea.code", { id: "rule-text", rows: 10, spellcheck: "false", autocapitalize: "off" });
  const name = el("input", { id: "rule-name", type: "text", maxlength: 80, spellcheck: "false" });
  const pick = el(
    "select",
    { id: "rule-file" },
    files.map((file) => el("option", { value: file.rule }, visible(file.rule))),
    el("option", { value: "" }, "a new rule"),
  );
  const named = el("p.field", { hidden: true }, el("label", { for: "rule-name" }, "Its name, which says where it runs among the others"), name);
  const choose = () => {
    const file = files.find((one) => one.rule === pick.value);
    text.value = file ? file.text : NEW;
    named.hidden = Boolean(file);
    if (!file) name.value = "90-new";
    fill(results);
  };
  pick.addEventListener("change", choose);
  const changedStep = head.steps.find((step) => step.outcome === "changed");
  if (changedStep && files.some((file) => file.rule === changedStep.rule)) pick.value = changedStep.rule;
  choose();
  const attempt = async () => {
    fill(results, el("p.quiet", {}, "Trying…"));
    try {
      const body = { route: head.route, rule: pick.value || name.value || "90-new", text: text.value, turn: head.turn };
      const answer = await post("api/playground", body);
      fill(results, outcome(answer));
      announce(results.textContent.slice(0, 200));
    } catch (error) {
      fill(results, el("p.bad", {}, visible(error.message)));
    }
  };
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) attempt();
  });
  dialog(
    "Try a rule on this turn",
    el("p.quiet", {}, "What you write is tried on this turn and on the last 100 of its route, and never saved. Nobody is asked: a fetch has what it answered then."),
    el("p.field", {}, el("label", { for: "rule-file" }, "Rule"), pick),
    named,
    el("p.field", {}, el("label", { for: "rule-text" }, "Its file"), text),
    el("p.actions", {}, el("button.first", { type: "button", onclick: attempt }, "Try it ", el("kbd", {}, "Ctrl Enter"))),
    results,
  );
  text.focus();
}

function problems(all) {
  return all.map((problem) => el("div.problem", {}, el("pre", { tabindex: 0 }, visible(problem.shown))));
}

function difference(one) {
  if (!one) return el("p.quiet", {}, "Nothing would be otherwise.");
  const changes = (title, all) => (all.length ? [el("p.at", {}, title), all.map((it) => change(it, "edited"))] : null);
  return [one.refused ? el("p.bad", {}, visible(one.refused)) : null, changes("what goes upstream", one.upstream), changes("what the caller hears", one.heard), !one.refused && !one.upstream.length && !one.heard.length ? el("p.quiet", {}, "Something changes that is not shown.") : null];
}

function outcome({ problems: wrong, report }) {
  if (!report) return [el("h3", {}, "The rule can't be used"), problems(wrong)];
  const here = report.this;
  const [did, why] = (here && here.outcome) || [null, null];
  const rest = [`${report.changed} of ${plural(report.tried, "turn")} would be otherwise`];
  if (report.unknown) rest.push(`of ${report.unknown} it can't be told`);
  if (report.tried < report.of) rest.push(`${report.of - report.tried} were not tried: it took too long`);
  return [
    wrong.length ? problems(wrong) : null,
    el("h3", {}, "On this turn"),
    did ? el("p", {}, `The rule: ${did}${why ? ` (${visible(why)})` : ""}.`) : el("p", {}, here ? "The rule does not run here." : "This turn is not kept any more."),
    here ? difference(here.difference) : null,
    here && here.unknown.length ? el("ul", {}, here.unknown.map((text) => el("li", {}, `Can't be told: ${visible(text)}`))) : null,
    el("h3", {}, `On the last ${plural(report.of, "turn")}`),
    el("p", {}, `${rest.join("; ")}.`),
    report.why_unknown.length ? el("ul", {}, report.why_unknown.map(([text, count]) => el("li", {}, `${visible(text)} (${plural(count, "turn")})`))) : null,
    report.changes.map((one) => el("details", {}, el("summary", {}, el("code", {}, one.turn), one.call ? ` of ${visible(one.call)}` : ""), difference(one))),
  ];
}

/** Shows a turn as a test. */
export async function test(head) {
  const { file, text, ran, why_not_run: whyNot } = await get(`api/turns/${encodeURIComponent(head.turn)}/test`);
  const area = el("textarea.code", { id: "test-text", rows: 16, readonly: true, spellcheck: "false" });
  area.value = text;
  const verdict = () => {
    if (!ran) return el("p.quiet", {}, `It was not run: ${whyNot}. \`aside test\` runs it.`);
    if (ran.passes) return el("p.good", {}, "It passes with the rules as they are.");
    return [
      el("p.bad", {}, "It does not pass as it stands: what is made up here is not what was said. Mend it where it says so."),
      problems(ran.problems),
      el("ul", {}, ran.failures.map((one) => el("li", {}, `${visible(one.field)}: expected ${visible(one.expected)}, and there is ${visible(one.actual)}`))),
    ];
  };
  dialog(
    "This turn as a test",
    el("p.quiet", {}, "Values that are hidden are made up. Put it into ", el("code", {}, `rules/${file}`), ", give it a name that says what it shows, and run ", el("code", {}, "aside test"), "."),
    el("p.field", {}, el("label", { for: "test-text" }, "The test"), area),
    el("p.actions", {}, el("button.first", { type: "button", onclick: () => copy(text, "the test") }, "Copy it")),
    verdict(),
  );
  area.focus();
  area.setSelectionRange(0, 0);
  area.scrollTop = 0;
}
