"""A role-play being played: keeps each reply before anything follows from it, and tells what happened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import msgspec

from roleplay.conversation.actor import Actor, Cue
from roleplay.conversation.again import rewound, why_not_again, without_last
from roleplay.conversation.beside import JudgingBeside
from roleplay.conversation.director import Director
from roleplay.conversation.endings import end_of_leaving
from roleplay.conversation.events import (
    ActorTrouble,
    CustomerSpeaks,
    CustomerSpoke,
    Event,
    ReplyKept,
    SceneBegan,
    SessionEnded,
    TriesAgain,
    VerdictArrived,
)
from roleplay.conversation.gestures import fitting_gesture, with_gesture
from roleplay.conversation.judging import Judge, Standing
from roleplay.conversation.said import history_of, whole_lines
from roleplay.conversation.saying import Saying
from roleplay.conversation.scenes import begins
from roleplay.conversation.score import score_of
from roleplay.conversation.state import CustomerState
from roleplay.conversation.store import TranscriptStore
from roleplay.conversation.trouble import InTrouble, Trouble
from roleplay.conversation.turns import (
    EndedBy,
    KeptEnding,
    KeptLine,
    KeptOpening,
    KeptReply,
    KeptVerdict,
    SelfRating,
    SessionRecord,
    StageDirection,
    Transcript,
)
from roleplay.conversation.verdicts import heard_in, moved_by, verdict_on
from roleplay.conversation.voiced import SCRIPTED, Voiced
from roleplay.errors import BadInput
from roleplay.persona.fields import Outcome
from roleplay.persona.message import Message
from roleplay.persona.scenes import scene_of
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.scorer import Scorer
from roleplay.text import REPLY_LIMIT, sanitise

Clock = Callable[[], str]
"""Gives the present time as ISO 8601 in UTC. It is noted beside rows and moves nothing."""


class Session:
    """One call. Make one with `begin` or `resume`, then `speak` the first line, then `reply` until it has ended.

    In between, `try_again` takes a reply back. All of them put events into `events()`, which a front end draws. An
    error of the store comes out of the method that met it; what was kept before it stays, and `unfinished` says whether
    `speak` has to be called again. Where the actor has `trouble`, that is an event and no error: the line waits to be
    spoken again, after `go_on_with` perhaps by another actor.

    With a `judge` each reply is judged beside the call, which waits for nothing of it; `fill_gaps` has judged what was
    not.
    """

    def __init__(
        self,
        transcript: Transcript,
        *,
        store: TranscriptStore,
        scorer: Scorer,
        actor: Actor,
        clock: Clock,
        judge: Judge | None = None,
    ) -> None:
        self._transcript = transcript
        self._store, self._scorer, self._clock = store, scorer, clock
        self._saying = Saying(actor)
        self._beside = JudgingBeside(judge, self._keep_verdict)
        self._advancing = asyncio.Lock()
        """Held while the state is taken and what follows from it is kept: a verdict moves it before, or not at all."""
        self._trouble: Trouble | None = None
        self._director = Director(transcript.session.script, transcript.session.seed)
        self._events: asyncio.Queue[Event | None] = asyncio.Queue()
        self._begun_at: tuple[int, int] | None = None  # branch and turn of the scene that was told last

    @classmethod
    async def begin(
        cls,
        record: SessionRecord,
        *,
        store: TranscriptStore,
        scorer: Scorer,
        actor: Actor,
        clock: Clock,
        judge: Judge | None = None,
    ) -> Session:
        """Begin a new session and keep its head. Raises `StoreError`."""
        state, direction = Director(record.script, record.seed).open()
        opening = KeptOpening(session=record.id, branch=0, state=state, direction=direction, at=clock())
        await asyncio.to_thread(store.begin, record, opening)
        transcript = Transcript(session=record, opening=opening, replies=(), lines=(), ending=None, self_rating=None)
        return cls(transcript, store=store, scorer=scorer, actor=actor, clock=clock, judge=judge)

    @classmethod
    def resume(
        cls,
        transcript: Transcript,
        *,
        store: TranscriptStore,
        scorer: Scorer,
        actor: Actor,
        clock: Clock,
        judge: Judge | None = None,
    ) -> Session:
        """Go on with an interrupted session, or with a branch of practice, exactly where it was."""
        return cls(transcript, store=store, scorer=scorer, actor=actor, clock=clock, judge=judge)

    @classmethod
    async def rewind(
        cls,
        transcript: Transcript,
        turn: int,
        *,
        store: TranscriptStore,
        scorer: Scorer,
        actor: Actor,
        clock: Clock,
        judge: Judge | None = None,
    ) -> Session:
        """Answer again from `turn` of a call that has ended, on a branch of practice.

        The line that opened the turn waits to be answered. The same reply gets the same scripted customer. Raises
        `BadInput` for a turn that was not replied to or a call that goes on, and `StoreError` if it was not kept.
        """
        shorter, opening = rewound(transcript, turn, clock())
        await asyncio.to_thread(store.begin_branch, opening)
        return cls(shorter, store=store, scorer=scorer, actor=actor, clock=clock, judge=judge)

    @property
    def transcript(self) -> Transcript:
        """What is kept of the call so far."""
        return self._transcript

    @property
    def state(self) -> CustomerState:
        """The customer's state now."""
        return self._transcript.state

    @property
    def direction(self) -> StageDirection:
        """The direction that the customer follows since the latest reply, spoken or still to be spoken."""
        return self._transcript.direction

    @property
    def ended(self) -> bool:
        """Whether the call is over."""
        return self._transcript.ending is not None

    @property
    def line_is_due(self) -> bool:
        """Whether it is the customer's turn: what the latest direction holds was not said to its end yet."""
        return not self.ended and bool(self._due())

    @property
    def unfinished(self) -> bool:
        """Whether the latest direction is not carried out to its end: a line, or the ending after it, is not kept."""
        return self.line_is_due or (self.direction.ending is not None and not self.ended)

    @property
    def trouble(self) -> Trouble | None:
        """Why the line that is due was not said to its end the last time; None while nothing is wrong."""
        return self._trouble

    @property
    def history(self) -> tuple[Message, ...]:
        """Everything said so far, in order; a broken-off line only where it was never said whole."""
        return history_of(self._transcript)

    async def events(self) -> AsyncIterator[Event]:
        """The events of this session as they happen, until it has ended. For one listener."""
        while (event := await self._events.get()) is not None:
            yield event

    async def speak(self) -> None:
        """Let the customer say what is due: the opening, or after a resume what was never finished.

        Where a scene begins, that is its opening too. After the last line the ending is kept. Raises `StoreError` when
        something could not be kept; the session is then `unfinished`. When the actor fails, what was said is kept as
        broken off: in trouble, `trouble` says so and the session is `unfinished`; at any other error that is raised.
        """
        with self._saying.waited_for():
            await self._speak()

    async def _speak(self) -> None:
        while self.line_is_due:
            await self._say(self._due()[0])
            if self._trouble:
                return
        direction = self.direction
        if direction.ending and not self.ended:
            await self._end("ending", direction.ending, direction.outcome or "mixed", direction.epilogue)
        if self._transcript.replies:
            # after the line, so that a server that does one thing at a time gives the customer the first word
            self._beside.begin(self._transcript.replies[-1], self._transcript)

    def stop(self) -> bool:
        """Stop the customer, at once: in the middle of a line, or before one that is to follow a reply being kept.

        It is trouble like any other. False: there is nothing to stop.
        """
        return self._saying.stop()

    async def aclose(self) -> None:
        """End what goes on beside the call: verdicts under way are not kept. For a call that is left or paused."""
        await self._beside.aclose()

    def go_on_with(self, actor: Actor, judge: Judge | None = None) -> None:
        """Let another actor speak from the next line on, and another judge judge; None: nobody judges any more."""
        self._saying.actor = actor
        self._beside.ask(judge)

    async def reply(self, text: str, gesture: str | None = None) -> None:
        """Take the trainee's reply, keep it with its assessment, and let the customer answer.

        `text` is sanitised here; empty is a silence. `gesture` is the id of a gesture given with it. Raises `BadInput`
        above the limit of 4,000 characters, when the call is over or the customer has not answered the last one, and
        `StoreError`: if the transcript has not grown by this reply, it was not kept and may be sent again; if it has,
        the session is `unfinished`.
        """
        if self.unfinished:
            await self.speak()
        if self._trouble:
            raise BadInput("The customer has not answered yet.", mend="Nothing was sent.")
        if self.ended:
            raise BadInput("This call has ended.", mend="Nothing was sent.")
        text = sanitise(text).strip()
        if len(text) > REPLY_LIMIT:
            raise BadInput(
                f"This reply has {len(text):,} characters; at most {REPLY_LIMIT:,} can be said at once.",
                mend="Shorten it; nothing was sent.",
            )
        with self._saying.waited_for():
            async with self._advancing:
                event = await self._keep_reply(text, gesture)
            self._tell(event)
            await self._speak()

    async def _keep_reply(self, text: str, gesture: str | None) -> ReplyKept:
        """Assess a reply, let the director decide what follows, and keep both."""
        record, before = self._transcript.session, self.state
        persona, speaker = self._director.view(before.scene), self._speaker
        heard = heard_in(persona, text, gesture)
        beat = persona.beat(before.moment)
        occasion = Occasion.at(persona, beat)
        assessment = await self._scorer.assess(occasion, self.history, text)
        given = fitting_gesture(persona, before, gesture)
        if given:
            assessment = with_gesture(assessment, given, occasion, record.script.rubric)
        after, direction = self._director.advance(
            before, heard, assessment, gesture=given.id if given else None, length=len(text)
        )
        kept = KeptReply(
            session=record.id,
            branch=self._transcript.branch,
            turn=before.turn + 1,
            text=text,
            gesture=gesture,
            moment=beat.id,
            assessment=assessment,
            state=after,
            direction=direction,
            at=self._clock(),
        )
        await asyncio.to_thread(self._store.keep_reply, kept)
        self._grow(replies=(*self._transcript.replies, kept))
        heard_by = after.as_left(speaker) if direction.scene else after
        return ReplyKept(kept.turn, text, assessment, before, heard_by, gesture, fitted=given is not None)

    async def leave(self) -> None:
        """End the call because the trainee leaves: a bad end, unless a need was met and nobody is in danger now.

        An ending that is decided already stands: it is carried out instead. Raises `StoreError`, also where the call
        has gone on in another window: then it has not ended.
        """
        direction = self.direction
        if direction.ending and not self._trouble:
            await self.speak()
        if self.ended:
            return
        if direction.ending:  # the last words could not be had
            await self._end("ending", direction.ending, direction.outcome or "mixed", direction.epilogue)
            return
        story, view = self._transcript.session.script.persona, self._director.view(self.state.scene)
        end = end_of_leaving(story, view, self.state)
        await self._end("left", end.id, end.outcome or "bad", end.epilogue)

    async def fill_gaps(self, tell: Callable[[int, int], object]) -> None:
        """The judge's final pass before a debrief, as `JudgingBeside.fill_gaps` does it. Raises `StoreError`."""
        await self._beside.fill_gaps(lambda: self._transcript, tell)

    async def rate(self, rating: int | None) -> None:
        """Keep the trainee's own rating of the call, 0-4, or that it was skipped. Raises `StoreError`."""
        kept = SelfRating(session=self._transcript.session.id, rating=rating, at=self._clock())
        await asyncio.to_thread(self._store.keep_self_rating, kept)
        self._grow(self_rating=kept)

    @property
    def can_try_again(self) -> bool:
        """Whether the last reply can be taken back now; `try_again` says why not."""
        return why_not_again(self._transcript, unfinished=self.unfinished) is None

    async def try_again(self) -> None:
        """Take the last reply back: the line before it waits to be answered again, on a branch of its own.

        What followed stays where it is; a turn counts by its first reply. The same reply gets the same customer. Raises
        `BadInput` where it is not possible: only a reply that missed something or did harm, in a call that goes on and
        is no exam. Raises `StoreError` if the branch was not kept; then nothing has changed.
        """
        why_not = why_not_again(self._transcript, unfinished=self.unfinished)
        if why_not:
            raise BadInput(why_not, mend="Nothing was taken back.")
        async with self._advancing:
            shorter, opening = without_last(self._transcript, self._clock())
            await asyncio.to_thread(self._store.begin_branch, opening)
            self._transcript = shorter
        answered, turn = shorter.lines[-1].text, shorter.earlier[-1].turn
        self._tell(TriesAgain(opening.branch, turn, answered, self._speaker, self.state))

    async def _end(self, by: EndedBy, ending: str, outcome: Outcome, epilogue: str) -> None:
        kept = KeptEnding(
            session=self._transcript.session.id,
            branch=self._transcript.branch,
            by=by,
            ending=ending,
            outcome=outcome,
            epilogue=epilogue,
            at=self._clock(),
        )
        async with self._advancing:
            ended = msgspec.structs.replace(self._transcript, ending=kept)
            replies = self._transcript.replies
            after = replies[-1].turn if replies else 0
            score = None if ended.practice else score_of(ended).score
            await asyncio.to_thread(self._store.keep_ending, kept, score, after)
            self._transcript = ended
        self._tell(SessionEnded(kept))
        self._events.put_nowait(None)

    async def _keep_line(self, text: str, attempt: int, voiced: Voiced, *, broken_off: bool = False) -> KeptLine:
        line = KeptLine(
            session=self._transcript.session.id,
            branch=self._transcript.branch,
            turn=self.direction.turn,
            attempt=attempt,
            text=text,
            at=self._clock(),
            broken_off=broken_off,
            voiced=voiced,
        )
        await asyncio.to_thread(self._store.keep_line, line)
        self._grow(lines=(*self._transcript.lines, line))
        return line

    @property
    def _speaker(self) -> str:
        """Who speaks in the present scene, as lines name it."""
        direction = self.direction
        return direction.scene.speaker if direction.scene else direction.speaker

    def _due(self) -> list[StageDirection]:
        """What is still to be said of the latest direction: its line, and the opening of the scene that begins."""
        direction = self.direction
        opening = self._director.opening_after(direction, self.state)
        said = len(whole_lines(self._transcript, direction.turn))
        return [direction, *([opening] if opening else [])][said:]

    async def _say(self, due: StageDirection) -> None:
        """Let the actor say `due`, and keep it. A scene of which a line was kept, be it broken off, is told already."""
        direction, state = self.direction, self.state
        opens = due is not direction
        here = (self._transcript.branch, due.turn)
        earlier = [line for line in self._transcript.lines if line.turn == due.turn]
        told = self._begun_at == here or (bool(earlier) and earlier[-1].broken_off)
        if state.scene and (opens or due.turn == 1) and not told:
            scene = scene_of(self._transcript.session.script.persona, state.scene)
            self._tell(SceneBegan(begins(scene), state))
            self._begun_at = here
        attempt = 1 + len(earlier)
        self._trouble = None
        before = self._transcript.state_before(self._transcript.replies[-1]) if self._transcript.replies else state
        cue = Cue(
            direction=due,
            transcript=self._transcript,
            scene=before.scene if direction.scene and not opens else state.scene,
        )
        pieces: list[str] = []

        def say(piece: str) -> None:
            pieces.append(piece)
            self._tell(CustomerSpeaks(due.turn, piece, due.speaker))

        try:
            voiced = await self._saying.say(cue, say)
        except InTrouble as error:
            half = "".join(pieces)
            if half or error.usage.requests:
                voiced = Voiced(voice="llm", model=self._saying.actor.name, usage=error.usage)
                await self._keep_line(half, attempt, voiced, broken_off=True)
            self._trouble = error.trouble
            self._tell(ActorTrouble(due.turn, error.trouble, half, due.speaker))
            return
        except Exception:
            await self._keep_line("".join(pieces), attempt, SCRIPTED, broken_off=True)
            raise
        line = await self._keep_line("".join(pieces), attempt, voiced)
        follows = direction.scene is not None and not opens
        self._tell(CustomerSpoke(line, ended=due.ending is not None, speaker=due.speaker, scene_follows=follows))

    async def _keep_verdict(self, reply: KeptReply, judge: Judge) -> Standing | None:
        """Have `reply` judged, and keep the verdict; None if there is none to keep. Raises `StoreError`."""
        verdict = await verdict_on(self._transcript, reply, judge, self._director)
        if verdict is None:
            return None
        async with self._advancing:
            transcript = self._transcript
            moved = moved_by(verdict, reply, transcript, self._director)
            before, after = moved or (None, None)
            kept = KeptVerdict(
                session=reply.session,
                branch=reply.branch,
                turn=reply.turn,
                attempt=1 + len(transcript.verdicts_on(reply)),
                verdict=verdict,
                state=after,
                at=self._clock(),
            )
            judged = msgspec.structs.replace(transcript, verdicts=(*transcript.verdicts, kept))
            score = score_of(judged).score if judged.ending and not judged.practice else None
            await asyncio.to_thread(self._store.keep_verdict, kept, score)
            self._grow(verdicts=judged.verdicts)
        if not self.ended:
            self._tell(VerdictArrived(kept, before, after))
        return verdict.standing

    def _grow(self, **changes: object) -> None:
        self._transcript = msgspec.structs.replace(self._transcript, **changes)

    def _tell(self, event: Event) -> None:
        self._events.put_nowait(event)
