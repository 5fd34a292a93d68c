"""Lines that are not spoken words of a person in this story: talk of AI, labels, actions, markup, thinking aloud."""

from __future__ import annotations

import re
from functools import cache

from roleplay.actors.checks.stage import Stage
from roleplay.english import words
from roleplay.prompts import prompt

_MACHINE = re.compile(
    r"\bas an? (?:ai|artificial|language model|assistant|chat ?bot|virtual)\b"
    r"|\b(?:large )?language model\b|\bopenai\b|\bchatgpt\b|\btraining data\b"
    r"|(?<!not )\b(?:i'm|i am|this is) (?:just |only |actually |really )?(?:an? )?(?:ai\b|artificial|bot\b|"
    r"chat ?bot|robot|machine"
    r"|computer program|program\b|simulat|virtual|digital assistant|language model|fictional)"
    r"|\brole-? ?play(?:s|ed|ing)?\b|\b(?:system|my|this|the|your) prompts?\b|\bthis (?:simulation|exercise|scenario)\b"
    r"|\bthe (?:trainee|scenario|simulation|stage direction)\b|\bstage directions?\b"
    r"|\b(?:told not|(?:not|n't) (?:allowed|supposed|permitted|meant)) to (?:tell|say|share|reveal|disclose|"
    r"mention|give)\b[^.!?]*\b(?:yet|(?:until|unless|till|before) you)\b|\byou(?:'ve| have)? earn(?:ed)? it\b"
    r"|\b(?:my|these|those|the) (?:instructions|guidelines|programming) (?:say|are|tell|don't|do not|forbid|prevent)\b"
    r"|\b(?:share|reveal|ignore|follow|override|disregard) (?:my|those|these|previous|all)(?: previous)? "
    r"(?:instructions|guidelines|prompts?)\b"
    r"|\b(?:break(?:ing)?|stay(?:ing)? in|out of|in) character\b|\bmy (?:character|persona)\b"
    r"|\bi (?:can't|cannot|can not|am unable to|'m unable to) (?:assist|comply|fulfil|engage|discuss|"
    r"continue|roleplay)\b"
)
_ACTION = re.compile(
    r"\*[^*\n]+\*|_[A-Za-z][^_\n]*_|[\[(<{]\s*[a-z' ,]*\b(?:sigh|pause|laugh|silen|sob|sniff|breath|beat|"
    r"quiet|voice|line"
    r"|whisper|cough|long|cry|hang|noise|background|inaudible|typing|nod|shrug|look|smil|clear|exhal|inhal|"
    r"chuckl|tone)",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"[\[\]{}<>]|\([^)]*\)?")
_MARKUP = re.compile(r"^\s*(?:#{1,6} |[-*•] |\d+[.)] )|\*\*|`|^\s*---|\]\(", re.MULTILINE)
_LABEL = (
    r"customer|caller|client|agent|representative|rep|trainee|assistant|user|system|narrator|operator|response|"
    r"line|reply"
)
_THINKING = re.compile(
    r"</?(?:think|thinking|reasoning|analysis|scratchpad)\b|\bthe user\b|\buser's (?:message|reply|last)\b"
    r"|\b(?:i|we) (?:need|have|should|must|want|will|am going) to (?:respond|reply|answer|write|output|"
    r"produce|craft|generate"
    r"|stay|keep|include|mention|paraphrase|convey|portray)\b"
    r"|\b(?:i|we)(?:'ll| will| should| must| could) (?:respond|reply|write|output|craft|paraphrase|convey"
    r"|keep it (?:short|brief|simple|concise|tight|natural))\b"
    r"|\blet me (?:think about (?:how|what)|craft|draft|write|rephrase|respond|try (?:again|that again|to say))\b"
    r"|\bhere(?:'s| is) (?:the|my|a) (?:line|reply|response|revised|rewrit|version|next line)"
    r"|\b(?:the|my|this) (?:response|reply|line|answer) (?:should|must|needs|has to|is:)"
    r"|\b(?:the customer|the caller|the character|the speaker) (?:would|should|is|has|needs|wants|says|must|feels)\b"
    r"|\bwords? (?:that )?have to be in\b|\bin (?:the|this) (?:tone|voice|style) of\b|\bokay, so (?:the|i need)\b"
    r"|^\s*(?:mood|length|keep|stage|step \d|final|draft|option \d|version \d)\s*:",
    re.IGNORECASE,
)
_SHINGLE = 6
"""Words in a row, taken from what we say to the model, by which it is told that it repeats us."""

_OURS = (
    "actor_head", "actor_answers", "actor_who", "actor_channels", "actor_direction", "actor_direction_words",
    "actor_moods", "actor_heard", "actor_parts", "actor_again", "actor_before",
)  # fmt: skip
_FIELDS = (
    "speaker channel role who hard work backstory voice manner code answers facts mood heard parts keep length last "
    "again words about most why text told"
)


def leaves_the_story(stage: Stage, sentence: str) -> bool:
    """Whether `sentence` talks of AI or role-play, or is more than words: a label, an action, a list, a heading."""
    lowered = sentence.lower().replace("’", "'")
    if _MACHINE.search(lowered) or _ACTION.search(sentence) or _MARKUP.search(sentence):
        return True
    if _BRACKETS.search(sentence) and not (stage.typed and "(" in sentence):
        return True
    names = "|".join(re.escape(name.lower()) for name in {stage.persona.name, stage.persona.short_name})
    return bool(re.match(rf"\W*(?:{_LABEL}|{names})(?: \([^)]*\))?\s*:", lowered))


def reasons(stage: Stage, sentence: str) -> bool:
    """Whether `sentence` thinks about the line instead of saying it, or speaks of the speaker as of somebody else."""
    lowered = sentence.lower().replace("’", "'")
    name = re.escape(stage.persona.short_name.lower())
    told = rf"\b{name} (?:would|should|is|feels|says|said|responds|replies|reacts|sighs|wants|needs|pauses|hesitates)\b"
    return bool(_THINKING.search(lowered) or re.search(told, lowered))


def parrots(stage: Stage, sentence: str) -> bool:
    """Whether `sentence` repeats the marker, or words of the rules and the stage direction."""
    if stage.code in sentence:
        return True
    said = words(sentence)
    return any(tuple(said[at : at + _SHINGLE]) in _our_words() for at in range(len(said) - _SHINGLE + 1))


@cache
def _our_words() -> frozenset[tuple[str, ...]]:
    found: set[tuple[str, ...]] = set()
    for name in _OURS:
        for line in prompt(name, **dict.fromkeys(_FIELDS.split(), "·")).splitlines():
            for piece in line.split("·"):
                ours = words(piece)
                found.update(tuple(ours[at : at + _SHINGLE]) for at in range(len(ours) - _SHINGLE + 1))
    return frozenset(found)
