"""What there is at this moment for a reply to be tied to: the customer's words, the needs, and what the note allows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import fsum

import msgspec

from roleplay.english import words
from roleplay.persona.message import Message
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.offline.needs import needs_in
from roleplay.scoring.offline.phrases import act, moment
from roleplay.scoring.offline.reading import Said, plain, stem_weights

COPIED_RUN = 8
"""So many words in a row that were there before are copied, and no echo."""
RECENT = 6
"""How many of the latest messages count as being still in the air."""

_DENIED = re.compile(r"\b(?:not an?|no sign of|no|isn't an?|not)\b[^.;]{0,24}$|\bif\b[^.;]{0,40}$")


class Ground(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a reply can be tied to. Stem tables map a stem to its weight (1 particular, 0.2 common)."""

    given: bool
    """Whether a moment was given at all; else there is only the conversation."""
    latest_text: str
    """The customer's latest message, as it was said."""
    last: str
    """The same, plain."""
    runs: frozenset[tuple[str, ...]]
    """Every run of `COPIED_RUN` words in it, in what the trainee may do, and in what the trainee has said before."""
    latest: dict[str, float]
    earlier: dict[str, float]
    """The customer's stems of earlier messages that the latest does not hold."""
    asks_for: str
    """The spoken need, plain."""
    spoken: dict[str, float]
    unspoken: dict[str, float]
    unsaid: str
    """The unspoken need, plain."""
    feeling: dict[str, float]
    allows: dict[str, float]
    """Stems of what the note and the persona let the trainee do or know."""
    forbids: str
    """Plain sentences of the note that forbid something, and what the trainee may not do."""
    note: str
    mood: str
    """The feeling, plain."""
    story: str
    """What the customer has said so far, plain."""
    uncertain: bool
    """Whether the moment says that nobody can know the outcome, or safety hangs on it."""
    needs: tuple[str, ...]
    near_needs: tuple[str, ...]
    """Needs that only the feeling, the spoken need or the note's advice speak of."""
    exposed: bool
    """Whether the customer is where a wrong step costs a life: at a danger, or since a danger that was told."""
    safe_steps: tuple[dict[str, float], ...]
    """Stems of the steps that the persona lets the trainee advise."""
    figures: frozenset[str]
    """Figures that the customer has told or that are on record."""
    record: tuple[str, ...]
    """The words of each entry of the customer's record, with a space before and after each."""
    safety: str
    """danger, suicide, harm, unsaid (something grave that must not pass unsaid) or none."""
    boundary: str
    already_safe: bool
    """Whether the trainee has taken charge of safety earlier in the call."""
    spoken_of: bool
    """Whether the trainee has asked straight out about suicide earlier in the call."""
    asked: bool
    """Whether the customer's latest message asks something."""
    no_task: bool
    plain_wanted: bool
    """The customer asked not to be comforted, or asked for one plain thing."""

    @property
    def at_stake(self) -> bool:
        """Whether a danger, a hint of suicide or a boundary is at stake at the moment given."""
        return self.given and (self.safety != "none" or self.boundary != "none")


def ground(occasion: Occasion, history: Sequence[Message]) -> Ground:
    """Gather what `occasion` and `history` offer."""
    customer = [message.text for message in history if message.role == "customer"]
    latest_text = customer[-1] if customer else ""
    told = [message.text for message in history if message.role == "trainee"]
    latest = stem_weights(latest_text)
    earlier: dict[str, float] = {}
    for message in history[-RECENT:]:
        if message.role == "customer" and message.text != latest_text:
            earlier |= {root: weight for root, weight in stem_weights(message.text).items() if root not in latest}
    note = plain(occasion.note)
    clauses = [clause for clause in re.split(r"(?<=[.;])\s+", note) if clause]
    allows = " ".join(clause for clause in clauses if not moment("forbids").search(clause))
    forbids = " ".join(
        [*(clause for clause in clauses if moment("forbids").search(clause)), *map(plain, occasion.may_not)]
    )
    unspoken, feeling = plain(occasion.unspoken), plain(occasion.feeling)
    needs = needs_in(unspoken or f"{plain(occasion.spoken)} {feeling}".strip() or plain(latest_text))
    safety = _safety(occasion, note, unspoken) if occasion.offers else _heard_danger(plain(latest_text))
    story = " ".join(filter(None, map(plain, customer)))
    trainee = [plain(text) for text in told]
    return Ground(
        given=occasion.offers,
        latest_text=latest_text,
        last=plain(latest_text),
        runs=frozenset().union(*(runs_in(text) for text in (latest_text, *occasion.may, *told))),
        latest=latest,
        earlier=earlier,
        asks_for=plain(occasion.spoken),
        spoken=stem_weights(occasion.spoken),
        unspoken=stem_weights(occasion.unspoken),
        unsaid=unspoken,
        feeling=stem_weights(occasion.feeling),
        allows=stem_weights(" ".join((allows, *occasion.may))),
        forbids=forbids,
        note=note,
        mood=feeling,
        story=story,
        uncertain=bool(moment("uncertain").search(f"{note} {' '.join(map(plain, occasion.may_not))}"))
        or occasion.safety != "none",
        needs=needs,
        near_needs=tuple(
            need
            for need in needs_in(f"{feeling} {plain(occasion.spoken)} {' '.join(moment('advice').findall(note))}")
            if need not in needs
        ),
        exposed=safety in ("danger", "harm") or moment("danger said").search(story) is not None,
        safe_steps=tuple(stem_weights(step) for step in occasion.may),
        figures=frozenset(word for text in (*customer, *occasion.record) for word in words(text) if word[0].isdigit()),
        record=tuple(f" {' '.join(words(entry))} " for entry in occasion.record),
        safety=safety,
        boundary=_boundary(occasion, note),
        already_safe=any(act("takes_charge").search(text) for text in trainee),
        spoken_of=any(act("suicide_ask").search(text) for text in trainee),
        asked="?" in latest_text,
        no_task="no task" in note or "no other task" in note or (not occasion.spoken and bool(occasion.unspoken)),
        plain_wanted=_plain_wanted(note, plain(latest_text)),
    )


@lru_cache(maxsize=4_000)
def runs_in(text: str) -> frozenset[tuple[str, ...]]:
    """Every run of `COPIED_RUN` words of `text`."""
    return frozenset(runs_of_words(words(text)))


def runs_of_words(said: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Every run of `COPIED_RUN` words, in order."""
    return (tuple(said[start : start + COPIED_RUN]) for start in range(len(said) - COPIED_RUN + 1))


def shared(stems: dict[str, float], table: dict[str, float]) -> float:
    """The weight of the stems that `stems` shares with `table`."""
    return fsum(min(weight, table[root]) for root, weight in stems.items() if root in table)


def linked(stems: dict[str, float], ground: Ground) -> bool:
    """Whether `stems` have one of the customer's or of what is wanted, or two of what the trainee may do."""
    solid = {root for root, weight in stems.items() if weight >= 1}
    theirs = (ground.latest, ground.earlier, ground.spoken)
    if any(table.get(root, 0) >= 1 for root in solid for table in theirs):
        return True
    return sum(ground.allows.get(root, 0) >= 1 for root in solid) >= 2


def particulars(said: Said, ground: Ground) -> float:
    """How much of `said` is tied to the customer's latest words: about one for each particular taken up."""
    return shared(said.stems, ground.latest) + 0.6 * shared(said.stems, ground.earlier)


def _safety(occasion: Occasion, note: str, unspoken: str) -> str:
    if occasion.safety != "none":
        return occasion.safety
    about = f"{unspoken} {note}"
    for kind in ("suicide", "unsaid", "danger"):
        match = moment(f"{kind} noted").search(about)
        if match and not _DENIED.search(about[: match.start()]):
            return kind
    return "none"


def _heard_danger(last: str) -> str:
    """What is at stake by the customer's own words, where no moment says so."""
    if moment("suicide said").search(last):
        return "suicide"
    return "danger" if moment("danger said").search(last) else "none"


def _boundary(occasion: Occasion, note: str) -> str:
    if occasion.boundary != "none":
        return occasion.boundary
    if re.search(r"\b(?:gifts?|money)\b[^.]{0,30}\bnot\b|\bgift", note):
        return "gift"
    if re.search(r"\bprivate (?:contact|calls?|phone)\b|\bdecline plainly|\bmoderated\b", note):
        return "private contact"
    return "none"


def _plain_wanted(note: str, last: str) -> bool:
    return moment("plain wanted noted").search(note) is not None or moment("plain wanted said").search(last) is not None
