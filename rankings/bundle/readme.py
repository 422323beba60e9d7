"""README.md of an edition's bundle: what is in it, how to run it again, on what terms, in Danish and English."""

from pathlib import Path

from rankings.bundle.table import DataTable
from rankings.bundle.terms import DEMO_DA, DEMO_EN, LICENCE, LICENCE_URL
from rankings.engine.files import COMMAND
from rankings.models import Edition

ERRORS = (
    "| errors.csv | hvor sikre tallene fra stikprøver er; tallene trækkes inden for dem · "
    "how sure the figures of samples are; they are drawn within it |\n"
)
ALONE = " `method_low` and `method_high` are those of the method alone."
TEMPLATE = Path(__file__).with_name("README.template.md")


def readme(edition: Edition, address: str) -> str:
    """The text of README.md; ``address`` is the edition's pinned address."""
    demo = f"**{DEMO_DA}. {DEMO_EN}.**\n\n" if edition.is_demo else ""
    drawn = "drawn" in edition.robustness
    reason = f"Rettelse · correction: {edition.reason}\n\n" if edition.reason else ""
    return TEMPLATE.read_text(encoding="utf-8").format(
        release=edition.release,
        demo=demo,
        reason=reason,
        day=edition.published_on,
        address=address,
        command=f"{COMMAND} --errors errors.csv" if drawn else COMMAND,
        errors=ERRORS if drawn else "",
        alone=ALONE if drawn else "",
        licence=LICENCE,
        licence_url=LICENCE_URL,
    )


def codebook(tables: list[DataTable]) -> str:
    """codebook.csv: a line for every column of every table, and none of them a formula."""
    lines = ["table,column,type,danish_head,danish,english"]
    for table in tables:
        for column in table.fields:
            texts = [table.name, column.name, str(column.kind), column.da, column.says_da, column.says_en]
            lines.append(",".join('"' + text.replace('"', '""') + '"' for text in texts))
    return "\n".join(lines) + "\n"
