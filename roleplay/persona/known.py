"""The ids that the parts of a persona may name, and what can have come about by which scene or visit."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Self

import msgspec
from msgspec.structs import replace

from roleplay.persona.expression import FactName
from roleplay.persona.fields import LEFT, WINDS_DOWN
from roleplay.persona.lines import Beat, Disclosure, Ending, Moment
from roleplay.persona.model import Need, Persona, QueueCustomer
from roleplay.persona.queue import SEEN, as_scenes
from roleplay.persona.scene_checks import FirstScenes, first_scenes


class Known(msgspec.Struct, frozen=True):
    """The ids that may be named. Taken from the completed persona, so that what is made can be named as well.

    `past` are the endings that earlier visits and scenes can have come to, which `ended` may name.
    """

    needs: dict[str, Need]
    moments: Collection[str]
    disclosures: Collection[str]
    scenes: Collection[str]
    endings: Collection[str]
    past: Collection[str]
    told: Collection[str | None]
    offered: Collection[str | None]
    first: FirstScenes

    @classmethod
    def of_persona(cls, persona: Persona) -> Self:
        """Those of a completed persona; of a queue those of all customers, as the whole persona calls them."""
        if persona.queue:
            whole = cls.of_persona(as_scenes(persona, persona.queue))
            return replace(whole, endings={*whole.endings, *SEEN.values()}, past=(), scenes=())
        moments, disclosures, endings = list(persona.moments), list(persona.disclosures), list(persona.endings)
        past: list[Ending] = [*endings] if persona.visits else []
        for scene in persona.scenes:
            moments.extend(scene.moments)
            endings.extend(scene.endings)
            past.extend(scene.endings)
        for visit in persona.visits:
            moments.extend(visit.moments)
            disclosures.extend(visit.disclosures)
            endings.extend(visit.endings)
            past.extend(visit.endings)
        known = cls._of(persona.needs, moments, disclosures, endings)
        return replace(
            known,
            scenes={scene.id for scene in persona.scenes},
            past={*(ending.id for ending in past), WINDS_DOWN, *({LEFT} if persona.visits else ())} if past else (),
            first=first_scenes(persona),
        )

    @classmethod
    def of_customer(cls, customer: QueueCustomer) -> Self:
        """Those of a completed customer of a queue, who knows nothing of the others."""
        return cls._of(customer.needs, customer.moments, customer.disclosures, customer.endings)

    @classmethod
    def _of(
        cls,
        needs: dict[str, Need],
        moments: Iterable[Moment],
        disclosures: Iterable[Disclosure],
        endings: Iterable[Ending],
    ) -> Self:
        moments, disclosures = list(moments), list(disclosures)
        beats: list[Beat] = [*moments, *disclosures]
        return cls(
            needs=needs,
            moments={moment.id for moment in moments},
            disclosures={disclosure.id for disclosure in disclosures},
            scenes=(),
            endings={*(ending.id for ending in endings), WINDS_DOWN},
            past=(),
            told={disclosure.tells for disclosure in disclosures},
            offered={need for beat in beats for need in (beat.spoken, beat.unspoken)},
            first={},
        )

    def by_fact(self) -> dict[FactName, tuple[Collection[str], str]]:
        """For each fact of a condition the ids that it may name, and what these are."""
        return {
            "met": (self.needs, "need"),
            "disclosed": (self.disclosures, "disclosure"),
            "said": (self.moments, "moment"),
            "scene": (self.scenes, "scene"),
            "ended": (self.past, "ending"),
        }
