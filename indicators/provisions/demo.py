"""Sixty invented services for the demo, as files that go in through the same services as anybody's.

They show what a real extract would have to: two sources that differ, a service under intensified inspection, one
used mostly from other municipalities, a target group without a place in each landsdel, ten unconfirmed, three
protected.
"""

import csv
import datetime as dt
import io
from collections import defaultdict
from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction

from indicators.models import Municipality
from indicators.provisions.services.delivering import approve_delivery, deliver
from indicators.provisions.services.vocabularies import load_scheme, load_vocabularies
from indicators.services.receive import FileToImport
from indicators.upload.checks import Severity

from .models import PlacePoint, Provision, Table

SOURCE, SECOND_SOURCE = "Opdigtet tilbudsregister", "Opdigtet kommunal oversigt"
OWN = "indeksets-liste"
_OUR_LIST = "Vores egen korte liste, lavet til demoen"
GROUPS = (
    (
        "boern-hjerneskade",
        "Børn og unge med erhvervet hjerneskade",
        "Children and young people with acquired brain injury",
    ),
    ("boern-autisme", "Børn og unge med autisme", "Children and young people with autism"),
    ("boern-udvikling", "Børn og unge med udviklingshæmning", "Children and young people with intellectual disability"),
    ("boern-social", "Børn og unge med sociale vanskeligheder", "Children and young people with social difficulties"),
    ("voksne-hjerneskade", "Voksne med erhvervet hjerneskade", "Adults with acquired brain injury"),
    ("voksne-autisme", "Voksne med autisme", "Adults with autism"),
    ("voksne-udvikling", "Voksne med udviklingshæmning", "Adults with intellectual disability"),
    ("voksne-sind", "Voksne med sindslidelse", "Adults with mental illness"),
    ("voksne-syn", "Voksne med synsnedsættelse", "Adults with visual impairment"),
    ("voksne-hjemloeshed", "Voksne i hjemløshed", "Adults in homelessness"),
    ("voksne-misbrug", "Voksne med et misbrug", "Adults with substance abuse"),
)
TYPES = (
    ("doegn", "Døgntilbud", "Residential service", ""),
    ("botilbud", "Botilbud", "Housing service", ""),
    ("dag", "Dagtilbud", "Day service", ""),
    ("krisecenter", "Krisecenter", "Crisis centre", "true"),
    ("sikret", "Sikret afdeling", "Secure unit", "true"),
    ("plejefamilie", "Plejefamilie", "Foster family", "true"),
)
LEVELS = {
    "opdigtet-a": (
        ("a1", "Opdigtet niveau A1", "Invented level A1"),
        ("a2", "Opdigtet niveau A2", "Invented level A2"),
    ),
    "opdigtet-b": (("b-hoej", "Opdigtet niveau B-høj", "Invented level B-high"),),
}
_HOMES = ("Birken", "Lærken", "Havglimt", "Møllehuset", "Kilden", "Rønnen")
_FORMS = ("kommunal", "regional", "selvejende", "privat")
STALE, PROTECTED, SERVICES = 10, 3, 60
_HEAD = {
    "provisions": (
        "tilbudsid;navn;form;drives af;cvr;kommune;breddegrad;længdegrad;tilbudstype;beskyttet;status;fra;kontrolleret"
    ),
    "departments": "tilbudsid;afdelingsid;navn",
    "capacity": "tilbudsid;afdelingsid;paragraf;pladser;alder fra;alder til;gælder fra",
    "target_groups": "tilbudsid;afdelingsid;målgruppe",
    "levels": "tilbudsid;niveau;ifølge;dato",
    "usage": "tilbudsid;kommune;år;personer",
    "vacancies": "tilbudsid;målgruppe;ledige pladser;dato",
    "assertions": "tilbudsid;felt;værdi;kilde;kontrolleret",
    "group_sizes": "målgruppe;kommune;år;personer;kilde",
    "inspections": (
        "tilbudsid;dato;uddannelse og beskæftigelse;selvstændighed og relationer;målgrupper, metoder og resultater;"
        "sundhed og trivsel;organisation og ledelse;kompetencer;fysiske rammer;reaktion"
    ),
}
Row = Sequence[object]


@transaction.atomic
def make_demo(*, by: User, approver: User, now: dt.datetime) -> int:
    """Bring the sixty services in, dated back from ``now``; return how many there are. Does nothing a second time."""
    if Provision.objects.exists():
        return Provision.objects.count()
    load_vocabularies()
    for content in lists():
        load_scheme(content=content, is_demo=True)
    for table, source, rows in files(now.date()):
        _bring(table, source, rows, by=by, approver=approver, now=now)
    return Provision.objects.count()


def _bring(table: Table, source: str, rows: Sequence[Row], *, by: User, approver: User, now: dt.datetime) -> None:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";")
    writer.writerow(_HEAD[table].split(";"))
    writer.writerows(rows)
    file = FileToImport(f"demo-{table}.csv", stream.getvalue().encode("utf-8-sig"))
    delivery = deliver(file=file, table=table, source=source, by=by, now=now, is_demo=True)
    findings = delivery.upload.report.get("findings", [])
    accepted = {each["key"]: "Opdigtet" for each in findings if each["severity"] == Severity.WARNING}
    approve_delivery(delivery=delivery, accepted=accepted, by=approver, now=now)


def lists() -> list[str]:
    """The lists of terms: our own, an outside one that is mapped to it, types, and two invented schemes of levels."""
    groups = [(code, da, en, "", "") for code, da, en in GROUPS]
    outside = [
        (f"x{n}", f"Opdigtet: {da.lower()}", f"Invented: {en.lower()}", code, "")
        for n, (code, da, en) in enumerate(GROUPS[:3], 1)
    ]
    made = [
        _list(OWN, "target_group", "Indeksets korte liste", "The index's short list", groups),
        _list("opdigtet-fagliste", "target_group", "Opdigtet fagliste", "Invented professional list", outside),
        _list(
            "indeksets-typer",
            "service_type",
            "Indeksets typer",
            "The index's types",
            [(c, d, e, "", p) for c, d, e, p in TYPES],
        ),
    ]
    for code, terms in LEVELS.items():
        name = f"Opdigtet model {code[-1].upper()}"
        made.append(
            _list(code, "level", name, f"Invented model {code[-1].upper()}", [(c, d, e, "", "") for c, d, e in terms])
        )
    return made


def _list(code: str, kind: str, name_da: str, name_en: str, terms: Sequence[Row]) -> str:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    head = ("scheme", "version", "kind", "name_da", "name_en", "publisher", "source")
    writer.writerow((*head, "code", "term_da", "term_en", "means", "protects"))
    for term in terms:
        writer.writerow((code, "1", kind, name_da, name_en, "Socialt Indeks (opdigtet)", _OUR_LIST, *term))
    return stream.getvalue()


def files(today: dt.date) -> list[tuple[Table, str, list[Row]]]:
    """Every file of the demo in the order they are brought in: the places of three years, the oldest first."""
    services = _services()
    years = [dt.date(today.year - back, 1, 1) for back in (2, 1, 0)]
    return [
        (Table.PROVISIONS, SOURCE, [_provision(one, today) for one in services]),
        (
            Table.DEPARTMENTS,
            SOURCE,
            [(one.number, part, f"Opdigtet afdeling {part}") for one in services for part in one.parts],
        ),
        *((Table.CAPACITY, SOURCE, _capacity(services, day, years.index(day))) for day in years),
        (Table.TARGET_GROUPS, SOURCE, [(one.number, "", group) for one in services for group in one.groups]),
        (Table.LEVELS, SOURCE, _levels(services, today)),
        (Table.INSPECTIONS, SOURCE, _inspections(services, today)),
        (Table.USAGE, SOURCE, _usage(services, today.year - 1)),
        (
            Table.VACANCIES,
            SOURCE,
            [
                (
                    services[n].number,
                    services[n].groups[0],
                    n % 3,
                    (today - dt.timedelta(days=2 + 9 * (n % 2))).isoformat(),
                )
                for n in range(4)
            ],
        ),
        (
            Table.ASSERTIONS,
            SECOND_SOURCE,
            [(services[0].number, "pladser", "9", SECOND_SOURCE, (today - dt.timedelta(days=40)).isoformat())],
        ),
        (Table.GROUP_SIZES, SOURCE, _group_sizes(today.year - 1)),
    ]


class _Service:
    """An invented service: which number, where, for whom."""

    def __init__(self, line: int, home: Municipality, groups: Sequence[str], point: PlacePoint | None) -> None:
        self.line = line
        self.number = f"D{1001 + line}"
        self.home = home
        self.groups = groups
        self.point = point
        self.is_protected = line >= SERVICES - PROTECTED
        self.is_stale = line % 5 == 3 and line < 5 * STALE
        self.is_for_children = groups[0].startswith("boern")
        self.parts = ("a", "b") if line % 5 == 0 and not self.is_protected else ()


def _services() -> list[_Service]:
    """The first stands in Struer and takes children with brain injuries; landsdel number n has nothing for group n."""
    by_landsdel: dict[str, list[Municipality]] = defaultdict(list)
    for municipality in Municipality.objects.order_by("code"):
        by_landsdel[municipality.landsdel].append(municipality)
    points = {point.municipality_id: point for point in PlacePoint.objects.order_by("-name")}
    struer = Municipality.objects.get(code="671")
    made = [_Service(0, struer, ["boern-hjerneskade", "boern-autisme"], points.get(struer.pk))]
    landsdele = sorted(by_landsdel)
    # Vestjylland comes last: it lacks help for adults with substance abuse, not for the child from Struer
    landsdele.sort(key=lambda name: name == struer.landsdel)
    for line in range(1, SERVICES):
        number, turn = line % len(landsdele), line // len(landsdele)
        homes = by_landsdel[landsdele[number]]
        there = [code for place, (code, *_names) in enumerate(GROUPS) if place != number]
        children = [code for code in there if code.startswith("boern")]
        adults = [code for code in there if not code.startswith("boern")]
        sets = (children[:2], children[2:] or children[:1], adults[:2], adults[2:4], adults[4:])
        home = homes[(turn * 3 + number) % len(homes)]
        groups = sets[turn % len(sets)]
        made.append(_Service(line, home, groups, points.get(home.pk) if line % 7 else None))
    return made


def _provision(one: _Service, today: dt.date) -> Row:
    kind = (
        TYPES[3 + one.line % 3][0]
        if one.is_protected
        else ("doegn" if one.is_for_children else ("botilbud", "dag")[one.line % 2])
    )
    name = f"Opdigtet tilbud {_HOMES[one.line % len(_HOMES)]} {one.line + 1}"
    point = (
        ("", "")
        if one.point is None
        else (f"{one.point.latitude:.4f}".replace(".", ","), f"{one.point.longitude:.4f}".replace(".", ","))
    )
    verified = today - dt.timedelta(days=500 if one.is_stale else 20 + one.line)
    form = _FORMS[one.line % 4]
    operator = "" if one.is_protected else f"Opdigtet {form} driftsherre"
    return (
        one.number, name, form, operator, "", one.home.name, *point, kind, "", "i drift",
        f"{today.year - 3 - one.line % 9}-01-01", verified.isoformat(),
    )  # fmt: skip


def _capacity(services: Sequence[_Service], day: dt.date, turn: int) -> list[Row]:
    rows: list[Row] = []
    for one in services:
        if one.line % 8 == 7 and not turn:
            continue  # eight that did not report the first year
        bases = (
            "BL § 32, § 43, § 46"
            if one.line == 0
            else "BL § 43"
            if one.is_for_children
            else ("SEL § 107, § 108", "SEL § 104")[one.line % 2]
        )
        low, high = (6, 17) if one.is_for_children else (18, "")
        places: object = 12 if one.line == 0 else 6 + one.line % 14 + turn
        if one.line == 20:
            places = ""  # one that has not said how many
        parts = one.parts or ("",)
        rows += [(one.number, part, bases, places, low, high, day.isoformat()) for part in parts]
    return rows


def _levels(services: Sequence[_Service], today: dt.date) -> list[Row]:
    day = (today - dt.timedelta(days=200)).isoformat()
    first, second = services[0], services[4]
    return [
        (first.number, "opdigtet-a:a2", "tilbuddet selv", day),
        (first.number, "opdigtet-a:a1", SECOND_SOURCE, day),
        (first.number, "opdigtet-b:b-hoej", SECOND_SOURCE, day),
        (second.number, "opdigtet-a:a1", "tilbuddet selv", day),
    ]


def _inspections(services: Sequence[_Service], today: dt.date) -> list[Row]:
    """Every second one was inspected; the inspectorate reacted to one, so severely as it can."""
    day = today - dt.timedelta(days=150)
    rows: list[Row] = []
    for one in services[: SERVICES - PROTECTED : 2]:
        scores = [f"{4 + (one.line + theme) % 3 * 0.4:.1f}".replace(".", ",") for theme in range(7)]
        scores[one.line % 7] = ""
        rows.append((one.number, day.isoformat(), *scores, "skærpet tilsyn" if one.line == 2 else "ingen"))
    return rows


def _usage(services: Sequence[_Service], year: int) -> list[Row]:
    """The third is used mostly from outside, as some regional services are; a few persons are too few to show."""
    everyone = list(Municipality.objects.order_by("code").values_list("name", flat=True))
    rows: list[Row] = []
    for one in services[: SERVICES - PROTECTED]:
        outside = [name for name in everyone if name != one.home.name]
        rows.append((one.number, one.home.name, year, 6 if one.line == 2 else 5 + one.line % 9))
        rows.append((one.number, outside[one.line % len(outside)], year, "<5"))
        if one.line == 2:
            rows += [(one.number, outside[place], year, 5 + place % 4) for place in (10, 31, 52, 77)]
    return rows


def _group_sizes(year: int) -> list[Row]:
    """The size of one group is known (invented). Of the others it is not, and nothing per 1,000 is said."""
    everyone = Municipality.objects.order_by("code")
    return [
        ("boern-autisme", one.name, year, 150 + 3 * line, "Opdigtet optælling") for line, one in enumerate(everyone)
    ]
