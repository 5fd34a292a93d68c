"""Why something did not happen after a reply, in words: a disclosure that stayed shut, an ending that did not come.

The reasons for disclosures are those by which `disclosing` decided; those for conditions name the parts that fail.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from msgspec.structs import replace

from roleplay.conversation.director import Director, agreed, key_moments_left
from roleplay.conversation.disclosing import Bar, Opening, choose_disclosure
from roleplay.conversation.state import CustomerState
from roleplay.conversation.turns import KeptReply
from roleplay.conversation.verdicts import heard_in
from roleplay.persona.condition import Condition, Situation
from roleplay.persona.expression import And, Comparison, Expression, Fact, Not, Operator, Or
from roleplay.persona.lines import Ending
from roleplay.persona.model import Persona

_BARS: dict[Bar, str] = {
    "harm": "nothing opens to a reply that hurts",
    "unsure": "nothing opens to a reply that nobody can be sure of",
    "no words": "nothing opens to a reply without words of sense",
    "untouched": "topic not touched",
    "unexplored": "topic not touched, and no fitted question",
    "beside": "another topic was touched, and only that one can open",
    "rests": "a turn to rest, since something was told just before",
    "later": "could open, and waits for what opens now",
    "pulls back": "could open, but after so much the customer pulls back for a turn",
}
_OPPOSITE: dict[Operator, Operator] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


def weighed_after(director: Director, before: CustomerState, reply: KeptReply) -> Opening:
    """What was decided on disclosures after `reply`, given in the state `before`, with all the reasons."""
    persona = director.view(before.scene)
    heard = agreed(heard_in(persona, reply.text, reply.gesture), reply.assessment)
    return choose_disclosure(persona, felt_after(before, reply), heard, reply.assessment)


def felt_after(before: CustomerState, reply: KeptReply) -> CustomerState:
    """The state of who heard `reply` in the state `before`, when it had moved them and nothing had followed yet."""
    after, begins = reply.state, reply.direction.scene is not None
    felt = after.as_left(reply.direction.speaker) if begins else after
    return replace(
        before,
        trust=felt.trust,
        distress=felt.distress,
        patience=felt.patience,
        turn=after.turn,
        met=after.met,
        gestures=after.gestures,
        met_in_a_row=before.met_in_a_row + 1 if reply.direction.heard == "met" else 0,
    )


def why_shut(bars: Collection[Bar], trust: float, wanted: float | None = None) -> str:
    """Why a disclosure was not told after a reply, such as “trust 4.5 of 5, its topic was not touched”.

    `trust` is what there was, `wanted` what it takes; without that it reads “trust is only 4.5”. Empty for the one that
    opens.
    """
    of = (
        f"trust is only {plain_number(trust)}"
        if wanted is None
        else f"trust {plain_number(trust)} of {plain_number(wanted)}"
    )
    return ", ".join(of if bar == "trust" else _BARS[bar] for bar in bars)


def why_not(condition: Condition, situation: Situation) -> str:
    """The parts that keep `condition` from holding, such as “trust >= 6 (it is 4.5) and met(tow)”.

    Empty if it holds.
    """
    return "" if condition.holds(situation) else _failing(condition.expression, True, situation)


def endings_not_yet(
    persona: Persona, endings: Iterable[Ending], state: CustomerState, *, opened: bool, taken: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Each of `endings` with why it did not come in `state`, in which `persona` is met.

    They are those of the present scene and of the call, in the order in which they are looked at. `opened`: something
    was told this turn. `taken`: the ids of the endings that came.
    """
    came = ""
    for ending in endings:
        if ending.id in taken:
            came = ending.id
            continue
        missing = why_not(ending.condition, state.situation)
        if missing:
            yield ending.id, f"wants {missing}"
        elif came:
            yield ending.id, f"{came} comes first"
        elif opened:
            yield ending.id, "waits: what was just told is answered first"
        else:
            left = ", ".join(moment.id for moment in key_moments_left(persona, state))
            yield ending.id, f"waits for {left}" if left else "the next scene comes first"


def key_moments_not_yet(persona: Persona, state: CustomerState) -> Iterator[tuple[str, str]]:
    """Each key moment of the present scene that was not said, with why not yet."""
    for moment in persona.moments:
        if moment.key and moment.id not in state.said:
            missing = why_not(moment.condition, state.situation) if moment.condition else ""
            yield moment.id, f"wants {missing}" if missing else "comes in its turn"


def _failing(expression: Expression, wanted: bool, situation: Situation) -> str:
    """What keeps `expression` from being as `wanted`, in the words of a condition."""
    match expression:
        case Comparison(number, sign, value):
            asked = sign if wanted else _OPPOSITE[sign]
            return f"{number} {asked} {plain_number(value)} (it is {plain_number(situation.numbers[number])})"
        case Fact(name, ident):
            return f"{name}({ident})" if wanted else f"not {name}({ident})"
        case Not(part):
            return _failing(part, not wanted, situation)
        case And(parts) | Or(parts):
            failing = [part for part in parts if Condition("", part).holds(situation) != wanted]
            told = [_failing(part, wanted, situation) for part in failing]
            if isinstance(expression, And) == wanted:
                return " and ".join(f"({each})" if " or " in each else each for each in told)
            return " or ".join(told)


def plain_number(number: float) -> str:
    """`number` with two decimals at most, and none where there are none."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
