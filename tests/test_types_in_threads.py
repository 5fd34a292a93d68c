"""What several threads may be the first to read is ready once it is imported: msgspec may crash where two make it."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import sys
{imports}
made = []
sys.setprofile(lambda frame, event, _: made.append(1) if frame.f_code.co_name == "get_class_annotations" else None)
{reads}
sys.setprofile(None)
print(len(made))
"""

SCORER = """
from roleplay.scoring.occasion import Occasion
from roleplay.scoring.offline.scorer import OfflineScorer
from roleplay.scoring.rubric import default_rubric
"""


@pytest.mark.parametrize(
    ("imports", "reads"),
    [
        ("from roleplay.scoring.rubric import default_rubric", "default_rubric()"),
        (
            SCORER,
            "OfflineScorer(default_rubric()).judge(Occasion(), (), 'Are you safe?')",
        ),
        ("from roleplay.llm.looking import _models", "_models(b'{}')"),
        ("import roleplay.conversation.turns", "import roleplay.store.records"),
    ],
    ids=["rubric", "offline scorer", "list of models", "records"],
)
def test_no_type_is_made_at_its_first_use(imports: str, reads: str) -> None:
    program = PROGRAM.format(imports=imports, reads=reads)
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout == "0\n"
