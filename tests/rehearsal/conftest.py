"""What the tests of rehearsals share."""

from tests.reading import shipped_personas_are_read_once as shipped_personas_are_read_once
