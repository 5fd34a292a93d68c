"""Whether a reply says no and leaves it at that: nothing is offered, done or settled with it (refusal.txt)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from roleplay.scoring.offline.detectors import Reply
from roleplay.scoring.offline.grounding import Ground, shared
from roleplay.scoring.offline.harm import QUOTED
from roleplay.scoring.offline.phrases import act, pattern, word_group
from roleplay.scoring.offline.reading import stem_weights

_FILE = "refusal.txt"
_GIVES = ("done", "doing", "will", "presence", "relief", "takes_charge", "sends_help", "crisis_line", "owns", "when")
"""What a clause without a no can do for the customer."""
_WARM = ("legit", "received", "appraises", "owns")
"""What makes a no a kind one, where nothing else can be given."""
_CLAUSE = re.compile(r"[,;:—–…?!]+\s*|\.\s+|\s-\s|\s+(?=(?:but|and|so|because|since|instead|though|unless)\b)")
_ASKS_A_FACT = re.compile(
    r"\b(?:is|are|was|were|do|does|did|has|have|am|will)(?:n't)? "
    r"(?:i|it|that|this|he|she|they|there|the|my|your|any)\b[^.!?]*\?\W*$"
)
"""The end of a message to which no is an answer, and no refusal."""


def only_refuses(reply: Reply, ground: Ground) -> bool:
    """Whether `reply` says no to what was asked, and nothing in it helps this customer on.

    What helps on is a thing done or offered, another way, somebody who can, a time; and a reason or a kind word, where
    the persona forbids the thing. At a boundary a clear no is the act, so that it never leaves it at that.
    """
    if ground.boundary != "none":
        return False
    clauses = [(h, clause) for h in reply.heard for clause in _clauses(h.said.plain)]
    said = [clause for h, clause in clauses if not h.formula or _refuses(clause)]
    if all(pattern(_FILE, "no alone").search(clause) for clause in said):
        return bool(said) and not _ASKS_A_FACT.search(ground.last)
    noes = [clause for clause in said if pattern(_FILE, "says no").search(clause)]
    if not noes or any(pattern(_FILE, "until").search(clause) for clause in noes):
        return False
    if any(_helps_on(clause) for clause in said if clause not in noes):
        return False
    kindly = any(pattern(_FILE, "reason").search(clause) for clause in said) or any(h.does(*_WARM) for h in reply.heard)
    return not (kindly and _forbidden(noes, ground))


def _clauses(sentence: str) -> list[str]:
    """The clauses of `sentence` without what is quoted and what is only polite."""
    found = (clause.strip(" .") for clause in _CLAUSE.split(QUOTED.sub(" ", sentence)))
    return [clause for clause in found if clause and not pattern(_FILE, "polite").search(clause)]


def _refuses(clause: str) -> bool:
    return any(pattern(_FILE, kind).search(clause) for kind in ("says no", "no alone"))


def _helps_on(clause: str) -> bool:
    looked = word_group(_FILE, "look")
    done = " ".join(word for word in clause.split() if word not in looked)
    return pattern(_FILE, "way on").search(done) is not None or any(act(name).search(done) for name in _GIVES)


def _forbidden(noes: Sequence[str], ground: Ground) -> bool:
    """Whether what is refused is something that the trainee may not do."""
    return shared(stem_weights(" ".join(noes)), stem_weights(ground.forbids)) >= 1
