"""Personas as text, and reading them."""

from __future__ import annotations

from roleplay.persona.loading import parse_persona
from roleplay.persona.model import Persona
from roleplay.persona.problems import Problem

SHORT = """\
format: 1
name: Dana Whitfield
title: Stuck on the off-ramp
trainee:
  role: Roadside assistance representative
customer:
  opening: "Hi, um, I need a tow."
  backstory: Her car died on the way home.
needs:
  tow: {kind: spoken, need: A tow truck to where she is.}
  safe:
    kind: unspoken
    need: Not to be alone in danger.
    says: I'm scared, to be honest.
"""
"""The shortest persona one would write."""

RICH = (
    SHORT
    + """\
summary: A driver needs a tow.
channel: phone
difficulty: 2
content: [danger]
moments:
  - id: opening
    feeling: Frightened
    spoken: tow
    unspoken: safe
    key: true
    calls_for: {explores: false}
    hears:
      met: ["Okay. Belt's on.", {says: "Okay…", when: trust < 3}]
      missed: ["Whoa. That one was close."]
    better:
      - {reply: "Are you out of the traffic?", why: Safety comes first.}
  - id: two-feet
    says: They're going by like two feet from my door.
    when: trust < 6
    unspoken: safe
disclosures:
  - id: passenger
    says: My daughter's in the back.
    trust: 5
    topics: [alone, anyone with you]
    deflects: "Can we just get the truck?"
    gives_away: [daughter, little girl]
    tells: safe
answers:
  - asks: [where are you]
    says: Just past the exit.
endings:
  - {id: seen, when: met(tow) and met(safe), says: Thank you., outcome: good}
tests:
  - name: safety first opens her up
    replies: ["Is anyone with you?", ""]
    expect: {disclosed: [passenger], opportunity: met, ending: hangs-up}
"""
)
"""A persona that uses most of the format."""


def problems(text: str | bytes, name: str = "dana.yaml") -> list[str]:
    """Every error and warning about a persona, one sentence each."""
    return [str(problem) for problem in _found(text, name) if problem.severity != "hint"]


def hints(text: str | bytes, name: str = "dana.yaml") -> list[str]:
    """Every hint about a persona, one sentence each."""
    return [str(problem) for problem in _found(text, name) if problem.severity == "hint"]


def _found(text: str | bytes, name: str) -> tuple[Problem, ...]:
    return parse_persona(text if isinstance(text, bytes) else text.encode(), name).problems


def persona(text: str, name: str = "dana.yaml") -> Persona:
    """The persona in `text`, which must be playable."""
    reading = parse_persona(text.encode(), name)
    assert reading.persona is not None, reading.problems
    return reading.persona


def pointed(text: str) -> tuple[str, str]:
    """`text` without its mark ›, and the place of the mark as line:column."""
    before, mark, after = text.partition("›")
    assert mark
    return before + after, f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"
