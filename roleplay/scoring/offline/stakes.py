"""Danger, a suicidal hint, a boundary: moments with a logic of their own, where passing over hurts."""

from __future__ import annotations

import msgspec

from roleplay.scoring.offline.boundary import crossed, refusals
from roleplay.scoring.offline.detectors import Reply
from roleplay.scoring.offline.grounding import Ground, particulars
from roleplay.scoring.offline.harm import Wound, unsafe
from roleplay.scoring.offline.needs import answers
from roleplay.scoring.offline.phrases import act, moment
from roleplay.scoring.offline.reading import Said


class Stakes(msgspec.Struct, frozen=True, kw_only=True):
    """What a reply did about what is at stake. `asked` and `charge` are the sentences that dealt with it."""

    kind: str
    asked: tuple[Said, ...] = ()
    charge: tuple[Said, ...] = ()
    stays: bool = False
    wounds: tuple[Wound, ...] = ()

    @property
    def dealt(self) -> bool:
        """Whether it was dealt with at all."""
        return bool(self.asked or self.charge)

    @property
    def fully(self) -> bool:
        """Whether somebody has clearly taken it in hand."""
        if self.kind == "suicide" and self.asked:
            return True
        return bool(self.charge) and (self.stays or bool(self.asked) or len(self.charge) > 1)


def stakes(reply: Reply, ground: Ground) -> Stakes:
    """What `reply` did about danger, a suicidal hint or a boundary; an empty record where nothing is at stake."""
    if ground.safety == "suicide":
        return _after_the_question(reply, ground) if ground.spoken_of else _suicide(reply)
    if ground.safety in ("danger", "harm"):
        return _danger(reply, ground)
    if ground.safety == "unsaid":
        return _unsaid(reply, ground)
    if ground.boundary != "none":
        return _boundary(reply)
    return Stakes(kind="none")


def _stays(reply: Reply) -> bool:
    return any(h.does("presence") and not h.formula for h in reply.heard)


def _suicide(reply: Reply) -> Stakes:
    asked = tuple(h.said for h in reply.heard if h.does("suicide_ask"))
    touched = any(h.does("crisis_line") or act("worried").search(h.said.plain) for h in reply.heard)
    wounds: tuple[Wound, ...] = ()
    if not asked:
        cheered = any(act("cheers_on").search(h.said.plain) for h in reply.heard)
        wounds = (
            (Wound("suicide passed over", 1, None, "The hint is touched, but nobody asks straight out."),)
            if touched
            else (Wound("suicide passed over", 2, None, "A hint that the customer may want to die is passed over."),)
        )
        if touched and not cheered and reply.heard and all(h.said.asks for h in reply.heard):
            wounds = ()
    return Stakes(kind="suicide", asked=asked, stays=_stays(reply), wounds=wounds)


def _after_the_question(reply: Reply, ground: Ground) -> Stakes:
    """What is wanted once it was asked straight out: to stay, or to bring somebody who knows such calls.

    Asking again is no mistake. Passing over the answer is as grave as passing over the hint.
    """
    asked = tuple(h.said for h in reply.heard if h.does("suicide_ask"))
    charge = tuple(h.said for h in reply.heard if not h.formula and (h.does("crisis_line") or h.does("presence")))
    wounds: tuple[Wound, ...] = ()
    if not asked and not charge:
        taken_up = any(
            not h.formula
            and (particulars(h.said, ground) >= 0.6 or h.does("appraises", "received", "legit", "owns"))
            and not h.does("form_field", "process", "pushed")
            for h in reply.heard
        )
        why = "The answer is taken up, and nobody stays." if taken_up else "An answer that grave is passed over."
        wounds = (Wound("suicide passed over", 1 if taken_up else 2, None, why),)
    return Stakes(kind="suicide", asked=asked, charge=charge, stays=_stays(reply), wounds=wounds)


def _danger(reply: Reply, ground: Ground) -> Stakes:
    asked = tuple(h.said for h in reply.heard if h.does("safety_check") and not h.does("form_field"))
    charge = tuple(
        h.said
        for h in reply.heard
        if not unsafe(h.said, ground) and (h.does("takes_charge") or (h.does("sends_help") and not h.does("refuses")))
    )
    wounds: tuple[Wound, ...] = ()
    if not asked and not charge:
        level = _passed_over(reply, ground)
        why = "The danger is touched, but not dealt with." if level == 1 else "A danger is passed over."
        wounds = (Wound("danger passed over", level, None, why),) if level else ()
    return Stakes(kind="danger", asked=asked, charge=charge, stays=_stays(reply), wounds=wounds)


def _passed_over(reply: Reply, ground: Ground) -> int:
    """The harm of not dealing with a danger.

    None where charge was taken before and the trainee stays, answers a question, or nothing new happens. 1 where a
    particular of it or the fear is taken up. 2 where the reply ignores it, or agrees to it.
    """
    leaving = moment("about to leave").search(ground.last) is not None
    held = ground.already_safe and not leaving
    if held and (ground.asked or _stays(reply) or not moment("new danger").search(ground.last)):
        return 0
    cheered = any(act("cheers_on").search(h.said.plain) for h in reply.heard if not h.formula)
    touched = any(
        not h.does("form_field")
        and (answers("safety", h.said.plain) or h.ties >= 1 or h.does("legit") or (h.does("appraises") and h.ties > 0))
        for h in reply.heard
    )
    if touched and not cheered:
        return 1
    return 1 if held and not cheered else 2


def _unsaid(reply: Reply, ground: Ground) -> Stakes:
    dealt = tuple(
        h.said
        for h in reply.heard
        if not h.formula
        and (
            answers("safety", h.said.plain)
            or answers("shelter", h.said.plain)
            or answers("grief", h.said.plain)
            or h.ties >= 1.6
        )
    )
    wounds = (
        ()
        if dealt
        else (Wound("grave thing passed over", 1, None, "Something grave was said, and the reply lets it pass."),)
    )
    return Stakes(kind="unsaid", charge=dealt, stays=_stays(reply), wounds=wounds)


def _boundary(reply: Reply) -> Stakes:
    said = [h.said for h in reply.heard]
    return Stakes(kind="boundary", charge=refusals(said), stays=_stays(reply), wounds=tuple(crossed(said)))
