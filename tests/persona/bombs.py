"""Files made to eat time or memory. Run as a program, it reads them all and prints what each cost, as JSON."""

from __future__ import annotations

import json
import resource
import time

from roleplay.persona.loading import parse_persona
from roleplay.persona.yaml_nodes import SIZE_LIMIT
from tests.persona.samples import SHORT

_QUICK_ENOUGH = 0.5
_READINGS = 4
_LEFT = SIZE_LIMIT - len(SHORT) - 200


def _fill(head: str, item: str, tail: str = "", most: int = 10**9) -> str:
    """The short persona with as many copies of `item` behind `head` as the size limit allows; {} counts them."""
    items: list[str] = []
    size = len(head) + len(tail)
    for number in range(most):
        text = item.replace("{}", str(number))
        size += len(text)
        if size > _LEFT:
            break
        items.append(text)
    return SHORT + head + "".join(items) + tail


def _hard(clauses: int) -> str:
    """A condition that can never hold, which only a long search finds out."""
    return " and ".join(f"(said(a{n}) or said(a{n + 20}))" for n in range(clauses)) + " and (trust > 10 or trust < 0)"


def _hiding(number: int) -> str:
    """An ending that nearly all others hide, which only a search finds out."""
    some = f"(met(tow) or turn > {number}) and (trust < {number} or not met(tow)) and (turn > 9 or distress > {number})"
    return f"{{id: e{number}, when: {some}}}"


BOMBS = {
    "200k nested lists": "[" * 200_000,
    "200k nested mappings": "{" * 200_000,
    "nested under a field": SHORT + "moments: " + "[" * 200_000,
    "nested blocks": SHORT + "moments: " + "- " * 130_000,
    "a long list in brackets": _fill("content: [", "x,", "]"),
    "a long list in brackets, one item a line": _fill("content: [", "x,\n ", "]"),
    "pairs in brackets": _fill("content: [", "a: b, ", "]"),
    "just below the most nodes": _fill("content: [", "x,", "]", 19_900),
    "mappings in brackets, below the most nodes": _fill("moments: [", "{id: a{}},", "]", 6_000),
    "alias bomb": "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefghi", "bcdefghij", strict=True)),
    "aliases": _fill("content: [", "*a ,", "]"),
    "tag directives": "".join(f"%TAG !a{n}! tag:x\n" for n in range(12_000)),
    "documents": SHORT + "---\n" * 60_000,
    "unknown fields": _fill("", "x{}: y\n", most=9_000),
    "the same field again and again": _fill("", "title: y\n"),
    "names of 1000 characters": _fill("", "x" * 1000 + "{}: y\n"),
    "an unclosed quotation mark": SHORT + 'summary: "' + "x " * 120_000,
    "escapes": SHORT + 'summary: "' + "\\n" * 120_000 + '"\n',
    "control characters": SHORT + "".join("# \x1b\n" for _ in range(60_000)),
    "combining characters": SHORT + "summary: a" + "\u0301" * 120_000 + "\n",
    "ligatures": SHORT + "summary: " + "\ufdfa" * 80_000 + "\n",
    "comments": SHORT + "#\n" * 120_000,
    "a long number": SHORT + "difficulty: " + "9" * 200_000 + "\n",
    "unknown ids": _fill("moments: [{id: o}", ", {id: a{}, says: x, spoken: zz{}}", "]", 2_500),
    "unknown ids in conditions": _fill("endings: [{id: e, when: trust < 1}", ", {id: a{}, when: met(z{})}", "]", 3_500),
    "wrong conditions": _fill("endings: [{id: e, when: trust < 1}", ", {id: a{}, when: trst}", "]", 3_500),
    "hard conditions": _fill(
        "moments: [{id: o}", f", {{id: a{{}}, says: x, when: {_hard(5)}, note: {'x' * 10}}}", "]", 2_000
    ),
    "harder conditions": _fill("moments: [{id: o}", f", {{id: a{{}}, says: x, when: {_hard(9)}}}", "]", 2_000),
    "deep conditions": _fill(
        "endings: [{id: e, when: trust < 1}", ", {id: a{}, when: '" + "not " * 20 + "met(tow)'}", "]", 3_500
    ),
    "endings that nearly cover lost patience": _fill(
        "endings: [{id: e, when: trust < 1}",
        ", {id: a{}, when: (patience < 1 and met(tow) or patience < 1 and met(safe)) and trust > {}}",
        "]",
        2_500,
    ),
    "endings that split into every case": _fill(
        "moments: [{id: o}"
        + "".join(f", {{id: m{n}, says: x}}" for n in range(40))
        + "]\nendings: [{id: e, when: trust < 1}",
        ", {id: a{}, when: said(m{}) and (said(o) or turn > {})}",
        "]",
        40,
    ),
    "endings in many visits that hide each other": _fill(
        "visits: [{id: v, opening: Hi}",
        ", {id: v{}, opening: Hi, endings: [" + ", ".join(map(_hiding, range(20))) + "]}",
        "]",
    ),
    "endings of a queue that hide each other": _fill(
        "queue: [{id: q, name: Q, customer: {opening: Hi, backstory: No}, needs: {tow: {kind: spoken, need: A.}}}",
        ", {id: q{}, name: Q{}, customer: {opening: Hi, backstory: No}, needs: {tow: {kind: spoken, need: A.}}, "
        "endings: [" + ", ".join(map(_hiding, range(20))) + "]}",
        "]",
    ),
    "moments in a chain from the last to the first": SHORT
    + "moments: [{id: m0}"
    + "".join(f", {{id: m{n}, says: x{n} y z, when: said(m{n + 1})}}" for n in range(1, 2_500))
    + ", {id: m2500, says: z y x}]\n",
    "moments that all wait for the same": _fill(
        "moments: [{id: m0}", ", {id: m{}, says: x{} y z, when: said(m9) and (said(m8) or said(m7))}", "]", 2_500
    ),
    "the same line everywhere": _fill("answers: [", "{asks: [a{}], says: Yes I know that!}, ", "]", 2_500),
    "the same line everywhere, differently": _fill(
        "moments: [{id: o}", ", {id: a{}, says: 'Yes, I know that!'}", "]", 2_500
    ),
    "idle topics": _fill("disclosures: [{id: d, says: x, topics: [", "are you there,", "]}]", 15_000),
    "fields nearly known": _fill("moments: [{id: o}", ", {id: a{}, sayss: x, notee: y, hear: {mett: [z]}}", "]", 1_500),
    "words that give away, in long lines": SHORT.replace("on the way home.", "a " * 1_990)
    + "disclosures:\n  - {id: d, says: x, gives_away: ["
    + ", ".join(f"{'a ' * 7}b{n}" for n in range(4_000))
    + "]}\n"
    + "answers: ["
    + ", ".join("{asks: [x], says: " + "a " * 299 + "}" for _ in range(200))
    + "]\n",
    "words that give away, behind conditions": _fill(
        "disclosures: [{id: d, says: x, gives_away: [cat]}]\nmoments: [{id: o}",
        ", {id: a{}, says: cat, when: disclosed(d) and said(a{}) and said(o)}",
        "]",
        2_500,
    ),
    "zeros": "\0" * SIZE_LIMIT,
    "one byte too many": "#" * (SIZE_LIMIT + 1),
}
"""Each is no larger than the size limit but the last, which is refused for its size."""


def main() -> None:
    """Read every bomb and print seconds of processor time for each, and the megabytes all of them added.

    The least of a few readings counts: on a busy machine the same work takes more processor time, never less.
    """
    parse_persona(SHORT.encode(), "warm.yaml")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds, problems = {}, {}
    for name, text in BOMBS.items():
        raw = text.encode()
        took = []
        while not took or (min(took) > _QUICK_ENOUGH and len(took) < _READINGS):
            began = time.process_time()
            reading = parse_persona(raw, "bomb.yaml")
            took.append(time.process_time() - began)
        seconds[name] = min(took)
        problems[name] = [str(problem) for problem in reading.problems]
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": seconds, "problems": problems, "megabytes": (after - before) / 1024}))


if __name__ == "__main__":
    main()
