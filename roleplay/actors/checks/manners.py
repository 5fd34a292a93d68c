"""Lines in which the customer acts as somebody else: the representative, a counselor, a grateful customer."""

from __future__ import annotations

import re

from roleplay.actors.checks.stage import Stage


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?:{each})" for each in alternatives))


_MY = (
    r"\b(?:i|we)(?:'ll| will| can| could|'ve| have|'m| am|'re| are| just|'d| would)?(?: (?:already|now|just|"
    r"going to|be able to|like to|love to|have to|happy to))*"
)
_SERVES = _any(
    r"\b(?:how|what) (?:else )?(?:can|may|could) i (?:help|assist|do for)\b(?! it)",
    r"\bthank(?:s| you)(?: so much| very much)? for (?:calling(?! me\b)|contacting|reaching out|holding|being a|"
    r"choosing|your (?:patience|call|understanding|cooperation|loyalty|feedback))\b",
    r"\bi(?:'m| am) (?:so |very |really |truly |deeply |terribly )*sorry (?:to hear|about (?:your|"
    r"the (?:inconvenience|delay|wait))|for (?:your|the (?:inconvenience|trouble|wait|delay|confusion)|"
    r"any))\b",
    r"\b(?:i|we) (?:sincerely |truly |deeply )?apologi[sz]e (?:for|that you)\b|\bmy (?:sincere |"
    r"deepest )?apologies for the\b",
    r"\bi(?:'m| am)? ?(?:completely |totally |fully |truly |really |"
    r"certainly )*(?:do )?understand (?:how (?:you|frustrat|difficult|hard|upset|scary|stress|worr|"
    r"this must|that must)|your (?:frustration|concerns?|feelings|situation|position))",
    r"\bis there anything else (?:i|we) can\b|\banything else (?:i|we) can (?:help|do|assist)\b",
    rf"{_MY} (?:dispatch|dispatched|dispatching|escalate|escalated|escalating|waive|waived|transfer you|"
    rf"transferring you|connect you|put you through|process your|processed your|processing your|"
    rf"look into (?:this|that|it) for you|pull up your|pulled up your|pulling up your|open(?:ed|"
    rf"ing)? a (?:ticket|case)|flag(?:ged)? (?:this|your)|unblock(?:ed)?|lift(?:ed)? (?:the|your) block|"
    rf"close(?:d)? (?:the|your) account for you|help you|assist you|take care of (?:this|that|it) for you|"
    rf"get (?:this|that) sorted for you|send(?:ing)? (?:you )?(?:a|the|our) (?:tow|truck|driver|technician|"
    rf"patrol|replacement)|arrange(?:d)? (?:a|the|for)|notify(?:ing)? the (?:patrol|police)|"
    rf"raise(?:d)? (?:the|your|a|this))\b",
    r"\blet me (?:transfer|connect|pull up|see what i can do|look into|check (?:your|the system|our)|"
    r"assist|help you|get (?:that|this) (?:sorted|started|taken)|walk you through|put you)\b",
    r"\b(?:can|could|may) (?:i|you please) (?:have|get|take|provide|confirm|verify|"
    r"give me) your (?:\w+ )?(?:account|member\w*|card|policy|order|phone|callback|address|location|"
    r"date of birth|pin|details|identity|zip)",
    r"\bplease (?:confirm|provide|verify|remain|hold while|hold on while|bear with|be assured|rest assured|"
    r"feel free|don't hesitate)\b|\brest assured\b",
    r"\b(?:help|assistance|(?:a|the|your|our) (?:(?:tow )?truck|tow|driver|patrol|ambulance|technician)) "
    r"is (?:already )?on (?:its|his|her|the|their) way to you\b|\bhelp is on (?:the|its) way\b",
    r"\bhow are (?:you|we) (?:feeling|holding up)\b|\bsit tight,? (?:ma'am|sir)\b|"
    r"\b(?:ma'am|sir),? (?:please )?sit tight\b",
    r"\bplease (?:stay|remain) (?:in|inside) (?:your|the)\b|\b(?:stay|remain) in your (?:car|vehicle|seat)\b|"
    r"\bkeep your (?:seat ?)?belt\b|\bare you (?:in a safe|somewhere safe|safe right now|buckled|injured)",
    r"\byour (?:safety|satisfaction|business|comfort|call) is (?:very |our |important|my)",
    r"\bwe (?:value|appreciate) (?:your|you)\b|\bas a valued\b|"
    r"\bour (?:policy (?:is (?:to|that|not)|states|says|requires|allows|forbids|doesn't|does not|won't)|records show|"
    r"records indicate|team will|technician|system shows)\b",
    r"\bi(?:'m| am) here to (?:help|assist|support)\b|\bi(?:'d| would) be (?:happy|glad) to (?:help|assist)\b",
)
_COUNSELS = _any(
    r"\b(?:it's|it is|that's|that is) (?:perfectly |completely |totally |absolutely |all |quite )?(?:okay|"
    r"ok|alright|all right|normal|natural|understandable|valid|important|healthy) (?:to|that you|"
    r"for you to) (?:feel|be|take|remember|ask|cry|grieve|need|feeling)",
    r"\b(?:your|my|those|these|our|the) (?:feelings|emotions) (?:are|is) (?:valid|normal|understandable|"
    r"okay|important)\b|\bvalidat(?:e|es|ed|ing|ion)\b(?! (?:code|number))",
    r"\b(?:take|let's take|try taking) (?:a|some|a few|another) (?:\w+ )?breaths?\b(?! for me\?)|"
    r"\bjust breathe\b|\bbreathe (?:in|with me|deeply)\b",
    r"\bi(?:'m| am) (?:right )?here for you\b|\byou(?:'re| are) not alone\b|\bi(?:'m| am) proud of you\b",
    r"\bthat must (?:be|feel|have been|have felt) (?:so |very |really |incredibly |extremely |"
    r"terribly )(?:\w+ )?(?:hard|difficult|frustrating|stressful|painful|overwhelming|tough|upsetting|"
    r"scary|exhausting)\b",
    r"\bit sounds like (?:you(?:'re| are|'ve| have)|you feel)\b|\bwhat i(?:'m| am) hearing is\b|\bi(?:'m|"
    r" am) hearing that you\b",
    r"\bhow (?:does|did) (?:that|it|this) make you feel\b|\bwhat (?:would|could) help you feel\b",
    r"\bself-?care\b|\bcoping\b|\bsupport (?:system|group|network)\b|\bsafe space\b|\b(?:healing|grieving|"
    r"grief) (?:process|journey)\b|\bmindful|\bempath(?:y|ize|etic)\b|"
    r"\bactive(?:ly)? listening\b",
    r"\bprocess(?:ing)? (?:your|my|these|those|this|all these) (?:feelings?|emotions?|grief|loss)\b",
    r"\b(?:feel|felt|feeling) (?:so |really |truly |very )?(?:heard|seen|validated|supported|understood)\b",
    r"\b(?:have you|you should|you could|maybe you should|why don't you) (?:tried|considered|thought about|"
    r"try|consider|think about|see|talk to|speak to) (?:talking|speaking|reaching|seeing|breathing|therapy|"
    r"counsel\w*|a (?:therapist|counsel\w*|professional|doctor))",
    r"\bremember to (?:breathe|take care|be kind|rest)\b|\bbe (?:kind|gentle) (?:to|with) yourself\b|"
    r"\btake care of yourself\b|\bone day at a time\b|\btime heals\b",
    r"\b(?:reach out|reaching out) (?:to|for) (?:a |some |your )?(?:help|support|friend|family|"
    r"professional|someone|loved)",
    r"\bi (?:need|just need|want) (?:some |to feel )?(?:validation|reassurance|emotional support|"
    r"to be heard|to feel (?:safe|heard|seen)|empathy)\b",
    r"\blet's (?:work through|explore|unpack|focus on) (?:this|that|your|what|these|how)",
)
_QUOTED = re.compile(r"[\"“][^\"”]*[\"”]|(?<![\w])'[^']+(?:'\w+[^']*)*'(?!\w)")
_NO_THANKS = re.compile(
    r"\b(?:no|without|don't|not|never|nobody|won't|didn't|can't|hardly|wouldn't|what am i|"
    r"for what)\b[^.!?;]{0,24}?\b(?:thank\w*|appreciat\w*|grateful)"
    r"|\bthank(?:s| you) for (?:nothing|that much|the (?:lecture|speech|recital|reading|script|form|slogan|"
    r"poem|tip))\b|\bthank (?:god|goodness|heavens?|the lord|christ)\b"
    r"|\b(?:i'd|i would) (?:thank|appreciate)\b|\bthank(?:s| you) (?:all the same|anyway|just the same)\b"
    r"|\b(?:say|says|said|saying|write|wrote|read|reads|about|a|the|any|their|"
    r"of)\b[^.!?]{0,6} [\"“‘']?thank|\bthanked\b|\bthank(?:s)? to\b"
)
_THANKS = re.compile(
    r"\bthank(?:s| you)\b(?=[^.!?]*(?: so| very| really| for|[.!…,]|$))|\bi (?:really |truly |do |so |"
    r"very much )*appreciate\b"
    r"|\b(?:i'm|i am|so|very|really) (?:so |very |really |truly )?(?:grateful|thankful)\b|\bbless you\b|"
    r"\bmuch obliged\b"
)
_GUSHES = re.compile(
    r"\bthank(?:s| you) (?:so much|very much|really|a lot|a million|for (?:being|understanding|listening|"
    r"caring|your (?:kind|help|support|concern|time)|saying|everything|all))"
    r"|\bi (?:really|truly|so|do) (?:really |truly |very much )?appreciate|\b(?:so|very|really|"
    r"truly) (?:grateful|thankful)\b|\bbless you\b"
)
_PRAISE = re.compile(
    r"\byou(?:'re| are|'ve been| have been) (?:being |all |just )?(?:so |very |really |too |such an? |an? |"
    r"the |incredibly |extremely |truly |absolutely )+(?:kind|sweet|wonderful|amazing|great|helpful|best|"
    r"angel|lifesaver|patient|understanding|good (?:person|listener|at this)|thoughtful|nice)\b"
    r"|\bthat(?:'s| is|'s just| was) (?:so |very |really |incredibly |such a )+(?:kind|sweet|nice|"
    r"thoughtful|helpful|reassuring|comforting|relief|lovely|good to (?:hear|know))\b"
    r"|\b(?:that|this|it|which) (?:really |actually |truly |already |does )+(?:helps?|means (?:a lot|"
    r"so much|the world))\b|\bmeans (?:a lot|so much|the world) to me\b"
    r"|\byou(?:'re| are) (?:all |just |only |really )*(?:doing|trying) your (?:very )?best\b(?![^.!?]*\bbut\b)"
    r"|\byou(?:'re| are) (?:really )?doing (?:such )?an? (?:\w+ ){0,2}(?:good|great|wonderful|amazing|excellent) job\b"
    r"|\bwhat a (?:kind|lovely|wonderful|thoughtful)\b|\bi (?:knew|know) i could count on you\b|"
    r"\byou (?:really|truly) (?:care|get it|understand|listen)\b"
)
_DENIES = re.compile(
    r"\b(?:not|n't|isn't|never|hardly|nothing|none|if|wouldn't|doesn't|how is|would be|would've|thought|were)\b"
)


def acts_as_representative(stage: Stage, sentence: str) -> bool:
    """Whether the customer offers service, gives orders for safety or asks for account details, as the trainee would.

    Others of the cast may be colleagues, whose work this is.
    """
    return stage.is_customer and _found(_SERVES, sentence, stage)


def counsels(stage: Stage, sentence: str) -> bool:
    """Whether the customer comforts, advises or talks about feelings as a counselor does."""
    return _found(_COUNSELS, sentence, stage)


def thanks_for_nothing(stage: Stage, sentence: str) -> bool:
    """Whether the customer thanks or praises for a reply that has not met what was there to be met.

    To a reply that reached some of it, or where there was nothing to reach, a plain thanks is only civil.
    """
    heard = stage.direction.heard
    if heard == "met":
        return False
    gushes = is_grateful(sentence, gushing=heard not in ("missed", "harmed"))
    return gushes and not is_grateful(stage.scripted, gushing=False)


def is_grateful(text: str, *, gushing: bool) -> bool:
    """Whether thanks or praise stand in `text` and are meant; with `gushing`, only if more than a plain thanks."""
    plain = text.lower().replace("’", "'")
    praise = _PRAISE.search(plain)
    if praise and not _DENIES.search(plain[: praise.end()]):
        return True
    thanks = (_GUSHES if gushing else _THANKS).search(plain)
    if not thanks or _NO_THANKS.search(plain):
        return False
    return gushing or not _is_tail(plain, thanks)


def _is_tail(plain: str, thanks: re.Match[str]) -> bool:
    """Whether the thanks are but a dry word at the end of something else (“that went right in, thanks”)."""
    before, after = plain[: thanks.start()].rstrip(), plain[thanks.end() :].strip(" .!…")
    return before.endswith(",") and not after and len(before.split()) >= 3


def _found(signs: re.Pattern[str], sentence: str, stage: Stage) -> bool:
    """Whether one of `signs` stands in `sentence`, outside of what is quoted, unless the director wrote it so."""
    plain = _QUOTED.sub(" ", sentence.lower().replace("’", "'"))
    return bool(signs.search(plain)) and not signs.search(stage.scripted.lower().replace("’", "'"))
