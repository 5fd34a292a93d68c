"""Who plays the customer in a call in plain mode: said before it begins, and asked where that is not settled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roleplay.actors.scripted import ScriptedActor
from roleplay.cli.common import talk
from roleplay.cli.replies import Replies
from roleplay.errors import NotSaved
from roleplay.text import one_line

if TYPE_CHECKING:
    from roleplay.llm.choosing import Choice, Offer
    from roleplay.practice.calls import Calls


def settle_customer(calls: Calls, replies: Replies, *, begun: str | None, scripted: bool) -> bool:
    """Say who plays the customer in the call that comes, and offer what was found; whether the call is to be played.

    `begun`: the id of the call that is gone on with, None for a new one. `scripted`: the script was asked for. Raises
    `BadInput` for settings that cannot be, `StoreError`.
    """
    actor = calls.load(begun).session.actor if begun else ""
    if actor == ScriptedActor.name:
        talk("This call was begun with the scripted customer, and goes on with it.")
        return True
    choice = calls.choice()
    if choice and choice.offer and replies.echoes:
        choice = _offered(calls, choice, choice.offer, replies)
    why = _told(choice, asked=replies.echoes) if choice else "The customer is scripted."
    if begun and not (scripted or (choice and choice.settings)):
        return _goes_on_scripted(f"This call was begun with the language model {one_line(actor)}. {why}", replies)
    talk(why)
    return True


def _offered(calls: Calls, choice: Choice, offer: Offer, replies: Replies) -> Choice | None:
    """The choice after what was found was offered to the person at the terminal."""
    from roleplay.llm.choosing import accept, decline

    said = (replies.ask(f"{offer.sentence} [y/N/never] ") or "").strip().casefold()
    try:
        if said in ("y", "yes"):
            accept(offer)
        elif said in ("never", "never ask again"):
            decline(offer)
        else:
            return choice
    except NotSaved as error:
        talk(str(error))
        return choice
    calls.choose_again()
    return calls.choice()


def _goes_on_scripted(what: str, replies: Replies) -> bool:
    """Whether a call that was begun with a language model, of which there is none now, is to go on without."""
    answer = replies.ask(f"{what} Go on so? [y/N] ")
    if answer is None:
        talk(what)
        return True
    if answer.strip().casefold() in ("y", "yes"):
        return True
    talk("Nothing was changed. Start the model's server, or name it with --base-url, and go on with --resume.")
    return False


def _told(choice: Choice, *, asked: bool) -> str:
    """Who plays and who judges, and why; where nobody was `asked`, how to use what was found."""
    if choice.settings:
        judge = one_line(choice.settings.judge_model)
        return f"{choice.why} " + (f"{judge} judges your replies." if judge else "No model judges your replies.")
    if asked or choice.offer is None:
        return choice.why
    offer = choice.offer
    once = f"add --base-url {offer.settings.base_url}, or agree once and for all: roleplay doctor --yes"
    return f"{choice.why} {offer.because}; to let {offer.model} play, {once}"
