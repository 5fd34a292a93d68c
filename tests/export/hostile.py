"""Words that want to be more than words, and a database full of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

from msgspec.structs import replace

from roleplay.scoring.assessment import Suggestion
from roleplay.store.transcripts import Transcripts
from tests.review.desks import desk_at
from tests.store.kept_calls import ending, line, opening, reply, session

_PIECES = """
=1+1 +1 -1 @SUM(A1) =cmd|'/c␠calc'!A0 =HYPERLINK("http://evil.example") '=1 "=1 ;=1 ";=1
<script>alert(1)</script> <img/src=x/onerror=alert(1)> <a␠href=javascript:alert(1)>x</a> <svg/onload=alert(1)>
<iframe/src=//evil.example> <style>@import'//evil.example'</style> <!-- --> --> <![CDATA[ ]]> &lt;b&gt; &amp; &#60; &
<meta␠http-equiv=refresh> " ' "onmouseover="x '><b> </title> </style> </p></div>
[x](javascript:alert(1)) ![x](http://evil.example/x.png) [x]: <http://evil.example> <http://evil.example> [^1] [ ] [x]
http://evil.example https://evil.example www.evil.example a@evil.example mailto:a@evil.example xmpp:a@b @everyone #123
**b** __b__ *i* _i_ ~~s~~ `c` ``` ~~~ `` # ## > - + * 1. 1) --- === ___ | |-| |a|b| :-: \\ \\ \\` $x$ {{7*7}} ${7}
[bold]x[/bold] [@click=app.quit]x[/] Zoë é 日本 🙂 ＝1 ＠x
""".split()
_PIECES += ["\x1b]52;c;ZXZpbA==\x07", "\x1b[31m", "\u202egnirts", "\x00x", "\x9b31m", "e\u0301"]
_SPACES = ("", " ", "  ", "    ", "\n", "\n\n", "\t", "\r\n", "\r", ", ", ";", ",", "\u2028", "\u00a0", "\u3000")


def strings(seed: int) -> Iterator[str]:
    """Hostile strings for ever; none is empty, or white space alone."""
    chance = Random(seed)
    for piece in _PIECES:
        yield piece.replace("␠", " ")
    while True:
        parts = (chance.choice(_SPACES) + chance.choice(_PIECES).replace("␠", " ") for _ in range(chance.randint(1, 5)))
        yield "".join(parts) + chance.choice(_SPACES)


def keep_hostile(path: Path, number: int, given: Iterator[str]) -> list[tuple[str, str]]:
    """Keep a call in which every word is hostile; return what each is, and the word, which is to come out as words."""
    used: list[tuple[str, str]] = []

    def word(what: str) -> str:
        used.append((what, next(given)[:100].rstrip()))
        return used[-1][1]

    def name_of(what: str) -> str:
        used.append((what, " ".join(next(given).split())[:80]))
        return used[-1][1]

    name = f"call-{number}"
    head = session(name, trainee=name_of("trainee"), title=word("title"))
    persona = replace(head.script.persona, name=word("name"))
    head = replace(head, script=replace(head.script, persona=persona), actor=word("actor"))
    with Transcripts(path) as store:
        store.begin(head, opening(name))
        store.keep_line(line(name, 1, word("line")))
        for turn in (1, 2):
            said = reply(name, turn, word("reply"))
            reasons = (replace(said.assessment.evidence[0], why=word("why")),)
            assessment = replace(said.assessment, evidence=reasons, opportunity="missed")
            if turn == 2:
                assessment = replace(assessment, suggestion=Suggestion(word("better"), word("because")))
            store.keep_reply(replace(said, gesture=word("gesture"), assessment=assessment))
            store.keep_line(line(name, turn + 1, word("line" if turn == 1 else "last line")))
        store.keep_ending(replace(ending(name), epilogue=word("epilogue")), 50)
    with desk_at(path, name_of("coach")) as coach, desk_at(path, name_of("who disputes")) as trainee:
        first, second = coach.open(name).transcript.replies
        coach.comment(name, 0, 1, "customer", word("comment"))
        coach.comment(name, 0, 1, "trainee", word("comment"))
        coach.overrule(name, first, "acts", 2, word("reason"))
        coach.answer(trainee.dispute(name, second, word("dispute")), word("answer"), upheld=False)
        coach.mark_reviewed(name)
    return used
