"""A turn of two paths side by side: each reply with how it was heard, what it was answered, and how that was felt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from textual.content import Content

from roleplay.persona.names import short_name
from roleplay.practice.compare import Given, Side
from roleplay.practice.debrief import ReplyResult
from roleplay.practice.heard import sign_of
from roleplay.practice.judged import by
from roleplay.practice.marks import marks_of
from roleplay.practice.wording import verdict
from roleplay.scoring.assessment import Scored
from roleplay.tui import assessed
from roleplay.tui.beside import Beside
from roleplay.tui.hanging import Hanging, Item
from roleplay.tui.literal import literal, literal_line
from roleplay.tui.signs import STYLES
from roleplay.tui.widgets.folds import Fold

_MARK, _NO_MARK = "▌ ", "  "
_NOT_YET = "This path has not come here yet."
_ENDED = "This path had ended."


class ComparedTurn(Fold):
    """One turn on both `sides`; opened, with the words that each verdict rests on.

    `explain` gives the reply of a side in full: it is asked only when this is opened. `titles` are the names of the
    dimensions.
    """

    def __init__(
        self,
        turn: int,
        sides: tuple[Side, Side],
        customer: str,
        titles: Mapping[Scored, str],
        explain: Callable[[int, int], ReplyResult],
    ) -> None:
        super().__init__()
        self.turn = turn
        self._sides, self._customer, self._titles, self._explain = sides, customer, titles, explain
        self._given = tuple(next((each for each in side.given if each.turn == turn), None) for side in sides)
        self.draw()

    def heading(self) -> Content:
        """Which turn it is."""
        return Content.styled(f"Turn {self.turn}", "bold $text-muted")

    def inside(self) -> Hanging:
        """Nothing but the two columns."""
        return Hanging(())

    def draw(self) -> None:
        """Draw it as it is now."""
        mark = Content.styled(_MARK if self.has_focus else _NO_MARK, "$accent")
        left, right = (Hanging(self._told(place)) for place in range(2))
        titles = tuple(side_title(side) for side in self._sides)
        self.update(Beside(Hanging([Item(mark + self.heading(), cut=True)]), left, right, (titles[0], titles[1])))

    def has(self, place: int) -> bool:
        """Whether the side at that place has a reply to this turn."""
        return self._given[place] is not None

    def _told(self, place: int) -> Iterator[Item]:
        given, side = self._given[place], self._sides[place]
        if given is None:
            yield Item(Content.styled(_ENDED if side.end else _NOT_YET, "italic $text-muted"))
            yield assessed.BLANK
            return
        reply = self._explain(place, self.turn) if self.step else None
        marks = marks_of(reply, self._titles) if reply else ()
        words = assessed.marked(given.reply, marks) if marks else literal(given.reply)
        yield assessed.behind("You", words if given.reply.strip() else Content.styled("(silence)", "italic"))
        if given.gesture:
            yield assessed.behind("", literal_line(f"◇ {given.gesture}", "$text-accent"))
        yield self._heard(given, reply)
        if reply:
            yield from assessed.earned(marks)
            yield from assessed.there(reply, self._titles)
            yield assessed.BLANK
        for line in given.answers:
            yield assessed.behind(short_name(line.speaker) if line.speaker else self._customer, literal(line.text))
        yield assessed.behind("", literal_line(feelings(given), "$text-muted"))
        yield assessed.BLANK

    def _heard(self, given: Given, reply: ReplyResult | None) -> Item:
        if reply:
            return assessed.heard(given.assessment, reply.overall_means)
        word = f" ({by(given.judged, unsure=False).word})" if given.judged else ""
        style = STYLES.get(sign_of(given.assessment), "bold")
        words = Content.styled(verdict(given.assessment), style) + Content.styled(word, "$text-muted")
        return Item(words, assessed.signed(given.assessment))


def feelings(given: Given) -> str:
    """How a reply left whoever heard it."""
    return f"trust {given.felt.trust:g}, distress {given.felt.distress:g}"


def side_title(side: Side) -> Hanging:
    """What stands over a side that has no column of its own."""
    return Hanging([Item(Content.styled(side.title, "bold underline"))])
