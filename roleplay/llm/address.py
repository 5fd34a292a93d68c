"""The address of an endpoint: read once, strictly, so that everything after it agrees on where words would go."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from roleplay.errors import BadInput
from roleplay.text import quote

LONGEST = 500
"""Characters of an address."""

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_PATH = re.compile(r"(?:/[A-Za-z0-9._~%:+-]+)*")
_LIKE_THIS = "Write it like http://127.0.0.1:8080/v1"
_PORTS = {"http": 80, "https": 443}


def read_address(text: str, where: str) -> str:
    """The address in `text` as it will be used, without a slash at its end; a bare host gets the usual /v1.

    Raises `BadInput`, with `where` it stood, for anything but http or https, a host, perhaps a port and a path: a
    password in it would be shown, and what two programs read differently could send words to a stranger.
    """
    address = text.strip()
    if len(address) > LONGEST:
        raise BadInput(f"The address of the endpoint has more than {LONGEST} characters.", where=where, mend=_LIKE_THIS)
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise BadInput(f"{quote(address)} is no address of an endpoint.", where=where, mend=_LIKE_THIS) from error
    if "@" in parts.netloc:
        mend = "Leave out everything up to the @, and put a key into ROLEPLAY_API_KEY."
        raise BadInput("The address of the endpoint holds a name or a password.", where=where, mend=mend)
    host = parts.hostname or ""
    if parts.scheme not in _PORTS or not host or port == 0 or not _is_host(host):
        raise BadInput(f"{quote(address)} is no address of an endpoint.", where=where, mend=_LIKE_THIS)
    path = parts.path.rstrip("/")
    if parts.query or parts.fragment or not _PATH.fullmatch(path) or ".." in path:
        mend = "Leave out everything after the path; it usually ends in /v1."
        raise BadInput(f"{quote(address)} is no address of an endpoint.", where=where, mend=mend)
    return f"{parts.scheme}://{_netloc(host, port)}{(path or '/v1').removesuffix('/chat/completions')}"


def is_here(address: str) -> bool:
    """Whether what is sent to `address` stays on this computer."""
    host = _split(address).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_private(address: str) -> bool:
    """Whether nobody on the way can read what is sent to `address`."""
    return _split(address).scheme == "https" or is_here(address)


def host_of(address: str) -> str:
    """The host of `address`, with its port where that is not the usual one."""
    return _split(address).netloc


def origin_of(address: str) -> tuple[str, str, int]:
    """Scheme, host and port of `address`: what a key belongs to."""
    parts = _split(address)
    return parts.scheme, parts.hostname or "", parts.port or _PORTS[parts.scheme]


def _split(address: str) -> SplitResult:
    return urlsplit(address)


def _netloc(host: str, port: int | None) -> str:
    return (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")


def _is_host(host: str) -> bool:
    if ":" not in host:
        return _HOST.fullmatch(host) is not None and ".." not in host
    try:
        return ipaddress.ip_address(host).version == 6 and "%" not in host
    except ValueError:
        return False
