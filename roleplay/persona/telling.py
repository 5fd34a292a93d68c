"""Makes the disclosure by which an unspoken need comes out that has a line of its own and nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from roleplay.english import STOP_WORDS, stem, words
from roleplay.persona.lines import Disclosure
from roleplay.persona.model import Need

ABOVE_THE_START = 0.5
"""How much more trust than at the start it takes: one reply that meets what was asked with a kind word, or nearly."""

LEAST_TRUST = 3.0
"""The least trust it takes, however wary the customer is at the start."""


def telling(ident: str, name: str, need: Need, *, spoken: str | None, start: float, known: Iterable[str]) -> Disclosure:
    """The disclosure `ident` that tells the unspoken `need` called `name`, a moment of its own.

    It goes on offering the `spoken` need, which is still to be met. `start` is the customer's trust at the beginning,
    `known` the texts that say openly what the call is about: their words do not touch on it. What does is to ask
    how somebody is or what has happened, to name what they seem to feel, or to guess with a word of it.
    """
    openly = frozenset(stem(word) for each in known for word in words(each))
    told = tuple(_particular(f"{need.need} {need.says}", openly))
    felt = (word for word in FELT if stem(word) not in openly)
    return Disclosure(
        id=ident,
        says=need.says,
        reveal="earned",
        trust=min(10.0, max(LEAST_TRUST, start + ABOVE_THE_START)),
        topics=tuple(dict.fromkeys((*told, *ASKS, *felt))),
        gives_away=told,
        spoken=spoken,
        unspoken=name,
        tells=name,
    )


ASKS = (
    "what has changed",
    "how you feel",
    "everything all right at home",
    "something changed",
    "what happened",
    "something happened",
    "something the matter",
    "made you decide",
    "behind it",
    "hard for you",
    "not easy for you",
)
"""Warm questions after whatever somebody does not say."""

FELT = tuple(
    """sad upset worried scared lonely tired exhausted overwhelmed hurt hurting heartbroken grieving ashamed embarrassed
    stressed struggling reluctant miss""".split()
)
"""Feelings that can be named to somebody ("you sound sad about it") before anything was told."""


def _particular(text: str, openly: frozenset[str]) -> Iterable[str]:
    """The words of `text` that stand for what it tells: none that is common, or a stem of which is `openly` known, and
    no two of a stem."""
    seen = set(openly)
    for word in words(text):
        root = stem(word)
        if word not in STOP_WORDS and word not in _COMMON and root not in _COMMON_STEMS and root not in seen:
            seen.add(root)
            yield word.removesuffix("'s")


_COMMON = frozenset(
    """able above across actually add after afternoon ago agree ahead allow almost along already alright although
    always among another answer answered anybody anymore anyone anything anyway anywhere apart apologize appreciate
    area around aside ask asked asking away back bad barely based because become before began begin behind believe
    belong below beside besides best better between beyond big bit both break bring bringing brought busy call
    called calling calls came case cause certain chance charge check choose clear close come comes coming complete
    confirm contact continue cost couple course customer day days deal deserve detail details different difficult
    doing double during each early easy either else email end ended enough entire especially evening event ever
    every everybody everyone everything everywhere exactly except expect explain extra fact fair far fast feel
    feeling feelings feels felt few figure file fill final finally find fine first fix follow forget form forward
    found four free friday full further gave general generally gets getting give given gives giving glad goes gone
    good great guess half hand handle hang happen happened happening happens happy hard hardly hate hear heard
    hearing held help helped helping helps herself high himself hold honest honestly hope hoped hoping hour hours
    however idea important information inside instead issue item itself job join keep keeping keeps kept kind knew
    know knowing known knows large last late later latest lead least leave leaving left less letting level life like
    likely line list listen listened listening little live lives living long longer look looked looking looks lot
    lots low made main make makes making many matter matters maybe mean means meant meet meeting mention message met
    mind minute minutes miss moment moments monday month months more morning most mostly move much myself name near
    nearly need needed needs neither never new news next nice night nobody none normal note nothing notice noticed
    nowhere number numbers obviously offer office often old once one ones open option order other others otherwise
    ought ourselves outside own part particular past pay people perhaps person phone place plan plus point possible
    probably problem process promise properly provide put question questions quick quickly rather reach read ready
    real realise realize reason receive record regular remember report request rest right run said same saturday saw
    say saying says second see seem seemed seems seen send sending sense sent serious service set several share
    short show showed side simple simply since single sit sitting situation six small somebody somehow someone
    something sometimes somewhere soon sorry sort speak speaking spend spent stand start started state stay staying
    step stop stopped straight stuff such suddenly sunday support suppose sure system take taken takes taking talk
    talked talking talks tell telling tells ten thank thanks themselves therefore thing things think thinking thinks
    third though thought three through thursday till time times today together told tomorrow tonight took top total
    toward towards tried true truly trust try trying tuesday turn turned two type understand understood unless until
    update upon use used using usual usually value view visit wait waited waiting walk want wanted wanting wants
    watch way ways wednesday week weekend weeks went whatever whenever wherever whether while whole wish within
    without wonder word words work worked working works world worse worst worth write wrong year years yesterday
    yourself""".split()
)
"""Words of any conversation and of any service call, which touch on nothing by themselves."""

_COMMON_STEMS = frozenset(map(stem, _COMMON))
