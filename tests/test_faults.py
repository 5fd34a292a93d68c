"""The log of a fault tells who mends it what happened, and nobody anything else."""

from __future__ import annotations

import re
import stat
import tempfile
from pathlib import Path

import pytest

from roleplay import __version__
from roleplay.faults import write_log


@pytest.fixture(autouse=True)
def temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def fault(message: str) -> BaseException:
    typed = "what somebody typed"
    try:
        raise KeyError(message)
    except KeyError as error:
        assert typed
        return error


def log_of(sentence: str) -> Path:
    found = re.search(r"Details: (\S+)$", sentence)
    assert found
    return Path(found.group(1))


def test_one_sentence_tells_of_it_and_where_the_details_are() -> None:
    sentence = write_log(fault("x"))
    assert sentence.startswith("Roleplay stopped at a fault of its own (KeyError). What was shown as saved is safe.")
    assert "\n" not in sentence


def test_the_log_has_the_versions_and_the_lines_and_no_values_of_variables() -> None:
    log = log_of(write_log(fault("x"))).read_text()
    assert f"roleplay {__version__}, Python 3." in log
    assert "in fault" in log and "KeyError: 'x'" in log
    assert "what somebody typed" not in log.replace('typed = "what somebody typed"', "")


def test_only_its_owner_may_read_the_log() -> None:
    assert stat.S_IMODE(log_of(write_log(fault("x"))).stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["OPENAI_API_KEY", "GH_TOKEN", "MY_SECRET", "db_password"])
@pytest.mark.parametrize("secret", ["sk-4711", "it's\n\\odd “ü”"])
def test_a_secret_of_the_environment_is_not_in_it(name: str, secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, secret)
    log = log_of(write_log(ValueError(f"refused <{secret}>")))
    quoted = log_of(write_log(fault(f"refused <{secret}>")))
    for text in (log.read_text(), quoted.read_text()):
        assert "refused <[redacted]>" in text and "4711" not in text and "odd" not in text


def test_of_two_secrets_of_which_one_begins_as_the_other_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_KEY", "sk-4711")
    monkeypatch.setenv("B_KEY", "sk-4711-more")
    assert "more" not in log_of(write_log(ValueError("sk-4711-more"))).read_text()


def test_short_values_and_other_variables_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHORT_KEY", "error")
    monkeypatch.setenv("EDITOR", "emacs-nox")
    assert "error emacs-nox" in log_of(write_log(ValueError("error emacs-nox"))).read_text()


def test_where_no_file_can_be_written_the_sentence_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    assert write_log(fault("x")).endswith("No details could be written.")


def test_half_a_character_in_the_error_does_not_keep_the_log_from_being_written() -> None:
    assert "ValueError" in log_of(write_log(ValueError("\ud800"))).read_text()
