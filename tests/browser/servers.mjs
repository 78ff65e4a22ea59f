// What stands around the page: a model that is made up, and aside before it.

import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

const said = (text) => {
  const chunk = (delta, finish = null) =>
    `data: ${JSON.stringify({ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "made-up", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
  const usage = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "made-up", choices: [], usage: { prompt_tokens: 1280, completion_tokens: 24, prompt_tokens_details: { cached_tokens: 1024 } } };
  return [chunk({ role: "assistant" }), ...text.match(/.{1,12}/gsu).map((part) => chunk({ content: part })), chunk({}, "stop"), `data: ${JSON.stringify(usage)}\n\n`, "data: [DONE]\n\n"];
};

/** A model. `answer` gives what it says to the newest user message, a status, or how long it waits. */
export function model(answer) {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => (body += piece));
    request.on("end", async () => {
      const messages = JSON.parse(body).messages || [];
      const user = messages.filter((one) => one.role === "user").pop();
      const { text, status, wait } = answer(String(user && user.content), request.url);
      if (wait) await new Promise((done) => setTimeout(done, wait));
      if (status) {
        response.writeHead(status, { "content-type": "application/json" });
        return response.end(JSON.stringify({ error: { message: "no", type: "server_error", code: "model_overloaded" } }));
      }
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const frame of said(text)) {
        response.write(frame);
        await new Promise((done) => setTimeout(done, 5));
      }
      response.end();
    });
  });
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done({ url: `http://127.0.0.1:${server.address().port}/v1`, close: () => server.closeAllConnections() || server.close() })));
}

/** Aside with this config and these rules; gives its address, and what ends it. */
export async function aside({ folder, config, rules }) {
  mkdirSync(join(folder, "rules"), { recursive: true });
  writeFileSync(join(folder, "aside.toml"), config);
  for (const [name, text] of Object.entries(rules)) writeFileSync(join(folder, "rules", `${name}.toml`), text);
  const process_ = spawn(process.env.ASIDE, ["serve", "--listen", "127.0.0.1:0"], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  const address = await new Promise((done, failed) => {
    const read = (piece) => {
      log += piece;
      const found = /127\.0\.0\.1:[1-9]\d*/.exec(log);
      if (found && log.includes("listening")) done(found[0]);
    };
    process_.stdout.on("data", read);
    process_.stderr.on("data", read);
    process_.on("exit", () => failed(new Error(`aside ended: ${log}`)));
  });
  return {
    url: `http://${address}`,
    folder,
    log: () => log,
    close: () => process_.kill("SIGTERM"),
  };
}

/** Plays a turn of a call; gives its id. */
export async function play(url, call, messages, more = {}) {
  const body = { model: "made-up", stream: true, messages, call: { id: call, type: "inboundPhoneCall" }, customer: { number: "+14155550187", name: "Canaria Finchley" }, ...more };
  const headers = { "content-type": "application/json", ...(more.key ? { authorization: `Bearer ${more.key}` } : {}) };
  delete body.key;
  const response = await fetch(`${url}/v1/chat/completions`, { method: "POST", headers, body: JSON.stringify(body) });
  await response.text();
  return response.headers.get("x-aside-turn");
}
