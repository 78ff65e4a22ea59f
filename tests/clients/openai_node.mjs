// The official OpenAI client for Node, which is the one that Vapi uses, against a running aside
// before the built-in model.
//
// Reads ASIDE_BASE_URL and ASIDE_KEY. Prints a line for each check; ends with 1 if any failed.

import assert from "node:assert/strict";
import OpenAI, { AuthenticationError, BadRequestError } from "openai";

const { ASIDE_BASE_URL: BASE_URL, ASIDE_KEY: KEY } = process.env;
const CARD = "4111 1111 1111 1111";
const EMAIL = "dana@example.com";
const TOOL = {
  type: "function",
  function: {
    name: "send_receipt",
    parameters: { type: "object", properties: { email: { type: "string" } } },
  },
};

const client = (baseURL = BASE_URL, apiKey = KEY) =>
  new OpenAI({ baseURL, apiKey, maxRetries: 0, timeout: 30_000 });
const ask = (request, from = client()) => from.chat.completions.create(request);
const says = (content) => ({ model: "demo", messages: [{ role: "user", content }] });

const checks = {
  async "streamed text"() {
    let text = "";
    const finishes = [];
    for await (const chunk of await ask({ ...says(`My card is ${CARD}`), stream: true })) {
      for (const choice of chunk.choices) {
        text += choice.delta.content ?? "";
        if (choice.finish_reason) finishes.push(choice.finish_reason);
      }
    }
    assert.equal(text, `Thank you, I have noted ${CARD}.`);
    assert.deepEqual(finishes, ["stop"]);
  },

  async "streamed tool call"() {
    let name = "";
    let args = "";
    const finishes = [];
    const request = { ...says(`Send it to ${EMAIL}`), tools: [TOOL], stream: true };
    for await (const chunk of await ask(request)) {
      for (const choice of chunk.choices) {
        for (const call of choice.delta.tool_calls ?? []) {
          name += call.function.name ?? "";
          args += call.function.arguments ?? "";
        }
        if (choice.finish_reason) finishes.push(choice.finish_reason);
      }
    }
    assert.equal(name, "send_receipt");
    assert.deepEqual(JSON.parse(args), { email: EMAIL });
    assert.deepEqual(finishes, ["tool_calls"]);
  },

  async "a body as Vapi sends it"() {
    const customer = { name: "Dana Whitfield", number: "+14155550123" };
    const call = { id: "node-1", type: "inboundPhoneCall", customer };
    const messages = [
      { role: "system", content: "Keep answers short." },
      { role: "assistant", content: "Thanks for calling, how can I help?" },
      { role: "user", content: "Hi there" },
    ];
    const request = { model: "demo", messages, stream: true, call, customer, metadata: {} };
    let text = "";
    for await (const chunk of await ask(request)) text += chunk.choices[0]?.delta.content ?? "";
    assert.equal(text, "Hello Dana Whitfield, how can I help you?");
  },

  async "whole text"() {
    const completion = await ask({ ...says(`My card is ${CARD}`), stream: false });
    assert.equal(completion.choices[0].message.content, `Thank you, I have noted ${CARD}.`);
  },

  async "base URL with the whole path"() {
    const completion = await ask(says("Hello"), client(`${BASE_URL}/chat/completions`));
    assert.equal(completion.choices[0].message.content, "You said: Hello");
  },

  async "key in the path"() {
    const from = client(BASE_URL.replace("/v1", `/${KEY}/v1`), "none");
    const completion = await ask(says("Hello"), from);
    assert.equal(completion.choices[0].message.content, "You said: Hello");
  },

  async "wrong key"() {
    const error = await ask(says("Hello"), client(BASE_URL, "wrong")).catch((error) => error);
    assert.ok(error instanceof AuthenticationError, `expected AuthenticationError, came ${error}`);
    assert.equal(error.code, "invalid_api_key");
  },

  async "bad request"() {
    const error = await ask({ model: "demo", messages: [] }).catch((error) => error);
    assert.ok(error instanceof BadRequestError, `expected BadRequestError, came ${error}`);
    assert.equal(error.param, "messages");
  },

  async "list of models"() {
    const ids = [];
    for await (const model of client().models.list()) ids.push(model.id);
    assert.deepEqual(ids, ["demo"]);
  },
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log(`pass openai-node: ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL openai-node: ${name}: ${error.message}`);
  }
}
console.log(`openai-node: ${Object.keys(checks).length - failed} good, ${failed} bad`);
process.exit(failed ? 1 : 0);
