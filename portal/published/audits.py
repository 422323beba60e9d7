"""What was found when an edition was looked over, with the names of what it is about."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from indicators.models import Direction
from portal.published.edition import ShownEdition
from portal.published.subjects import Subject, criteria_of
from rankings.method import INDEX_NODE, area_node, theme_node
from rankings.models import Audit, Level


@dataclass(frozen=True, slots=True)
class Audited:
    """An edition's audit. ``subjects``: the engine's name of a part → what it is, in the order of the catalogue."""

    findings: Mapping[str, Any]
    made_at: dt.datetime
    subjects: Mapping[str, Subject]

    def name(self, code: str) -> str:
        """The name of a part in the language of the page."""
        return self.subjects[code].name if code in self.subjects else code

    def parts(self, level: Level) -> list[str]:
        """The engine's names of the parts of a level that have a weight, in order."""
        return [
            code for code, one in self.subjects.items() if one.level == level and code in self.findings["influence"]
        ]


def audit_of(shown: ShownEdition) -> Audited | None:
    """The audit of the edition that is shown, in two queries; None where it was never looked over."""
    audit = Audit.objects.filter(edition=shown.edition).first()
    if audit is None:
        return None
    subjects: dict[str, Subject] = {INDEX_NODE: Subject(Level.OVERALL)}
    for row in criteria_of(shown.edition):
        if row.area:
            subjects[area_node(row.area)] = Subject(Level.AREA, area=row.area)
        elif row.theme:
            subjects[theme_node(row.theme)] = Subject(Level.THEME, theme=row.theme)
        elif row.indicator and row.direction != Direction.NEUTRAL:
            subjects[row.indicator.code] = Subject(Level.INDICATOR, indicator=row.indicator)
    return Audited(audit.findings, audit.made_at, subjects)
