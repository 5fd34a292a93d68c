"""What the tests of whole calls share."""

from tests.reading import shipped_personas_are_read_once as shipped_personas_are_read_once
from tests.tui.sheets import style_sheets_are_parsed_once as style_sheets_are_parsed_once
