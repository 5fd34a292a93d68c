"""What plain words mean in a service call: groups of words and phrases that ask for, or touch on, the same thing.

Author's phrases and trainee's replies are both turned into these meanings before they are compared, so that "where are
you", "what's your location" and "which exit are you near" are one question.
"""

from __future__ import annotations

from functools import lru_cache

from roleplay.english import STOP_WORDS, stem, words

_GROUPS: dict[str, str] = {
    "PLACE": "where | whereabouts | location | located | position | address | which way | directions to you",
    "EXIT": "exit | ramp | off-ramp | off ramp | interchange | junction",
    "ROAD": "road | street | highway | freeway | motorway | interstate",
    "LANDMARK": "landmark | sign | signs | billboard | mile marker | marker | what can you see | see around you",
    "NAME": "name | your name | who am i speaking | who am i talking | who is this | who's this "
    "| what should i call you | what do i call you | are you called | surname",
    "ACCOUNT": "membership | member number | member id | membership number | account | account number | policy number "
    "| card number | reference number | customer number | booking number | order number",
    "PHONE": "phone number | callback number | call you back | reach you | number to reach | best number | cell number "
    "| mobile number",
    "BATTERY": "battery | charge | charged | phone going to last | phone die | percent",
    "VEHICLE": "car | vehicle | automobile | make and model | make model | driving | sedan | what are you driving",
    "IN_CAR": "in the car | in your car | in the vehicle | in your vehicle | inside the car | inside your car "
    "| inside the vehicle | inside your vehicle | are you inside | are you inside the car | are you inside the vehicle "
    "| are you inside your car | are you inside your vehicle",
    "OUT_OF_CAR": "out of the car | out of your car | out of the vehicle | out of your vehicle | outside the car "
    "| outside your car | outside the vehicle | outside your vehicle | outside of the car | outside of your car "
    "| are you outside | are you outside the car | are you outside the vehicle | are you outside your car "
    "| are you outside your vehicle | are you outside of the | standing outside | or outside | or out of it",
    "COLOUR": "color | colour | look like | looks like",
    "PLATE": "plate | license | licence | registration | tag number",
    "HAPPENED": "happen | happened | what's wrong | what is wrong | what's going on | what is going on | go wrong "
    "| went wrong | what's the problem | what's the matter | the matter | broke down | break down | what did it do "
    "| problem with | tell me about it",
    "DOOR": "passenger side | driver's side | door | doors",
    "SIDE": "side | shoulder | which lane | lane | northbound | southbound | eastbound | westbound | direction "
    "| north | south | east | west | heading north | heading south | heading east | heading west",
    "HURT": "hurt | injured | injury | injuries | bleeding | pain | medical | ambulance | are you okay | are you ok "
    "| are you all right | are you alright | you okay | you ok | you all right | you alright | feeling all right",
    "SAFE": "safe | safety | danger | dangerous | out of traffic | out of the traffic | out of harm's way",
    "ALONE": "alone | by yourself | on your own | anyone with you | anybody with you | someone with you | with you in "
    "| who's with you | who is with you | passenger | passengers | anyone else | anybody else | somebody with you "
    "| who else | just you | company | is it just | travelling with | traveling with | in the car with you "
    "| in there with you | in there with u | you got in there | got with you "
    "| there with you | with you there | back there with you | anyone in the car | anybody in the car "
    "| someone in the car | somebody in the car | who's in the car | who is in the car",
    "CHILD": "child | children | kid | kids | daughter | son | baby | little one | toddler | boy | girl",
    "FAMILY": "family | husband | wife | partner | mother | father | mum | mom | dad | parents | sister | brother",
    "LIGHTS": "hazards | hazard | flashers | lights | blinkers | hazard lights",
    "BELT": "belt | belts | seatbelt | seat belt | buckled | buckle | strapped",
    "BARRIER": "barrier | guardrail | guard rail | rail | behind the | get out of the car | climb over",
    "DURATION": "how long | since when | for long | how much time | been there | been waiting | been sitting",
    "DESTINATION": "where were you going | where are you going | going to | you headed | headed to | headed home "
    "| headed for | on your way | on the way to "
    "| heading to | were you going | trying to get to | destination",
    "FUEL": "gas | fuel | petrol | tank | out of gas",
    "FEAR": "scared | afraid | frightened | frightening | scary | terrified | fear | nervous | shaking | worried "
    "| panic",
    "TIRED": "tired | exhausted | worn out | sleep | sleeping",
    "SAD": "sad | upset | crying | tears | cry | hurting",
    "LOSS": "died | death | dead | passed away | lost | loss | gone | funeral | grief | grieving | killed",
    "MONEY": "money | pay | cost | price | bill | afford | charge you | fee | refund | payment",
    "WORK": "work | job | boss | shift | office | colleague | colleagues",
    "HOME": "home | house | flat | apartment",
    "WEDDING": "wedding | marriage | married | marry | engaged | fiancé | fiance | bride",
    "WEATHER": "weather | rain | raining | snow | dark | cold | visibility | fog",
    "FEELINGS": "how are you | how are you doing | how are you feeling | feeling | how do you feel | holding up "
    "| coping | how's it been | how has it been | doing okay | managing",
    "NEXT": "what would help | what do you need | how can i help | help you | what can i do | need from me",
    "WAIT": "wait | hold on | stay on the line | stay with you | hang on",
    "POLICE": "police | patrol | trooper | officer | 911 | emergency",
    "TRUCK": "truck | tow | wrecker | tow truck | driver",
    "AGE": "age | old are you | how old",
    "TIME": "what time | when | date | day",
    "MEDICINE": "medicine | medication | pills | prescription | insulin | doctor | hospital | health | condition",
}

_STOP = STOP_WORDS | frozenset(
    """right exactly currently quickly first need tell give know ask mind moment maybe perhaps sure thanks thank sorry
    hello hi hey ma'am sir madam near nearest sitting standing stuck stopped parked exact""".split()
)

_CASUAL = {
    "u": "you",
    "ur": "your",
    "r": "are",
    "w": "with",
    "whos": "who's",
    "whats": "what's",
    "wheres": "where's",
    "hows": "how's",
    "youre": "you're",
    "any1": "anyone",
    "some1": "someone",
    "thx": "thanks",
    "pls": "please",
    "rn": "right now",
    "alrite": "alright",
    "gonna": "going to",
}

_LONGEST = 5


@lru_cache(maxsize=1)
def _table() -> dict[tuple[str, ...], str]:
    table: dict[tuple[str, ...], str] = {}
    for meaning, phrases in _GROUPS.items():
        for phrase in phrases.split("|"):
            table[tuple(stem(word) for word in words(phrase))] = meaning
    return table


@lru_cache(maxsize=8192)
def meanings(text: str) -> frozenset[str]:
    """The meanings in `text`: names of known groups in capitals, and the stems of other words that carry meaning."""
    return frozenset(sequence(text))


@lru_cache(maxsize=8192)
def sequence(text: str) -> tuple[str, ...]:
    """The meanings in `text` in order; the longest known phrase at each place wins."""
    tokens = [word for token in words(text) for word in _CASUAL.get(token, token).split()]
    stemmed = [stem(token) for token in tokens]
    table = _table()
    found: list[str] = []
    place = 0
    while place < len(tokens):
        for length in range(min(_LONGEST, len(tokens) - place), 0, -1):
            meaning = table.get(tuple(stemmed[place : place + length]))
            if meaning:
                found.append(meaning)
                place += length
                break
        else:
            if tokens[place] not in _STOP:
                found.append(stemmed[place])
            place += 1
    return tuple(found)


def means_nothing(phrase: str) -> bool:
    """Whether `phrase` has no meaning at all, so that nothing said can be found to mean the same."""
    folded = phrase.lower()
    # Only words that mean nothing by themselves are worth the look at what they mean together.
    return all(word in _STOP or word in _CASUAL for word in words(folded)) and not meanings(folded)


def is_group(meaning: str) -> bool:
    """Whether `meaning` is the name of a known group and not a mere stem."""
    return meaning in _GROUPS
