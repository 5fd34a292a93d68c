"""How every front end begins, finds and goes on with the calls of one trainee.

Imports little by itself: a front end can show its first picture before what plays a call is loaded.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from roleplay.errors import BadInput, NotFound, StoreDamaged, StoreError, StoreForeign
from roleplay.practice.persona_files import Reader, Tell, Watch, stamps_of
from roleplay.text import sanitise

if TYPE_CHECKING:
    from roleplay.conversation.actor import Actor
    from roleplay.conversation.judging import Judge
    from roleplay.conversation.session import Clock, Session
    from roleplay.conversation.turns import Script, SessionRecord, Transcript
    from roleplay.llm.choosing import Choice
    from roleplay.llm.settings import EndpointSettings
    from roleplay.persona.model import Persona
    from roleplay.persona.visits import Earlier
    from roleplay.practice.casting import Casting
    from roleplay.practice.gallery import Card, Gallery
    from roleplay.practice.meter import Meter
    from roleplay.practice.shelf import Shelf, Stamps
    from roleplay.scoring.offline.scorer import OfflineScorer
    from roleplay.scoring.scorer import Scorer
    from roleplay.store.listing import SessionSummary
    from roleplay.store.transcripts import Transcripts, Try


class _Parts(TypedDict):
    """Who takes part in a session, and what keeps it."""

    store: Transcripts
    scorer: Scorer
    actor: Actor
    clock: Clock
    judge: Judge | None


_MOST_TRIED = 3
"""How many calls the gallery lists that were being answered again."""

_WORDS = "That sounds hard, and I am with you. Are you safe where you are?"


class Calls:
    """The calls of one trainee in one workspace, over its folder of `personas` and its `store`.

    On the `shelf`, if there is one, the cards of the gallery are remembered between starts. `choose` says whether a
    language model takes part; without it the customer is scripted.

    Everything that is not async may block, and may be called from any thread. Whatever reads or writes transcripts
    raises `StoreError`.
    """

    def __init__(
        self,
        personas: Path,
        store: Transcripts,
        trainee: str,
        clock: Clock,
        shelf: Shelf | None = None,
        choose: Callable[[], Choice] | None = None,
    ) -> None:
        self.trainee = trainee
        self._personas, self._store, self._clock, self._shelf = personas, store, clock, shelf
        self._reader = Reader()
        self._watch: Watch | None = None
        self._read: tuple[Stamps, tuple[Card, ...]] = ((), ())
        self._comes_back: dict[str, Persona] = {}
        self._choose = choose
        self._choice: Choice | None = None
        self._casting: Casting | None = None
        self._cast_for: dict[str, Casting] = {}

    @property
    def store(self) -> Transcripts:
        """Where the calls are kept."""
        return self._store

    @property
    def clock(self) -> Clock:
        """Tells the present time."""
        return self._clock

    @property
    def personas(self) -> Path:
        """The workspace's folder of personas, which need not exist."""
        return self._personas

    @property
    def reader(self) -> Reader:
        """What reads persona files, each once as long as it stays as it is."""
        return self._reader

    def remembered_beside(self, name: str) -> Path | None:
        """The file of that name beside where cards are remembered between starts; None if they are not."""
        return self._shelf.folder / name if self._shelf else None

    def close(self) -> None:
        """Close the transcripts, and watch no files any more."""
        if self._watch:
            self._watch.close()
        self._store.close()

    def when_waiting(self, tell: Callable[[], object]) -> None:
        """Have `tell` called, in the thread that writes, when another program has kept it waiting for half a second."""
        self._store.waiting = tell

    def places(self) -> dict[str, str]:
        """Where everything lies, by what it is, for a person."""
        return {"Your personas": sanitise(str(self._personas)), "Your calls": sanitise(str(self._store.path))}

    def help_resources(self) -> str:
        """What to show after a call about danger or suicide: the workspace's own text, or a neutral one."""
        from roleplay.practice.help_resources import help_resources

        return help_resources(self._personas.parent)

    def remembered_gallery(self) -> Gallery | None:
        """What `gallery` said at an earlier start, if no file was changed since; it comes at once. Else None."""
        from roleplay.persona.folders import persona_folders

        cards = self._shelf.take(stamps_of(persona_folders(self._personas))) if self._shelf else None
        return None if cards is None else self._gallery(cards)

    def gallery(self) -> Gallery:
        """All personas, broken files among them, and the calls that wait to be gone on with.

        Files are read again only if one of them was changed, added or taken away meanwhile.
        """
        from roleplay.persona.folders import persona_folders

        folders = persona_folders(self._personas)
        stamps = stamps_of(folders)
        if stamps != self._read[0]:
            from roleplay.persona.library import list_personas
            from roleplay.practice.cards import card_of

            readings = list_personas(folders, self._reader)
            self._read = stamps, tuple(map(card_of, readings))
            self._comes_back = {
                each.persona.id: each.persona for each in readings if each.persona and each.persona.visits
            }
            if self._shelf:
                self._shelf.put(*self._read)
        gallery = self._gallery(self._read[1])
        return replace(gallery, cards=tuple(map(self._with_visit, gallery.cards)))

    def watch_personas(self, tell: Tell) -> Watch:
        """Watch the files of `gallery`: `tell` is called, in a thread, when some have changed. For one watcher."""
        from roleplay.persona.folders import persona_folders

        self._watch = Watch(persona_folders(self._personas), tell)
        return self._watch

    def _with_visit(self, card: Card) -> Card:
        """`card` with the visit that comes next, if there were others before it and they can be read now."""
        persona = self._comes_back.get(card.id) if card.calls and not card.problem else None
        if persona is None:
            return card
        from roleplay.practice.visits import heading_of

        try:
            return replace(card, visit=heading_of(self.upcoming(persona).visiting))
        except StoreError:
            return card  # beginning the call says what is wrong; the other cards need not wait for that

    def upcoming(self, persona: Persona, *, short: bool = False) -> Script:
        """The script of the call that comes next with `persona`, as it was loaded: of a story in visits the one due.

        `short`: of a five-minute call.

        Of a queue nobody knows before the call who comes: it is drawn by the seed.
        """
        from roleplay.conversation.scripts import script_for

        return script_for(persona, earlier=self._earlier(persona), short=short)

    def _earlier(self, persona: Persona) -> list[Earlier]:
        """The visits that the trainee has made of a story, oldest first, as far back as one round of it can go.

        A call that was damaged, or that another version saved, is not remembered.
        """
        from roleplay.conversation.earlier import earlier_of

        visits = []
        for session_id in (
            self._store.ended(self.trainee, persona.id, len(persona.visits) + 1) if persona.visits else ()
        ):
            with suppress(StoreDamaged, StoreForeign):
                visits.append(earlier_of(self.load(session_id)))
        return visits[::-1]

    def _gallery(self, cards: Iterable[Card]) -> Gallery:
        from roleplay.practice.gallery import gallery_of

        store, trainee = self._store, self.trainee
        return gallery_of(cards, store.results(trainee), self.interrupted(), store.tried(trainee, _MOST_TRIED))

    def persona(self, name_or_path: str) -> Persona:
        """The persona of that id or in that file. Raises `NotFound`, `PersonaError`."""
        from roleplay.persona.loading import refuse

        reading = self._reader(self.file(name_or_path))
        if reading.persona is None:
            raise refuse(reading)
        return reading.persona

    def file(self, name_or_path: str) -> Path:
        """The file of the persona of that id, or that path. Raises `NotFound`."""
        from roleplay.persona.library import find, persona_folders

        return find(name_or_path, persona_folders(self._personas))

    def interrupted(self) -> Sequence[SessionSummary]:
        """The trainee's calls that have not ended, newest first."""
        return self._store.interrupted(self.trainee)

    def interrupted_with(self, name_or_path: str, *, short: bool = False) -> Sequence[SessionSummary]:
        """Those with the persona of that id or in that file, be the file broken or gone; newest first.

        Both whole calls and five-minute ones; `short`: only these.
        """
        from roleplay.persona.names import SHORT

        waiting = self.interrupted()
        ident = self._id_of(name_or_path) if waiting else ""
        wanted = {ident + SHORT} if short else {ident, ident + SHORT}
        return [each for each in waiting if each.persona in wanted]

    def load(self, session_id: str, branch: int | None = None) -> Transcript:
        """A transcript, along `branch` or the one that counts. Raises `NotFound`, `BadInput`, `StoreError`."""
        return self._store.load(session_id, branch)

    def tries(self, session_id: str) -> Sequence[Try]:
        """The tries in which a call that has ended was answered again, oldest first; nothing on them counts."""
        return [each for each in self._store.tries(session_id) if each.practice]

    def keep_draft(self, session_id: str, text: str, branch: int = 0) -> None:
        """Keep what is typed and not sent in a call, or on a `branch` of practice.

        Wait for it before a reply is sent: one kept later would stay.
        """
        self._store.keep_draft(session_id, text, branch)

    def draft(self, session_id: str, branch: int = 0) -> str:
        """What was typed and not sent in a call, or on a `branch` of practice; empty if nothing was."""
        return self._store.draft(session_id, branch)

    def choice(self) -> Choice | None:
        """Whether a language model takes part in new calls, which one, and what is offered; asked for once.

        None: this is not to be chosen here, the customer is scripted. Raises `BadInput` for settings that cannot be.
        """
        if self._choice is None and self._choose is not None:
            self._choice = self._choose()
        return self._choice

    def choose_again(self) -> None:
        """Forget the choice: something was accepted or declined, or set. Calls that were begun stay as they are."""
        self._choice = self._casting = None

    async def warm_up(self) -> None:
        """Load what talks to the language model, if one takes part. Sends nothing. Raises `BadInput` as `choice`."""
        await (await self._cast()).warm()

    async def begin(self, persona: Persona, *, exam: bool, seed: str, short: bool = False) -> Session:
        """Begin a call with `persona`, as it was loaded; `short`: a five-minute one.

        Raises `PersonaError` if it cannot be played, `StoreError`, `BadInput` for settings that cannot be.
        """
        casting = await self._cast()
        actor = casting.actor()
        record = await asyncio.to_thread(self._new_record, persona, exam=exam, seed=seed, actor=actor.name, short=short)
        scorer = await asyncio.to_thread(ready_scorer, record.script, self._personas.parent)
        from roleplay.conversation.session import Session

        session = await Session.begin(
            record,
            store=self._store,
            scorer=scorer,
            actor=actor,
            clock=self._clock,
            judge=casting.judge(record.script.rubric),
        )
        await asyncio.to_thread(_prepare, actor, session.transcript)
        self._cast_for[record.id] = casting
        return session

    async def resume(self, session_id: str, branch: int | None = None) -> Session:
        """Go on with a call exactly where it was, with a language model only if it was begun with one.

        `branch`: one of practice, on which a call that has ended was being answered again. Raises `NotFound`,
        `StoreError`, `BadInput` if it has ended or for settings that cannot be.
        """
        transcript = await asyncio.to_thread(self.load, session_id, branch)
        if transcript.ending or (branch is not None and not transcript.practice):
            raise BadInput("This call has ended, perhaps in another window.", mend="Begin a new one.")
        from roleplay.conversation.session import Session

        return Session.resume(transcript, **await self._as_begun(transcript))

    async def rewind(self, session_id: str, turn: int, branch: int | None = None) -> Session:
        """Answer again from `turn` of a call that has ended, or of a `branch` of practice of it: as practice.

        A try that was begun just there, and in which nothing was said yet, is gone on with. Raises
        `NotFound`, `StoreError`, `BadInput` for a turn that was not replied to, a call that goes on or settings that
        cannot be.
        """
        transcript = await asyncio.to_thread(self.load, session_id, branch)
        begun = await asyncio.to_thread(self._begun_at, transcript, turn)
        if begun is not None:
            return await self.resume(transcript.session.id, begun)
        from roleplay.conversation.session import Session

        return await Session.rewind(transcript, turn, **await self._as_begun(transcript))

    def _begun_at(self, transcript: Transcript, turn: int) -> int | None:
        """The number of a try that leaves `transcript` at `turn` and has nothing of its own; None: there is none."""
        for each in self.tries(transcript.session.id):
            if (each.parent, each.shared, each.own, each.outcome) == (transcript.branch, turn - 1, 0, None):
                return each.branch
        return None

    async def _as_begun(self, transcript: Transcript) -> _Parts:
        """What a call is gone on with: a language model takes part only if it was begun with one."""
        casting = _scripted() if _is_scripted(transcript) else await self._cast()
        self._cast_for[transcript.session.id] = casting
        actor = casting.actor()
        await asyncio.to_thread(_prepare, actor, transcript)
        return {
            "store": self._store,
            "scorer": await asyncio.to_thread(ready_scorer, transcript.session.script, self._personas.parent),
            "actor": actor,
            "clock": self._clock,
            "judge": casting.judge(transcript.session.script.rubric),
        }

    def go_on_scripted(self, session: Session) -> None:
        """Let the customer of `session` be scripted, and nobody judge, from the next line on: nothing is sent then."""
        session.go_on_with(_scripted().actor())

    def lift_limit(self, session: Session) -> None:
        """Let `session`, and other calls with the same language model, take twice the tokens that were the limit."""
        record = session.transcript.session
        casting = self._cast_for[record.id]
        casting.lift_limit()
        session.go_on_with(casting.actor(), casting.judge(record.script.rubric))

    def settings(self, transcript: Transcript) -> EndpointSettings | None:
        """The language model that takes part in a call that was begun or gone on with; None: none does."""
        casting = self._cast_for.get(transcript.session.id)
        return casting.settings if casting else None

    def meter(self, transcript: Transcript) -> Meter | None:
        """What a call has taken of the language model; None if none takes part."""
        settings = self.settings(transcript)
        if settings is None:
            return None
        from roleplay.practice.meter import meter_of

        return meter_of(transcript.usage, settings)

    async def aclose(self) -> None:
        """Close the connections to language models, if there are any."""
        for casting in {id(each): each for each in (self._casting, *self._cast_for.values()) if each}.values():
            await casting.aclose()

    async def _cast(self) -> Casting:
        if self._casting is None:
            from roleplay.practice.casting import Casting

            choice = await asyncio.to_thread(self.choice)
            self._casting = Casting(choice.settings if choice else None)
        return self._casting

    def _new_record(self, persona: Persona, *, exam: bool, seed: str, actor: str, short: bool) -> SessionRecord:
        from roleplay.conversation.scripts import script_for
        from roleplay.conversation.turns import SessionRecord

        return SessionRecord(
            id=secrets.token_hex(8),
            script=script_for(persona, seed=seed, earlier=self._earlier(persona), short=short),
            seed=seed,
            exam=exam,
            actor=actor,
            trainee=self.trainee,
            started=self._clock(),
        )

    def _id_of(self, name_or_path: str) -> str:
        with suppress(NotFound):
            reading = self._reader(self.file(name_or_path))
            if reading.persona:
                return reading.persona.id
        return Path(name_or_path).stem


def warm() -> None:
    """Load what plays and scores a call, so that the first one begins at once. For a thread of its own."""
    for module in ("scripts", "session"):
        import_module(f"roleplay.conversation.{module}")
    from roleplay.scoring.occasion import Occasion
    from roleplay.scoring.offline.scorer import OfflineScorer
    from roleplay.scoring.rubric import default_rubric

    OfflineScorer(default_rubric()).judge(Occasion(), (), _WORDS)


def now() -> str:
    """The present time: ISO 8601 in UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def new_seed() -> str:
    """A seed for a call that is to be like no other."""
    return str(secrets.randbelow(10**9))


def _is_scripted(transcript: Transcript) -> bool:
    """Whether no language model takes part in that call."""
    from roleplay.actors.scripted import ScriptedActor

    return transcript.session.actor == ScriptedActor.name


def _scripted() -> Casting:
    from roleplay.practice.casting import Casting

    return Casting(None)


def _prepare(actor: Actor, transcript: Transcript) -> None:
    from roleplay.conversation.actor import Cue

    opening = transcript.opening
    actor.prepare(Cue(direction=opening.direction, transcript=transcript, scene=opening.state.scene))


def ready_scorer(script: Script, workspace: Path) -> OfflineScorer:
    """The scorer by `script`, with what it and the listening take from the persona worked out before the first reply.

    It is that of the folder `workspace`, where one was fitted to the coaches there.
    """
    from roleplay.conversation.listen import listen
    from roleplay.persona.scenes import in_scene
    from roleplay.scoring.occasion import Occasion
    from roleplay.scoring.offline.scorer import OfflineScorer
    from roleplay.scoring.offline.tuned import heads_or_shipped

    heads, _ = heads_or_shipped(workspace)
    scorer, story = OfflineScorer(script.rubric, heads), script.persona
    for scene in [scene.id for scene in story.scenes] or [""]:
        persona = in_scene(story, scene)
        listen(persona, _WORDS)
        scorer.judge(Occasion.at(persona, persona.moments[0]), (), _WORDS)
    return scorer
