"""Settings: command line > environment > roleplay.toml > defaults; whatever is wrong is one sentence with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from roleplay.errors import BadInput
from roleplay.llm.config import Config, read_config
from roleplay.llm.settings import Deadlines, Price
from roleplay.llm.settings_file import FIELDS
from tests.persona.samples import pointed

SECRET = "sk-canary-0123456789"


def written(folder: Path, text: str, **environment: str) -> Config:
    (folder / "roleplay.toml").write_text(text, encoding="utf-8")
    return read_config(folder, environment=environment)


def refusal(folder: Path, text: str | bytes, **environment: str) -> str:
    (folder / "roleplay.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(BadInput) as refused:
        read_config(folder, environment=environment)
    assert refused.value.exit_code == 2
    return str(refused.value).replace(str(folder / "roleplay.toml"), "FILE")


def test_without_anything_there_are_defaults(tmp_path: Path) -> None:
    config = read_config(tmp_path, environment={})
    assert (config.base_url, config.model, config.judge_model, config.price) == (None, None, None, None)
    assert (config.context, config.call_limit, config.deadlines) == (None, 400_000, Deadlines())
    assert config.ports == (11434, 1234, 8080, 8000)


def test_the_file_sets_everything_but_a_key(tmp_path: Path) -> None:
    config = written(
        tmp_path,
        """
        base_url = "http://127.0.0.1:9/v1"
        model = "one:8b"
        judge_model = "none"
        context = 16384
        call_limit = "none"
        [price]
        sent = 0.4
        cached = 0.1
        received = 1.6
        currency = "EUR"
        [deadlines]
        first_word = 5
        """,
    )
    assert config.base_url and (config.base_url.value, config.base_url.own) == ("http://127.0.0.1:9/v1", False)
    assert config.model and config.model.value == "one:8b"
    assert config.judge_model and config.judge_model.value == ""
    assert (config.context, config.call_limit) == (16384, None)
    assert config.price == Price(0.4, 0.1, 1.6, "EUR")
    assert config.deadlines == Deadlines(first_word=5.0)


def test_the_environment_wins_over_the_file_and_the_command_line_over_both(tmp_path: Path) -> None:
    (tmp_path / "roleplay.toml").write_text(
        'model = "file"\njudge_model = "file"\nbase_url = "http://file.example/v1"\n'
    )
    environment = {"ROLEPLAY_JUDGE_MODEL": "variable", "ROLEPLAY_BASE_URL": "http://variable.example/v1"}
    config = read_config(tmp_path, base_url="http://option.example/v1", environment=environment)
    assert config.base_url and config.judge_model and config.model
    assert (config.base_url.value, config.base_url.by) == ("http://option.example/v1", "--base-url")
    assert (config.judge_model.value, config.judge_model.by) == ("variable", "ROLEPLAY_JUDGE_MODEL")
    assert config.model.value == "file" and config.model.by.endswith("roleplay.toml:1:1")
    assert (config.base_url.own, config.judge_model.own, config.model.own) == (True, True, False)


def test_a_price_without_cached_pays_the_full_price_for_it(tmp_path: Path) -> None:
    assert written(tmp_path, "price = {sent = 1, received = 2}").price == Price(1.0, 1.0, 2.0)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('model = "m"\n›modle = "x"\n', "There is no setting “modle”. Did you mean model?"),
        ("[price]\n  ›sendt = 1\n", "There is no setting “price.sendt”. Did you mean price.sent?"),
        ("[prices]\n›sent = 1\n", "There is no setting “prices.sent”"),
        ("›model = 3\n", "“model” wants a text in quotation marks"),
        ('\n›context = "8192"\n', "“context” wants a whole number"),
        ("›context = true\n", "“context” wants a whole number"),
        ("›context = 12\n", "“12” is no number of tokens. Write a whole number from 4,096"),
        ('›call_limit = "many"\n', "“call_limit” wants a whole number, or"),
        ("›price = 3\n", "“price” is a table. Write [price] on a line of its own."),
        ("[price]\n›sent = nan\nreceived = 1\n", "“price.sent” wants what a million tokens cost"),
        (f"[price]\n›sent = {'9' * 400}\nreceived = 1\n", "“price.sent” wants what a million tokens cost"),
        ("[price]\n›sent = 1e300\nreceived = 1\n", "“price.sent” wants what a million tokens cost"),
        (f"[deadlines]\n›whole = {'9' * 400}\n", "“deadlines.whole” wants a number of seconds"),
        (f"›context = 0x{'f' * 9_000}\n", "“context” wants a whole number"),
        (f"›call_limit = {'9' * 400}\n", "“call_limit” wants a whole number, or"),
        ("[price]\n›sent = 1\n", "A price wants sent and received. Add price.received."),
        ('[price]\nsent=1\nreceived=1\n›currency = "\\u001b[2J"\n', "“␛[2J” is no currency."),
        ("[deadlines]\n›whole = 0\n", "“deadlines.whole” wants a number of seconds"),
        ('›base_url = "evil"\n', "“evil” is no address of an endpoint."),
        ('›model = "a\\nb"\n', "“a b” is no name of a model."),
        ('model = ›"m\n', "This line is not TOML"),
        ("›= 3\n", "This line is not TOML"),
        ("a = 1\n›a = 2\n", "This line is not TOML"),
    ],
)
def test_what_is_wrong_is_named_with_line_and_column(text: str, says: str, tmp_path: Path) -> None:
    source, place = pointed(text)
    told = refusal(tmp_path, source)
    at = place.split(":")[0] if "TOML" in says else place  # the parser stops somewhere in the line
    assert told.startswith(f"FILE:{at}:") and says in told
    assert "\n" not in told and "\x1b" not in told


@pytest.mark.parametrize("name", ["key", "api_key", "OPENAI_API_KEY", "token", "secret", "price.key", "llm.api-key"])
def test_a_key_in_the_file_is_refused_and_not_repeated(name: str, tmp_path: Path) -> None:
    told = refusal(tmp_path, f'model = "m"\n{name} = "{SECRET}"\n')
    assert told.startswith(f"FILE:2:1: “{name}” does not belong into a file")
    assert "export ROLEPLAY_API_KEY=" in told and SECRET not in told


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b'model = "\xff"', "FILE:1:10: It is not UTF-8 text."),
        (b"#" * 70_000, "FILE: It has more than 64 KiB."),
        (b"x = " + b"[" * 30_000, "FILE"),
        (b"context = " + b"9" * 9_000, "FILE"),
        ("model = 'm'".encode("utf-16"), "FILE:1:1: It is not UTF-8 text."),
    ],
)
def test_hostile_files_are_one_sentence(raw: bytes, says: str, tmp_path: Path) -> None:
    assert refusal(tmp_path, raw).startswith(says)


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    (tmp_path / "roleplay.toml").write_bytes(b'\xef\xbb\xbfmodel = "m"\r\ncontext = 4096\r\n')
    assert read_config(tmp_path, environment={}).context == 4096


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("ROLEPLAY_BASE_URL", "localhost", "“localhost” is no address"),
        ("ROLEPLAY_MODEL", "x" * 300, "is no name of a model"),
        ("ROLEPLAY_CONTEXT", "8k", "“8k” is no number of tokens"),
        ("ROLEPLAY_CALL_LIMIT", "1_000_000", "is no number of tokens"),
        ("ROLEPLAY_LOOK", "example.com:80", "says nowhere to look"),
        ("OPENAI_BASE_URL", "nonsense", "“nonsense” is no address"),
    ],
)
def test_what_is_wrong_in_the_environment_is_named_by_its_variable(
    variable: str, value: str, says: str, tmp_path: Path
) -> None:
    with pytest.raises(BadInput) as refused:
        read_config(tmp_path, environment={variable: value})
    assert str(refused.value).startswith(f"{variable}: ") and says in str(refused.value)


@pytest.mark.parametrize("key", ["two words", "schlüssel-0123456789", "line\nbreak-0123456789", "\x1b]52;c;x\x07"])
def test_a_key_no_server_can_be_sent_is_refused_without_repeating_it(key: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        read_config(tmp_path, environment={"ROLEPLAY_API_KEY": key})
    assert str(refused.value).startswith("ROLEPLAY_API_KEY: ") and key not in str(refused.value)


def test_a_key_is_stripped_and_in_no_repr(tmp_path: Path) -> None:
    config = read_config(tmp_path, environment={"OPENAI_API_KEY": f"{SECRET}\n"})
    assert config.keys.openai.value == SECRET
    assert SECRET not in repr(config)


def test_the_key_for_openai_goes_to_its_home_alone(tmp_path: Path) -> None:
    keys = read_config(tmp_path, environment={"OPENAI_API_KEY": SECRET}).keys
    assert keys.for_address("https://api.openai.com/v1").value == SECRET
    for other in ("http://api.openai.com/v1", "https://api.openai.com.evil.example/v1", "http://127.0.0.1:8080/v1"):
        assert keys.for_address(other).value == ""


def test_the_key_for_openai_follows_openai_base_url_and_stays_there(tmp_path: Path) -> None:
    environment = {"OPENAI_API_KEY": SECRET, "OPENAI_BASE_URL": "https://gateway.example/v1"}
    keys = read_config(tmp_path, environment=environment).keys
    assert keys.for_address("https://gateway.example/v1").value == SECRET
    assert keys.for_address("https://api.openai.com/v1").value == ""


def test_the_own_key_goes_where_the_user_says(tmp_path: Path) -> None:
    keys = read_config(tmp_path, environment={"OPENAI_API_KEY": "sk-other-0000", "ROLEPLAY_API_KEY": SECRET}).keys
    assert keys.for_address("http://192.168.1.5:8000/v1").value == SECRET


def test_the_page_of_settings_names_each_of_them() -> None:
    page = (Path(__file__).parents[2] / "docs" / "llm.md").read_text(encoding="utf-8")
    for name in FIELDS:
        table, _, field = name.rpartition(".")
        assert f"`{field}`" in page and (not table or f"`[{table}]`" in page), name
    for variable in ("BASE_URL", "MODEL", "JUDGE_MODEL", "CONTEXT", "CALL_LIMIT", "API_KEY", "LOOK", "CONFIG_DIR"):
        assert f"`ROLEPLAY_{variable}`" in page
