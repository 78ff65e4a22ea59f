"""aside before llama.cpp's own server, whose templates refuse what those of real models refuse.

    llamacpp.py ASIDE RULES FOLDER NAME=ADDRESS…

Each NAME is a template of llamacpp_server.py that is served at ADDRESS. First the server is asked alone, so
that it is known to refuse. What the model says means nothing: here counts that, and how, it answers.
Prints a line for each check; ends with 1 if any failed.
"""

import http.client
import json
import os
import pathlib
import re
import subprocess
import sys
import time
import traceback

from llamacpp_relay import Relay

PRESETS = ["llamacpp", "custom"]
STREAMED = [True, False]
# What each template refuses of a turn, in its words, and a model that is known to have such.
REFUSES = {
    "first": "System message must be at the beginning.",
    "alternate": "Conversation roles must alternate user/assistant/user/assistant/...",
    "nine": "Conversation roles must alternate user/assistant/user/assistant/...",
}
FAMILY = {
    "first": ["qwen3.6-27b", "unsloth/Qwen3.6-27B-GGUF:Q4_K_M"],
    "alternate": ["gemma-3-27b-it", "/models/gemma-3-4b-it-Q8_0.gguf"],
    "nine": ["mistral-small-3.2-24b", "bartowski/Ministral-3-8B-Instruct-GGUF"],
    "any": ["llama-3.3-70b"],
}
# No row knows it: what its template refuses has to be learned.
UNKNOWN = "house-model"
# What is learned of a model that no row knows, as `aside probe` says it.
LEARNED = {"first": 'system = "first"', "alternate": "alternate = true"}
# The token that begins a call, and the one that ends the text; see llamacpp_server.py.
CALL, END = "354", "2"
TOOL = {
    "type": "function",
    "function": {
        "name": "close_order",
        "description": "Closes an order.",
        "parameters": {
            "type": "object",
            "properties": {"state": {"type": "string", "enum": ["done"]}},
            "required": ["state"],
        },
    },
}
HISTORY = [
    {"role": "system", "content": "You are Ava, who helps with orders."},
    {"role": "assistant", "content": "Hello, how can I help?"},
    {"role": "user", "content": "Where is my order forty two?"},
    {"role": "assistant", "content": "", "tool_calls": [{
        "id": "call_x7Ga20fRlQmDyWk5sPz81TbV", "type": "function",
        "function": {"name": "close_order", "arguments": "{\"state\":\"done\"}"}}]},
    {"role": "tool", "tool_call_id": "call_x7Ga20fRlQmDyWk5sPz81TbV", "content": "It has been sent."},
    {"role": "assistant", "content": "Order forty two is on its way."},
    {"role": "user", "content": "And when will it be here?"},
]
LATE = {"role": "system", "content": "The caller has to go soon. Be quick."}


def turn(call, messages, model, stream=True, **more):
    """A turn as Vapi posts it."""
    return {
        "model": model, "messages": messages, "temperature": 0.5, "max_tokens": 60, "tools": [TOOL],
        "stream": stream, "call": {"id": call, "type": "webCall"}, "metadata": {},
        "customer": {"name": "Dana Whitfield", "number": "+14155550123"}, **more,
    }


class Answer:
    """What came back: its status, text, tool calls, finish reasons and usage."""

    def __init__(self, status, kind, body):
        self.status, self.body = status, body
        self.text, self.calls, self.finishes, self.usage = "", {}, [], None
        self.is_stream = kind.startswith("text/event-stream")
        if status != 200:
            return
        if self.is_stream:
            lines = [line[6:] for line in body.splitlines() if line.startswith("data: ")]
            expect(lines[-1], "[DONE]")
            for line in lines[:-1]:
                self.take(json.loads(line), "delta")
        else:
            self.take(json.loads(body), "message")

    def take(self, piece, key):
        self.usage = piece.get("usage") or self.usage
        for choice in piece["choices"]:
            said = choice.get(key) or {}
            self.text += said.get("content") or ""
            for at, call in enumerate(said.get("tool_calls") or []):
                id, name, arguments = self.calls.get(call.get("index", at), ("", "", ""))
                function = call.get("function") or {}
                self.calls[call.get("index", at)] = (
                    id or call.get("id"), name + (function.get("name") or ""),
                    arguments + (function.get("arguments") or ""))
            if choice.get("finish_reason"):
                self.finishes.append(choice["finish_reason"])


def ask(address, path, request):
    """Posts a request; gives the connection and the answer, whose body is not read yet."""
    connection = http.client.HTTPConnection(address, timeout=30)
    connection.request("POST", path, json.dumps(request), {"content-type": "application/json"})
    return connection, connection.getresponse()


def answer(address, path, request):
    connection, response = ask(address, path, request)
    body = response.read().decode()
    connection.close()
    return Answer(response.status, response.headers["content-type"], body)


class Stage:
    """The servers with a relay before each, and aside before all."""

    def __init__(self, aside, rules, folder, servers):
        self.aside, self.folder = aside, pathlib.Path(folder)
        self.servers = servers
        self.relays = {name: Relay(address) for name, address in servers.items()}
        self.calls = 0
        config = ['listen = "127.0.0.1:0"', f"rules = {json.dumps(rules)}"]
        for name, relay in self.relays.items():
            for preset in PRESETS:
                config += [f"[upstream.{name}-{preset}]", f'preset = "{preset}"',
                           f'url = "http://{relay.address}/v1"',
                           f"[route.{name}-{preset}]", f'upstreams = ["{name}-{preset}"]']
        path = self.folder / "aside.toml"
        path.write_text("\n".join(config) + "\n")
        self.log = self.folder / "aside.log"
        with open(self.log, "w") as log:
            self.process = subprocess.Popen([aside, "serve", "--config", path], stdout=log, stderr=log)
        self.address = self.address_of_aside()

    def address_of_aside(self):
        for _ in range(100):
            found = re.search(r"127\.0\.0\.1:[1-9]\d*", self.log.read_text())
            if found:
                return found[0]
            time.sleep(0.1)
        raise RuntimeError(f"aside does not listen; it wrote: {self.log.read_text()}")

    def new_call(self):
        self.calls += 1
        return f"call-{self.calls}"

    def play(self, name, preset, request):
        """One turn through aside; gives the answer, and the relay that knows of this turn alone."""
        relay = self.relays[name]
        relay.forget()
        return answer(self.address, f"/{name}-{preset}/v1/chat/completions", request), relay

    def end(self):
        self.process.terminate()
        self.process.wait(timeout=20)


def expect_said(got, stream):
    """The model answered, in the form that was asked for: an apology has more than small letters."""
    expect((got.status, got.is_stream), (200, stream))
    expect_that(re.fullmatch("[a-z]+", got.text), f"text of the model, not {got.text!r}")
    expect_that(got.finishes in (["stop"], ["length"]), f"one finish reason, not {got.finishes}")


def next_turn(messages, said):
    return [*messages, {"role": "assistant", "content": said},
            {"role": "user", "content": "Thank you, and how much do I owe?"}]


def the_server_alone_refuses(stage):
    for name, words in REFUSES.items():
        for stream in STREAMED:
            for messages in [HISTORY[:-1] + [LATE, HISTORY[-1]], HISTORY + [LATE]]:
                got = answer(stage.servers[name], "/v1/chat/completions", turn("a", messages, "m", stream))
                expect_that(got.status in (400, 500), f"{name}: a refusal, not {got.status}")
                expect_that(words in json.loads(got.body)["error"]["message"], f"{name}: {got.body}")
    # Here roles alternate, so that one refuses the form of ids, and the other nothing.
    for name, is_refused in [("alternate", False), ("nine", True)]:
        got = answer(stage.servers[name], "/v1/chat/completions",
                     turn("a", HISTORY[:1] + HISTORY[2:], "m", False))
        expect(got.status == 400 and "with length 9!" in got.body, is_refused)


def the_server_alone_takes_what_it_refuses_nothing_of(stage):
    for stream in STREAMED:
        expect_said(answer(stage.servers["any"], "/v1/chat/completions",
                           turn("a", HISTORY + [LATE], "m", stream)), stream)


def a_known_model_is_asked_once(stage):
    for name, models in FAMILY.items():
        for model in models:
            for preset in PRESETS:
                for stream in STREAMED:
                    two_turns(stage, name, preset, model, stream)


def two_turns(stage, name, preset, model, stream):
    """Both are asked once, and the second goes on where the first was."""
    call, messages = stage.new_call(), HISTORY[:-1] + [LATE, HISTORY[-1]]
    got, relay = stage.play(name, preset, turn(call, messages, model, stream))
    expect_said(got, stream)
    expect(relay.statuses(), [200])
    first = relay.requests()[0]
    expect((first["max_tokens"], first["temperature"], first["tools"]), (60, 0.5, [TOOL]))
    expect_that("call" not in first and "customer" not in first, "nothing of Vapi's own")
    expect_that("Dana" not in json.dumps(first), "no name of the caller")
    got, relay = stage.play(name, preset, turn(call, next_turn(messages, got.text), model, stream))
    expect_said(got, stream)
    expect(relay.statuses(), [200])
    prefix = before_the_note(first["messages"])
    expect(relay.requests()[0]["messages"][:len(prefix)], prefix)
    if not stream:
        # The server's own word that it knew the beginning.
        known = got.usage["prompt_tokens_details"]["cached_tokens"]
        expect_that(known > got.usage["prompt_tokens"] / 2, f"a cached prefix, not {got.usage}")


def before_the_note(messages):
    """The messages before that which holds the note of the shipped rules, which goes with the newest turn."""
    [note] = [at for at, message in enumerate(messages) if "About this call" in (message["content"] or "")]
    expect_that(note >= len(messages) - 2, f"the note at the end, not at {note} of {len(messages)}")
    return messages[:note]


def what_an_unknown_model_refuses_is_learned(stage):
    for name in LEARNED:
        words = REFUSES[name]
        for preset in PRESETS:
            for stream in STREAMED:
                model = f"{UNKNOWN}-{stream}".lower()
                call, messages = stage.new_call(), HISTORY[:-1] + [LATE, HISTORY[-1]]
                got, relay = stage.play(name, preset, turn(call, messages, model, stream))
                expect_said(got, stream)
                asked, taken = len(relay.statuses()), relay.statuses().count(200)
                expect_that(2 <= asked <= 4 and taken == 1, f"{name}: refusals, then an answer: {asked}, {taken}")
                expect_that(words in relay.answered(), f"{name}: refused in the words of its template")
                two_turns(stage, name, preset, model, stream)


def a_model_that_takes_anything_gets_it_as_it_is(stage):
    for preset in PRESETS:
        got, relay = stage.play("any", preset, turn(stage.new_call(), HISTORY + [LATE], UNKNOWN))
        expect_said(got, True)
        request = relay.requests()[0]
        expect_that(LATE in request["messages"], f"the late system message: {request['messages']}")
        expect([message for message in request["messages"] if message in HISTORY], HISTORY)


def a_tool_is_called_and_its_result_heard(stage):
    for name, models in FAMILY.items():
        for preset in PRESETS:
            for stream in STREAMED:
                tool_call(stage, name, preset, models[0], stream)


def tool_call(stage, name, preset, model, stream):
    call, messages = stage.new_call(), HISTORY
    got, relay = stage.play(name, preset, turn(
        call, messages, model, stream, max_tokens=200, tool_choice="required", parallel_tool_calls=False,
        logit_bias={CALL: 100, END: 200}))
    expect((got.status, got.is_stream, got.text, relay.statuses()), (200, stream, "", [200]))
    expect((len(got.calls), got.finishes), (1, ["tool_calls"]))
    id, function, arguments = got.calls[0]
    expect((function, json.loads(arguments)), ("close_order", {"state": "done"}))
    expect_that(id, "an id")
    called = {"id": id, "type": "function", "function": {"name": function, "arguments": arguments}}
    messages = [*messages, {"role": "assistant", "content": "", "tool_calls": [called]},
                {"role": "tool", "tool_call_id": id, "content": "Closed."}]
    got, relay = stage.play(name, preset, turn(call, messages, model, stream))
    expect_said(got, stream)
    expect(relay.statuses(), [200])


def usage_comes_in_the_stream(stage):
    for preset in PRESETS:
        request = turn(stage.new_call(), HISTORY, UNKNOWN, stream_options={"include_usage": True})
        got, _ = stage.play("any", preset, request)
        expect_said(got, True)
        expect_that(got.usage and got.usage["completion_tokens"] > 0, f"usage, not {got.usage}")


def its_models_are_listed(stage):
    for preset in PRESETS:
        connection = http.client.HTTPConnection(stage.address, timeout=30)
        connection.request("GET", f"/any-{preset}/v1/models")
        response = connection.getresponse()
        listed = json.load(response)
        connection.close()
        expect((response.status, [model["id"] for model in listed["data"]]), (200, ["any"]))


def a_caller_who_hangs_up_ends_the_work(stage):
    for preset in PRESETS:
        relay = stage.relays["any"]
        relay.forget()
        # Without an end, and long enough that it can't be over before the caller is gone.
        request = turn(stage.new_call(), HISTORY, UNKNOWN, max_tokens=30000, logit_bias={END: -100})
        connection, response = ask(stage.address, f"/any-{preset}/v1/chat/completions", request)
        expect_that(response.readline().startswith(b"data: "), "a first event")
        response.close()
        connection.close()
        [worked] = [one for one in relay.connections if list(one.bodies())]
        expect_that(worked.ended.wait(timeout=20), "the end of the connection to the server")
        expect_that(b"[DONE]" not in worked.answered, "an end before the answer's")


def probe_says_what_helps(stage):
    for name, line in LEARNED.items():
        command = [stage.aside, "probe", f"http://{stage.servers[name]}/v1", "--model", UNKNOWN]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=stage.folder / "empty")
        expect_that(done.returncode == 0 and "10 of 10 turns are taken" in done.stdout, f"all: {done.stdout}")
        expect_that(f"shape = {{ {line} }}" in done.stdout, f"the line `{line}`: {done.stdout}")


def expect(actual, expected):
    if actual != expected:
        raise AssertionError(f"expected {expected!r}, came {actual!r}")


def expect_that(holds, wanted):
    if not holds:
        raise AssertionError(f"expected {wanted}")


def main():
    aside, rules, folder, *servers = sys.argv[1:]
    os.makedirs(pathlib.Path(folder) / "empty")
    stage = Stage(aside, rules, folder, dict(server.split("=") for server in servers))
    checks = [the_server_alone_refuses, the_server_alone_takes_what_it_refuses_nothing_of,
              a_known_model_is_asked_once, what_an_unknown_model_refuses_is_learned,
              a_model_that_takes_anything_gets_it_as_it_is, a_tool_is_called_and_its_result_heard,
              usage_comes_in_the_stream, its_models_are_listed, a_caller_who_hangs_up_ends_the_work,
              probe_says_what_helps]
    failed = 0
    try:
        for check in checks:
            name = check.__name__.replace("_", " ")
            try:
                check(stage)
                print(f"pass llama.cpp: {name}")
            except Exception as error:
                failed += 1
                print(f"FAIL llama.cpp: {name}" + (f": {error}" if isinstance(error, AssertionError) else ""))
                if not isinstance(error, AssertionError):
                    traceback.print_exc(file=sys.stdout)
    finally:
        stage.end()
    print(f"llama.cpp: {len(checks) - failed} good, {failed} bad")
    if failed:
        print("aside wrote:")
        print(stage.log.read_text())
    sys.exit(1 if failed else 0)


main()
