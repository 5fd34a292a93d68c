"""Which endpoints the user agreed to: a small file of the user's own, never of a workspace.

What was found by looking, or named by a workspace's file, is used only after it was agreed to once. The answer holds
for an address; a key that would be sent there and was not named when the user agreed needs a new one. The models shown
with it are kept too, because a server of this computer may pass words on to some of them.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Literal

import msgspec

from roleplay.errors import NotSaved
from roleplay.text import quote

VARIABLE = "ROLEPLAY_CONFIG_DIR"
_SIZE_LIMIT = 256 * 1024
_MOST = 200

Said = Literal["accepted", "never"]


class Answer(msgspec.Struct, frozen=True):
    """What was said of an address, which models were shown with it, and which variable's key ("" for none)."""

    said: Said
    model: str = ""
    key: str = ""
    judge_model: str = ""

    @property
    def models(self) -> set[str]:
        """The models that were shown."""
        return {self.model, self.judge_model} - {""}


class _File(msgspec.Struct, forbid_unknown_fields=True):
    endpoints: dict[str, Answer]
    format: Literal[1] = 1


class Consents:
    """The remembered answers.

    Reading never raises: a file that cannot be read counts as no answer, and `trouble` says so in a sentence.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.path = (folder or config_folder()) / "consent.json"
        self.trouble = ""
        self._answers = self._read()

    @property
    def answers(self) -> dict[str, Answer]:
        """All answers, by address."""
        return dict(self._answers)

    def accepted(self, base_url: str, key: str = "") -> bool:
        """Whether the user agreed to that address, and to sending it the key of the variable `key` ("" for none)."""
        answer = self._answers.get(base_url)
        return answer is not None and answer.said == "accepted" and key in ("", answer.key)

    def declined(self, base_url: str) -> bool:
        """Whether the user wants never to be asked of that address again."""
        answer = self._answers.get(base_url)
        return answer is not None and answer.said == "never"

    def accept(self, base_url: str, model: str, key: str = "", judge_model: str = "") -> None:
        """Remember that the user agreed. Raises `NotSaved`: then it is asked again next time."""
        self._remember(base_url, Answer("accepted", model, key, judge_model))

    def decline(self, base_url: str, model: str = "") -> None:
        """Remember never to ask again. Raises `NotSaved`."""
        self._remember(base_url, Answer("never", model))

    def forget(self, base_url: str) -> bool:
        """Forget what was said of that address; whether there was anything. Raises `NotSaved`."""
        self._answers = self._read()
        if base_url not in self._answers:
            return False
        del self._answers[base_url]
        self._write()
        return True

    def _remember(self, base_url: str, answer: Answer) -> None:
        # read again: another window may have asked meanwhile
        self._answers = self._read()
        self._answers.pop(base_url, None)
        self._answers[base_url] = answer
        self._write()

    def _read(self) -> dict[str, Answer]:
        try:
            with self.path.open("rb") as file:
                raw = file.read(_SIZE_LIMIT + 1)
            if len(raw) > _SIZE_LIMIT:
                raise msgspec.DecodeError
            self.trouble = ""
            return msgspec.json.decode(raw, type=_File).endpoints
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            self.trouble = (
                f"What you agreed to before cannot be read from {quote(str(self.path), 200)}, so you are asked again."
            )
            return {}

    def _write(self) -> None:
        """Replace the file as a whole, readable by its owner only."""
        import tempfile  # only once something is agreed to

        kept = dict(list(self._answers.items())[-_MOST:])
        raw = msgspec.json.format(msgspec.json.encode(_File(kept)), indent=2)
        beside = ""
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, beside = tempfile.mkstemp(prefix="consent-", dir=self.path.parent)  # mode 0600
            with os.fdopen(handle, "wb") as file:
                file.write(raw + b"\n")
                file.flush()
                os.fsync(file.fileno())
            Path(beside).replace(self.path)
        except OSError as error:
            if beside:
                with contextlib.suppress(OSError):
                    Path(beside).unlink()
            raise NotSaved(
                f"Your answer cannot be remembered in {quote(str(self.path), 200)}: {error.strerror}.",
                mend=f"You will be asked again. {VARIABLE} names another folder.",
            ) from error


def config_folder() -> Path:
    """The folder of the user's own settings: ROLEPLAY_CONFIG_DIR, else the usual one of the system."""
    named = os.environ.get(VARIABLE, "")
    if named:
        return Path(named)
    from platformdirs import user_config_path  # its import takes a while

    return user_config_path("roleplay", appauthor=False)
