"""The official OpenAI client for Python against a running aside before the built-in model.

Reads ASIDE_BASE_URL and ASIDE_KEY. Prints a line for each check; ends with 1 if any failed.
"""

import os
import sys
import traceback

import openai

BASE_URL = os.environ["ASIDE_BASE_URL"]
CARD = "4111 1111 1111 1111"
EMAIL = "dana@example.com"
TOOL = {
    "type": "function",
    "function": {
        "name": "send_receipt",
        "parameters": {"type": "object", "properties": {"email": {"type": "string"}}},
    },
}


def client(base_url=BASE_URL, key=os.environ["ASIDE_KEY"]):
    return openai.OpenAI(base_url=base_url, api_key=key, max_retries=0, timeout=30)


def says(text):
    return {"model": "demo", "messages": [{"role": "user", "content": text}]}


def streamed_text():
    text, finishes = "", []
    for chunk in client().chat.completions.create(**says(f"My card is {CARD}"), stream=True):
        for choice in chunk.choices:
            text += choice.delta.content or ""
            finishes += [choice.finish_reason] if choice.finish_reason else []
    expect(text, f"Thank you, I have noted {CARD}.")
    expect(finishes, ["stop"])


def streamed_tool_call():
    name, arguments, finishes = "", "", []
    request = says(f"Send it to {EMAIL}")
    for chunk in client().chat.completions.create(**request, tools=[TOOL], stream=True):
        for choice in chunk.choices:
            for call in choice.delta.tool_calls or []:
                name += call.function.name or ""
                arguments += call.function.arguments or ""
            finishes += [choice.finish_reason] if choice.finish_reason else []
    expect(name, "send_receipt")
    expect(arguments, f'{{"email":"{EMAIL}"}}')
    expect(finishes, ["tool_calls"])


def whole_text():
    completion = client().chat.completions.create(**says(f"My card is {CARD}"), stream=False)
    expect(completion.choices[0].message.content, f"Thank you, I have noted {CARD}.")
    expect(completion.choices[0].finish_reason, "stop")


def whole_tool_call():
    completion = client().chat.completions.create(**says(f"Send it to {EMAIL}"), tools=[TOOL])
    call = completion.choices[0].message.tool_calls[0]
    expect(call.function.arguments, f'{{"email":"{EMAIL}"}}')


def base_url_with_the_whole_path():
    doubled = client(base_url=BASE_URL + "/chat/completions")
    completion = doubled.chat.completions.create(**says("Hello"))
    expect(completion.choices[0].message.content, "You said: Hello")


def key_in_the_path():
    base_url = BASE_URL.replace("/v1", f"/{os.environ['ASIDE_KEY']}/v1")
    completion = client(base_url, key="none").chat.completions.create(**says("Hello"))
    expect(completion.choices[0].message.content, "You said: Hello")


def wrong_key():
    error = raised(openai.AuthenticationError,
                   lambda: client(key="wrong").chat.completions.create(**says("Hello")))
    expect(error.code, "invalid_api_key")


def bad_request():
    error = raised(openai.BadRequestError,
                   lambda: client().chat.completions.create(model="demo", messages=[]))
    expect(error.param, "messages")


def list_of_models():
    expect([model.id for model in client().models.list()], ["demo"])


def raised(kind, action):
    try:
        action()
    except kind as error:
        return error
    raise AssertionError(f"expected {kind.__name__}, and nothing was raised")


def expect(actual, expected):
    if actual != expected:
        raise AssertionError(f"expected {expected!r}, came {actual!r}")


def main():
    checks = [streamed_text, streamed_tool_call, whole_text, whole_tool_call,
              base_url_with_the_whole_path, key_in_the_path, wrong_key, bad_request,
              list_of_models]
    failed = 0
    for check in checks:
        name = check.__name__.replace("_", " ")
        try:
            check()
            print(f"pass openai-python: {name}")
        except Exception as error:
            failed += 1
            if isinstance(error, AssertionError):
                print(f"FAIL openai-python: {name}: {error}")
            else:
                print(f"FAIL openai-python: {name}")
                traceback.print_exc(file=sys.stdout)
    print(f"openai-python {openai.__version__}: {len(checks) - failed} good, {failed} bad")
    sys.exit(1 if failed else 0)


main()
