"""llama.cpp's own server with a tiny model of random weights, and a chat template.

    llamacpp_server.py TEMPLATE FOLDER

Makes the model in FOLDER, serves it at a port that the system gives, prints the address, and serves
until it is ended. What the model says is letters without meaning: it is there to be asked, never to be
understood. Needs the packages `gguf` and `xllamacpp`; ends with 77 where llama.cpp is not to be had.
"""

import pathlib
import signal
import sys

ABSENT = 77

try:
    import gguf
    import numpy
    import xllamacpp
except ImportError as error:
    print(error)
    sys.exit(ABSENT)

# How each message is written. It names tools and calls, from which llama.cpp learns how this model
# calls one, and so can make it do so.
MESSAGE = """
{%- if message.role == 'assistant' and message.tool_calls -%}
    <|assistant|>{{ message.content or '' }}
    {%- for call in message.tool_calls -%}
<tool_call>{"name": {{ call.function.name | tojson }}, "arguments": {{ call.function.arguments | tojson }}}</tool_call>
    {%- endfor -%}
{%- else -%}
    <|{{ message.role }}|>{{ message.content }}
{%- endif -%}<|end|>
"""
TOOLS = """
{%- if tools -%}
<|tools|>{%- for tool in tools -%}{{ tool | tojson }}{%- endfor -%}<|end|>
{%- endif -%}
"""
PROMPT = "{%- if add_generation_prompt -%}<|assistant|>{%- endif -%}"


def template(refuses=""):
    """The template that refuses, for each message, what it is told to."""
    return (TOOLS + "{%- set seen = namespace(turns=0) -%}{%- for message in messages -%}"
            + refuses + MESSAGE + "{%- endfor -%}" + PROMPT)


# What models of today refuse, in their words.
SYSTEM_FIRST = """
{%- if message.role == 'system' and not loop.first -%}
    {{- raise_exception('System message must be at the beginning.') -}}
{%- endif -%}
"""
# A tool call and its result belong to one turn of the assistant.
ALTERNATE = """
{%- if message.role == 'system' and not loop.first -%}
    {{- raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') -}}
{%- endif -%}
{%- if message.role == 'user' or (message.role == 'assistant' and not message.tool_calls) -%}
    {%- if (message.role == 'user') != (seen.turns % 2 == 0) -%}
        {{- raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') -}}
    {%- endif -%}
    {%- set seen.turns = seen.turns + 1 -%}
{%- endif -%}
"""
NINE = """
{%- for call in message.tool_calls or [] -%}
    {%- if call.id | length != 9 -%}
        {{- raise_exception('Tool call IDs should be alphanumeric strings with length 9!') -}}
    {%- endif -%}
{%- endfor -%}
"""
TEMPLATES = {
    "first": template(SYSTEM_FIRST),
    "alternate": template(ALTERNATE),
    "nine": template(ALTERNATE + NINE),
    "any": template(),
}

# What begins a call is one token, as in real models: who biases it gets a call.
CALL = b"<tool_call>"
WIDTH, INNER, HEADS = 64, 128, 4
CONTEXT = 32768


def vocabulary():
    """The tokens and their types: what every model of the kind has, bytes, and printable ASCII."""
    kind = gguf.TokenType
    special = [(b"<unk>", kind.UNKNOWN), (b"<s>", kind.CONTROL), (b"</s>", kind.CONTROL)]
    bytes_ = [(b"<0x%02X>" % byte, kind.BYTE) for byte in range(256)]
    written = [(bytes([code]), kind.NORMAL) for code in range(33, 127)]
    return special + bytes_ + written + [("\u2581".encode(), kind.NORMAL), (CALL, kind.USER_DEFINED)]


def make_model(path, chat_template):
    """Writes a llama of one layer. All weights are random, but for those that favour letters."""
    tokens = vocabulary()
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([text for text, _ in tokens])
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types([kind for _, kind in tokens])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_add_space_prefix(False)
    writer.add_chat_template(chat_template)
    for name, values in weights(tokens):
        writer.add_tensor(name, values.astype(numpy.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def weights(tokens):
    """The tensors by name. The first dimension is the same for all tokens, and favours some of them."""
    draw = numpy.random.default_rng(seed=13).standard_normal
    embedding, output = draw((len(tokens), WIDTH)), draw((len(tokens), WIDTH)) * 0.3
    embedding[:, 0] = 6
    for row, (text, _) in enumerate(tokens):
        is_letter = len(text) == 1 and text.islower()
        output[row, 0] = 1 if is_letter else -4
    # It ends on its own now and then, but never before it said anything: behind the last of a prompt.
    texts = [text for text, _ in tokens]
    output[texts.index(b"</s>")] = -0.5 * embedding[texts.index(b">")]
    output[texts.index(b"</s>"), 0] = 0.6
    yield "token_embd.weight", embedding
    yield "output.weight", output
    for name in ["output_norm", "blk.0.attn_norm", "blk.0.ffn_norm"]:
        yield f"{name}.weight", numpy.ones(WIDTH)
    for name in ["attn_q", "attn_k", "attn_v", "attn_output"]:
        yield f"blk.0.{name}.weight", draw((WIDTH, WIDTH)) * 0.05
    for name, shape in [("gate", (INNER, WIDTH)), ("up", (INNER, WIDTH)), ("down", (WIDTH, INNER))]:
        yield f"blk.0.ffn_{name}.weight", draw(shape) * 0.05


def serve(name, path):
    """Starts the server; gives it, since it ends with its handle."""
    params = xllamacpp.CommonParams()
    params.model.path = path
    params.model_alias = {name}
    params.n_ctx = CONTEXT
    params.n_parallel = 1
    params.cpuparams.n_threads = 1
    params.port = 0
    params.use_jinja = True
    params.warmup = False
    return xllamacpp.Server(params)


def main():
    name, folder = sys.argv[1:]
    path = str(pathlib.Path(folder) / f"{name}.gguf")
    make_model(path, TEMPLATES[name])
    try:
        server = serve(name, path)
    except RuntimeError as error:
        print(error)
        sys.exit(ABSENT)
    print(f"serving {name} at {server.listening_address}", flush=True)
    signal.pause()


main()
