"""What a fault of an endpoint is called and how it is told: from what the server answered to a named state.

The words of a server are quoted only where they help, sanitised, cut, and without the key, which some of them echo.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from roleplay.conversation.trouble import Trouble, TroubleName
from roleplay.llm.incoming import without_key
from roleplay.text import counted, quote

DEFAULT_WAIT = 20.0
"""Seconds to wait where a server is busy and does not say for how long."""

LONGEST_WAIT = 3600.0
"""Seconds; a server that names a longer wait is asked again after this."""

SEE_DOCTOR = "`roleplay doctor` shows what is there."
"""What to do next, for everybody but `roleplay doctor` itself."""

_QUOTED = 160

_READ = 8_192
"""Characters of what a server says of a failure; what follows is not looked at."""

_TOO_LONG = re.compile(
    r"context.{0,20}(?:length|size|window|limit|overflow)|exceed_context|maximum context|context_length|n_ctx"
    r"|(?:prompt|input|request|conversation)\b.{0,30}\btoo (?:long|large)|too many (?:input )?tokens|when context the",
    re.IGNORECASE | re.DOTALL,
)
_WITHHELD = re.compile(
    r"content[ _](?:filter|policy|management)|safety|moderation|flagged|invalid_prompt", re.IGNORECASE
)
_NO_CREDIT = re.compile(r"insufficient.{0,10}(?:quota|credit|balance|funds)|billing|credit balance", re.IGNORECASE)
_OF_THE_MODEL = re.compile(r"model", re.IGNORECASE)


class Failure(NamedTuple):
    """An answer that is none: its HTTP status, its headers with names in lower case, and what its body says."""

    status: int
    headers: Mapping[str, str]
    code: str
    says: str


class Peer(NamedTuple):
    """Whom a fault is told of: the host, the whole address, the model that was asked, and whether a key was sent."""

    host: str
    address: str
    model: str
    has_key: bool


def failure(status: int, headers: Mapping[str, str], body: object, key: str) -> Failure:
    """What `body`, as it was decoded, says of a failure; servers differ in where they put it."""
    error = body.get("error", body) if isinstance(body, Mapping) else body
    code, says = "", error
    if isinstance(error, Mapping):
        code = " ".join(
            str(error[name]) for name in ("code", "type", "param") if isinstance(error.get(name), str | int)
        )
        says = next((error[name] for name in ("message", "detail", "error") if error.get(name)), "")
    # a part of a key that is left at the cut is found like one at any other place
    words = without_key((says if isinstance(says, str) else str(says))[:_READ], key)
    return Failure(status, {name.lower(): value for name, value in headers.items()}, code[:200], words[:4000])


def trouble_of(fault: Failure, peer: Peer) -> Trouble:
    """The named state in which a request that was answered by `fault` ends."""
    status, host = fault.status, peer.host
    both = f"{fault.code} {fault.says}"
    if status in (401, 403):
        return key_refused(peer)
    if status == 402 or (status == 429 and _NO_CREDIT.search(both)):
        mend = "Add credit to it, or choose another endpoint."
        return Trouble(name="no credit", what=f"The account at {host} has no credit left.", mend=mend)
    if status == 429:
        return _busy(fault, peer)
    if is_too_long(fault):
        return too_long(peer)
    if status >= 500 or not status:
        wait = wait_of(fault.headers)
        what = f"The server at {host} has a fault of its own{_quoting(fault)}."
        return Trouble(name="server fault", what=what, mend=_in_a_while(wait), wait=wait)
    if status in (404, 405) or status < 400:
        return _nothing_there(fault, peer)
    if _WITHHELD.search(both):
        return withheld(peer)
    what = f"{host} refused the request{_quoting(fault)}."
    return Trouble(name="declined", what=what, mend="Check which model is set, or choose another one.")


def trouble_in_stream(fault: Failure, peer: Peer) -> Trouble:
    """The same, of a failure told in the middle of an answer; without a status of its own it is the server's."""
    both = f"{fault.code} {fault.says}"
    status = next((int(each) for each in re.findall(r"\b[45]\d\d\b", fault.code)), 0)
    if not status and re.search(r"rate.?limit|too many requests|overloaded", both, re.IGNORECASE):
        status = 429
    if not status and (_TOO_LONG.search(both) or _WITHHELD.search(both)):
        status = 400
    return trouble_of(fault._replace(status=status), peer)


def is_too_long(fault: Failure) -> bool:
    """Whether a request was refused because it does not fit into the model's context."""
    return fault.status == 413 or (fault.status < 500 and _TOO_LONG.search(f"{fault.code} {fault.says}") is not None)


def key_refused(peer: Peer) -> Trouble:
    """There is a key and it is not taken, or there is none and one is wanted."""
    if peer.has_key:
        mend = "Check that it is the key of this endpoint, and that it may use this model."
        return Trouble(name="key refused", what=f"{peer.host} does not accept the key.", mend=mend)
    mend = "Put it into ROLEPLAY_API_KEY and start again."
    return Trouble(name="key refused", what=f"{peer.host} wants a key, and none is set.", mend=mend)


def key_unusable(peer: Peer) -> Trouble:
    """The key cannot be sent as it is."""
    what = f"The key for {peer.host} holds a character that no key has, so it was not sent."
    return Trouble(name="key refused", what=what, mend="Copy it anew: only letters, digits and signs, without spaces.")


def unreachable(peer: Peer, why: str = "") -> Trouble:
    """Nobody answers."""
    what = f"Nobody answers at {peer.host}" + (f": {why}." if why else ".")
    mend = f"Check that the server runs and that its address is right. {SEE_DOCTOR}"
    return Trouble(name="unreachable", what=what, mend=mend)


def slow(peer: Peer, seconds: float) -> Trouble:
    """No first word in time."""
    what = f"{peer.host} did not answer within {_seconds(seconds)}."
    return Trouble(name="slow", what=what, mend="Try again, or choose a smaller or a nearer model.")


def stalled(peer: Peer, seconds: float) -> Trouble:
    """Words came, and then none for too long."""
    what = f"{peer.host} began to answer and then said nothing for {_seconds(seconds)}."
    return Trouble(name="stalled", what=what, mend="Try again.")


def endless(peer: Peer, seconds: float) -> Trouble:
    """Words came all the time, and too slowly or without an end."""
    what = f"{peer.host} had not finished its answer after {_seconds(seconds)}."
    return Trouble(name="too big", what=what, mend="Try again, or choose a faster model.")


def too_big(peer: Peer) -> Trouble:
    """The answer is longer than was asked for."""
    what = f"The answer of {peer.host} is far longer than was asked for, and was not read to its end."
    return Trouble(name="too big", what=what, mend="Try again, or choose another model.")


def cut_off(peer: Peer) -> Trouble:
    """The answer broke off."""
    return Trouble(name="cut off", what=f"The answer of {peer.host} broke off in the middle.", mend="Try again.")


def garbled(peer: Peer, why: str) -> Trouble:
    """The answer is not in the protocol."""
    mend = "Check that its address is that of an OpenAI-compatible server; it usually ends in /v1."
    return Trouble(name="garbled", what=f"The answer of {peer.host} cannot be read: {why}.", mend=mend)


def wordless(peer: Peer, *, cut: bool) -> Trouble:
    """The answer is complete and holds no words; `cut`: because the limit was reached before the first one."""
    if cut:
        what = f"The model {quote(peer.model)} at {peer.host} used up its tokens before it said a word."
        return Trouble(name="garbled", what=what, mend="Choose a model that does not think at length before it speaks.")
    what = f"The model {quote(peer.model)} at {peer.host} answered without a word."
    return Trouble(name="garbled", what=what, mend="Try again, or choose another model.")


def too_long(peer: Peer) -> Trouble:
    """What was sent does not fit."""
    what = f"The conversation does not fit the model {quote(peer.model)} at {peer.host}."
    mend = "Choose a model with a larger context, or set `context` to what the server really takes."
    return Trouble(name="too long", what=what, mend=mend)


def withheld(peer: Peer) -> Trouble:
    """The provider does not want to answer."""
    what = f"{peer.host} withheld the answer, because its filter or the model objects to the conversation."
    return Trouble(name="declined", what=what, mend="Say it in other words, or choose another model.")


def of_name(name: TroubleName, why: str, peer: Peer) -> Trouble:
    """What was found unfit while it was read."""
    return too_big(peer) if name == "too big" else garbled(peer, why)


def wait_of(headers: Mapping[str, str]) -> float | None:
    """The seconds that the server asks to wait, between 1 and an hour; None if it names none that can be read."""
    seconds = _number(headers.get("retry-after-ms", ""))
    if seconds is not None:
        seconds /= 1000
    else:
        named = headers.get("retry-after", "")
        seconds = _number(named)
        if seconds is None:
            until = _moment(named)
            # counted from the server's clock, because ours may be wrong
            seconds = None if until is None else until - (_moment(headers.get("date", "")) or time.time())
    return None if seconds is None else min(max(seconds, 1.0), LONGEST_WAIT)


def _busy(fault: Failure, peer: Peer) -> Trouble:
    wait = wait_of(fault.headers)
    if wait is None:
        what = f"{peer.host} is busy and asks to wait a while."
        return Trouble(name="busy", what=what, mend=_in_a_while(DEFAULT_WAIT), wait=DEFAULT_WAIT)
    return Trouble(name="busy", what=f"{peer.host} is busy.", mend=_in_a_while(wait), wait=wait)


def _nothing_there(fault: Failure, peer: Peer) -> Trouble:
    if fault.status < 400:
        what = f"{peer.host} sends us on to another address, and words are sent to no address but the one that was set."
        return Trouble(name="no model", what=what, mend="Set the address at which it really answers.")
    if _OF_THE_MODEL.search(f"{fault.code} {fault.says}"):
        what = f"{peer.host} has no model {quote(peer.model)}."
        return Trouble(name="no model", what=what, mend=f"Choose another model. {SEE_DOCTOR}")
    what = f"There is nothing at {peer.address} that talks."
    return Trouble(name="no model", what=what, mend="Check the address; it usually ends in /v1.")


def _quoting(fault: Failure) -> str:
    status = f"status {fault.status}" if fault.status else ""
    # a web page says nothing in its first words
    says = quote(fault.says, _QUOTED) if fault.says and not fault.says.lstrip().startswith("<") else ""
    both = ": ".join(part for part in (status, says) if part)
    return f" ({both})" if both else ""


def _in_a_while(wait: float | None) -> str:
    return "Try again." if wait is None else f"Try again in {_seconds(wait)}."


def _seconds(seconds: float) -> str:
    if seconds >= 120:
        return f"{round(seconds / 60)} minutes"
    return counted(round(seconds), "second", "seconds") if seconds >= 1 else f"{seconds:g} seconds"


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\s*\d{1,12}(?:\.\d{1,9})?\s*", text) else None


def _moment(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
