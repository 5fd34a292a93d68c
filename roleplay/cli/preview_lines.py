"""A customer's mind, what a reply does to it, and requests to a language model, as lines of at most 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from roleplay.cli.rehearse_why import WIDTH, labelled, lines_of_step, wrapped
from roleplay.conversation.explaining import plain_number
from roleplay.conversation.voiced import Usage
from roleplay.llm.cost import cost_of
from roleplay.llm.settings import Price
from roleplay.persona.problems import listed
from roleplay.rehearsal.preview import Door, Mind, Reply
from roleplay.rehearsal.requests import Request, Requests
from roleplay.rehearsal.tracing import Feelings, Step
from roleplay.text import counted, one_line, quote, sanitise

_SOME_TOPICS = 6
_SHORT = 200
_HEAD = 3
"""Lines of a message that are shown where it is not shown whole."""
_KINDS = {
    "met": "A reply that meets it",
    "partly": "One that meets a part",
    "missed": "One that misses it",
    "none": "A reply, with nothing here to meet",
    "harmed": "One that hurts",
    "unsure": "One that nobody can be sure of",
    "silence": "Silence",
    "greeting": "A bare greeting",
    "insult": "An insult",
    "nonsense": "Words without sense",
    "foreign": "Another language",
    "machine": "Talk to a machine",
    "goodbye": "A goodbye",
}


def lines_of_mind(mind: Mind) -> Iterator[str]:
    """All of `mind`."""
    where = [f"visit {mind.visit}"] if mind.visit else []
    where += [f"customer {mind.customer}"] if mind.customer else []
    where += [f"scene {mind.scene}"] if mind.scene else []
    where.append(
        "the beginning" if not mind.turn else f"after {mind.turn} replies" if mind.turn > 1 else "after 1 reply"
    )
    yield from wrapped(f"{one_line(mind.name)} ({mind.persona}), {', '.join(where)}", "", "  ")
    yield from labelled("Mood", f"{mind.mood}: {_feelings(mind.feelings)}")
    yield from _moment(mind)
    yield from _block("Needs", (f"{need.id} ({need.kind}, {_met(need.met)}): {need.need}" for need in mind.needs))
    told = [f"{each} (on an earlier visit)" for each in mind.told_before] + list(mind.told)
    yield from _block("Told", told or ["nothing yet"])
    yield from _block("Could be told now", (_open(door) for door in mind.doors if not door.why))
    yield from _block("Kept back", (_shut(door) for door in mind.doors if door.why))
    yield from _block("Moments to come (the first that can comes next)", _moments(mind))
    yield from _block("Endings (the first that holds comes)", _endings(mind))
    yield ""
    yield "What could be said next"
    for reply in mind.replies:
        yield from _reply(reply, mind)


def _moment(mind: Mind) -> Iterator[str]:
    now = mind.moment
    yield from labelled("At", f"{now.id}{' (a key moment)' if now.key else ''}: {quote(now.says, _SHORT)}")
    if now.feeling:
        yield from labelled("Feels", now.feeling)
    offers = [f"the need {need}" for need in (now.spoken, now.unspoken) if need]
    offers += [f"{stake} at stake" for stake in (now.safety,) if stake != "none"]
    offers += [f"a boundary to keep: {stake}" for stake in (now.boundary,) if stake != "none"]
    yield from labelled(
        "There is", "; ".join(offers) or ("only a feeling" if now.feeling else "nothing to be met here")
    )


def _open(door: Door) -> str:
    ways = [f"its topic is touched ({_topics(door)})"] if door.touched else []
    ways += ["a fitted question is asked"] if door.asked else []
    how = "comes by itself" if door.untouched else f"if {' or '.join(ways)}"
    return f"{door.id}{_tells(door)}: {how}"


def _shut(door: Door) -> str:
    brings = plain_number(door.if_met)
    then = f"; a reply that meets this moment brings {brings}, and opens it" if door.opens_if_met else ""
    touches = f" if it touches {_topics(door)}" if then and door.reveal != "volunteered" and door.topics else ""
    return f"{door.id}{_tells(door)}: {door.why}{then}{touches}"


def _tells(door: Door) -> str:
    return f" (tells {door.tells})" if door.tells else ""


def _topics(door: Door) -> str:
    return listed([one_line(topic) for topic in door.topics], _SOME_TOPICS) or "it has none"


def _moments(mind: Mind) -> Iterator[str]:
    for moment in mind.moments:
        key = " (key)" if moment.key else ""
        yield f"{moment.id}{key}: {f'wants {moment.why}' if moment.why else quote(moment.says, _SHORT)}"
    if not mind.moments:
        yield "none is left"


def _endings(mind: Mind) -> Iterator[str]:
    for ending in mind.endings:
        yield f"{ending.id} ({ending.outcome}): {ending.why or 'holds'}"
    if mind.scene_ends is not None:
        yield f"the next scene: {f'wants {mind.scene_ends}' if mind.scene_ends else 'begins with the next reply'}"


def _reply(reply: Reply, mind: Mind) -> Iterator[str]:
    yield from wrapped(f"{_KINDS[reply.kind]}: {_feelings(reply.after)}", "  ", "    ")
    here = set(reply.lines)
    for line in reply.lines:
        yield from wrapped(quote(line, _SHORT), "    - ", "      ")
    for part in reply.parts:
        if part.text not in here and part.kind != "moment":
            yield from wrapped(f"{part.kind}: {quote(part.text, _SHORT)}", "    ", "      ")
    after = [f"tells {reply.opens}"] if reply.opens else []
    after += [f"ends with {reply.ending}"] if reply.ending else []
    after += [f"the scene {reply.begins} begins"] if reply.begins else []
    after += [f"then {reply.moment}"] if reply.moment != mind.moment.id and not reply.begins else []
    if after:
        yield from wrapped("; ".join(after), "    → ", "      ")


def lines_of_reply(step: Step, says: Sequence[str]) -> Iterator[str]:
    """What a reply does, and what is said to it."""
    yield from lines_of_step(step)
    for line in says:
        yield from labelled("Answer", line)
    if step.ended:
        yield from labelled("Ends with", step.ended)


class RequestLines:
    """Tells `requests` with their tokens, and what these cost where a `price` is set: `whole`, or how each begins."""

    def __init__(self, requests: Requests, price: Price | None, *, whole: bool) -> None:
        self._requests, self._price, self._whole = requests, price, whole

    def of_actor(self, *, said: bool) -> Iterator[str]:
        """The request for the next line. `said`: the reply before it was written, else it stands as three dots."""
        after = "that reply" if said else "a reply that meets a part and stands here as …"
        yield from self._request(f"What a language model gets as the actor, after {after}", self._requests.actor)

    def of_judge(self) -> Iterator[str]:
        """The requests to a judge: the first, and of the second what is other."""
        levels, harm = self._requests.judge_levels, self._requests.judge_harm
        yield from self._request("What a language model gets as the judge, in the first of two requests", levels)
        yield ""
        yield from wrapped(f"The second request ({self._taken(harm.tokens)}) is the same, but for its end:", "", "")
        yield from self._text(harm.messages[-1].text.rpartition("\n")[2])

    def in_the_end(self) -> Iterator[str]:
        """How to see more."""
        if not self._whole:
            yield "--prompt shows every word of it."
        if self._price is None:
            yield "Put a [price] into roleplay.toml to see what that costs."

    def _request(self, heading: str, request: Request) -> Iterator[str]:
        requests = self._requests
        how = f"counted by {requests.encoding}" if requests.exact else "estimated by the length of the text"
        yield from wrapped(f"{heading}: {self._taken(request.tokens)}, {how}", "", "")
        for part in request.messages:
            yield ""
            yield f"--- {part.role} ({_tokens(part.tokens, requests)})"
            yield from self._text(part.text)

    def _text(self, text: str) -> Iterator[str]:
        lines = sanitise(text).splitlines()
        if self._whole:
            yield from lines
            return
        told = [line for line in lines if line.strip()]
        for line in told[:_HEAD]:
            yield textwrap.shorten(line, WIDTH, placeholder=" …")
        if len(told) > _HEAD:
            yield f"… and {counted(len(told) - _HEAD, 'line', 'lines')} more"

    def _taken(self, tokens: int) -> str:
        told = _tokens(tokens, self._requests)
        if self._price is None:
            return told
        return f"{told}, ≈ {cost_of(Usage(sent=tokens), self._price):.4f} {self._price.currency} to send"


def _tokens(number: int, requests: Requests) -> str:
    return f"{'' if requests.exact else '≈ '}{number:,} tokens"


def _feelings(felt: Feelings) -> str:
    return ", ".join(f"{name} {plain_number(getattr(felt, name))}" for name in felt.__struct_fields__)


def _met(met: bool) -> str:
    return "met" if met else "not met"


def _block(heading: str, items: Iterable[str]) -> Iterator[str]:
    """`items` under a heading; nothing where there are none."""
    lines = [line for item in items for line in wrapped(one_line(item), "  ", "    ")]
    if lines:
        yield ""
        yield heading
        yield from lines
