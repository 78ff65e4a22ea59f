// The inspector's page, as a person meets it: live, with hostile texts, by keyboard alone, in both
// schemes, and at the width of a phone.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { PAYLOADS } from "./payloads.mjs";
import { aside, model, play } from "./servers.mjs";

const { CHROMIUM, FOLDER, PAGE, PICTURES } = process.env;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const ADMIN = "an-admin-key-for-tests-0123";
const REVEAL = "a-reveal-key-for-tests-0123";
const CARD = "4111 1111 1111 1111";

const rules = {
  "10-caller": 'about = "The model knows who calls."\n\n[then.inject]\ntext = "The caller is {{ customer.name }}."\n',
  "20-private": 'about = "Cards and numbers stay here."\n\n[then.redact]\nfind = ["card", "cvv", "email", "phone"]\nknown = ["customer.name"]\nexplain = true\n',
  "30-gold": "about = \"Gold callers come first.\"\nwhen = 'metadata.plan == \"gold\"'\n\n[then.inject]\nplace = \"system-start\"\ntext = \"Be quick.\"\n",
  "40-hours": "about = \"Opening hours need no model.\"\nwhen = 'turn.user == \"When are you open?\"'\n\n[then.answer]\nsay = \"Nine to five.\"\n",
  "50-ear": 'about = "Replies are for the ear."\n\n[then.rewrite]\nfind = \'\\*{1,3}\'\nreplace = ""\nin = ["reply"]\n',
};

const tests = [];
const test = (name, run) => tests.push({ name, run });

let browser, server, upstream, sick;
let pages = [];

async function page(more = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...more });
  const one = await context.newPage();
  one.faults = [];
  one.setDefaultTimeout(15_000);
  pages.push(one);
  if (PAGE) {
    await one.route(/\/inspect(\/[a-z]+\.(js|css|svg))?$/, async (route) => {
      const name = new URL(route.request().url()).pathname.split("/inspect/")[1] || "index.html";
      await route.fulfill({ response: await route.fetch(), body: readFileSync(join(PAGE, name)) });
    });
  }
  one.on("console", (message) => message.type() === "error" && one.faults.push(message.text()));
  one.on("pageerror", (error) => one.faults.push(String(error)));
  one.on("request", (request) => {
    if (!request.url().startsWith(server.url)) one.faults.push(`asked elsewhere: ${request.url()}`);
  });
  return one;
}

const system = { role: "system", content: "You are Riley, who books appointments. Be brief." };

async function opened(hash = "", more = {}) {
  const one = await page(more);
  await one.goto(`${server.url}/inspect${hash}`);
  await one.waitForSelector("main article, main .empty");
  return one;
}

async function quiet(one) {
  assert.deepEqual(one.faults, []);
  await one.context().close();
}

async function picture(one, name, more = {}) {
  if (PICTURES) await one.screenshot({ path: join(PICTURES, name), ...more });
}

async function soundly(one) {
  // What a policy forbids the page is allowed to the one who tests it.
  await one.evaluate(axe);
  const found = await one.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const serious = found.violations.filter((it) => ["serious", "critical"].includes(it.impact));
  const told = serious.map((it) => `${it.id}: ${it.nodes.map((node) => `${node.target} ${node.failureSummary}`).join("; ")}`);
  assert.deepEqual(told, []);
}

test("before the first turn it says how to send one", async () => {
  const one = await opened();
  assert.equal(await one.getAttribute("main .empty", "data-empty"), "no-turns");
  await soundly(one);
  await quiet(one);
});

test("a turn is there within a second, with no press", async () => {
  const one = await opened();
  await one.waitForSelector(".live.live");
  const turn = await play(server.url, "call-live-1", [system, { role: "user", content: `I am Canaria Finchley. Charge my card ${CARD}, please.` }]);
  const began = Date.now();
  await one.waitForFunction((id) => document.querySelector("#turn-title code")?.textContent === id, turn);
  const took = Date.now() - began;
  assert.ok(took < 1000, `${took} ms`);
  const text = await one.textContent("main");
  for (const part of ["Caller said", "After each rule", "Sent", "Model said", "Caller hears", "[CARD_1]", "[NAME_1]", "cached_tokens 1024"]) {
    assert.ok(text.includes(part), part);
  }
  for (const value of [CARD, "Finchley"]) assert.ok(!(await one.content()).includes(value), value);
  assert.equal(await one.textContent("#title"), "call-live-1");
  await quiet(one);
});

test("it is one request a screen, and none elsewhere", async () => {
  const one = await page();
  const asked = [];
  one.on("request", (request) => request.url().includes("/api/") && asked.push(request.url()));
  await one.goto(`${server.url}/inspect`);
  await one.waitForSelector("article");
  assert.equal(asked.length, 1, asked.join());
  await quiet(one);
});

test("S19: nothing that anybody says is run or fetched", async () => {
  const one = await page();
  const fetched = [];
  one.on("request", (request) => {
    const { pathname, port } = new URL(request.url());
    if (pathname.startsWith("/fired") || port === "9") fetched.push(request.url());
  });
  await one.goto(`${server.url}/inspect`);
  for (const [at, payload] of PAYLOADS.entries()) {
    const call = at % 3 === 0 ? `call-${at}-${payload}`.slice(0, 120) : `call-${at}`;
    const history = [system, { role: "user", content: payload }, { role: "assistant", content: payload }, { role: "user", content: `again ${payload}` }];
    const turn = await play(server.url, call, history, { metadata: { note: payload, plan: payload } });
    if (!turn) continue;
    await one.waitForFunction((id) => document.querySelector("#turn-title code")?.textContent === id, turn);
    if (at % 5 === 0) {
      await one.keyboard.press("r");
      await one.keyboard.press("r");
    }
  }
  await one.fill("#search", PAYLOADS[0]);
  await one.waitForTimeout(300);
  await one.evaluate((text) => (location.hash = `#turn/${text}`), PAYLOADS[8]);
  await one.waitForTimeout(300);
  assert.equal(await one.evaluate(() => window.fired), undefined);
  assert.deepEqual(fetched, []);
  const others = await one.$$eval("main script, main img, main iframe, main object, main embed, main svg, main style, main link, main base", (all) => all.length);
  assert.equal(others, 0);
  assert.ok(!(await one.textContent("body")).includes("\u202e"), "signs that turn a text around are shown by their number");
  one.faults = one.faults.filter((fault) => !fault.includes("404"));
  await quiet(one);
});

test("a call is a waterfall, and ends of every kind are told", async () => {
  const call = "call-kinds";
  const say = (content, more) => play(server.url, call, [system, { role: "user", content }], more);
  await say("When are you open?");
  await say("please fail over");
  await say("nobody answers");
  // A newer turn takes the place of one that is slow.
  const slow = say("be slow");
  await new Promise((done) => setTimeout(done, 150));
  await say("Are you still there?");
  await slow;
  const one = await opened(`#call/${call}`);
  await one.waitForFunction(() => document.querySelectorAll(".turns > li").length === 5);
  const text = await one.textContent("main");
  assert.ok(text.includes("a newer turn took its place"), text.slice(0, 600));
  assert.ok(text.includes("the caller heard the apology"));
  const grey = await one.$$eval(".turns > li.gone", (all) => all.map((it) => it.textContent));
  assert.equal(grey.length, 1);
  // What happened is on one scale, whatever stands beside it.
  const tracks = await one.$$eval(".turns .row .track", (all) => all.map((it) => [it.getBoundingClientRect().left, it.getBoundingClientRect().width].map(Math.round).join()));
  assert.equal(new Set(tracks).size, 1, tracks.join(" "));
  const isInView = await one.evaluate(() => {
    const list = document.querySelector(".turns").getBoundingClientRect();
    const picked = document.querySelector(".turns [aria-current=true]").getBoundingClientRect();
    return picked.top >= list.top - 1 && picked.bottom <= list.bottom + 1;
  });
  assert.ok(isInView, "the picked turn is in view");
  await one.click('.turns a:has-text("please fail over")');
  await one.waitForSelector(".asked");
  assert.match(await one.textContent(".asked"), /sick.*503.*model_overloaded.*well.*answered/su);
  await one.click('.turns a:has-text("When are you open?")');
  await one.waitForFunction(() => document.querySelector(".story").textContent.includes("answered in the model's place"));
  await soundly(one);
  await quiet(one);
});

test("search finds a call by its id and by a number's last digits", async () => {
  const one = await opened();
  await one.keyboard.press("/");
  await one.keyboard.type("call-kinds");
  await one.waitForFunction(() => document.querySelectorAll(".list > li").length === 1);
  await one.fill("#search", "0187");
  await one.waitForFunction(() => document.querySelectorAll(".list > li").length > 3);
  await one.fill("#search", "4155550188");
  await one.waitForSelector('[data-empty="not-found"]');
  await quiet(one);
});

test("everything can be done by keyboard alone", async () => {
  const one = await opened("#call/call-kinds");
  await one.keyboard.press("Tab");
  assert.equal(await one.evaluate(() => document.activeElement.className), "skip");
  const reached = new Set();
  for (let at = 0; at < 120; at += 1) {
    await one.keyboard.press("Tab");
    reached.add(await one.evaluate(() => document.activeElement.id || document.activeElement.textContent.slice(0, 40).trim()));
  }
  for (const wanted of ["search", "live-only", "help"]) assert.ok(reached.has(wanted), wanted);
  const all = [...reached].join("|");
  for (const wanted of ["Copy the link", "Copy a report", "Make this turn a test", "Try a rule on it", "Show the JSON"]) assert.ok(all.includes(wanted), wanted);
  const first = await one.textContent("#turn-title code");
  await one.keyboard.press("k");
  await one.waitForFunction((id) => document.querySelector("#turn-title code").textContent !== id, first);
  await one.keyboard.press("k");
  await one.waitForTimeout(200);
  await one.keyboard.press("r");
  await one.waitForSelector(".raw pre");
  await one.keyboard.press("o");
  await one.waitForSelector('[aria-pressed="true"]');
  await one.keyboard.press("?");
  await one.waitForSelector("dialog[open] .keys");
  await soundly(one);
  await one.keyboard.press("Escape");
  await one.waitForFunction(() => !document.querySelector("dialog").open);
  await one.keyboard.press("n");
  await one.waitForFunction(() => location.hash.startsWith("#call/"));
  await quiet(one);
});

test("the original and what was edited change places with one key", async () => {
  const one = await opened("#call/call-live-1");
  await one.waitForSelector("ins");
  await one.keyboard.press("o");
  await one.waitForFunction(() => document.querySelectorAll(".rules ins").length === 0);
  await one.keyboard.press("o");
  await one.waitForSelector("ins");
  await quiet(one);
});

test("a rule is tried on the turn, and the turn becomes a test", async () => {
  const one = await opened("#call/call-live-1");
  await one.keyboard.press("p");
  await one.waitForSelector("#rule-text");
  await one.selectOption("#rule-file", "10-caller");
  await one.fill("#rule-text", 'about = "x"\n[then.inject]\ntext = "Speak slowly."\n');
  await one.keyboard.press("Control+Enter");
  await one.waitForSelector(".results h3");
  const results = await one.textContent(".results");
  assert.ok(results.includes("slowly") && results.includes("would be otherwise"), results);
  await soundly(one);
  await one.fill("#rule-text", "about = 1\n[then.inject]\n");
  await one.keyboard.press("Control+Enter");
  await one.waitForFunction(() => document.querySelector(".results").textContent.includes("can't be used"));
  await one.keyboard.press("Escape");
  await one.waitForFunction(() => !document.querySelector("dialog").open);
  await one.keyboard.press("t");
  await one.waitForSelector("#test-text");
  const text = await one.inputValue("#test-text");
  assert.ok(text.startsWith("[[test]]") && text.includes("[CARD_1]"), text);
  await one.waitForSelector("dialog .good");
  await soundly(one);
  await quiet(one);
});

test("a value is shown only with a key of its own, and one at a time", async () => {
  const one = await opened("#call/call-live-1");
  await one.click('button.hidden-value:has-text("[CARD_1]")');
  await one.fill("#reveal-key", "wrong");
  await one.keyboard.press("Enter");
  await one.waitForFunction(() => document.querySelector("dialog .bad").textContent.includes("reveal_keys"));
  await one.fill("#reveal-key", REVEAL);
  await one.keyboard.press("Enter");
  await one.waitForSelector(".revealed");
  assert.equal(await one.textContent(".revealed"), CARD);
  assert.ok(!(await one.textContent("main")).includes("Finchley"));
  assert.ok(!server.log().includes(CARD));
  one.faults = one.faults.filter((fault) => !fault.includes("403"));
  await quiet(one);
});

test("rules that are broken on disk are marked with line and caret", async () => {
  const one = await opened();
  const file = join(server.folder, "rules", "10-caller.toml");
  writeFileSync(file, 'about = "x"\n[then.inject]\ntxt = "a"\n');
  await one.waitForTimeout(2500);
  await one.reload();
  await one.waitForSelector(".banner.bad pre");
  const told = await one.textContent(".banner.bad");
  assert.ok(told.includes("10-caller.toml:3:1") && told.includes("^^^"), told);
  await soundly(one);
  writeFileSync(file, rules["10-caller"]);
  await one.waitForTimeout(2500);
  await quiet(one);
});

test("a turn that is gone and an inspector that is off say different things", async () => {
  const one = await opened("#turn/turn_0000000000000000");
  assert.equal(await one.getAttribute("main .empty", "data-empty"), "not-kept");
  await quiet(one);
  const off = await aside({ folder: join(FOLDER, "off"), config: `[upstream.m]\nurl = "${upstream.url}"\n[inspect]\nenabled = false\n`, rules: {} });
  const two = await page();
  await two.goto(`${off.url}/inspect`);
  await two.waitForSelector('[data-empty="switched-off"]');
  await two.context().close();
  off.close();
});

test("who has no key is asked for one, and the cookie is none for scripts", async () => {
  const keyed = { extraHTTPHeaders: { "x-forwarded-for": "203.0.113.7" } };
  const one = await page(keyed);
  await one.goto(`${server.url}/inspect`);
  await one.waitForSelector("#login-key");
  await soundly(one);
  await one.fill("#login-key", "wrong-key");
  await one.keyboard.press("Enter");
  await one.waitForFunction(() => document.querySelector("main .bad").textContent.includes("admin_keys"));
  await one.fill("#login-key", ADMIN);
  await one.keyboard.press("Enter");
  await one.waitForSelector("article");
  assert.equal(await one.evaluate(() => document.cookie), "");
  const [cookie] = await one.context().cookies();
  assert.deepEqual([cookie.httpOnly, cookie.sameSite, cookie.path], [true, "Strict", "/inspect"]);
  assert.ok(!one.url().includes(ADMIN));
  await one.context().close();
});

test("dark and light, and the width of a phone, are sound", async () => {
  // Pictures show a call as there are many, and nothing that is hostile.
  const usual = server;
  server = await aside({ folder: join(FOLDER, "show"), config: config("main", "backup"), rules });
  const hash = "#call/call-0b7f2c";
  const history = [system];
  for (const [asked, answered] of [["Hello, I would like to book a visit.", "Gladly. May I have your name and e-mail?"], ["Canaria Finchley, canary@mail.example.com.", "Thank you, [NAME_1]."]]) {
    history.push({ role: "user", content: asked });
    await play(server.url, "call-0b7f2c", history);
    history.push({ role: "assistant", content: answered });
  }
  await play(server.url, "call-52d1aa", [system, { role: "user", content: "When are you open?" }]);
  history.push({ role: "user", content: `Please charge ${CARD}, the CVV is 737.` });
  await play(server.url, "call-0b7f2c", history, { metadata: { plan: "basic" } });
  for (const scheme of ["light", "dark"]) {
    const one = await opened(hash, { colorScheme: scheme, viewport: { width: 1440, height: 1240 } });
    await one.waitForSelector("article .stages");
    await soundly(one);
    await picture(one, `inspector-${scheme}.png`);
    await quiet(one);
  }
  const trying = await opened(hash);
  await trying.keyboard.press("p");
  await trying.waitForSelector("#rule-text");
  await trying.fill("#rule-text", 'about = "The model knows who calls, and how to speak."\n\n[then.inject]\ntext = "The caller is {{ customer.name }}. Speak slowly, and repeat no number."\n');
  await trying.keyboard.press("Control+Enter");
  await trying.waitForSelector(".results h3");
  await trying.locator(".results details").first().evaluate((it) => (it.open = true));
  await picture(trying, "inspector-playground.png");
  await quiet(trying);
  const phone = await opened(hash, { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  const wide = await phone.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(wide <= 0, `${wide} px too wide`);
  await soundly(phone);
  await phone.locator(".one").evaluate((it) => it.scrollIntoView());
  await picture(phone, "inspector-phone.png");
  await quiet(phone);
  server.close();
  server = usual;
});

const config = (first, second) => `admin_keys = ["${ADMIN}"]

[upstream.${first}]
url = "${sick.url}"
[upstream.${second}]
url = "${upstream.url}"
[route.default]
upstreams = ["${first}", "${second}"]
first_token = "8s"

[inspect]
reveal_keys = ["${REVEAL}"]
`;

async function all() {
  upstream = await model((said) => {
    if (said.includes("nobody answers")) return { status: 503 };
    if (said.includes("be slow")) return { text: "Late.", wait: 3000 };
    if (said.includes("charge") || said.includes("Charge")) return { text: "**Thanks**, [NAME_1]: charging [CARD_1]." };
    return { text: said.includes("<") ? said : "Gladly. What else?" };
  });
  sick = await model((said) => (said.includes("fail over") || said.includes("nobody answers") ? { status: 503 } : { text: said.includes("<") ? said : said.toLowerCase().includes("charge") ? "**Thanks**, [NAME_1]: charging [CARD_1]." : "Gladly. What else?", wait: said.includes("be slow") ? 3000 : 0 }));
  server = await aside({ folder: join(FOLDER, "server"), config: config("sick", "well"), rules });
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"],
  });
  let failed = 0;
  for (const { name, run } of tests) {
    pages = [];
    try {
      await run();
      console.log(`ok      ${name}`);
    } catch (error) {
      failed += 1;
      const faults = pages.flatMap((one) => one.faults);
      for (const one of pages) {
        faults.push(await one.evaluate(() => `${location.hash} ${document.querySelector("#live").textContent} ${document.querySelector("#search").value} ${document.querySelector("#dialog").textContent.slice(0, 80)} ${document.activeElement.id}`).catch(String));
      }
      console.log([`FAILED  ${name}`, error.stack, ...faults].join("\n"));
    }
  }
  console.log(`${tests.length - failed} passed, ${failed} failed`);
  await browser.close();
  server.close();
  upstream.close();
  sick.close();
  process.exit(failed ? 1 : 0);
}

process.on("exit", () => server && server.close());
all();
