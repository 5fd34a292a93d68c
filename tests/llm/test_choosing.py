"""Who plays the customer: configured, else a key, else a server of this computer, else the scripted one; by consent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from roleplay.errors import BadInput
from roleplay.llm.choosing import Choice, accept, choose, decline, forget
from tests.llm.strangers import Stranger, models, stranger
from tests.llm.strangers import looks_patiently as looks_patiently

SECRET = "sk-canary-0123456789"

pytestmark = pytest.mark.usefixtures("looks_patiently")


@pytest.fixture(autouse=True)
def config_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ROLEPLAY_CONFIG_DIR", str(tmp_path / "config"))
    return tmp_path / "config"


@pytest.fixture
def server() -> Iterator[Stranger]:
    with stranger(models("qwen3:4b", "llama3.1:8b", max_model_len=16384)) as there:
        yield there


class Chooser:
    """Chooses in a workspace of its own, with this environment, looking at these ports alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment: dict[str, str] = {"ROLEPLAY_LOOK": "none"}

    def __call__(self, **options: Any) -> Choice:
        return choose(self.folder, environment=self.environment, **options)

    def look_at(self, *servers: Stranger) -> None:
        self.environment["ROLEPLAY_LOOK"] = ",".join(str(server.port) for server in servers)

    def write(self, text: str) -> None:
        (self.folder / "roleplay.toml").write_text(text)


@pytest.fixture
def who(tmp_path: Path) -> Chooser:
    return Chooser(tmp_path)


def test_with_nothing_there_the_customer_is_scripted(who: Chooser) -> None:
    choice = who()
    assert (choice.settings, choice.offer) == (None, None)
    assert choice.why == "The customer is scripted: there is no key, and no model server answers on this computer."


def test_a_server_is_offered_and_used_once_it_was_agreed_to(who: Chooser, server: Stranger) -> None:
    who.look_at(server)
    choice = who()
    assert choice.settings is None and choice.offer is not None
    assert (choice.offer.model, choice.offer.here) == ("qwen3:4b", True)
    assert choice.offer.sentence.endswith(
        f"answers at 127.0.0.1:{server.port}. Shall its model qwen3:4b play the customer and judge your replies? "
        "What you say stays on this computer."
    )
    assert accept(choice.offer) == choice.offer.settings
    again = who()
    assert again.offer is None and again.settings == choice.offer.settings
    assert again.settings and (again.settings.judge_model, again.settings.context) == ("qwen3:4b", 16384)
    assert forget(server.address) and who().settings is None


def test_what_was_declined_is_not_offered_again(who: Chooser, server: Stranger) -> None:
    with stranger(models("second")) as second:
        who.look_at(server, second)
        first = who().offer
        assert first
        decline(first)
        offer = who().offer
        assert offer and offer.model == "second"
        decline(offer)
        assert who().why == "The customer is scripted: you declined what is there."


def test_a_key_for_openai_is_offered_before_a_server(who: Chooser, server: Stranger) -> None:
    who.look_at(server)
    who.environment["OPENAI_API_KEY"] = SECRET
    choice = who()
    assert choice.settings is None and choice.offer is not None
    assert (choice.offer.host, choice.offer.here, choice.offer.key) == ("api.openai.com", False, "OPENAI_API_KEY")
    assert "with the key in OPENAI_API_KEY, and the tokens may cost money" in choice.offer.sentence
    assert SECRET not in repr(choice) and choice.offer.settings.key == SECRET


def test_what_was_agreed_to_wins_over_what_is_merely_there(who: Chooser, server: Stranger) -> None:
    who.look_at(server)
    offer = who().offer
    assert offer
    accept(offer)
    who.environment["OPENAI_API_KEY"] = SECRET
    settings = who().settings
    assert settings and (settings.base_url, settings.key) == (server.address, "")


def test_a_server_that_was_found_is_sent_no_key(who: Chooser, server: Stranger) -> None:
    who.look_at(server)
    who.environment |= {"ROLEPLAY_API_KEY": SECRET, "ROLEPLAY_MODEL": "llama3.1:8b"}
    settings = who().settings
    assert settings and (settings.base_url, settings.model, settings.key) == (server.address, "llama3.1:8b", "")
    assert b"canary" not in b"".join(server.heard)


def test_an_address_of_the_command_line_or_the_environment_is_consent(who: Chooser, server: Stranger) -> None:
    settings = who(base_url="https://x.example/v1", model="m").settings
    assert settings and settings.base_url == "https://x.example/v1"
    who.environment |= {"ROLEPLAY_BASE_URL": server.address, "OPENAI_API_KEY": SECRET}
    choice = who()
    assert choice.settings and (choice.settings.model, choice.settings.key) == ("qwen3:4b", "")
    assert "ROLEPLAY_BASE_URL says so" in choice.why


def test_a_model_of_the_environment_is_consent_to_the_server_that_has_it(who: Chooser, server: Stranger) -> None:
    who.look_at(server)
    who.environment |= {"ROLEPLAY_MODEL": "llama3.1:8b", "OPENAI_API_KEY": SECRET}
    settings = who().settings
    assert settings and settings.base_url == server.address


def test_a_local_model_that_is_not_there_does_not_send_words_to_a_provider(who: Chooser, server: Stranger) -> None:
    who.look_at(server)
    who.environment |= {"ROLEPLAY_MODEL": "gemma3:4b", "OPENAI_API_KEY": SECRET}
    choice = who()
    assert (choice.settings, choice.offer) == (None, None)
    assert choice.why == "The customer is scripted: none of the 2 models on this computer is gemma3:4b."


def test_an_address_in_the_file_of_a_workspace_wants_an_answer(who: Chooser) -> None:
    who.write('base_url = "http://llm.evil.example/v1"\nmodel = "m"\n')
    who.environment |= {"ROLEPLAY_API_KEY": SECRET}
    choice = who()
    assert choice.settings is None and choice.offer is not None
    assert "roleplay.toml:1:1) name llm.evil.example" in choice.offer.sentence
    assert "with the key in ROLEPLAY_API_KEY" in choice.offer.sentence
    accept(choice.offer)
    agreed = who().settings
    assert agreed and agreed.key == SECRET


def test_an_address_of_this_computer_in_the_file_of_a_workspace_is_used_but_sent_no_key_unasked(
    who: Chooser, server: Stranger
) -> None:
    who.write(f'base_url = "{server.address}"\nmodel = "m"\n')
    settings = who().settings
    assert settings and (settings.base_url, settings.key) == (server.address, "")
    who.environment["ROLEPLAY_API_KEY"] = SECRET
    choice = who()
    assert choice.settings is None and choice.offer is not None
    assert choice.offer.sentence.endswith(
        "What you say stays on this computer, and the key in ROLEPLAY_API_KEY is sent to that server."
    )
    accept(choice.offer)
    agreed = who().settings
    assert agreed and agreed.key == SECRET
    assert b"canary" not in b"".join(server.heard)


@pytest.mark.parametrize("name", ["gpt-oss:120b-cloud", "glm:Cloud"])
def test_a_judge_that_runs_elsewhere_is_told_of_and_agreed_to_like_a_customer_that_does(
    name: str, who: Chooser, server: Stranger
) -> None:
    who.write(f'base_url = "{server.address}"\nmodel = "llama3.1:8b"\njudge_model = "{name}"\n')
    choice = who()
    assert choice.settings is None and choice.offer is not None and not choice.offer.here
    assert choice.offer.sentence.endswith(
        f"Shall its model llama3.1:8b play the customer and {name} judge your replies? "
        f"What you say is sent on from this computer, to where {name} runs, and the tokens may cost money."
    )
    accept(choice.offer)
    agreed = who().settings
    assert agreed and agreed.judge_model == name
    who.write(f'base_url = "{server.address}"\nmodel = "llama3.1:8b"\njudge_model = "another-cloud"\n')
    assert who().settings is None


def test_no_option_lets_the_file_of_a_workspace_add_a_judge_that_runs_elsewhere(who: Chooser, server: Stranger) -> None:
    who.look_at(server)
    who.write('judge_model = "gpt-oss:120b-cloud"\n')
    options: list[dict[str, str]] = [{"base_url": server.address}, {"model": "qwen3:4b"}, {"actor": "llm"}]
    for each in options:
        with pytest.raises(BadInput, match="you did not agree to that yet") as told:
            who(**each)
        assert "--judge-model gpt-oss:120b-cloud" in str(told.value)
    with pytest.raises(BadInput, match=r"roleplay\.toml:1:1\) name gpt-oss:120b-cloud, and you did not agree"):
        who(base_url=server.address)
    mine = who(base_url=server.address, model="qwen3:4b", judge_model="gpt-oss:120b-cloud").settings
    assert mine and mine.judge_model == "gpt-oss:120b-cloud"
    with stranger(models("local:8b")) as ollama:
        who.write("")
        who.look_at(ollama)
        offer = who().offer
        assert offer
        accept(offer)
        who.write('judge_model = "gpt-oss:120b-cloud"\n')
        assert who().settings is None


OPENAI_AND_A_LOCAL_NAME = {"OPENAI_API_KEY": SECRET, "ROLEPLAY_MODEL": "mistral-nemo"}


def test_a_bare_name_is_consent_to_openai_only_if_it_is_known_as_one_of_its_models(who: Chooser) -> None:
    who.environment |= OPENAI_AND_A_LOCAL_NAME
    choice = who()
    assert choice.settings is None and choice.offer and choice.offer.host == "api.openai.com"
    with pytest.raises(BadInput, match="you did not agree to that yet"):
        who(actor="llm")
    who.environment["ROLEPLAY_MODEL"] = "gpt-4.1"
    settings = who().settings
    assert settings and (settings.model, settings.key) == ("gpt-4.1", SECRET)


def test_a_bare_name_is_no_consent_to_a_home_of_that_key_which_does_not_list_it(who: Chooser, server: Stranger) -> None:
    who.environment |= {**OPENAI_AND_A_LOCAL_NAME, "OPENAI_BASE_URL": server.address}
    assert who().settings is None
    who.environment["ROLEPLAY_MODEL"] = "qwen3:4b"
    assert who().settings is not None


@pytest.mark.parametrize("model", ["mistral-nemo", "gpt-4.1"])
def test_what_was_declined_is_not_used_for_a_model_named_or_an_llm_asked_for(model: str, who: Chooser) -> None:
    who.environment |= {"OPENAI_API_KEY": SECRET}
    offer = who().offer
    assert offer
    decline(offer)
    options: list[dict[str, str]] = [{"actor": "llm"}, {"model": model}, {"model": model, "actor": "llm"}]
    for each in options:
        with pytest.raises(BadInput, match=r"you declined what is there\. Take that back: roleplay doctor --forget"):
            who(**each)
    who.environment["ROLEPLAY_MODEL"] = model
    assert (who().settings, who().offer) == (None, None)


def test_the_own_key_goes_to_openai_only_once_that_was_agreed_to(who: Chooser) -> None:
    who.environment |= {"ROLEPLAY_API_KEY": SECRET, "ROLEPLAY_MODEL": "gpt-4.1"}
    choice = who()
    assert choice.settings is None and choice.offer and choice.offer.key == "ROLEPLAY_API_KEY"
    with pytest.raises(BadInput, match="you did not agree to that yet"):
        who(actor="llm")
    accept(choice.offer)
    settings = who().settings
    assert settings and settings.key == SECRET


def test_the_file_of_a_workspace_cannot_send_words_elsewhere_through_a_local_server(
    who: Chooser, server: Stranger
) -> None:
    who.write(f'base_url = "{server.address}"\nmodel = "gpt-oss:120b-cloud"\n')
    choice = who()
    assert choice.settings is None and choice.offer is not None and not choice.offer.here
    with stranger(models("local:8b", "big:cloud")) as ollama:
        who.write("")
        who.look_at(ollama)
        offer = who().offer
        assert offer and offer.model == "local:8b"
        accept(offer)
        who.write('model = "big:cloud"\n')
        assert who().settings is None


def test_a_model_in_the_file_of_a_workspace_is_no_consent_to_a_provider(who: Chooser) -> None:
    who.write('model = "gpt-dear"\n')
    who.environment["OPENAI_API_KEY"] = SECRET
    choice = who()
    assert choice.settings is None and choice.offer and choice.offer.model == "gpt-dear"


def test_asked_for_by_name_the_llm_plays_without_a_question(who: Chooser, server: Stranger) -> None:
    who.look_at(server)
    settings = who(actor="llm").settings
    assert settings and settings.model == "qwen3:4b"
    assert who().settings is None


def test_asked_for_by_name_and_not_to_be_had_it_is_said_how_to_set_one_up(who: Chooser) -> None:
    with pytest.raises(BadInput) as told:
        who(actor="llm")
    assert told.value.exit_code == 2 and "set OPENAI_API_KEY" in str(told.value) and "Ollama" in str(told.value)


def test_asked_for_by_name_an_address_of_a_strangers_file_still_wants_an_answer(who: Chooser) -> None:
    who.write('base_url = "https://llm.evil.example/v1"\nmodel = "m"\n')
    with pytest.raises(BadInput, match="you did not agree to that yet"):
        who(actor="llm")


def test_the_scripted_customer_asked_for_looks_nowhere_and_reads_nothing(who: Chooser, server: Stranger) -> None:
    who.look_at(server)
    who.write("this is not TOML")
    choice = who(actor="scripted")
    assert choice.settings is None and choice.offer is None and server.heard == []


def test_nobody_judges_where_that_is_wanted(who: Chooser, server: Stranger) -> None:
    settings = who(base_url=server.address, judge_model="none").settings
    assert settings and (settings.model, settings.judge_model) == ("qwen3:4b", "")


def test_an_address_without_a_model_to_choose_from_wants_its_name(who: Chooser, server: Stranger) -> None:
    with pytest.raises(BadInput, match="Name the model with --model NAME or ROLEPLAY_MODEL"):
        who(base_url="https://x.example/v1")
    who.environment["ROLEPLAY_BASE_URL"] = "http://127.0.0.1:9/v1"
    assert who().settings is None and "127.0.0.1:9 does not answer" in who().why


def test_a_server_that_was_agreed_to_and_is_gone_is_told_of(who: Chooser) -> None:
    with stranger(models("m")) as server:
        who.look_at(server)
        offer = who().offer
        assert offer
        accept(offer)
    assert who().why == f"The customer is scripted: 127.0.0.1:{server.port}, to which you agreed, does not answer."


def test_for_ollama_the_context_is_the_one_it_uses_unasked(who: Chooser) -> None:
    with stranger(models("m", owned_by="library")) as ollama:
        settings = who(base_url=ollama.address).settings
        assert settings and settings.context == 4096
        who.environment["ROLEPLAY_CONTEXT"] = "16384"
        settings = who(base_url=ollama.address).settings
        assert settings and settings.context == 16384


def test_the_base_url_of_other_programs_is_offered_with_its_key(who: Chooser, server: Stranger) -> None:
    who.environment |= {"OPENAI_BASE_URL": server.address, "OPENAI_API_KEY": SECRET}
    offer = who().offer
    assert offer and (offer.settings.base_url, offer.model, offer.settings.key) == (server.address, "qwen3:4b", SECRET)
    assert b"canary" not in b"".join(server.heard)


def test_what_was_agreed_to_is_a_model_and_not_whatever_the_server_lists_first(who: Chooser) -> None:
    listed = models("qwen3:4b")
    with stranger(lambda line: line.sendall(listed)) as server:
        who.look_at(server)
        offer = who().offer
        assert offer
        accept(offer)
        listed = models("other:1b", "qwen3:4b")
        chosen = who().chosen
        assert chosen and chosen.model == "qwen3:4b"
        listed = models("other:1b")
        gone = who()
    assert gone.settings is None
    assert gone.offer and gone.offer.model == "other:1b"
