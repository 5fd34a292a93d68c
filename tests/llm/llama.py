"""llama.cpp's own HTTP server on a loopback port, playing a tiny model of random weights that is written on the spot.

It proves transport, schema and faults. What such a model says is a salad of words: it proves nothing about acting.
"""

from __future__ import annotations

import random
import select
import struct
import subprocess
import sys
from array import array
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

NAME = "salad"
KEY = "canary-key-of-the-llama-server"
CONTEXT = 16_384
"""Tokens that fit into one request with its answer."""
_SLOTS = 4  # each of the actor's and the judge's prompts stays in one of them

_PROMPTS = Path(__file__).parents[2] / "roleplay" / "prompts"

_WORDS = """I you me we it is was am are not so and but the a my in on at of to for with there here car road phone one
two please tow truck cars fast still yes no okay what when how long can could know think just now home dark cold wait
someone help name line moment right left really oh well""".split()
_UNKNOWN, _BEGIN, _END = range(3)
_WIDTH, _LAYERS, _HEADS, _INNER = 32, 1, 2, 64
_LOUD = 4.0

# Roles must alternate after the system message, as the templates of many local models insist.
_TEMPLATE = """\
{%- set rest = messages -%}
{%- if messages[0]['role'] == 'system' -%}
{{- '<system>' + messages[0]['content'] + '\\n' -}}
{%- set rest = messages[1:] -%}
{%- endif -%}
{%- for message in rest -%}
{%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) -%}
{{- raise_exception('Conversation roles must alternate user/assistant') -}}
{%- endif -%}
{{- '<' + message['role'] + '>' + message['content'] + '\\n' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- '<assistant>' -}}{%- endif -%}
"""

_PROGRAM = """
import sys, time
import xllamacpp
params = xllamacpp.CommonParams()
params.model.path, params.model_alias = sys.argv[1], {sys.argv[2]}
params.n_ctx, params.n_parallel, params.n_gpu_layers = int(sys.argv[3]), int(sys.argv[4]), 0
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
params.hostnames, params.port = ["127.0.0.1"], 0
params.warmup, params.use_jinja, params.verbosity = False, True, 0
if len(sys.argv) > 5:
    params.api_keys = [sys.argv[5]]
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
sys.stdin.read()
"""


class Llama(NamedTuple):
    """A running server."""

    base_url: str
    model: str = NAME


@contextmanager
def llama(folder: Path, key: str = "") -> Iterator[Llama]:
    """The server, running until the block is left; with a `key` it wants that."""
    model = folder / "salad.gguf"
    model.write_bytes(salad())
    command = [
        sys.executable,
        "-c",
        _PROGRAM,
        str(model),
        NAME,
        str(_SLOTS * CONTEXT),
        str(_SLOTS),
        *([key] if key else []),
    ]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        assert process.stdout is not None
        ready, _, _ = select.select([process.stdout], [], [], 20)
        address = process.stdout.readline().decode().strip() if ready else ""
        assert address, "llama.cpp's server did not start"
        yield Llama(f"{address.rstrip('/')}/v1")
    finally:
        process.kill()
        process.communicate()


def salad(seed: int = 2) -> bytes:
    """A model as a GGUF file: one layer, the words above, every byte, and weights from a seed.

    The first number of each token's embedding is the same, so the first number of its row in the output matrix is how
    often it is said: words often, what is no ASCII text never. The second number marks the full stop, after which the
    model may end, or close a string; the third marks most words, after which a full stop is likely. So lines and
    strings end, and they do even where always the likeliest token is taken.
    """
    heard = _beginnings()
    tokens = [*("<unk>", "<s>", "</s>"), *(f"<0x{byte:02X}>" for byte in range(256)), *heard]
    kinds = [2, 3, 3, *([6] * 256), *([1] * len(heard))]
    sayable = {f"▁{word}" for word in _WORDS}
    often = [*([-9.0] * 3), *map(_byte_bias, range(256)), *(2.0 if word in sayable else -9.0 for word in heard)]

    def row(name: str, size: int, spread: float) -> array[float]:
        dice = random.Random(f"{seed}:{name}")
        return array("f", (dice.gauss(0.0, spread) for _ in range(size)))

    def weights(name: str, rows: int, size: int) -> tuple[tuple[int, ...], array[float]]:
        return (rows, size), row(name, rows * size, 0.1)

    def of_each_token(name: str, spread: float) -> tuple[tuple[int, ...], array[float]]:
        """A row for each token, whatever other tokens there are: the prompts decide which."""
        rows = array("f")
        for token in tokens:
            rows.extend(row(f"{name} {token}", _WIDTH, spread))
        return (_WIDTH, len(tokens)), rows

    def ones(size: int) -> tuple[tuple[int, ...], array[float]]:
        return (size,), array("f", [1.0] * size)

    said, output = of_each_token("said", 0.3), of_each_token("output", 0.45)
    stop, close = tokens.index("<0x2E>"), tokens.index("<0x22>")
    for number, (token, bias) in enumerate(zip(tokens, often, strict=True)):
        may_be_last = token in sayable and number % 3
        said[1][number * _WIDTH : number * _WIDTH + 3] = array("f", [_LOUD, 0, _LOUD if may_be_last else 0])
        output[1][number * _WIDTH : number * _WIDTH + 3] = array("f", [bias / 5, 0, 0])
    said[1][stop * _WIDTH + 1] = _LOUD
    output[1][stop * _WIDTH + 2] = 0.3
    output[1][_END * _WIDTH + 1] = 3.6
    output[1][close * _WIDTH + 1] = 1.0
    tensors = {"token_embd.weight": said, "output_norm.weight": ones(_WIDTH), "output.weight": output}
    for layer in range(_LAYERS):
        block = f"blk.{layer}"
        tensors[f"{block}.attn_norm.weight"] = tensors[f"{block}.ffn_norm.weight"] = ones(_WIDTH)
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            tensors[f"{block}.{name}.weight"] = weights(f"{block} {name}", _WIDTH, _WIDTH)
        for name in ("ffn_gate", "ffn_up"):
            tensors[f"{block}.{name}.weight"] = weights(f"{block} {name}", _WIDTH, _INNER)
        tensors[f"{block}.ffn_down.weight"] = weights(f"{block} ffn_down", _INNER, _WIDTH)
    facts: dict[str, object] = {
        "general.architecture": "llama",
        "general.name": NAME,
        "llama.context_length": _SLOTS * CONTEXT,
        "llama.embedding_length": _WIDTH,
        "llama.block_count": _LAYERS,
        "llama.feed_forward_length": _INNER,
        "llama.attention.head_count": _HEADS,
        "llama.attention.head_count_kv": _HEADS,
        "llama.attention.layer_norm_rms_epsilon": 1e-5,
        "llama.rope.dimension_count": _WIDTH // _HEADS,
        "llama.vocab_size": len(tokens),
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.tokens": tokens,
        "tokenizer.ggml.scores": [0.0] * len(tokens),
        "tokenizer.ggml.token_type": kinds,
        "tokenizer.ggml.bos_token_id": _BEGIN,
        "tokenizer.ggml.eos_token_id": _END,
        "tokenizer.ggml.unknown_token_id": _UNKNOWN,
        "tokenizer.ggml.add_bos_token": True,
        "tokenizer.ggml.add_space_prefix": False,
        "tokenizer.chat_template": _TEMPLATE,
    }
    return _gguf(facts, tensors)


def _beginnings() -> list[str]:
    """The words that can be said and the commonest of our prompts, each after all its beginnings.

    The tokenizer builds a word up from the left, a character at a time; of any other word each character is a token.
    """
    prompts = " ".join(path.read_text(encoding="utf-8") for path in sorted(_PROMPTS.glob("*.txt")))
    common = Counter(word for word in prompts.split() if word.isascii() and word.isalpha()).most_common(500)
    words = sorted({*_WORDS, *(word for word, _ in common)})
    return list(dict.fromkeys(f"▁{word[:end]}" for word in words for end in range(len(word) + 1)))


def _byte_bias(byte: int) -> float:
    character = chr(byte)
    if not 0x20 <= byte < 0x7F or character == "\\":
        return -9.0
    return {'"': 4.0, ".": 2.0, ",": 2.5, " ": 1.0}.get(character, -1.0)


def _gguf(facts: dict[str, object], tensors: dict[str, tuple[tuple[int, ...], array[float]]]) -> bytes:
    """A GGUF file, version 3, of 32-bit floats (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md)."""
    head = bytearray(b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(facts)))
    for key, value in facts.items():
        head += _text(key) + struct.pack("<I", _kind(value)) + _value(value)
    offset, data = 0, bytearray()
    for name, (shape, numbers) in tensors.items():
        head += _text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, 0, offset)
        raw = numbers.tobytes()
        data += raw + bytes(-len(raw) % 32)
        offset = len(data)
    return bytes(head + bytes(-len(head) % 32) + data)


def _kind(value: object) -> int:
    if isinstance(value, bool):
        return 7
    return {int: 4, float: 6, str: 8, list: 9}[type(value)]


def _value(value: object) -> bytes:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list) and isinstance(value[0], int):
        return struct.pack(f"<IQ{len(value)}i", 5, len(value), *value)
    if isinstance(value, list):
        return struct.pack("<IQ", _kind(value[0]), len(value)) + b"".join(map(_value, value))
    return struct.pack({bool: "<?", int: "<I", float: "<f"}[type(value)], value)


def _text(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("<Q", len(raw)) + raw
