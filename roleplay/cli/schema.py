"""`roleplay personas schema`: prints the schema that editors complete, explain and check with."""

from __future__ import annotations

import click


@click.command("schema", short_help="Print the schema by which editors complete personas.")
def command() -> None:
    """Print the JSON Schema of persona files, by which an editor completes and checks while you write.

    Put it beside the file and begin the file with: # yaml-language-server: $schema=./persona.schema.json
    (`roleplay personas new` does both.)
    """
    from roleplay.persona.schema import persona_schema

    click.echo(persona_schema(), nl=False)
