"""What coached mode shows during a call: the customer's state and how the last reply was heard, by whom."""

from __future__ import annotations

from dataclasses import replace

from roleplay.conversation.events import ReplyKept, SceneBegan, TriesAgain, VerdictArrived
from roleplay.conversation.session import Session
from roleplay.practice.heard import answered_by, heard_last, heard_of
from roleplay.practice.hints import hint
from roleplay.practice.tries import ANSWERED_AGAIN
from roleplay.tui.retelling import reading
from roleplay.tui.widgets.state_panel import Level, Reading, StatePanel, StateStrip


class Coaching:
    """Follows `session` and shows it in the `panel` and the `strip`; in an exam (not `on`) shows nothing."""

    def __init__(self, session: Session, *, on: bool) -> None:
        self._session, self.on = session, on
        self.panel, self.strip = StatePanel(), StateStrip()
        self.reading = reading(session.transcript, session.state)

    def show(self, shown: Reading | None = None) -> None:
        """Show another reading, or the same again."""
        self.reading = shown or self.reading
        if self.on:
            self.panel.show(self.reading)
            self.strip.show(self.reading)

    def resume(self) -> None:
        """Show where a call was cut short."""
        transcript = self._session.transcript
        last = transcript.replies[-1] if transcript.replies else None
        verdict = transcript.verdict_on(last) if last else None
        judged = verdict.standing if verdict else ""
        self.show(replace(self.reading, heard=heard_last(transcript), judged=judged))

    def scene_began(self, event: SceneBegan) -> None:
        """Show somebody else's state."""
        shown = reading(self._session.transcript, event.state)
        self.show(replace(shown, heard=self.reading.heard, judged=self.reading.judged))

    def reply_kept(self, event: ReplyKept) -> None:
        """Show how a reply was heard, and what it moved."""
        transcript = self._session.transcript
        heard = heard_of(event, transcript.session.script.rubric, answered_by(transcript, event.turn))
        self.show(self.reading.moved(event.after.trust, event.after.distress, heard))

    def judged(self, event: VerdictArrived) -> None:
        """Show the judge's verdict in place of the offline one, if it is on the reply that is shown."""
        transcript, kept = self._session.transcript, event.verdict
        last = transcript.replies[-1] if transcript.replies else None
        if last is None or last.place != kept.place:
            return
        shown = replace(self.reading, heard=heard_last(transcript), judged=kept.verdict.standing)
        before, after = event.before, event.after
        if before and after:
            shown = replace(
                shown,
                trust=Level(after.trust, after.trust - before.trust),
                distress=Level(after.distress, after.distress - before.distress),
            )
        self.show(shown)

    def tries_again(self, event: TriesAgain) -> None:
        """Show the state before the reply that was taken back."""
        shown = reading(self._session.transcript, event.state)
        self.show(replace(shown, note=ANSWERED_AGAIN))

    def answers_again(self) -> None:
        """Show the state in which a call that has ended is answered again."""
        self.show(replace(self.reading, note=ANSWERED_AGAIN))

    def hint(self) -> None:
        """Show a hint, or more of it."""
        self.show(self.reading.hinted(hint(self._session)))
