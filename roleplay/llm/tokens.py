"""Counts tokens: exactly where the encoding of a model is at hand, else about. Never downloads for a count.

tiktoken fetches the rank file of an encoding at first use, from the network and without a deadline. So it is used only
where that file is already in its cache; `fetch_encoding` puts it there, when the user asks for it.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from roleplay.errors import RoleplayError
from roleplay.llm.chat import Chat
from roleplay.llm.encoder import Encoder, fetch

RANKS = "https://openaipublic.blob.core.windows.net/encodings/{}.tiktoken"
"""Where the rank file of an encoding comes from; its name in the cache is the SHA-1 of this address."""

_NEW, _OLD = "o200k_base", "cl100k_base"
_BEGINNINGS = {
    "gpt-5": _NEW,
    "gpt-4.1": _NEW,
    "gpt-4.5": _NEW,
    "gpt-4o": _NEW,
    "chatgpt-4o": _NEW,
    "o1": _NEW,
    "o3": _NEW,
    "o4": _NEW,
    "gpt-4": _OLD,
    "gpt-3.5": _OLD,
    "gpt-35": _OLD,
}
"""How the names of models begin, the longest first, and their encoding; a dash, a dot or nothing follows."""

_PER_MESSAGE = 4
"""Tokens around the content of a message, its role included, and …"""
_PER_CHAT = 3
"""… around a chat, in the format of OpenAI's chat models (OpenAI Cookbook, “How to count tokens with tiktoken”)."""

_encoders: dict[str, Encoder] = {}
_starting = threading.Lock()


class Counter:
    """Counts the tokens of a text. `exact`: with the model's own `encoding`; else about, and that name is empty."""

    def __init__(self, encoding: str = "", encoder: Encoder | None = None) -> None:
        self._encoder = encoder
        self._encoding = encoding

    @property
    def exact(self) -> bool:
        """Whether what it counts is what the model's provider counts."""
        return self._encoder is not None and self._encoder.works

    @property
    def encoding(self) -> str:
        """The encoding it counts with; empty where it estimates."""
        return self._encoding if self.exact else ""

    def count(self, text: str) -> int:
        """The tokens of `text`; what means something special to a model counts as the plain text it is."""
        tokens = self._encoder.count(text) if self._encoder else None
        return _about(text) if tokens is None else tokens

    def count_chat(self, chat: Chat) -> int:
        """The tokens of `chat` as it is sent, with what stands around each message."""
        return _PER_CHAT + sum(_PER_MESSAGE + self.count(message.content) for message in chat)


def encoding_of(model: str) -> str:
    """The name of the encoding of `model`; empty where it is not known."""
    name = model.rpartition("/")[2].removeprefix("ft:")
    for beginning, encoding in _BEGINNINGS.items():
        if name.startswith(beginning) and name[len(beginning) : len(beginning) + 1] in ("", "-", ".", ":"):
            return encoding
    return ""


def counter_for(model: str) -> Counter:
    """A counter for `model`, at once: exact if its encoding was loaded before."""
    name = encoding_of(model)
    return Counter(name, _encoders.get(name))


def load_counter(model: str) -> Counter:
    """A counter for `model`, exact if its encoding is at hand. The first one takes 0.6 s: not for an event loop."""
    name = encoding_of(model)
    with _starting, suppress(OSError):
        if name and name not in _encoders and is_at_hand(name):
            _encoders[name] = Encoder(name)
    return counter_for(model)


def fetch_encoding(encoding: str, timeout: float) -> None:
    """Fetch the rank file of `encoding` from the network into tiktoken's cache, when the user asks for it.

    Blocks for `timeout` seconds at most, whatever the network does. Raises `RoleplayError` if it cannot be had.
    """
    if _cache() is None:
        what = "tiktoken's cache is switched off, so an encoding cannot be kept."
        raise RoleplayError(what, mend="Give TIKTOKEN_CACHE_DIR the name of a folder.")
    late = ""
    try:
        if fetch(encoding, timeout) and is_at_hand(encoding):
            return
    except TimeoutError:
        late = f" within {timeout:g} seconds"
    what = f"The encoding {encoding} could not be fetched from {urlsplit(RANKS).hostname}{late}."
    raise RoleplayError(what, mend="Counts stay estimates (≈). Check the connection and try again.")


def is_at_hand(encoding: str) -> bool:
    """Whether the rank file of `encoding` is in tiktoken's cache, so that loading it asks no network."""
    folder = _cache()
    return folder is not None and (folder / hashlib.sha1(RANKS.format(encoding).encode()).hexdigest()).is_file()


def _cache() -> Path | None:
    """tiktoken's cache folder, by its own rules; None where it is switched off."""
    for name in ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR"):
        if name in os.environ:
            return Path(os.environ[name]) if os.environ[name] else None
    return Path(tempfile.gettempdir()) / "data-gym-cache"


def _about(text: str) -> int:
    return -(-len(text.encode("utf-8", "surrogatepass")) // 4)
