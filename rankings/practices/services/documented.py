"""The documented Danish examples that ship with the code, entered as the editorial office's own proposals.

They wait for editors like everything else: that a fact is ours makes nobody's judgement unnecessary.
"""

import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from indicators.models import Indicator, Municipality
from indicators.people.models import Organisation
from rankings.practices.models import Aim, Evidence, Practice, PracticeState

from .proposing import free_slug

DATA = Path(__file__).resolve().parent.parent / "data" / "documented.json"


def documented() -> list[dict[str, Any]]:
    """What ships with the code: texts in both languages, aims, evidence, and what editors are proposed to say."""
    rows: list[dict[str, Any]] = json.loads(DATA.read_text("utf-8"))
    return rows


@transaction.atomic
def load_documented(*, office: Organisation, by: User, now: dt.datetime) -> list[Practice]:
    """Enter those that are not there yet, sent and with their evidence; return the new ones."""
    known = set(Practice.objects.filter(organisation=office).values_list("title", flat=True))
    return [_load(row, office, by, now) for row in documented() if row["title"] not in known]


TEXTS = (
    "title", "title_en", "summary", "summary_en", "target_groups", "legal_basis", "maturity", "done", "done_en", "took",
    "took_en", "failed", "failed_en", "sources",
)  # fmt: skip


def _load(row: dict[str, Any], office: Organisation, by: User, now: dt.datetime) -> Practice:
    practice = Practice(organisation=office, **{name: row[name] for name in TEXTS})
    practice.started_on = dt.date.fromisoformat(row["started_on"]) if row["started_on"] else None
    practice.slug, practice.drafted_by, practice.drafted_at = free_slug(practice.title), by, now
    practice.state, practice.submitted_by, practice.submitted_at = PracticeState.SUBMITTED, by, now
    practice.full_clean()
    practice.save()
    practice.municipalities.set(Municipality.objects.filter(code__in=row["municipalities"]))
    for code, direction, edition in row["aims"]:
        indicator = Indicator.objects.get(code=code)
        Aim.objects.create(
            practice=practice,
            indicator=indicator,
            direction=direction,
            from_edition=edition,
            registered_at=now,
            registered_by=by,
        )
    for entry in row["evidence"]:
        evidence = Evidence(practice=practice, added_at=now, added_by=by, **entry)
        evidence.full_clean()
        evidence.save()
    return practice
