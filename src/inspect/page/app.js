// The inspector: what is shown, what is asked for it, and the keys.

import { announce, byId, copy, dialog, el, fill, visible } from "./dom.js";
import { begun, ended, keyOf, list } from "./calls.js";
import { get, listen, post, query } from "./net.js";
import { playground, test } from "./playground.js";
import { report } from "./report.js";
import { turn as article } from "./turn.js";
import { waterfall } from "./waterfall.js";
import { callName, plural } from "./words.js";
import * as empty from "./empty.js";

const now = { state: null, calls: [], call: null, turns: [], turn: null, line: null, problem: null, missed: 0, search: "", liveOnly: false };
const view = { mode: "edited", raw: false, reveal: null };
let stop = null;
let asked = 0;
// The turns that were told last.
const told = [];
let key = null;

/** What the address names: a turn, a call, or whatever comes next. */
function place() {
  const [kind, ...rest] = location.hash.slice(1).split("/");
  let id = rest.join("/");
  try {
    id = decodeURIComponent(id);
  } catch {
    id = "";
  }
  return { turn: kind === "turn" ? id : null, call: kind === "call" ? id : null };
}

async function load() {
  const mine = ++asked;
  const { turn, call } = place();
  try {
    const screen = await get(`api/screen?${query({ search: now.search, call, turn })}`);
    if (mine !== asked) return;
    Object.assign(now, { ...screen, problem: null, gone: Boolean((turn || call) && !screen.turn) });
    now.call = screen.turn ? callName(screen.turn) : call;
    // What was told while the screen was on its way may not be in it.
    const newestPlace = Math.max(0, ...screen.calls.map((one) => one.place || 0));
    for (const head of told) add(head, !now.search && head.place > newestPlace);
    byId("logout").hidden = !screen.state.has_admin_keys;
    look();
  } catch (error) {
    if (mine !== asked) return;
    if (error.status === 401) return login();
    now.problem = error.message;
    window.setTimeout(load, 3000);
  }
  render();
}

/** Whether what is shown changes by itself, with each turn that comes. */
const follows = (head) => {
  const at = place();
  return !at.turn && (!at.call || at.call === callName(head));
};

function look() {
  if (stop || (now.state && !now.state.enabled)) return;
  stop = listen((what, data) => {
    if (what === "open") {
      live("live", "live");
      // The screen is asked for behind the feed: what ends between the two is told or shown.
      load();
      return;
    }
    if (what === "error") {
      live("connecting again…", "away");
      if (data) {
        stop();
        stop = null;
        window.setTimeout(load, now.state ? 2000 : 0);
      }
      return;
    }
    if (what === "gap") {
      now.missed += data.missed;
      return soon();
    }
    if (what === "begun") {
      if (!now.search) begun(now.calls, data);
      return soon();
    }
    over(data);
  });
}

/** Puts a turn into the lists that it belongs to. */
function add(head, isNew) {
  if (isNew) ended(now.calls, head);
  if (now.call !== null && callName(head) === now.call) {
    now.turns = [...now.turns.filter((one) => one.turn !== head.turn), head];
  }
}

function over(head) {
  told.push(head);
  if (told.length > 50) told.shift();
  add(head, !now.search);
  if (follows(head)) followed(head);
  soon();
}

let newest = null;
/** Shows the turn that ended last, in one request however many end together. */
function followed(head) {
  const isFirst = newest === null;
  newest = head;
  if (isFirst) window.setTimeout(follow, 120);
}

async function follow() {
  const head = newest;
  newest = null;
  if (!follows(head)) return;
  if (callName(head) !== now.call) return load();
  const mine = ++asked;
  try {
    const shown = await get(`api/turns/${encodeURIComponent(head.turn)}`);
    if (mine === asked && follows(head)) Object.assign(now, { turn: shown.turn, line: shown.line, gone: false });
  } catch {
    // It is not kept any more; the next one is shown.
  }
  soon();
}

function live(text, kind) {
  const mark = byId("live");
  mark.textContent = text;
  mark.className = `live ${kind}`;
}

let timer = null;
/** Draws within a moment, however much happens. */
function soon() {
  if (timer === null) timer = window.setTimeout(() => ((timer = null), render()), 120);
}

/** Draws, and keeps the place of who reads and types. */
function render() {
  const focused = document.activeElement;
  const mark = focused && (focused.getAttribute("href") || focused.id);
  const isLink = focused && focused.hasAttribute("href");
  byId("title").textContent = now.call && !now.gone ? visible(now.call) : "the inspector";
  fill(byId("banners"), banners());
  fill(byId("calls"), now.state && !now.state.enabled ? null : list({ calls: now.calls, selected: now.call, search: now.search, liveOnly: now.liveOnly, kept: now.state && now.state.kept }));
  keepingOpen(() => fill(byId("main"), main()));
  if (mark && document.activeElement !== focused) {
    const all = isLink ? document.querySelectorAll("a[href]") : [byId(mark)];
    for (const one of all) {
      if (one && (!isLink || one.getAttribute("href") === mark)) {
        one.focus({ preventScroll: true });
        break;
      }
    }
  }
}

/** Brings what is picked into view, in its own list and never by moving the page. */
function showPicked() {
  for (const list of document.querySelectorAll(".calls, .turns")) {
    const picked = list.querySelector("[aria-current=true]")?.closest("li");
    if (!picked) continue;
    const [outer, inner] = [list.getBoundingClientRect(), picked.getBoundingClientRect()];
    if (inner.top < outer.top) list.scrollTop -= outer.top - inner.top;
    else if (inner.bottom > outer.bottom) list.scrollTop += inner.bottom - outer.bottom;
  }
}

/** What is folded out stays so while the same turn is drawn again, and so does where one has read to. */
function keepingOpen(draw) {
  const named = () => [...document.querySelectorAll("main details")].map((it) => [it.querySelector("summary").textContent, it]);
  const isSame = now.drawn === (now.turn && now.turn.turn);
  const turns = () => document.querySelector(".turns");
  const scrolled = turns() ? turns().scrollTop : 0;
  const open = new Map(named().map(([name, it]) => [name, it.open]));
  const at = window.scrollY;
  draw();
  if (isSame) {
    for (const [name, it] of named()) if (open.has(name)) it.open = open.get(name);
    window.scrollTo({ top: at });
    if (turns()) turns().scrollTop = scrolled;
  } else showPicked();
  now.drawn = now.turn && now.turn.turn;
}

function banners() {
  const all = [];
  for (const problem of (now.state && now.state.broken) || []) {
    all.push(
      el(
        "section.banner.bad",
        { role: "alert" },
        el("p", {}, el("strong", {}, "Rules on disk are broken, so the ones before are served."), ` Mend line ${problem.line} of ${visible(problem.file)}: they count as soon as it is saved.`),
        el("pre", { tabindex: 0 }, visible(problem.shown)),
      ),
    );
  }
  const missed = now.missed || 0;
  if (missed) all.push(el("p.banner", { role: "status" }, `${plural(missed, "turn")} are not shown here: more ended at once than could be looked at. They were served as ever.`));
  if (now.state && now.state.draining) all.push(el("p.banner", {}, "Aside is ending: it takes no new turns."));
  return all;
}

function main() {
  if (now.problem) return empty.failed(now.problem);
  if (!now.state) return el("p.quiet", {}, "Loading…");
  if (!now.state.enabled) return empty.switchedOff();
  if (now.gone) return empty.notKept(now.state.kept);
  if (!now.turn) return empty.noTurns();
  view.reveal = now.state.can_reveal ? { can: (name) => now.turn.revealable.includes(name), show } : null;
  return [waterfall(now.turns, now.turn.turn), article(now.turn, now.line, view, actions)];
}

const actions = {
  toggle: () => {
    view.mode = view.mode === "edited" ? "original" : "edited";
    announce(view.mode === "edited" ? "What was edited is shown" : "The original is shown");
    render();
  },
  raw: () => {
    view.raw = !view.raw;
    render();
  },
  link: () => copy(`${location.origin}${location.pathname}#turn/${encodeURIComponent(now.turn.turn)}`, "the link to this turn"),
  report: () => copy(report(now.turn, now.line), "a report of this turn"),
  test: () => tell(test(now.turn)),
  playground: () => tell(playground(now.turn)),
};

async function tell(work) {
  try {
    await work;
  } catch (error) {
    dialog("That did not work", el("p.bad", {}, visible(error.message)));
  }
}

/** Shows the value behind a placeholder, with a key that is asked for once and kept in this page. */
async function show(name, button) {
  const ask = async () => {
    try {
      const { value } = await post(`api/turns/${encodeURIComponent(now.turn.turn)}/reveal`, { name, key });
      button.replaceChildren(visible(value));
      button.classList.add("revealed");
      announce(`${name} is shown`);
      return null;
    } catch (error) {
      key = null;
      return error.message;
    }
  };
  if (key && (await ask()) === null) return;
  const said = el("p.bad", { role: "alert" });
  const input = el("input", { id: "reveal-key", type: "password", autocomplete: "off" });
  const form = el(
    "form",
    {
      onsubmit: async (event) => {
        event.preventDefault();
        key = input.value;
        const wrong = await ask();
        if (wrong === null) box.close();
        else fill(said, visible(wrong));
      },
    },
    el("p", {}, "It needs one of the ", el("code", {}, "reveal_keys"), "; each value that is shown is counted and logged, without the value."),
    el("p.field", {}, el("label", { for: "reveal-key" }, "Key"), input),
    said,
    el("p.actions", {}, el("button.first", {}, `Show ${name}`)),
  );
  const box = dialog(`The value behind ${name}`, form);
  input.focus();
}

function login() {
  if (stop) stop();
  stop = null;
  live("not logged in", "away");
  const said = el("p.bad", { role: "alert" });
  const input = el("input", { id: "login-key", type: "password", autocomplete: "current-password" });
  const enter = async (event) => {
    event.preventDefault();
    try {
      await post("login", { key: input.value });
      look();
    } catch (error) {
      fill(said, visible(error.message));
      input.select();
    }
  };
  fill(byId("calls"));
  fill(
    byId("main"),
    el(
      "section.empty",
      { "data-empty": "login" },
      el("h2", {}, "Who looks on?"),
      el("form", { onsubmit: enter }, el("p.field", {}, el("label", { for: "login-key" }, "One of the ", el("code", {}, "admin_keys"), " of aside.toml"), input), said, el("p.actions", {}, el("button.first", {}, "Log in"))),
      el("p.quiet", {}, "The key is sent to aside alone and not kept: what stays is a cookie that no script can read."),
    ),
  );
  input.focus();
}

function step(by) {
  const at = now.turns.findIndex((one) => now.turn && one.turn === now.turn.turn);
  const next = now.turns[at + by];
  if (next) location.hash = `#turn/${encodeURIComponent(next.turn)}`;
}

function stepCall(by) {
  const at = now.calls.findIndex((one) => keyOf(one) === now.call);
  const next = now.calls[Math.max(0, at + by)];
  if (next) location.hash = `#call/${encodeURIComponent(keyOf(next))}`;
}

const KEYS = [
  ["/", "search", () => byId("search").focus()],
  ["j", "next turn of the call", () => step(1)],
  ["k", "turn before it", () => step(-1)],
  ["n", "next call in the list", () => stepCall(1)],
  ["b", "call before it", () => stepCall(-1)],
  ["f", "follow: show each turn as it ends", () => (location.hash = "")],
  ["l", "live calls only", () => byId("live-only").click()],
  ["o", "the original, or what was edited", () => now.line && actions.toggle()],
  ["r", "JSON", () => now.line && actions.raw()],
  ["y", "copy the link", () => now.turn && actions.link()],
  ["c", "copy a report", () => now.turn && actions.report()],
  ["t", "make this turn a test", () => now.line && actions.test()],
  ["p", "try a rule on it", () => now.line && actions.playground()],
  ["?", "these keys", help],
];

function help() {
  dialog("Keys", el("dl.keys", {}, KEYS.map(([sign, what]) => el("div", {}, el("dt", {}, el("kbd", {}, sign)), el("dd", {}, what)))), el("p.quiet", {}, "All of it is a button or a link as well."));
}

document.addEventListener("keydown", (event) => {
  const into = event.target;
  // A field of the dialog keeps the focus for a moment when that was closed.
  const types = into instanceof HTMLElement && into.matches("input:not([type=checkbox]), textarea, select") && !into.closest("dialog:not([open])");
  if (event.key === "Escape" && into === byId("search")) into.blur();
  if (types || event.ctrlKey || event.metaKey || event.altKey || byId("dialog").open) return;
  const found = KEYS.find(([sign]) => sign === event.key);
  if (!found) return;
  event.preventDefault();
  found[2]();
});

let typing = null;
byId("search").addEventListener("input", (event) => {
  now.search = event.target.value.trim();
  window.clearTimeout(typing);
  typing = window.setTimeout(load, 150);
});
byId("live-only").addEventListener("change", (event) => {
  now.liveOnly = event.target.checked;
  render();
});
byId("help").addEventListener("click", help);
byId("logout").addEventListener("click", async () => {
  await post("logout", {}).catch(() => {});
  location.reload();
});
window.addEventListener("hashchange", () => {
  load().then(() => byId("main").focus({ preventScroll: true }));
});
// A call that fell silent leaves the list of live ones.
window.setInterval(() => now.liveOnly && soon(), 5000);
look();
// A proxy may hold the feed back; the screen is shown all the same.
window.setTimeout(() => now.state === null && load(), 1500);
