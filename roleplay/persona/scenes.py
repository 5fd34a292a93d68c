"""A persona as it is met in one of its scenes: who speaks there, and with what."""

from __future__ import annotations

from msgspec.structs import replace

from roleplay.persona.lines import Disclosure, Reactions
from roleplay.persona.model import Persona, Scene


def in_scene(persona: Persona, scene_id: str) -> Persona:
    """`persona`, completed, as it is met in that scene; without scenes, or for the empty id, the persona itself.

    It is named like the one who speaks, starts with that one's temperament, and holds only what can be said there: the
    scene's moments, its answers and reactions, and the disclosures that can be told. Raises KeyError.
    """
    if not scene_id:
        return persona
    scene = scene_of(persona, scene_id)
    speaker = scene.cast[0] if scene.cast else None
    who = persona.customer
    if speaker:
        who = replace(
            who,
            backstory=speaker.backstory or who.backstory,
            voice=speaker.voice,
            temperament=speaker.temperament,
        )
    return replace(
        persona,
        name=speaker.name if speaker else persona.name,
        customer=replace(who, opening=scene.moments[0].says),
        moments=scene.moments,
        disclosures=tuple(each for each in persona.disclosures if is_told_in(each, scene)),
        answers=scene.answers if scene.cast or scene.answers else persona.answers,
        reactions=scene.reactions if scene.cast else _over(scene.reactions, persona.reactions),
        scenes=(),
    )


def scene_of(persona: Persona, scene_id: str) -> Scene:
    """The scene of that id. Raises KeyError."""
    for scene in persona.scenes:
        if scene.id == scene_id:
            return scene
    raise KeyError(scene_id)


def scene_after(persona: Persona, scene_id: str) -> Scene | None:
    """The scene that follows the one of that id, or None after the last one and for a persona without scenes."""
    ids = [scene.id for scene in persona.scenes]
    place = ids.index(scene_id) + 1 if scene_id in ids else len(ids)
    return persona.scenes[place] if place < len(ids) else None


def speaker_of(scene: Scene) -> str:
    """The name of the cast member who speaks in `scene`; empty: the customer."""
    return scene.cast[0].name if scene.cast else ""


def is_told_in(disclosure: Disclosure, scene: Scene) -> bool:
    """Whether `disclosure` can be told in `scene`: where it says so, or else wherever the customer speaks."""
    return disclosure.scene == scene.id if disclosure.scene else not scene.cast


def _over(own: Reactions, other: Reactions) -> Reactions:
    """`own`, and `other` for every kind that it has no lines of."""
    return Reactions(**{name: getattr(own, name) or getattr(other, name) for name in own.__struct_fields__})
