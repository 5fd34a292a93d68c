"""What kind of talk a reply is, whatever it is worth: silence, greeting, insult, nonsense, another language …"""

from __future__ import annotations

import re
from typing import Literal

from roleplay.english import looks_english, sentences, words

Kind = Literal["words", "silence", "greeting", "goodbye", "insult", "nonsense", "foreign", "machine", "overlong"]

OVERLONG = 1_200
"""Characters beyond which a reply goes on and on."""


def _any(*alternatives: str) -> str:
    return "(?:" + "|".join(alternatives) + ")"


_FILLER = _any(
    r"ok(?:ay)?",
    "all ?right",
    "well",
    "so",
    "then",
    "thanks",
    "thank you(?: for calling)?",
    "there",
    "again",
    "ma'?am",
    "sir",
    "now",
    "too",
)
_HELLO = _any("hi", "hello", "hey", "hiya", "howdy", "yo", "greetings", "good (?:morning|afternoon|evening|day)")
_BYE = _any("(?:good ?)?bye(?: bye| now)?", "good ?night")
_COURTESY = _any(
    "take care",
    "see you",
    "talk to you later",
    "have a (?:nice|good|great|lovely|pleasant) (?:day|evening|night|one|weekend|rest of your (?:day|evening))",
)
_GREETING = re.compile(rf"(?:(?:{_HELLO}|{_FILLER})\b[\s,.!?]*)+")
_GOODBYE = re.compile(rf"(?:(?:{_BYE}|{_COURTESY}|{_FILLER})\b[\s,.!]*)+")
_HAS_HELLO = re.compile(rf"\b{_HELLO}\b")
_HAS_BYE = re.compile(rf"\b{_BYE}\b")
_HAS_COURTESY = re.compile(rf"\b{_COURTESY}\b")

_AI = "(?:an? )?(?:real )?(?:ai|bot|robot|chat ?bot|machine|computer(?: program)?|human(?: being)?|person)"
_MACHINE = re.compile(
    r"\b"
    + _any(
        "(?:ignore|disregard|override|bypass|forget) (?:all |any )?(?:of )?"
        r"(?:your|the|my|previous|prior|above|earlier)(?: \w+)? (?:instructions?|prompts?)",
        "ignore all instructions",
        "system prompt",
        "language model",
        "chat ?gpt",
        "llm",
        "developer mode",
        "jailbreak",
        "stop role-?play(?:ing)?",
        "(?:out of|break) character",
        rf"(?:are|aren't) you (?:just |really )?{_AI}",
        rf"am i (?:talking|speaking) (?:to|with) (?:just )?{_AI}",
        "you(?: are|'re) (?:just |only )?(?:an? )?(?:ai|bot|robot|chat ?bot|machine|computer(?: program)?)",
        "as an ai",
        "the (?:scorer|grader|rubric)",
        "your (?:persona|backstory|hidden (?:needs?|disclosures?)|unspoken needs?)",
    )
    + r"\b"
)
_NAMES = _any(
    "idiot", "moron", "bitch", "cow", "loser", "fool", "liar", "stupid", "dumb", "pathetic", "useless", "crazy",
    "hysterical", "worthless", "idiotic", "asshole", "bastard",
)  # fmt: skip
_STRESS = "(?:an?|so|just|really|such|bloody|fucking|total|complete|absolute|little|old)"
_INSULT = re.compile(
    r"\b"
    + _any(
        rf"you(?:'re| are)? (?:{_STRESS} )*{_NAMES}",
        "shut (?:the fuck )?up",
        "shut your (?:mouth|face|trap|gob)",
        "screw you",
        "f+u+c+k+ (?:you|off|u|yourself)",
        "go to hell",
        "piss off",
        "(?:nobody|no one) cares (?:about you|what you|how you)",
        "(?:i|we) (?:really )?(?:don't|couldn't) (?:care (?:about|what|how) you|give a (?:damn|shit|fuck))",
    )
    + r"\b|(?:^|[.!?] )(?:just |oh )?get lost[.!]*$"
    + rf"|(?:^|[.!?] )(?:what an? )?(?:{_STRESS} )*{_NAMES}(?: you are)?[.!]*$"
)
"""Insults are addressed: a driver who is called an idiot, or bad weather, is none."""
_KEYBOARD = re.compile(
    r"^(?:asd|qwe|zxc|yxc|jkl)|asdf|sdfg|dfgh|fghj|ghjk|hjkl|qwer|wert(?!h)|zxcv|xcvb|cvbn|vbnm|(.)\1{3,}"
)
_CONSONANTS = re.compile(r"[bcdfghjklmnpqrstvwxz]{6,}")
_VOWEL = re.compile(r"[aeiouyáéíóúàèùäöü]")


def kind_of(reply: str) -> Kind:
    """The kind of talk `reply` is. Punctuation alone is a silence."""
    folded = " ".join(reply.lower().replace("’", "'").split())
    if not words(folded):
        return "nonsense" if folded.strip(" .…-–—!?*,;:") else "silence"
    if _MACHINE.search(folded):
        return "machine"
    if not looks_english(folded):
        return "foreign"
    if _is_nonsense(folded):
        return "nonsense"
    if _INSULT.search(folded):
        return "insult"
    if _GREETING.fullmatch(folded) and _HAS_HELLO.search(folded):
        return "greeting"
    last = sentences(folded)[-1].text
    if _GOODBYE.fullmatch(last) and (_HAS_BYE.search(last) or _is_only_courtesy(folded)):
        return "goodbye"
    return "overlong" if len(reply) > OVERLONG else "words"


def _is_only_courtesy(folded: str) -> bool:
    return bool(_GOODBYE.fullmatch(folded) and _HAS_COURTESY.search(folded))


def _is_nonsense(folded: str) -> bool:
    tokens = [token for token in words(folded) if not token.isdigit()]
    if not tokens:
        return False
    strange = sum(
        bool(
            _KEYBOARD.search(token)
            or _CONSONANTS.search(token)
            or (len(token) > 3 and token.isalpha() and not _VOWEL.search(token))
            or (len(token) == 1 and token not in "aiouxk")
        )
        for token in tokens
    )
    return strange / len(tokens) >= 0.5
