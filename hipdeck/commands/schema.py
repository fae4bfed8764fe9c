"""`hipdeck schema`: the JSON Schema of the card files, for editors."""

from __future__ import annotations

from pathlib import Path

import click

from hipdeck import disk
from hipdeck.commands.shared.options import PATH
from hipdeck.commands.shared.reporting import print_raw, say
from hipdeck.deck.schemas import SCHEMAS, schema_text


@click.command("schema")
@click.argument("document", type=click.Choice(SCHEMAS), default="section", metavar=f"[{'|'.join(SCHEMAS)}]")
@click.option("-o", "--output", metavar="DIR", type=PATH, help="Write both schemas into this folder.")
@click.option("-q", "--quiet", is_flag=True, help="With -o, print nothing.")
def command(document: str, output: Path | None, quiet: bool) -> None:
    """Print the JSON Schema of deck.yaml or of a section, for editors.

    By default it's that of a section. With -o, both are written, as deck.json and section.json.

    \b
    Examples:
      hipdeck schema deck
      hipdeck schema -o cards/.schema     after an update of hipdeck
    """
    if output is None:
        print_raw(schema_text(document).removesuffix("\n"))
        return
    with disk.replacing("check that you may write there and that the disk has room") as drafts:
        for name in SCHEMAS:
            drafts.draft(output / f"{name}.json").write_text(schema_text(name), encoding="utf-8", newline="\n")
    if not quiet:
        say(f"{output}: deck.json, section.json")
