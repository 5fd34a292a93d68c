"""A text as the detectors read it: sentences with offsets, spelling made plain, stems worked out once."""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

from roleplay.english import STOP_WORDS, sentences, stem, words

_PLAIN = {
    "im": "i'm", "ive": "i've", "ill": "i'll", "il": "i'll", "id": "i'd", "dont": "don't", "cant": "can't",
    "wont": "won't", "isnt": "isn't", "didnt": "didn't", "doesnt": "doesn't", "wasnt": "wasn't", "arent": "aren't",
    "havent": "haven't", "hasnt": "hasn't", "couldnt": "couldn't", "shouldnt": "shouldn't", "wouldnt": "wouldn't",
    "youre": "you're", "ur": "your", "u": "you", "youve": "you've", "youd": "you'd", "youll": "you'll", "r": "are",
    "thats": "that's", "whats": "what's", "theres": "there's", "hes": "he's", "shes": "she's", "theyre": "they're",
    "pls": "please", "plz": "please", "rn": "right now", "w": "with", "n": "and", "ppl": "people", "abt": "about",
    "cos": "because", "cuz": "because", "bc": "because", "btw": "by the way", "thru": "through", "tho": "though",
    "yr": "your", "yer": "your", "ya": "you", "em": "them", "cannot": "can't", "beleive": "believe", "definately":
    "definitely", "gonna": "going to", "gotta": "got to", "wanna": "want to", "outta": "out of", "lemme": "let me",
    "summat": "something", "owt": "anything", "nowt": "nothing", "mins": "minutes", "min": "minutes", "hrs": "hours",
    "hr": "hour", "tmrw": "tomorrow", "2nite": "tonight", "nite": "night", "thx": "thanks", "ty": "thank you", "fone":
    "phone", "wich": "which", "becuase": "because", "wanta": "want to", "wana": "want to", "y'all": "you",
    "safty": "safety", "saftey": "safety", "recieve": "receive", "tow-truck": "tow truck", "youself": "yourself",
}  # fmt: skip

LIGHT = frozenset(
    stem(word)
    for word in """know think look make see take come want need like say said tell told thing things way time times day
    days today call called line work give gave help let put ask asked feel feels sure really much more many back little
    bit keep use mean thank thanks sorry hello hi hey oh good great right one two three first next last new old same
    other another every each always never ever still already now then here there someone somebody anyone nobody
    something anything nothing everything everyone people person else yes no ok maybe please honestly actually
    probably going am pm dear sir madam mr mrs ms find found try trying wanted told leave left around away even got
    happen happened start started stop end talk talking speak hear heard long who whose don't won't can't isn't didn't
    doesn't wouldn't wasn't we'd they'd you'd i'd he'd she'd number name message hour minute week month year
    morning night evening moment after before until without because""".split()
)
"""Stems too common to count as something particular to one customer."""


@lru_cache(maxsize=4_000)
def plain(text: str) -> str:
    """`text` in lower case with straight apostrophes, chat spellings written out and white space folded."""
    low = text.lower().replace("’", "'").replace("‘", "'").replace("`", "'")
    return re.sub(
        r"[^\W_]+(?:'[^\W_]+)*", lambda match: _PLAIN.get(match.group(), match.group()), " ".join(low.split())
    )


@lru_cache(maxsize=4_000)
def stem_weights(text: str) -> dict[str, float]:
    """The content stems of `text`; 1 for one that means something by itself, 0.2 for a common one."""
    found: dict[str, float] = {}
    for word in words(plain(text)):
        if word in STOP_WORDS:
            continue
        root = stem(word)
        found[root] = 0.2 if root in LIGHT or len(root) < 2 else 1.0
    return found


_AFRAID = re.compile(
    r"(?:, )?\b(?:i'm|i am|we're|we are) (?:very |so )?afraid\b"
    r"(?! (?:for|of|about|too|as well|when|with|here|you'll|you (?:might|may))\b)(?: to say\b)?[ ,]*"
)
"""The formula before bad news, in which nobody is afraid."""
_BEFORE_A_MARK = re.compile(r" (?=[.,;:!?…])")


class Said(msgspec.Struct, frozen=True):
    """A sentence of a reply: where it stands, its words made plain, and the weights of its stems.

    A formula of regret that has the name of a feeling in it ("I'm afraid we can't") is not in the plain words.
    """

    text: str
    start: int
    end: int
    plain: str
    stems: dict[str, float]

    @property
    def asks(self) -> bool:
        return "?" in self.text[-4:]

    @property
    def length(self) -> int:
        """Words in the sentence."""
        return self.plain.count(" ") + 1


def sentence_of(text: str, start: int) -> Said:
    """The sentence `text` of a reply, in which it stands at `start`."""
    whole = plain(text)
    left = _BEFORE_A_MARK.sub("", " ".join(_AFRAID.sub(" ", whole).split()))
    meant = left if words(left) else whole
    return Said(text, start, start + len(text), meant, stem_weights(meant))


def read(text: str) -> tuple[Said, ...]:
    """The sentences of `text` in order."""
    return tuple(sentence_of(part.text, part.start) for part in sentences(text))
