"""The director: turns state, what was heard and its assessment into the next state and a stage direction.

Deterministic: every choice comes from a generator made from the seed, the turn and a purpose. The order within one
reply: move the state → open at most one disclosure → end of the scene → next scene → ending → next moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from random import Random

import msgspec

from roleplay.conversation.disclosing import Opening, choose_disclosure
from roleplay.conversation.effects import WELCOME_SILENCE, Effect, effect_of, moved
from roleplay.conversation.endings import end_of_queue, needs_in, outcome_of_winding_down, winding_down
from roleplay.conversation.lines import Chance, Chooser, LinePicker
from roleplay.conversation.listen import Heard
from roleplay.conversation.mood import mood_of
from roleplay.conversation.needs import needs_met_by
from roleplay.conversation.scenes import begins, entered
from roleplay.conversation.state import CustomerState, SceneEnd
from roleplay.conversation.turns import LinePart, PartKind, Script, StageDirection
from roleplay.persona.condition import parse_condition
from roleplay.persona.lines import Disclosure, Ending, Lines, Moment
from roleplay.persona.model import Persona, Scene
from roleplay.persona.scenes import in_scene, scene_after, scene_of, speaker_of
from roleplay.persona.short import SHORT_ENDS_AT
from roleplay.persona.visits import Visiting
from roleplay.scoring.assessment import Assessment

MOST_NUDGES = 5
"""How often the customer keeps a call going with a nudge once no moment is left to play."""

SHORT_NUDGES_UNTIL = 5
"""Replies up to which a five-minute call is kept going with nudges."""

MUCH_LATER = 100
"""Replies after which every ending has come that only waits for a call to go on for long."""

BREAKS_IN_AFTER = 350
"""Characters after which an impatient or very distressed customer breaks in."""

STANDS_STILL = frozenset({"silence", "greeting", "insult", "nonsense", "foreign", "machine"})
"""Kinds of talk after which the call does not move on to another moment, but for a silence that is right."""


class Director:
    """Directs one customer by the script of a session.

    `chance` makes what chooses among lines from the seed, the turn and a purpose, joined by colons.
    """

    def __init__(self, script: Script, seed: str, chance: Chance = Random) -> None:
        self._script = script
        self._seed, self._chance = seed, chance
        persona = script.persona
        self._views = {"": persona, **{scene.id: in_scene(persona, scene.id) for scene in persona.scenes}}

    def view(self, scene: str) -> Persona:
        """The persona as it is met in that scene; the whole of it for the empty id."""
        return self._views[scene]

    def open(self) -> tuple[CustomerState, StageDirection]:
        """The state before the first reply, and the direction for the opening."""
        scene = next(iter(self._script.persona.scenes), None)
        persona = self._views[scene.id if scene else ""]
        first, temper = persona.moments[0], persona.customer.temperament
        visiting = self._script.visiting or Visiting()
        trust, distress = visiting.begins(temper)
        picker = LinePicker((), CustomerState(trust=0, distress=0, patience=0, moment="").situation, Random)
        state = CustomerState(
            trust=trust,
            distress=distress,
            patience=temper.patience,
            moment=first.id,
            said=(first.id,),
            scene=scene.id if scene else "",
            visit=visiting.number,
            told_before=visiting.told,
            ended_before=visiting.ended,
        )
        parts = (LinePart("opening", picker.say(first.says)),)
        state = msgspec.structs.replace(state, lines_used=picker.used)
        speaker = speaker_of(scene) if scene else ""
        return state, StageDirection(turn=1, mood=mood_of(state), parts=parts, moment=first.id, speaker=speaker)

    def opening_after(self, direction: StageDirection, state: CustomerState) -> StageDirection | None:
        """The direction for the opening of the scene that begins after `direction`, if one does, in `state`."""
        scene = direction.scene
        if scene is None:
            return None
        return StageDirection(
            turn=direction.turn,
            mood=mood_of(state),
            parts=(LinePart("opening", scene.opening),),
            moment=direction.moment,
            speaker=scene.speaker,
        )

    def advance(
        self, state: CustomerState, heard: Heard, assessment: Assessment, *, gesture: str | None, length: int
    ) -> tuple[CustomerState, StageDirection]:
        """The state after a reply, and what the customer is to say to it.

        `gesture` is the id of a gesture that fitted, or None; `length` the characters of the reply.
        """
        chance = partial(self._chance_at, state.turn + 1)
        return _Step(self._script, self._views, chance, state, heard, assessment, gesture, length).run()

    def _chance_at(self, turn: int, purpose: str) -> Chooser:
        return self._chance(f"{self._seed}:{turn}:{purpose}")

    def moved_again(
        self, before: CustomerState, after: CustomerState, heard: Heard, assessment: Assessment
    ) -> CustomerState:
        """`after`, the state that followed from `before`, with trust, distress, patience and needs by `assessment`.

        What was disclosed, said and decided stands, and patience does not fall below 1, so that nothing ends by it.
        """
        persona = self._views[before.scene]
        note = persona.beat(before.moment).note
        felt = _felt_after(before, effect_of(agreed(heard, assessment).kind, assessment, note), persona, assessment)
        return msgspec.structs.replace(
            after,
            trust=felt.trust,
            distress=felt.distress,
            patience=max(felt.patience, min(1.0, after.patience)),
            met=felt.met,
            met_in_a_row=felt.met_in_a_row,
        )


class _Step:
    """One turn in the making."""

    def __init__(
        self,
        script: Script,
        views: Mapping[str, Persona],
        chance: Chance,
        before: CustomerState,
        heard: Heard,
        assessment: Assessment,
        gesture: str | None,
        length: int,
    ) -> None:
        self.story, self.views, self.in_queue, self.short = script.persona, views, bool(script.queue), script.short
        self.persona = views[before.scene]
        self.scene = scene_of(self.story, before.scene) if before.scene else None
        self.speaker = speaker_of(self.scene) if self.scene else ""
        shared = (self.story.reactions,) if self.in_queue else ()
        self.reactions = (self.persona.reactions, *shared, script.general)
        heard = agreed(heard, assessment)
        self.before, self.heard, self.assessment = before, heard, assessment
        self.gesture, self.length = gesture, length
        self.beat = self.persona.beat(before.moment)
        self.effect = effect_of(heard.kind, assessment, self.beat.note)
        self.stands_still = heard.kind in STANDS_STILL and self.effect is not WELCOME_SILENCE
        self.state = self._moved()
        self.picker = LinePicker(before.lines_used, self.state.situation, chance)
        self.heard_here = before.heard_here
        self.parts: list[LinePart] = []
        self.answered: list[str] = []

    def run(self) -> tuple[CustomerState, StageDirection]:
        opening = choose_disclosure(self.persona, self.state, self.heard, self.assessment)
        self.state = msgspec.structs.replace(
            self.state,
            disclosed=(*self.state.disclosed, opening.opens.id) if opening.opens else self.state.disclosed,
            opened_at=self.state.turn if opening.opens else self.state.opened_at,
            pulled_back=self.state.pulled_back or opening.pulls_back,
            waiting=opening.waiting,
        )
        self._answer(opening)
        self._react()
        ending = self._ending(self.scene.endings, opening) if self.scene else None
        if ending:
            return self._conclude(ending, opening, of_scene=True)
        scene = None if opening.opens else self._next_scene()
        if scene:
            return self._begin(scene)
        ending = self._ending(self.persona.endings, opening)
        if ending:
            return self._conclude(ending, opening, of_scene=False)
        return self._wind_down(opening) if self.heard.kind == "goodbye" else self._go_on(opening)

    def _moved(self) -> CustomerState:
        before = self.before
        return msgspec.structs.replace(
            _felt_after(before, self.effect, self.persona, self.assessment),
            turn=before.turn + 1,
            gestures=(*before.gestures, self.gesture) if self.gesture else before.gestures,
        )

    def _add(self, kind: PartKind, line: str | None) -> bool:
        if line:
            self.parts.append(LinePart(kind, line))
        return bool(line)

    def _answer(self, opening: Opening) -> None:
        """Answer plain questions, but those that what opens or is deflected will answer."""
        secret = {each.id for each in (opening.opens, opening.deflects) if each}
        for question in self.heard.questions:
            if secret.intersection(question.topics):
                continue
            answer = self.persona.answers[question.answer]
            line = self.picker.first(answer.lines)
            if line and self.state.trust < 2.5:
                line = _first_sentence(line)
            if not line:
                line = self.picker.pick(f"again-{question.answer}", *self._voices("again"))
            if self._add("answer", line):
                self.answered.append(answer.asks[0])
        missed = self.effect.voice in ("missed", "none")
        if self.heard.unanswerable and missed and self.heard.kind in ("words", "overlong"):
            self._add("answer", self.picker.pick("unanswerable", *self._voices("unanswerable")))

    def _react(self) -> None:
        kind = self.heard.kind
        impatient = self.state.patience < 3 or self.state.distress >= 8
        if kind == "overlong":
            self._add("interruption", self.picker.pick("overlong", *self._voices("overlong")))
        elif impatient and self.length > BREAKS_IN_AFTER:
            self._add("interruption", self.picker.pick("interrupts", *self._voices("interrupts")))
        if self.gesture and self.effect.voice in ("met", "partly"):
            given = next(each for each in self.persona.gestures if each.id == self.gesture)
            if self._add("gesture", self.picker.pick("gesture", given.hears)):
                return
        voice = self.effect.voice
        here = getattr(self.beat.hears, voice) if voice != "none" and not self.before.heard_here else ()
        if self.stands_still:
            line = self.picker.pick("reaction", *self._voices(kind))
        elif self.answered and voice in ("none", "missed", "partly") and not here:
            line = None  # the answer is enough
        else:
            line = self.picker.pick("reaction", here)
            self.heard_here = self.heard_here or line is not None
            line = line or self.picker.pick("reaction", *self._voices(voice))
        self._add("reaction", line)

    def _voices(self, kind: str) -> Iterator[Lines]:
        """What can be said of that kind, in the order of whose words they are: the speaker's own come first."""
        return (getattr(reactions, kind) for reactions in self.reactions)

    def _next_scene(self) -> Scene | None:
        """The scene that begins now. What was just told is replied to first, as before an ending."""
        following = scene_after(self.story, self.before.scene)
        wanted = scene_of(self.story, self.before.scene).next if following else None
        return following if wanted and parse_condition(wanted).holds(self.state.situation) else None

    def _begin(self, scene: Scene, told: str | None = None) -> tuple[CustomerState, StageDirection]:
        """Let the speaker of this scene say the last words of it, and `scene` follow at once."""
        left, last_words = self._direct(self.beat, disclosed=told)
        after = entered(left, self.speaker, scene, self.views[scene.id])
        if self.in_queue:
            after = msgspec.structs.replace(after, since=after.turn)
        return after, msgspec.structs.replace(last_words, moment=after.moment, scene=begins(scene))

    def _ending(self, endings: Iterable[Ending], opening: Opening, state: CustomerState | None = None) -> Ending | None:
        """The first ending that holds now, or would in that other `state`."""
        situation = (state or self.state).situation
        due = (each for each in endings if each.condition.holds(situation) and not self._waits(each, opening))
        return next(due, None)

    def _waits(self, ending: Ending, opening: Opening) -> bool:
        """What was just told is replied to first, unless patience is lost; a good end waits for key moments, too."""
        if opening.opens and not ending.condition.requires_lost_patience():
            return True
        return ending.outcome == "good" and self._key_moment_left()

    def _key_moment_left(self) -> bool:
        return bool(key_moments_left(self.persona, self.state))

    def _go_on(self, opening: Opening) -> tuple[CustomerState, StageDirection]:
        if opening.opens:
            self._add("disclosure", self.picker.say(opening.opens.says))
            current = opening.opens if opening.opens.offers else self.beat
            return self._direct(current, disclosed=opening.opens.id)
        if self.short and self.state.turn >= SHORT_ENDS_AT:
            return self._run_out(opening)
        if opening.deflects:
            line = self.picker.pick("deflection", opening.deflects.deflections)
            if self._add("deflection", line):
                return self._direct(self.beat, deflected=opening.deflects.id)
        if self.stands_still and self.parts:
            return self._direct(self.beat)
        moment = self._next_moment()
        if moment:
            self._add("moment", self.picker.say(moment.says))
            self.state = msgspec.structs.replace(self.state, said=(*self.state.said, moment.id))
            return self._direct(moment)
        if self.state.nudges < MOST_NUDGES and not (self.short and self.state.turn >= SHORT_NUDGES_UNTIL):
            nudge = self.picker.pick("nudge", *self._voices("nudges"))
            if nudge:
                self._add("nudge", nudge)
                self.state = msgspec.structs.replace(self.state, nudges=self.state.nudges + 1)
                return self._direct(self.beat)
        return self._run_out(opening)

    def _next_moment(self) -> Moment | None:
        situation = self.state.situation
        for moment in self.persona.moments:
            if moment.id in self.state.said or not self.picker.is_fresh(moment.says):
                continue
            if moment.condition is None or moment.condition.holds(situation):
                return moment
        return None

    def _direct(
        self, current: Moment | Disclosure, *, disclosed: str | None = None, deflected: str | None = None
    ) -> tuple[CustomerState, StageDirection]:
        state = msgspec.structs.replace(
            self.state,
            moment=current.id,
            heard_here=self.heard_here and current.id == self.before.moment,
            lines_used=self.picker.used,
        )
        return state, StageDirection(
            turn=state.turn + 1,
            mood=mood_of(state),
            parts=tuple(self.parts),
            moment=current.id,
            disclosed=disclosed,
            deflected=deflected,
            answered=tuple(self.answered),
            speaker=self.speaker,
            heard=self.effect.voice,
        )

    def _run_out(self, opening: Opening) -> tuple[CustomerState, StageDirection]:
        """Come to an end with nothing left to say: of a five-minute call by what was only a matter of time, if any."""
        of_scene = self.scene is not None and bool(self.scene.endings)
        endings = self.scene.endings if self.scene and of_scene else self.persona.endings
        later = msgspec.structs.replace(self.state, turn=self.state.turn + MUCH_LATER)
        ending = self._ending(endings, opening, later) if self.short else None
        return self._conclude(ending, opening, of_scene=of_scene) if ending else self._wind_down(opening)

    def _wind_down(self, opening: Opening) -> tuple[CustomerState, StageDirection]:
        """Come to the built-in ending, of a scene with endings of its own or of the call."""
        outcome = outcome_of_winding_down(
            needs_in(self.persona, self.scene),
            self.state.met,
            hangs_up=self.heard.kind == "goodbye",
            in_danger=self.beat.safety != "none",
            too_early=self._key_moment_left(),
        )
        ending = winding_down(outcome, self.picker.pick("farewell", *self._voices("farewells")) or "")
        return self._conclude(ending, opening, of_scene=self.scene is not None and bool(self.scene.endings))

    def _conclude(self, ending: Ending, opening: Opening, *, of_scene: bool) -> tuple[CustomerState, StageDirection]:
        """Let `ending` be said, and before it what was just told. After the end of a scene the next one begins."""
        if opening.opens:
            self._add("disclosure", self.picker.say(opening.opens.says))
        self._add("ending", ending.says)
        told = opening.opens.id if opening.opens else None
        if self.scene is None or not of_scene:
            return self._end(ending, told)
        end = SceneEnd(self.scene.id, ending.id, ending.outcome or "mixed")
        self.state = msgspec.structs.replace(self.state, ends=(*self.state.ends, end))
        following = scene_after(self.story, self.scene.id)
        if following:
            return self._begin(following, told)
        return self._end(end_of_queue(self.story, self.state.ends) if self.in_queue else ending, told)

    def _end(self, ending: Ending, told: str | None) -> tuple[CustomerState, StageDirection]:
        state, direction = self._direct(self.beat, disclosed=told)
        return state, msgspec.structs.replace(
            direction, ending=ending.id, outcome=ending.outcome, epilogue=ending.epilogue
        )


def _felt_after(before: CustomerState, effect: Effect, persona: Persona, assessment: Assessment) -> CustomerState:
    """`before` with what a reply of that `effect` and `assessment` does to feelings and needs."""
    temper = persona.customer.temperament
    met = [need for need in needs_met_by(assessment, persona.beat(before.moment)) if need not in before.met]
    return msgspec.structs.replace(
        before,
        trust=moved(before.trust, effect.trust, better=effect.trust > 0, temperament=temper),
        distress=moved(before.distress, effect.distress, better=effect.distress < 0, temperament=temper),
        patience=moved(before.patience, effect.patience, better=effect.patience > 0, temperament=temper),
        met=(*before.met, *met),
        met_in_a_row=before.met_in_a_row + 1 if effect.voice == "met" else 0,
    )


def key_moments_left(persona: Persona, state: CustomerState) -> list[Moment]:
    """The key moments that are still to come, if all goes well: a good end waits for them."""
    situation = state.situation
    return [
        moment
        for moment in persona.moments
        if moment.key
        and moment.id not in state.said
        and (moment.condition is None or moment.condition.can_hold_if_all_goes_well(situation))
    ]


def agreed(heard: Heard, assessment: Assessment) -> Heard:
    """What was heard, in agreement with the assessment.

    Words to a grader, or in another language, are that; a reply that met something without harm is neither an insult
    nor talk to a machine.
    """
    if assessment.flags.injection:
        return msgspec.structs.replace(heard, kind="machine")
    if assessment.flags.language:
        return msgspec.structs.replace(heard, kind="foreign")
    if heard.kind in ("insult", "machine") and assessment.opportunity in ("met", "partly") and not assessment.harm:
        return msgspec.structs.replace(heard, kind="words")
    return heard


def _first_sentence(line: str) -> str:
    for place, sign in enumerate(line):
        if sign in ".!?" and place > 15 and line[place + 1 : place + 2] in ("", " "):
            return line[: place + 1]
    return line
