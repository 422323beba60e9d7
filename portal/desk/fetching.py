"""What the worker does for "Hent fra kilden": look, fetch, and tell the office of figures that a publisher restated."""

import datetime as dt

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.models import Indicator, Job, Measurement, Municipality
from indicators.services.compare import Progress, cells_of
from indicators.services.queue import FollowUp, enqueue_follow_up
from indicators.sources.answers import NoNetworkError, SourceError
from indicators.sources.models import Fetch, FetchState, SourceTable
from indicators.sources.recipes import Recipe, recipes_of_the_catalogue
from indicators.sources.services import Preview, Round, begin_round, fetch, look, preview, robot
from portal.language import formatting
from rankings.restating import Restated, restated_by

ALL = "alle"
LOOK_EVERY = dt.timedelta(days=30)
FETCH_EVERY = dt.timedelta(days=365)
NOT_BEFORE = dt.timedelta(days=1)
"""A look that found no network is tried again the next day."""
_MOST_NAMED = 20
PUBLISH = "rankings.publish_edition"


def look_at_sources(_about: str, progress: Progress, now: dt.datetime) -> str:
    """Look at every table; fetch what is new. What comes waits for a person."""
    around = begin_round()
    with around.collector:
        recipes = _usable(around)
        try:
            new = look(around, recipes=recipes, now=now)
        except NoNetworkError as error:
            return str(error)
        return _fetch(around, [recipe for recipe in recipes if recipe.indicator in new], progress, now)


def fetch_from_sources(about: str, progress: Progress, now: dt.datetime) -> str:
    """Fetch one indicator's figures (``about`` is its key), or all of them. What comes waits for a person."""
    around = begin_round()
    with around.collector:
        recipes = [recipe for recipe in _usable(around) if about in {ALL, key_of(recipe.indicator)}]
        return _fetch(around, recipes, progress, now)


def compare_with_sources(about: str, progress: Progress, now: dt.datetime) -> str:
    """Say in a line for each indicator (``about`` is its key, or all) what a fetch would change; nothing is stored."""
    around, said = begin_round(), []
    with around.collector:
        recipes = [recipe for recipe in _usable(around) if about in {ALL, key_of(recipe.indicator)}]
        for number, recipe in enumerate(recipes):
            progress("comparing", number / len(recipes))
            indicator = Indicator.objects.get(code=recipe.indicator)
            try:
                brings = what_it_brings(preview(around, recipe=recipe, now=now), indicator)
            except NoNetworkError as error:
                return str(error)
            except SourceError as error:
                brings = str(error)
            said.append(f"{indicator.name_da}: {brings}")
    return "\n".join(said)


SOURCE_WORK: dict[str, FollowUp] = {
    "look": look_at_sources,
    "compare": compare_with_sources,
    "fetch": fetch_from_sources,
}
SOURCE_NAMES = {
    "look": gettext_lazy("se efter hos kilderne"),
    "compare": gettext_lazy("sammenligning med kilden"),
    "fetch": gettext_lazy("hentning fra kilden"),
}


def what_it_brings(found: Preview, indicator: Indicator) -> str:
    """What the publisher's figures would change here: counts, the first changes old → new, and what is in doubt."""
    counts = {"added": found.added, "changed": len(found.changed), "unchanged": found.unchanged}
    line = f"{found.making.year}: " + _("%(added)d nye tal, %(changed)d ændrede, %(unchanged)d ens") % counts
    names = dict(Municipality.objects.filter(code__in=found.changed).values_list("code", "name"))
    changes = [
        f"{names[code]} {_figure(old, indicator)} → {_figure(new, indicator)}"
        for code, (old, new) in list(found.changed.items())[:_MOST_NAMED]
    ]
    if more := len(found.changed) - len(changes):
        changes.append(_("… og %(count)d til") % {"count": more})
    shown = f" ({', '.join(changes)})" if changes else ""
    return " ".join([f"{line}{shown}.", *(str(doubt.text) for doubt in found.making.doubts)])


def _usable(around: Round) -> list[Recipe]:
    return [recipe for recipe in around.book.recipes.values() if not recipe.waits_for]


def key_of(code: str) -> str:
    """What an indicator's fetch is called among the jobs, whose names are short: its place among the recipes."""
    return str(list(recipes_of_the_catalogue().recipes).index(code))


def _fetch(around: Round, recipes: list[Recipe], progress: Progress, now: dt.datetime) -> str:
    rows: list[Fetch] = []
    for number, recipe in enumerate(recipes):
        progress("fetching", number / len(recipes))
        try:
            rows.append(fetch(around, recipe=recipe, by=robot(), now=now))
        except NoNetworkError as error:
            return str(error)
    # also what somebody fetched by the command, which writes to nobody
    waiting = Fetch.objects.waiting().filter(told_at=None).exclude(pk__in=[row.pk for row in rows])
    for row in (*rows, *waiting.select_related("upload", "indicator")):
        tell_of_restated(row, now)
    counts = {state: sum(row.state == state for row in rows) for state in FetchState}
    return _("%(new)d hentet og venter, %(same)d uden nyt, %(failed)d mislykkedes.") % {
        "new": counts[FetchState.FETCHED],
        "same": counts[FetchState.UNCHANGED],
        "failed": counts[FetchState.FAILED],
    }


def tell_of_restated(row: Fetch, now: dt.datetime) -> list[Restated]:
    """Write to those who publish where a fetch changes figures of a published edition; once for each fetch."""
    if row.upload is None or row.told_at is not None or not row.upload.report.get("changed"):
        return []
    found = restated_by(cells_of(row.upload, now=now))
    if found:
        send_mail(
            _("Socialt Indeks: kilden har rettet tal i %(name)s") % {"name": row.indicator.name_da},
            "\n\n".join(letter_about(one, row) for one in found),
            settings.DEFAULT_FROM_EMAIL,
            _who_publishes(),
        )
        Fetch.objects.filter(pk=row.pk).update(told_at=now)
    return found


def letter_about(one: Restated, row: Fetch) -> str:
    """What the publisher changed in an edition: old → new, and who would move."""
    lines = [
        _("Udgave %(release)s, %(name)s: kilden (%(tables)s) har rettet %(count)d tal, der er trykt.")
        % {
            "release": one.edition.release,
            "name": one.indicator.name_da,
            "tables": row.tables,
            "count": len(one.figures),
        },
        *(
            f"  {name}: {_figure(old, one.indicator)} → {_figure(new, one.indicator)}"
            for name, old, new in one.figures[:_MOST_NAMED]
        ),
        *([_("  … og %(count)d til") % {"count": more}] if (more := len(one.figures) - _MOST_NAMED) > 0 else []),
    ]
    if one.moves:
        lines.append(_("Med de nye tal ville %(count)d kommuner flytte sig:") % {"count": len(one.moves)})
        lines += [f"  {name}: {before or '–'} → {after or '–'}" for name, before, after in one.moves[:_MOST_NAMED]]
    else:
        lines.append(_("Ingen kommune ville flytte sig i den samlede rangliste."))
    lines.append(_("Udgaven er ikke ændret. En rettelse er et forslag: den laves af mennesker, med en begrundelse."))
    return "\n".join(lines)


def _figure(value: float | None, indicator: Indicator) -> str:
    return "–" if value is None else formatting.number(value, indicator.decimals)


def _who_publishes() -> list[str]:
    people = get_user_model().objects.with_perm(PUBLISH, backend="django.contrib.auth.backends.ModelBackend")
    return sorted(set(people.exclude(email="").values_list("email", flat=True)))


def ask_when_due(now: dt.datetime) -> str:
    """Have the worker look once a month, and fetch everything once a year; "" where neither is due.

    Not on a site of invented figures that would ask the publisher itself: real figures are never laid beside those.
    """
    around = recipes_of_the_catalogue()
    declared = not any(settings.SOURCE_URLS.get(name) for name in around.publishers)
    if not around.recipes or (declared and Measurement.objects.are_invented()):
        return ""
    asked = Job.objects.filter(kind__in=SOURCE_WORK).order_by("asked_at").values_list("asked_at", flat=True).last()
    if asked is not None and now - asked < NOT_BEFORE:
        return ""
    looked = SourceTable.objects.order_by("-looked_at").values_list("looked_at", flat=True).first()
    fetched = Fetch.objects.filter(asked_by=robot()).order_by("asked_at").values_list("asked_at", flat=True).last()
    if looked is None or now - looked >= LOOK_EVERY:
        due = "fetch" if fetched is not None and now - fetched >= FETCH_EVERY else "look"
        enqueue_follow_up(kind=due, about=ALL, by=robot())
        return due
    return ""
