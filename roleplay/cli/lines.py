"""What a call is in printed lines: each message once, in words that a screen reader can read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from roleplay.cli import noted_lines
from roleplay.conversation.events import ReplyKept
from roleplay.conversation.turns import SceneBegins, Script
from roleplay.persona.names import short_name
from roleplay.practice import wording
from roleplay.practice.aftercare import Aftercare
from roleplay.practice.course import course_of
from roleplay.practice.debrief import Debrief, ReplyResult
from roleplay.practice.heard import heard_of
from roleplay.practice.judged import by as judged_by
from roleplay.practice.marks import Mark, marks_of
from roleplay.practice.visits import heading_of, remembered_in
from roleplay.scoring.assessment import Scored
from roleplay.scoring.rubric import Rubric
from roleplay.text import counted, one_line, quote

HELP = (
    "One line is one reply. An empty line is a silence.",
    "/gesture NAME WORDS  give something small, with or without words",
    "/again               take back a reply that missed, and answer again",
    "/brief               read the briefing again",
    "/tokens              what this call has taken of the language model",
    "/pause               save the call and go on with it later (so does Ctrl+C)",
    "/leave               end the call (so does Ctrl+D, the end of input)",
    "/help                these lines",
    "To begin a reply with a slash, put a space before it.",
)

_CHANNELS = {"phone": "On the phone.", "chat": "In a chat.", "counter": "At the counter."}


def briefing(script: Script) -> Iterator[str]:
    """What the trainee knows before the call, and remembers of earlier visits. Nothing unspoken is in it."""
    persona, (_, title) = script.persona, script.listed
    trainee = persona.trainee
    yield f"{title}. {_CHANNELS[persona.channel]}"
    if script.visit:
        yield f"{heading_of(script.visit)}."
    if persona.content:
        yield f"This call is about: {', '.join(persona.content)}."
    yield f"You are: {trainee.role}."
    if trainee.brief:
        yield f"What you know: {one_line(trainee.brief)}"
    for line in remembered_in(script.visiting):
        yield f"You remember: {line}"
    if trainee.record:
        yield "On your screen: " + "; ".join(f"{key}: {one_line(value)}" for key, value in trainee.record.items()) + "."
    if trainee.may:
        yield f"You may: {'; '.join(map(one_line, trainee.may))}."
    if trainee.may_not:
        yield f"You may not: {'; '.join(map(one_line, trainee.may_not))}."
    for gesture in persona.gestures:
        yield f"Yours to give: {one_line(gesture.does)} (/gesture {gesture.id})"


def heard(event: ReplyKept, rubric: Rubric, answered: str = "", by: str = "") -> str:
    """What coached mode says of a reply: the opportunity, what moved, the words it rests on, and what is missing.

    `answered` is the customer's line that it answered; `by` stands beside the verdict: who gave it, and on what.
    """
    label = f"Heard ({by})" if by else "Heard"
    if event.assessment.flags.language:
        return f"{label}: not scored, this is not English."
    what, before, after = heard_of(event, rubric, answered), event.before, event.after
    moves = f"trust {_move(before.trust, after.trust)}, distress {_move(before.distress, after.distress)}"
    parts = [f"{label}: {what.verdict}; {moves}."]
    if what.quoted:
        parts.append(f"{what.harm} {what.whose} {what.quoted}: {what.why}".lstrip())
    if what.missing:
        parts.append(f"Not there yet: {', '.join(what.missing)}. {what.there}".rstrip())
    if what.gesture:
        parts.append(what.gesture)
    return " ".join(parts)


def customer(line: str, speaker: str, *, cut_off: bool = False) -> str:
    """A line with who says it; `speaker` is the cast member, empty the customer. `cut_off`: it was not said whole."""
    said = f"{one_line(short_name(speaker)) if speaker else 'Customer'}: {one_line(line)}"
    return f"{said} (cut off)" if cut_off else said


def scene(begun: SceneBegins, *, in_queue: bool = False) -> Iterator[str]:
    """The scene that begins, and what is told before it is played. `in_queue`: it is that of the next in a queue."""
    heading = begun.title or begun.speaker
    if heading:
        yield f"{'Next' if in_queue else 'Scene'}: {one_line(heading)}"
    if begun.narration:
        yield one_line(begun.narration)


def debrief(debrief: Debrief, aftercare: Aftercare | None, help_resources: str) -> Iterator[str]:
    """The whole debrief, as `outcome` begins it. What was kept back is described, not told."""
    yield from outcome(debrief, aftercare, help_resources)
    yield from scores(debrief)
    for lines in reply_by_reply(debrief):
        yield ""
        yield from lines
    yield ""
    yield from noted_lines.remarks(debrief.remarks)
    yield from kept_back(debrief)
    yield from notices(debrief)


def outcome(debrief: Debrief, aftercare: Aftercare | None, help_resources: str) -> Iterator[str]:
    """What is to be told first, with the `help_resources`, if anything is; then how the call ended and what came of it.

    `aftercare` is that of the same call.
    """
    yield "Debrief."
    if aftercare:
        yield from _safety_first(aftercare)
        yield from filter(None, map(one_line, help_resources.splitlines()))
    told = [one_line(paragraph) for paragraph in debrief.epilogue.split("\n\n") if paragraph.strip()]
    if len(told) > 1:
        yield wording.OUTCOMES[debrief.outcome]
        yield from told
    else:
        yield " ".join((wording.OUTCOMES[debrief.outcome], *told))
    if debrief.visit:
        yield debrief.visit
    if debrief.reviewed:
        yield debrief.reviewed


def scores(debrief: Debrief) -> Iterator[str]:
    """The score, the course of trust and distress, the dimensions, the needs, and what to work on."""
    yield f"{wording.score(debrief)} {noted_lines.before(debrief)}".rstrip()
    if debrief.self_rating is not None:
        yield f"You rated yourself {debrief.self_rating} of 4. {wording.gap(debrief)}".rstrip()
    yield from _courses(debrief)
    for dimension in debrief.dimensions:
        count = counted(dimension.count, "reply", "replies")
        yield f"{dimension.title}: {dimension.mean:.1f} of 2 over {count}. {dimension.means}"
    if wording.harm_done(debrief):
        yield wording.harm_done(debrief)
    for need in debrief.needs_met:
        yield f"Need met: {need}"
    for need in debrief.needs_unmet:
        yield f"Need not met: {need}"
    if debrief.next_time:
        yield f"Next time: {debrief.next_time}"


def _safety_first(aftercare: Aftercare) -> Iterator[str]:
    verdicts = "; ".join(words for _, words in aftercare.verdicts)
    at_stake = f"Somebody's safety was at stake: {verdicts}." if verdicts else ""
    yield " ".join(filter(None, ("Safety first.", at_stake, one_line(aftercare.left))))


def _courses(debrief: Debrief) -> Iterator[str]:
    """Trust and distress from the first line to the last, of everybody who spoke in turn."""
    for stretch in course_of(debrief):
        whose = f" of {stretch.name}" if stretch.name else ""
        trust, distress = (
            ", ".join(f"{value:g}" for value in values)
            for values in zip(*((step.trust, step.distress) for step in stretch.steps), strict=True)
        )
        yield f"Trust{whose}, from the first line to the last: {trust}."
        yield f"Distress{whose}: {distress}."


def reply_by_reply(debrief: Debrief) -> Iterator[list[str]]:
    """Each reply with its evidence, what was there to be met, and a better one. No sentence of it comes twice."""
    titles: dict[Scored, str] = {dimension.dimension: dimension.title for dimension in debrief.dimensions}
    told: set[str] = set()
    for reply in debrief.replies:
        yield list(_reply(reply, titles, told))


def kept_back(debrief: Debrief, *, tell: bool = False) -> Iterator[str]:
    """What the customer did not tell, and what would have opened it; in the customer's words if `tell`."""
    if not debrief.untold:
        return
    yield wording.kept_back(debrief)
    for untold in debrief.untold:
        yield f"Kept back: {one_line(untold.says) + ' ' if tell else ''}{untold.opens}"


def notices(debrief: Debrief) -> Iterator[str]:
    """What to know about how a language model acted and judged; nothing where none took part."""
    for notice in debrief.notices:
        yield f"To know: {one_line(notice)}"


def _reply(reply: ReplyResult, titles: dict[Scored, str], told: set[str]) -> Iterator[str]:
    yield from _heard(reply, titles, told)
    yield from noted_lines.noted(reply.noted)


def _heard(reply: ReplyResult, titles: dict[Scored, str], told: set[str]) -> Iterator[str]:
    again = f", try {reply.attempt} (the first one counts)" if reply.attempt > 1 else ""
    whom = f"{short_name(reply.speaker)}: " if reply.speaker else ""
    yield f"Reply {reply.turn}{again}, to {whom}{wording.last_words(reply.customer)}"
    gesture = f" (with a gesture: {one_line(reply.gesture)})" if reply.gesture else ""
    yield f"You said: {one_line(reply.reply) or 'nothing.'}{gesture}"
    sentence = judged_by(reply.judged, unsure=reply.assessment.unsure).sentence.rstrip(".") if reply.judged else ""
    by = noted_lines.overruled_verdict(reply) or f"{sentence[:1].lower()}{sentence[1:]}"
    yield from assessed(reply, titles, told, by)


def assessed(reply: ReplyResult, titles: Mapping[Scored, str], told: set[str], by: str = "") -> Iterator[str]:
    """The verdict on a reply, by whom if that is said, the words it rests on, what was there, and a better one.

    `told` are sentences that were told before; they are not told again, and what is told now is added.
    """
    assessment = reply.assessment
    verdict = wording.verdict(assessment) + (f" ({by})" if by else "")
    if assessment.flags.language:
        yield f"{verdict}."
        return
    meaning = "" if reply.overall_means in told else f" {reply.overall_means}"
    told.add(reply.overall_means)
    yield f"{verdict}.{meaning}"
    for mark in marks_of(reply, titles):
        yield _mark(mark)
    for each in reply.there:
        yield f"{wording.lacking(each, titles)}{each.text}"
    offered = (
        []
        if reply.there
        else [
            f"{label} {one_line(words).rstrip('.')}"
            for label, words in (
                ("felt:", reply.feeling),
                ("asked for:", reply.spoken),
                ("left unsaid:", reply.unspoken),
            )
            if words and words not in told
        ]
    )
    if offered:
        yield f"What was there: {'; '.join(offered)}."
        told.update((reply.spoken, reply.unspoken))
    if assessment.suggestion and not reply.met:
        yield f"Better: {one_line(assessment.suggestion.text)}"
        yield f"Because: {one_line(assessment.suggestion.why)}"


def _mark(mark: Mark) -> str:
    """The words that points rest on, and why."""
    quoted = wording.last_words(mark.quote) if mark.of == "customer" else quote(mark.quote, 200)
    return " ".join((f"{wording.WHOSE[mark.of]} {quoted}: {mark.earned}.", *mark.reasons))


def _move(before: float, after: float) -> str:
    change = after - before
    return f"{after:g}" + (f" ({change:+g})" if round(change, 3) else "")
