"""The demo's hearing, all through the services: invented, and every text says so.

A draft with eight wrong figures is heard; the corrections bring back what the demo's files had, so that the published
edition is the one it would have been, with figures that went the way of a ruling.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User

from indicators.danish import at_clock, danish
from indicators.demo.files import NOTE, DemoRow, write_csv
from indicators.models import Indicator, Measurement, Theme, Upload
from indicators.people.models import MemberRole, Organisation, OrganisationKind, Purpose
from indicators.people.services.members import (
    change_contact,
    confirm_contact,
    found_organisation,
    found_organisations_of_municipalities,
    join,
    person_of,
)
from indicators.services.apply import import_files
from indicators.services.receive import FileToImport
from rankings.hearing.models import Hearing, Outcome, Remark, RemarkKind, Response
from rankings.hearing.services.answering import give_response, note_opened, save_remark, send_to_approver
from rankings.hearing.services.hearings import keep_hearings, open_hearing, plan_hearing
from rankings.hearing.services.ruling import rule
from rankings.hearing.services.statements import note_decision, raise_flag, raise_voice, show_voice, write_comment
from rankings.method import METHOD
from rankings.models import Edition
from rankings.services.editions import prepare_edition, renew_edition

FINAL, PRELIMINARY, LATE = 71, 6, 2
OPENED_IN_SILENCE = 8
UPHELD, PARTLY = 9, 2
REMARKS = 23
WRONG = 8
DRAWS_TO_WALK = 300
OWN = "hjoerring"  # the municipality that the demo's two accounts speak for
ADDRESS = f"{settings.SITE_ADDRESS}/{settings.WORKBENCH_PATH}/hoering/"
COMMENTS = (
    "Opdigtet: Vi kender tallene. Byrådet har afsat midler til flere medarbejdere, og vi følger op hvert kvartal.",
    "Opdigtet: Tallene dækker et år, hvor vi samlede visitationen ét sted. Vi venter at se virkningen senere.",
    "Opdigtet: En lille kommune har få sager. Enkelte afgørelser flytter procenterne meget fra år til år.",
)
SHORT = "Opdigtet: Vi følger op på omgjorte afgørelser hvert kvartal."
REASONS = {
    Outcome.UPHELD: "Opdigtet: Kommunens dokumentation viser, at tallet var forkert. Det er rettet.",
    Outcome.PARTLY: "Opdigtet: Tallet følger definitionen, men bemærkningen er tilføjet som note.",
    Outcome.NOT: "Opdigtet: Tallet svarer til kilden, og definitionen er den samme for alle kommuner.",
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """A figure that the draft has wrong: its row in a file, and what it should be."""

    measurement: Measurement
    value: float

    @property
    def indicator(self) -> Indicator:
        """What is measured."""
        return self.measurement.indicator

    def row(self, value: float) -> DemoRow:
        """A line of a file."""
        m = self.measurement
        return (m.municipality.code, m.municipality.name, m.indicator.code, m.year, value, "", NOTE)


def heard_edition(
    *, folder: Path, year: int, note_da: str, note_en: str, by: User, draws: int | None = None
) -> Edition:
    """Prepare a year's edition, hear it, rule, correct, and compute it once more: ready to be published.

    What is heard are figures, so few draws do for its intervals.
    """
    wrong = _wrong_figures(year)
    _import(folder / f"demo-{year}-udkast.csv", [one.row(_misread(one)) for one in wrong], by, _at(year, 8, 11))
    now = _at(year, 8, 12)
    edition = prepare_edition(year=year, by=by, now=now, note_da=note_da, note_en=note_en, draws=DRAWS_TO_WALK)
    office = _person("demo-redaktion", "redaktion@example.org", "Opdigtet Redaktør")
    _found(now, office)
    hearing = plan_hearing(
        edition=edition,
        opens_at=at_clock(dt.date(year, 8, 14), dt.time(9)),
        closes_at=at_clock(dt.date(year, 9, 11), dt.time(12)),
        by=office,
        now=now,
    )
    hearing = open_hearing(hearing=hearing, address=ADDRESS, now=hearing.opens_at)
    _answer(hearing, wrong)
    keep_hearings(address=ADDRESS, now=hearing.closes_at)
    _say(edition, office)
    upload = _import(
        folder / f"demo-{year}-rettelser-efter-hoering.csv",
        [one.row(one.value) for one in wrong],
        by,
        _at(year, 9, 21),
    )
    _rule(hearing, upload, office)
    draws = METHOD["robustness"]["draws"] if draws is None else draws
    return renew_edition(edition=edition, by=by, now=_at(year, 9, 22), draws=draws)


def hearing_to_walk(*, year: int, by: User, now: dt.datetime) -> Hearing:
    """A draft of the year to come that is being heard now, so that a stranger can answer as a municipality and rule.

    Four municipalities have answered, two of them with a remark that waits for a ruling.
    """
    edition = prepare_edition(
        year=year, by=by, now=now, note_da="Opdigtet: et udkast, der er i høring.",
        note_en="Invented: a draft in hearing.", draws=DRAWS_TO_WALK,
    )  # fmt: skip
    office = _person("demo-redaktion", "redaktion@example.org", "Opdigtet Redaktør")
    closes = at_clock(danish(now).date() + dt.timedelta(days=settings.HEARING_LEAST_DAYS + 7), dt.time(12))
    hearing = plan_hearing(edition=edition, opens_at=now, closes_at=closes, by=office, now=now)
    hearing = open_hearing(hearing=hearing, address=ADDRESS, now=now)
    responses = Response.objects.filter(hearing=hearing).exclude(organisation__municipality__slug=OWN)
    indicator = Indicator.objects.get(code=OTHERS[0])
    for number, response in enumerate(responses.select_related("organisation__municipality").order_by("pk")[:4]):
        approver = _approver(response.organisation)
        note_opened(response=response, by=approver, now=now)
        if number < 2:
            Say({}, indicator, number)(response, approver, now)
        give_response(response=response, final=True, by=approver, now=now)
    return hearing


def raise_the_flag(*, edition: Edition, now: dt.datetime) -> None:
    """One published figure under clarification, raised by the municipality of the demo's accounts."""
    organisation = Organisation.objects.of_municipalities().get(municipality__slug=OWN)
    raise_flag(
        edition=edition,
        organisation=organisation,
        indicator=Indicator.objects.get(code="h-omgoerelse-voksne"),
        text="Opdigtet: Tre hjemviste sager er talt som omgjorte. Vi har bedt Ankestyrelsen om en ny opgørelse.",
        by=_member("demo-svarer", OWN),
        now=now,
    )


def _at(year: int, month: int, day: int, hour: int = 10) -> dt.datetime:
    return at_clock(dt.date(year, month, day), dt.time(hour))


def _import(path: Path, rows: list[DemoRow], by: User, now: dt.datetime) -> Upload:
    write_csv(path, rows)
    done = import_files(files=[FileToImport.at(path)], by=by, now=now, is_demo=True, accept_warnings=True)
    return done[0][0]


def _wrong_figures(year: int) -> list[Wrong]:
    """One figure in each of eight municipalities, of eight indicators in per cent, that a misreading can raise."""
    codes = Indicator.objects.of_the_index().filter(unit="%", source_kind__in=["register", "appeals"])
    indicators = list(codes.exclude(code="b-omgoerelse").exclude(code="h-omgoerelse-voksne").in_catalogue_order())
    found: list[Wrong] = []
    taken: set[int] = set()
    for indicator in indicators:
        figures = Measurement.objects.current().filter(indicator=indicator, year__gte=year - 1, value__range=(10, 60))
        figures = figures.exclude(municipality__in=taken).exclude(municipality__slug__in=[OWN, "roedovre"])
        first = figures.select_related("municipality", "indicator").order_by("-year", "municipality__code").first()
        if first is not None and first.value is not None:
            taken.add(first.municipality_id)
            found.append(Wrong(first, first.value))
        if len(found) == WRONG:
            break
    return found


def _misread(wrong: Wrong) -> float:
    return round(wrong.value * 1.4, wrong.indicator.decimals)


def _person(username: str, email: str, name: str) -> User:
    user, _made = get_user_model().objects.get_or_create(username=username, defaults={"email": email})
    if not user.first_name:
        user.email, (user.first_name, user.last_name) = email, name.rsplit(" ", 1)
        user.set_unusable_password()
        user.save()
    return user


def _member(who: str, slug: str) -> User:
    return person_of(email=f"{who}@{slug}.example", name="")


def _found(now: dt.datetime, office: User) -> None:
    """The 98 with their mailboxes, an approver each and, in the demo's own, a respondent too."""
    found_organisations_of_municipalities(now=now)
    for organisation in Organisation.objects.of_municipalities().select_related("municipality").in_danish_order():
        assert organisation.municipality is not None  # noqa: S101  by its kind
        slug = organisation.municipality.slug
        contact = change_contact(
            organisation=organisation,
            purpose=Purpose.HEARING,
            email=f"hoering@{slug}.example",
            title="Socialforvaltningen (opdigtet)",
            by=office,
            now=now,
        )
        confirm_contact(contact=contact, now=now)
        approver = person_of(email=f"godkender@{slug}.example", name=f"Opdigtet Godkender ({organisation})")
        if slug == OWN:
            approver = person_of(email=f"demo-godkender@{slug}.example", name="Opdigtet Godkender")
            respondent = person_of(email=f"demo-svarer@{slug}.example", name="Opdigtet Besvarer")
            join(user=respondent, organisation=organisation, role=MemberRole.RESPONDENT, by=office, now=now)
        join(user=approver, organisation=organisation, role=MemberRole.APPROVER, by=office, now=now)


def _approver(organisation: Organisation) -> User:
    """The one who was there first: other parts of the demo add theirs."""
    return organisation.memberships.select_related("user").filter(role=MemberRole.APPROVER).order_by("pk")[0].user


def _answer(hearing: Hearing, wrong: list[Wrong]) -> None:
    """71 final, 6 preliminary, 2 late, 19 silent; the remarks come with the final ones."""
    mine = {one.measurement.municipality_id: one for one in wrong}
    responses = list(
        Response.objects.filter(hearing=hearing).select_related("organisation__municipality").order_by("pk")
    )
    # Those who have something to say answer finally; the rest as they come.
    responses.sort(key=lambda one: (not _has_to_say(one, mine), one.organisation.municipality_id or 0))
    days = (hearing.closes_at - hearing.opens_at).days - 3
    remarks = _remarks(mine)
    for number, response in enumerate(responses):
        approver = _approver(response.organisation)
        moment = hearing.opens_at + dt.timedelta(days=3 + number % days, hours=number % 6, minutes=number % 50)
        if number >= FINAL + PRELIMINARY + LATE:
            if number < FINAL + PRELIMINARY + LATE + OPENED_IN_SILENCE:
                note_opened(response=response, by=approver, now=moment)
            continue
        if number >= FINAL + PRELIMINARY:
            moment = hearing.closes_at + dt.timedelta(days=3, hours=number % 4)
        note_opened(response=response, by=approver, now=moment - dt.timedelta(hours=1))
        if number < REMARKS:
            next(remarks)(response, approver, moment)
        if response.organisation.municipality and response.organisation.municipality.slug == OWN:
            respondent = _member("demo-svarer", OWN)
            send_to_approver(response=response, address=ADDRESS, by=respondent, now=moment)
        final = not FINAL <= number < FINAL + PRELIMINARY
        give_response(response=response, final=final, by=approver, now=moment)


def _has_to_say(response: Response, mine: dict[int, Wrong]) -> bool:
    municipality = response.organisation.municipality
    return municipality is not None and (municipality.pk in mine or municipality.slug == OWN)


def _remarks(mine: dict[int, Wrong]) -> Iterator["Say"]:
    """What each of the 23 says: the wrong figure where there is one, else a definition or a remark, in turn."""
    other = list(Indicator.objects.of_the_index().filter(code__in=OTHERS).in_catalogue_order())
    for number in range(REMARKS):
        yield Say(mine, other[number % len(other)], number)


OTHERS = ("b-omgoerelse", "h-omgoerelse-bpa", "v-omgoerelse-social", "h-omgoerelse-hjaelpemidler")


@dataclass(frozen=True, slots=True)
class Say:
    """One municipality's remark."""

    mine: dict[int, Wrong]
    indicator: Indicator
    number: int

    def __call__(self, response: Response, by: User, now: dt.datetime) -> Remark:
        """Write it."""
        one = self.mine.get(response.organisation.municipality_id or 0)
        if one is not None:
            text = "Opdigtet: Tallet er læst forkert i vores indberetning. Det rigtige står i vores årsopgørelse."
            return save_remark(
                response=response, indicator=one.indicator, kind=RemarkKind.FIGURE, text=text, proposed=one.value,
                by=by, now=now,
            )  # fmt: skip
        kind, text = (
            (RemarkKind.DEFINITION, "Opdigtet: Definitionen tæller hjemviste sager som omgjorte. Det bør den ikke.")
            if self.number % 3 == 0
            else (RemarkKind.REMARK, "Opdigtet: Vi havde få sager det år, så procenten siger mindre om os.")
        )
        return save_remark(response=response, indicator=self.indicator, kind=kind, text=text, by=by, now=now)


def _rule(hearing: Hearing, upload: Upload, office: User) -> None:
    """Eight figures and a definition are upheld, two remarks partly, the others not; one ruling answers many."""
    now = _at(hearing.edition.year, 9, 21, 14)
    remarks = list(Remark.objects.of(hearing).received().in_order())
    figures = [one for one in remarks if one.kind == RemarkKind.FIGURE]
    others = [one for one in remarks if one.kind != RemarkKind.FIGURE]
    others.sort(key=lambda one: (one.kind != RemarkKind.DEFINITION, one.number or 0))
    upheld, partly, rest = (
        others[: UPHELD - WRONG],
        others[UPHELD - WRONG :][:PARTLY],
        others[UPHELD - WRONG :][PARTLY:],
    )
    for remark in figures:
        rule(
            remarks=[remark], outcome=Outcome.UPHELD, reason=REASONS[Outcome.UPHELD], upload=upload, by=office, now=now
        )
    reason = "Opdigtet: Definitionen er skrevet tydeligere. Intet tal er ændret."
    rule(remarks=upheld, outcome=Outcome.UPHELD, reason=reason, by=office, now=now)
    rule(remarks=partly, outcome=Outcome.PARTLY, reason=REASONS[Outcome.PARTLY], by=office, now=now)
    rule(remarks=rest, outcome=Outcome.NOT, reason=REASONS[Outcome.NOT], by=office, now=now)


def _say(edition: Edition, office: User) -> None:
    """Comments from every eighth municipality and the demo's own, two voices, a council's decision."""
    now = _at(edition.year, 9, 10)
    organisations = list(Organisation.objects.of_municipalities().select_related("municipality").in_danish_order())
    for number, organisation in enumerate(organisations):
        own = organisation.municipality is not None and organisation.municipality.slug == OWN
        if number % 8 == 5 or own:
            write_comment(
                organisation=organisation,
                edition=edition,
                text=COMMENTS[0 if own else number % len(COMMENTS)],
                short=SHORT if own else "",
                by=_approver(organisation),
                now=now,
            )
        if number % 12 == 1 or own:
            note_decision(
                organisation=organisation,
                year=edition.year - 1,
                treated_on=dt.date(edition.year, 6, 1 + number % 28),
                url=f"https://{organisation.municipality.slug}.example/byraad/danmarkskort"
                if organisation.municipality
                else "",
                by=_approver(organisation),
                now=now,
            )
    _voices(edition, office, now)


def _voices(edition: Edition, office: User, now: dt.datetime) -> None:
    own = Organisation.objects.of_municipalities().get(municipality__slug=OWN)
    council = found_organisation(
        kind=OrganisationKind.COUNCIL,
        name="Handicaprådet i Hjørring (opdigtet)",
        municipality=own.municipality,
        now=now,
    )
    users = found_organisation(kind=OrganisationKind.USERS, name="Brugernes Landsforening (opdigtet)", now=now)
    for organisation, text, municipality, theme in (
        (
            council,
            "Opdigtet: Rådet ser, at sagsbehandlingen er blevet hurtigere, men at mange stadig må klage for at få ret.",
            own.municipality,
            None,
        ),
        (
            users,
            "Opdigtet: Tallene siger lidt om, hvordan støtten opleves. Spørg dem, der får den.",
            None,
            Theme.objects.get(code="uddannelse-job-og-aktivitet"),
        ),
    ):
        speaker = person_of(email=f"formand-{organisation.pk}@raad.example", name="Opdigtet Formand")
        join(user=speaker, organisation=organisation, role=MemberRole.APPROVER, by=office, now=now)
        voice = raise_voice(
            organisation=organisation,
            edition=edition,
            text=text,
            municipality=municipality,
            theme=theme,
            by=speaker,
            now=now,
        )
        show_voice(voice=voice, by=office, now=now)
