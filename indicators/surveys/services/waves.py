"""A wave is planned with its frame and its rules, opened, and closed once: then its figures are a file."""

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from indicators.models import Action, Municipality
from indicators.people.models import Letter, Organisation
from indicators.people.services.tasks import drop_tasks, give_task
from indicators.services.log import record
from indicators.surveys.models import Frame, Instrument, Questionnaire, Reply, Ticket, Wave, WaveState

from .questionnaires import SurveyError
from .results import administrations_rows, forget_members, members_rows, result_file

TASK = "survey-answers"
REMIND_DAYS = (14, 3)


def key_file(lock: bytes) -> Path:
    """Where the private half of a wave's lock lies while it is open: outside of the database and its backups."""
    return Path(settings.SURVEY_KEYS) / f"{lock.hex()[:32]}.key"


def about(wave: Wave) -> str:
    """What a wave is called in the log, in tasks and in letters."""
    return f"wave {wave.pk}"


@transaction.atomic
def plan_wave(  # noqa: PLR0913  what is fixed before anybody is asked
    *,
    questionnaire: Questionnaire,
    year: int,
    opens_at: dt.datetime,
    closes_at: dt.datetime,
    asked: Mapping[str, int],
    how_da: str = "",
    how_en: str = "",
    publish_from: int = 10,
    rank_from: int = 20,
    rank_rate: Decimal = Decimal("0.3"),
    is_demo: bool = False,
    by: User,
    now: dt.datetime,
) -> Wave:
    """Prepare a wave: whom it asks (``asked``: how many, by the municipality's code) and by which rules it is judged.

    Raises SurveyError where the frame names a municipality that is none, or a wave of that year is under way.
    """
    known = {m.code: m for m in Municipality.objects.filter(code__in=asked)}
    if unknown := sorted(set(asked) - set(known)):
        raise SurveyError(_("Rammen har koder, der ikke er kommuner: %(codes)s.") % {"codes": ", ".join(unknown)})
    if Wave.objects.filter(instrument=questionnaire.instrument, year=year).exists():
        raise SurveyError(_("Der er allerede en runde i %(year)d.") % {"year": year})
    if not 1 <= publish_from <= rank_from or not 0 <= rank_rate <= 1 or closes_at <= opens_at:
        raise SurveyError(_("Reglerne eller datoerne modsiger hinanden."))
    wave = Wave.objects.create(
        questionnaire=questionnaire,
        instrument=questionnaire.instrument,
        year=year,
        opens_at=opens_at,
        closes_at=closes_at,
        publish_from=publish_from,
        rank_from=rank_from,
        rank_rate=rank_rate,
        how_da=how_da,
        how_en=how_en,
        is_demo=is_demo,
    )
    before = _last_year(wave) if wave.instrument == Instrument.ADMINISTRATIONS else {}
    Frame.objects.bulk_create(
        [
            Frame(wave=wave, municipality=known[code], asked=number, last_year=before.get(known[code].pk, {}))
            for code, number in sorted(asked.items())
        ]
    )
    details = {"year": year, "instrument": wave.instrument, "asked": sum(asked.values())}
    record(action=Action.WAVE_PLANNED, what=about(wave), by=by, now=now, details=details)
    return wave


def _last_year(wave: Wave) -> dict[int, dict[str, object]]:
    """What each municipality answered the last time, by question: shown beside the field, never filled in."""
    last = Wave.objects.closed().filter(instrument=wave.instrument, year__lt=wave.year).newest_first().first()
    found: dict[int, dict[str, object]] = {}
    if last is not None:
        rows = Reply.objects.filter(frame__wave=last, frame__approved_at__isnull=False).values_list(
            "frame__municipality", "question__code", "number", "denominator", "no_answer", "text"
        )
        for municipality, code, *answer in rows:
            found.setdefault(municipality, {})[code] = answer
    return found


@transaction.atomic
def open_wave(*, wave: Wave, by: User, now: dt.datetime, address: Callable[[int], str] | None = None) -> Wave:
    """Open a wave: its form is frozen; each municipality gets the task.

    ``address`` gives the path where a municipality answers, by its frame. Raises SurveyError where it is not a draft.
    """
    wave = Wave.objects.select_for_update(of=("self",)).select_related("questionnaire").get(pk=wave.pk)
    if wave.state != WaveState.DRAFT:
        raise SurveyError(_("Runden er allerede åbnet."))
    Questionnaire.objects.filter(pk=wave.questionnaire_id, frozen_at__isnull=True).update(frozen_at=now)
    wave.state, wave.opened_at = WaveState.OPEN, now
    wave.save(update_fields=["state", "opened_at"])
    if wave.instrument == Instrument.ADMINISTRATIONS:
        frame_of = dict(wave.frames.values_list("municipality", "pk"))
        for organisation in _asked_organisations(wave):
            frame = frame_of[organisation.municipality_id or 0]
            give_task(
                organisation=organisation,
                kind=TASK,
                about=about(wave),
                title=_("Besvar spørgeskemaet %(year)d") % {"year": wave.year},
                due_at=max(wave.closes_at, now),
                address=address(frame) if address else "",
                remind_days=REMIND_DAYS,
                now=now,
            )
    record(action=Action.WAVE_OPENED, what=about(wave), by=by, now=now)
    return wave


def _asked_organisations(wave: Wave) -> list[Organisation]:
    asked = wave.frames.values("municipality")
    return list(Organisation.objects.of_municipalities().filter(municipality__in=asked).select_related("municipality"))


@transaction.atomic
def close_wave(*, wave: Wave, by: User, now: dt.datetime) -> Wave:
    """Close a wave: count, hold back what is too little, write the result in the upload format.

    Members' answers are opened in random order, and everything that led to them (tokens, addresses, letters, the key)
    goes. Closing again changes nothing and gives the same file. Raises SurveyError, SealError where the key is gone.
    """
    wave = Wave.objects.select_for_update(of=("self",)).select_related("questionnaire").get(pk=wave.pk)
    if wave.state == WaveState.CLOSED:
        return wave
    if wave.state != WaveState.OPEN:
        raise SurveyError(_("Runden er ikke åbnet."))
    if wave.instrument == Instrument.MEMBERS:
        key = key_file(bytes(wave.lock))
        rows = members_rows(wave, key)
        forget_members(wave)
        Letter.objects.filter(about=about(wave)).delete()
        transaction.on_commit(lambda: key.unlink(missing_ok=True))
    else:
        rows = administrations_rows(wave)
        for section in ("", *wave.questionnaire.questions.values_list("section", flat=True).distinct()):
            drop_tasks(about=f"{about(wave)} {section}".strip(), now=now)
    wave.result = result_file(wave, rows)
    wave.result_sha256 = hashlib.sha256(wave.result).hexdigest()
    wave.state, wave.closed_at = WaveState.CLOSED, now
    wave.save(update_fields=["result", "result_sha256", "state", "closed_at"])
    record(action=Action.WAVE_CLOSED, what=about(wave), by=by, now=now, details={"sha256": wave.result_sha256})
    return wave


def tickets_left(wave: Wave) -> int:
    """How many members still can answer, over the whole country: no count by municipality while a wave is open."""
    return Ticket.objects.filter(wave=wave, used=False, revoked=False).count()
