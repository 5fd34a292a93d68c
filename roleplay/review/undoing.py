"""What was taken back, in words."""

from __future__ import annotations

from roleplay.conversation.reviewing import Answer, Assignment, BlindRating, Comment, Dispute, Kept, Mark, Override
from roleplay.review.reading import SHORT
from roleplay.text import quote

_QUOTED = 40


def in_words(kept: Kept) -> str:
    """What `kept` is, for a person."""
    match kept:
        case Comment():
            return f"the comment {quote(kept.text, _QUOTED)}"
        case Override():
            level = "" if kept.level is None else f" {kept.level}"
            return f"your level {SHORT[kept.dimension]}{level} of reply {kept.turn}"
        case Dispute():
            return f"the dispute {quote(kept.text, _QUOTED)}"
        case Answer():
            return f"the answer {quote(kept.text, _QUOTED)}"
        case Mark():
            return "that the call is reviewed"
        case Assignment():
            return f"the assignment of {kept.persona} to {kept.trainee}"
        case BlindRating():
            return f"the rating of reply {kept.turn}"
        case _:
            return "what was taken back"
