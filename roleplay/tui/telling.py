"""What a debrief tells, part by part, as text: the end, the score, the dimensions, the needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content

from roleplay.conversation.turns import Transcript
from roleplay.practice import wording
from roleplay.practice.aftercare import Aftercare
from roleplay.practice.course import Stretch, in_words
from roleplay.practice.debrief import Debrief, DimensionResult
from roleplay.text import counted
from roleplay.tui.hanging import Hanging, Item, paragraphs
from roleplay.tui.literal import literal, literal_line
from roleplay.tui.noted import STRUCK
from roleplay.tui.signs import bar

_HANDLED = {
    "dealt with": ("✓", "$text-success"),
    "passed over": ("✗", "$text-error"),
    "made worse": ("✗", "$text-error"),
    "not scored": ("?", "$text-warning"),
}
_BAR = 20
_NOTHING_SAID = "You hung up before you had said anything."


def safety(aftercare: Aftercare) -> Hanging:
    """How the moments were dealt with at which somebody's safety was at stake."""
    items = [
        Item(literal_line(f"{words[:1].upper()}{words[1:]}."), Content.styled(sign, f"bold {style}"))
        for handled, words in aftercare.verdicts
        for sign, style in (_HANDLED[handled],)
    ]
    if aftercare.left:
        items.append(Item(literal_line(aftercare.left), Content.styled("✗", "bold $text-error")))
    return Hanging(items)


def outcome(debrief: Debrief) -> Content:
    """How the call ended, in a sentence."""
    said = wording.OUTCOMES[debrief.outcome]
    return literal_line(f"{_NOTHING_SAID} {said}" if not debrief.replies else said, "bold")


def score(debrief: Debrief) -> Hanging:
    """The score beside the trainee's own rating, on the same scale, and the gap in words."""
    items = []
    if debrief.score is None:
        items.append(Item(Content.styled(wording.score(debrief), "bold")))
    else:
        scale = bar(debrief.score / 100, "$primary", _BAR)
        heard = Content.styled(f"{debrief.score:.0f} of 100", "bold")
        if debrief.scored is not None:
            heard += Content.assemble(", was ", (f"{debrief.scored:.0f}", STRUCK), " by the scorer alone")
        items.append(_scaled("Heard", scale, heard))
    rating = debrief.self_rating
    if rating is not None:
        words = Content.styled(f"{rating} of 4", "bold") + literal(f"  {wording.RATINGS[rating]}", "$text-muted")
        items.append(_scaled("Your rating", bar(rating / 4, "$secondary", _BAR), words))
    told = Hanging(items)
    failed = literal_line(f"✗ This call counts as failed. {debrief.failed_because}", "bold $text-error")
    return paragraphs(told, literal_line(wording.gap(debrief)), failed if debrief.failed else Content(""))


def course(stretches: tuple[Stretch, ...]) -> Hanging:
    """The course of trust and distress in words."""
    return Hanging(Item(literal_line(sentence)) for sentence in in_words(stretches))


def dimensions(debrief: Debrief) -> Hanging:
    """Each dimension with its mean, and what that means; and the harm that was done."""
    hurt = wording.harm_done(debrief)
    told = levels(debrief.dimensions)
    if not debrief.dimensions or not hurt:
        return told
    sign = "✗" if debrief.harmful else "?"
    return told + Hanging([Item(Content.styled(f"{sign} {hurt}", "bold $text-error"))])


def levels(results: Sequence[DimensionResult]) -> Hanging:
    """Each dimension with its mean, and what that means."""
    if not results:
        return Hanging([Item(Content.styled("Nothing could be scored.", "$text-muted"))])
    return Hanging(_levels(results))


def _levels(results: Sequence[DimensionResult]) -> Iterator[Item]:
    for dimension in results:
        over = counted(dimension.count, "reply", "replies")
        yield Item(
            Content.assemble(
                bar(dimension.mean / 2, "$primary", _BAR // 2),
                (f"  {dimension.mean:.1f} of 2", "bold"),
                (f"  over {over}", "$text-muted"),
            ),
            literal_line(dimension.title, "bold"),
        )
        yield Item(literal_line(dimension.means, "$text-muted"), Content(" "))


def needs(debrief: Debrief) -> Hanging:
    """What the customer needed, and whether it was met."""
    items = [Item(literal_line(need), Content.styled("✓ met", "bold $text-success")) for need in debrief.needs_met]
    items += [Item(literal_line(need), Content.styled("✗ not met", "bold $text-error")) for need in debrief.needs_unmet]
    return Hanging(items)


def next_time(debrief: Debrief) -> Content:
    """The one thing to work on."""
    if not debrief.next_time:
        return Content("")
    return Content.styled("Next time: ", "bold $text-accent") + literal(debrief.next_time)


def model(transcript: Transcript, debrief: Debrief) -> Hanging | None:
    """What to know about the language model that played or judged; None where none took part."""
    models = dict.fromkeys(line.voiced.model for line in transcript.lines if line.voiced.model)
    judges = dict.fromkeys(each.verdict.model for each in transcript.verdicts if each.verdict.model)
    if not models and not judges and not debrief.notices:
        return None
    items = []
    if models:
        items.append(Item(literal_line(", ".join(models)), Content.styled("Customer", "$text-muted")))
    if judges:
        counts = (reply.judged == "verified" for reply in debrief.replies)
        of = f"{sum(counts)} of {counted(len(debrief.replies), 'reply', 'replies')} judged"
        items.append(Item(literal_line(f"{', '.join(judges)}: {of}"), Content.styled("Judge", "$text-muted")))
    notices = Hanging(
        Item(literal_line(each, "$text-muted"), Content.styled("·", "$text-muted")) for each in debrief.notices
    )
    return paragraphs(Hanging(items), notices)


def _scaled(label: str, scale: Content, words: Content) -> Item:
    return Item(scale + Content("  ") + words, literal_line(label, "$text-muted"))
