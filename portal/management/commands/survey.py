"""manage.py survey …: every step of a wave, from the form to the file that goes in as every file does."""

import csv
import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils import timezone

from indicators.services.log import acting_user
from indicators.surveys.forms import FormError, read_form
from indicators.surveys.models import Instrument, Questionnaire, Wave
from indicators.surveys.respondents import ColumnMapping, ExportError, read_export, remembered
from indicators.surveys.sealing import SealError
from indicators.surveys.services.members import Member, ask_members, mappings_before, remind_members, take_export
from indicators.surveys.services.questionnaires import SurveyError, add_questionnaire
from indicators.surveys.services.waves import close_wave, open_wave, plan_wave
from portal.surveys.members import invitation_words

COLUMNS = {"frame": ("municipality", "asked"), "list": ("municipality",)}


class Command(BaseCommand):
    """The office's way through a wave."""

    help = "Take in a form; plan, open and close a wave; ask members, remind them, import answers."

    def add_arguments(self, parser: CommandParser) -> None:
        """One word for each step."""
        parser.add_argument("--by", default="", help="who does it (default: the command line)")
        steps = parser.add_subparsers(dest="step", required=True)
        steps.add_parser("form").add_argument("file", type=Path)
        for name in ("plan", "open", "ask", "remind", "import", "close"):
            step = steps.add_parser(name)
            step.add_argument("instrument", choices=Instrument.values)
            step.add_argument("year", type=int)
            if name in {"plan", "ask", "import"}:
                step.add_argument("file", type=Path)
            if name == "plan":
                step.add_argument("--opens", type=dt.date.fromisoformat, required=True)
                step.add_argument("--closes", type=dt.date.fromisoformat, required=True)
            if name == "ask":
                step.add_argument("--links", type=Path, help="write links for the union to send instead of letters")
            if name == "import":
                step.add_argument("--mapping", type=Path, help="JSON: which column is which question")
            if name == "close":
                step.add_argument("--out", type=Path, required=True)

    def handle(self, *_args: Any, step: str, by: str, **options: Any) -> None:
        """Do the step; whatever is wrong is said in words, and nothing is changed."""
        common = {"by": acting_user(by), "now": timezone.now()}
        try:
            said = getattr(self, f"_{step}")(common, **options)
        except (SurveyError, FormError, ExportError, SealError, OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(said)

    def _form(self, common: dict[str, Any], *, file: Path, **_rest: Any) -> str:
        made = add_questionnaire(content=file.read_bytes(), now=common["now"])
        return f"{made}: {made.questions.count()} questions"

    def _plan(self, common: dict[str, Any], *, instrument: str, year: int, file: Path, **rest: Any) -> str:
        questionnaire = Questionnaire.objects.filter(instrument=instrument).newest_first().first()
        if questionnaire is None:
            msg = f"There is no form for {instrument}: take one in with `survey form FILE`."
            raise SurveyError(msg)
        asked = {row["municipality"]: int(row["asked"]) for row in _rows(file, "frame")}
        opens, closes = (_midnight(rest[name]) for name in ("opens", "closes"))
        wave = plan_wave(
            questionnaire=questionnaire, year=year, opens_at=opens, closes_at=closes, asked=asked, **common
        )
        return f"{wave}: {len(asked)} municipalities, {sum(asked.values())} asked"

    def _open(self, common: dict[str, Any], *, instrument: str, year: int, **_rest: Any) -> str:
        wave = open_wave(
            wave=_wave(instrument, year),
            address=lambda frame: reverse("survey-answers", kwargs={"frame": frame}),
            **common,
        )
        return f"{wave} is open"

    def _ask(self, common: dict[str, Any], *, instrument: str, year: int, file: Path, **rest: Any) -> str:
        members = [Member(row["municipality"], row.get("email", "")) for row in _rows(file, "list")]
        links: Path | None = rest["links"]
        words = None if links else invitation_words
        if words and not all(member.email for member in members):
            msg = f"{file.name}: letters need the column email in every row; or write links with --links."
            raise SurveyError(msg)
        tokens = ask_members(wave=_wave(instrument, year), members=members, words=words, **common)
        if links:
            links.write_text(_links(tokens), encoding="utf-8")
        return f"{len(members)} members asked"

    def _remind(self, common: dict[str, Any], *, instrument: str, year: int, **_rest: Any) -> str:
        return f"{remind_members(wave=_wave(instrument, year), words=invitation_words, **common)} letters written"

    def _import(self, common: dict[str, Any], *, instrument: str, year: int, file: Path, **rest: Any) -> str:
        wave = _wave(instrument, year)
        items, content = read_form(bytes(wave.questionnaire.file)).items, file.read_bytes()
        if rest["mapping"]:
            mapping = ColumnMapping.from_json(json.loads(rest["mapping"].read_text(encoding="utf-8")))
        else:
            mapping = remembered(content, mappings_before(wave))
        export = read_export(content, items, mapping)
        return f"{take_export(wave=wave, export=export, **common)} answers taken in"

    def _close(self, common: dict[str, Any], *, instrument: str, year: int, out: Path, **_rest: Any) -> str:
        wave = close_wave(wave=_wave(instrument, year), **common)
        out.write_bytes(bytes(wave.result))
        return f"{wave} is closed: {out}, SHA-256 {wave.result_sha256}"


def _wave(instrument: str, year: int) -> Wave:
    wave = Wave.objects.select_related("questionnaire").filter(instrument=instrument, year=year).first()
    if wave is None:
        msg = f"There is no wave of {instrument} in {year}: plan one first."
        raise SurveyError(msg)
    return wave


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _rows(file: Path, kind: str) -> list[dict[str, str]]:
    """The rows of a CSV with these columns, comma or semicolon. Raises SurveyError that names file, line and column."""
    text = file.read_text(encoding="utf-8-sig")
    mark = max(",;\t", key=text.split("\n", 1)[0].count)
    reader = csv.DictReader(io.StringIO(text), delimiter=mark)
    if absent := [name for name in COLUMNS[kind] if name not in (reader.fieldnames or [])]:
        raise SurveyError(f"{file.name}: the column {absent[0]} is not in the header")
    rows = [{str(name): (cell or "").strip() for name, cell in row.items() if name} for row in reader]
    for line, row in enumerate(rows, start=2):
        if kind == "frame" and not row["asked"].isdecimal():
            raise SurveyError(
                f"{file.name}, line {line}, column asked: {row['asked']!r} is not a whole number of people"
            )
    return rows


def _links(tokens: list[tuple[str, str]]) -> str:
    """A row for each member, in the order of the list: only the union knows whose row is whose."""
    lines = [f"{code},{settings.SITE_ADDRESS}{reverse('survey-member', kwargs={'token': t})}" for code, t in tokens]
    return "\n".join(["municipality,link", *lines, ""])
