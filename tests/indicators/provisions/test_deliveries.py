"""Files of the register go in by two people, all or none, and come out again; next year's file finds its services."""

import datetime as dt

import pytest
from django.contrib.auth.models import User

from indicators.models import LogEntry, Municipality, Upload, UploadState
from indicators.people.models import MemberRole, Organisation, OrganisationKind, Task
from indicators.people.services.members import join
from indicators.provisions.models import (
    Assertion,
    Capacity,
    Confirmation,
    Delivery,
    Provision,
    Registration,
    Serves,
    Table,
)
from indicators.provisions.services.confirming import NotTheirsError, ask_to_confirm, confirm_provision, to_confirm
from indicators.provisions.services.delivering import approve_delivery, check_delivery, deliver, take_back_delivery
from indicators.provisions.services.vocabularies import SchemeError, load_scheme
from indicators.services.apply import NotAcceptedError, StaleCheckError
from indicators.services.check import check_upload
from indicators.services.receive import FileToImport, SameFileError, UploadError
from tests.filled_in import publisher, steward
from tests.indicators.provisions.register import (
    HEADS,
    NOW,
    TODAY,
    accepted,
    brought,
    file_of,
    refusals,
    registered,
    service,
    written,
)

pytestmark = pytest.mark.django_db
P, C, G = Table.PROVISIONS, Table.CAPACITY, Table.TARGET_GROUPS


def test_a_file_changes_nothing_until_a_second_person_approves_it() -> None:
    before = Registration.objects.count()
    delivery = brought(P, service("X1"))
    assert (delivery.upload.state, Registration.objects.count()) == (UploadState.CHECKED, before)
    with pytest.raises(UploadError, match="En anden skal godkende"):
        approve_delivery(delivery=delivery, by=steward(), now=NOW)
    assert Registration.objects.count() == before
    done = approve_delivery(delivery=delivery, by=publisher(), now=NOW)
    assert (done.added, registered("X1").name, registered("X1").row) == (1, "Prøven", 2)
    actions = LogEntry.objects.about(f"upload {delivery.upload_id}").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["upload_received", "upload_checked", "upload_applied"]


def test_one_wrong_row_keeps_the_whole_file_out() -> None:
    delivery = brought(P, service("X1"), service("X2", where="Ingensteds"), service("X1", name="Andet"))
    assert refusals(delivery) == [("cell", 3, "kommune"), ("twice", 4, None)]
    assert delivery.upload.state == UploadState.REFUSED
    with pytest.raises(UploadError, match="afvist"):
        approve_delivery(delivery=delivery, by=publisher(), now=NOW)
    assert not Provision.objects.filter(number__startswith="X").exists()


@pytest.mark.parametrize(
    ("table", "row", "rule"),
    [
        (P, service("X9", rest="56,49;;;;i drift;"), "half_a_point"),
        (P, service("X9", rest="8,59;56,49;;;i drift;"), "point_abroad"),
        (P, service("X9", rest=";;sommerhus;;i drift;"), "unknown_term"),
        (P, service("X9", rest=";;;;i drift;2031-03-02"), "in_the_future"),
        (P, service("X9", name="Kontakt 010170-1234"), "personal_data"),
        (C, "NEJ;;;SEL § 107;5;;;2031-01-01", "unknown_provision"),
        (C, "D1001;zz;;SEL § 107;5;;;2031-01-01", "unknown_department"),
        (C, "D1002;;;SEL § 999;5;;;2031-01-01", "unknown_paragraph"),
        (C, "D1002;;;SEL § 107;5;18;17;2031-01-01", "ages_out_of_order"),
        (G, "D1002;;glade mennesker", "unknown_term"),
        (Table.LEVELS, "D1002;boern-autisme;nogen;2031-01-01", "unknown_term"),
        (Table.VACANCIES, "D1002;boern-autisme;2;2031-03-02", "in_the_future"),
        (Table.INSPECTIONS, "D1002;2031-03-02;4;", "in_the_future"),
    ],
)
def test_what_contradicts_itself_or_the_register_is_refused(table: Table, row: str, rule: str) -> None:
    delivery = brought(table, row)
    assert [(found, line) for found, line, _column in refusals(delivery)] == [(rule, 2)]


def test_places_older_than_those_that_hold_are_refused() -> None:
    written(P, service("X1"))
    written(C, "X1;;;BL § 43;8;6;17;2031-01-01")
    assert [rule for rule, *_rest in refusals(brought(C, "X1;;;BL § 43;5;6;17;2030-01-01"))] == ["older"]


def test_a_level_without_its_speaker_is_refused() -> None:
    assert refusals(brought(Table.LEVELS, "D1002;opdigtet-a:a1;;2031-01-01")) == [("cell", 2, "ifølge")]


def test_a_term_that_two_lists_have_must_say_which() -> None:
    head = "scheme,version,kind,name_da,name_en,publisher,source,code,term_da,term_en,means,protects"
    row = "anden,1,target_group,Anden,Other,Nogen,Et sted,boern-autisme,Autisme,Autism,indeksets-liste:boern-autisme,"
    load_scheme(content=f"{head}\n{row}\n")
    assert [rule for rule, *_rest in refusals(brought(G, "D1002;;boern-autisme"))] == ["two_terms"]
    assert refusals(brought(G, "D1002;;indeksets-liste:boern-autisme")) == []


def test_three_paragraphs_in_one_service_are_the_same_places_once() -> None:
    written(P, service("X1"), service("X2"))
    written(
        C,
        "X1;;;BL § 32, § 43, § 46;12;6;17;2031-01-01",
        "X2;;;BL § 32;8;6;17;2031-01-01",
        "X2;;;BL § 43;8;6;17;2031-01-01",
    )
    assert {one.number: one.places for one in Provision.objects.filter(number__in=["X1", "X2"])} == {"X1": 12, "X2": 8}
    (capacity,) = Capacity.objects.current().filter(provision__number="X2")
    assert sorted(basis.code for basis in capacity.bases.all()) == ["bl-32", "bl-43"]


def test_other_places_of_the_same_department_must_say_so() -> None:
    written(P, service("X1"))
    rows = ("X1;;;BL § 43;8;6;17;2031-01-01", "X1;;;SEL § 107;5;18;;2031-01-01")
    assert [rule for rule, *_rest in refusals(brought(C, *rows))] == ["twice"]
    written(C, "X1;;børn;BL § 43;8;6;17;2031-01-01", "X1;;voksne;SEL § 107;5;18;;2031-01-01")
    assert Provision.objects.get(number="X1").places == 13


def test_next_years_file_with_thirty_renamed_finds_every_service() -> None:
    first = [service(f"Y{number}", name=f"Gammelt navn {number}") for number in range(40)]
    written(P, *first)
    ids = dict(Provision.objects.filter(number__startswith="Y").values_list("number", "pk"))
    second = [
        service(f"Y{number}", name=f"{'Nyt' if number < 30 else 'Gammelt'} navn {number}") for number in range(38)
    ] + [service("Y38", name="Gammelt navn 38", rest=";;;;lukket;2031-02-01")]
    delivery = brought(P, *second, now=NOW + dt.timedelta(days=365))
    report = delivery.upload.report
    assert (len(report["lists"]["renamed"]), report["changed"], report["unchanged"]) == (30, 31, 8)
    assert [row[0] for row in report["lists"]["closed"]] == ["Y38"]
    assert ["Y38", "status", "i drift", "lukket", 40] in report["lists"]["changed"]  # in the file's own words
    assert [row[0] for row in report["lists"]["absent"]] == ["Y39"]  # left out: told, and left as it is
    approve_delivery(delivery=delivery, accepted=accepted(delivery), by=publisher(), now=NOW)
    assert dict(Provision.objects.filter(number__startswith="Y").values_list("number", "pk")) == ids
    assert registered("Y0").name == "Nyt navn 0"
    assert registered("Y39").status == "open"
    assert [one.name for one in Registration.objects.filter(provision__number="Y0").order_by("pk")] == [
        "Gammelt navn 0",
        "Nyt navn 0",
    ]


def test_a_warning_needs_its_own_yes_with_a_reason() -> None:
    written(P, service("X1"))
    written(C, "X1;;;BL § 43;8;6;17;2031-01-01")
    delivery = brought(C, "X1;;;BL § 43;80;6;17;2031-02-01")
    with pytest.raises(NotAcceptedError, match="Pladserne går fra 8 til 80"):
        approve_delivery(delivery=delivery, accepted={}, by=publisher(), now=NOW)
    assert Provision.objects.get(number="X1").places == 8
    approve_delivery(delivery=delivery, accepted=accepted(delivery), by=publisher(), now=NOW)
    assert Provision.objects.get(number="X1").places == 80


def test_a_register_that_changed_since_the_check_is_checked_again() -> None:
    delivery = brought(P, service("X1"))
    written(P, service("X2"))
    with pytest.raises(StaleCheckError):
        approve_delivery(delivery=delivery, accepted=accepted(delivery), by=publisher(), now=NOW)
    again = check_delivery(delivery=delivery, by=steward(), now=NOW)
    approve_delivery(delivery=again, accepted=accepted(again), by=publisher(), now=NOW)
    assert registered("X1").name == "Prøven"


def test_a_file_taken_back_leaves_the_register_as_it_was() -> None:
    written(P, service("X1"))
    written(C, "X1;;a;BL § 43;8;6;17;2031-01-01", "X1;;b;BL § 43;3;6;17;2031-01-01")
    written(G, "X1;;boern-autisme", "X1;;boern-udvikling")

    def state() -> object:
        rows = Capacity.objects.filter(provision__number="X1", is_current=True)
        groups = Serves.objects.filter(provision__number="X1", is_current=True).values_list(
            "target_group__code", flat=True
        )
        places = Provision.objects.get(number="X1").places
        return sorted(rows.values_list("pool", "places", "valid_on", "valid_until")), sorted(groups), places

    before = state()
    written(C, "X1;;a;BL § 43;9;6;17;2031-02-01")  # b has ended
    written(G, "X1;;boern-autisme")
    assert state() == ([("a", 9, dt.date(2031, 2, 1), None)], ["boern-autisme"], 9)
    for delivery in Delivery.objects.filter(upload__state="applied").order_by("-pk")[:2]:
        with pytest.raises(UploadError, match="hvorfor"):
            take_back_delivery(delivery=delivery, reason=" ", by=publisher(), now=NOW)
        take_back_delivery(delivery=delivery, reason="Forkert udtræk.", by=publisher(), now=NOW)
    assert state() == before


def test_a_file_that_a_later_one_stands_on_is_not_taken_back_first() -> None:
    written(P, service("X1"))
    first = Delivery.objects.order_by("-pk")[0]
    written(P, service("X1", name="Nyt"))
    with pytest.raises(UploadError, match="står på den"):
        take_back_delivery(delivery=first, reason="Fortrudt.", by=publisher(), now=NOW)
    assert registered("X1").name == "Nyt"


def test_what_a_second_source_says_otherwise_is_kept_beside_and_never_over() -> None:
    written(P, service("X1", name="Birken"), service("X2"))
    written(C, "X1;;;BL § 43;12;6;17;2031-01-01")
    done = written(P, service("X1", name="Birkehuset", where="Lemvig"), service("X2"), source="Kommunens liste")
    assert (done.changed, done.beside, done.unchanged) == (0, 2, 1)
    written(C, "X1;;;BL § 43;9;6;17;2031-02-01", source="Kommunens liste")
    assert (registered("X1").name, Provision.objects.get(number="X1").places) == ("Birken", 12)
    said = Assertion.objects.filter(provision__number="X1", is_current=True).values_list("field", "value", "source")
    assert set(said) == {
        ("name", "Birkehuset", "Kommunens liste"),
        ("municipality", "Lemvig", "Kommunens liste"),
        ("places", "9", "Kommunens liste"),
    }


@pytest.mark.parametrize(
    ("table", "row"),
    [
        (P, service("X1", rest="56,49;8,59;krisecenter;;i drift;")),
        (P, service("X1", rest="56,49;8,59;;ja;i drift;")),
        (C, "X1;;;SEL § 109;4;;;2031-01-01"),
    ],
)
def test_whatever_protects_takes_the_place_away_for_good(table: Table, row: str) -> None:
    written(P, service("X1", rest="56,49;8,59;;;i drift;"))
    written(Table.ASSERTIONS, "X1;kommune;Lemvig;Nogen;2031-01-01")
    written(table, row)
    protected = Delivery.objects.order_by("-pk")[0]
    for found in Registration.objects.filter(provision__number="X1"):
        assert (found.protected, found.municipality, found.latitude, found.longitude) == (True, None, None, None)
        assert found.region is not None
        assert found.region.name == "Region Midtjylland"
    assert not Assertion.objects.filter(provision__number="X1").exists()
    take_back_delivery(delivery=protected, reason="Prøve.", by=publisher(), now=NOW)
    written(P, service("X1", rest="56,49;8,59;;nej;i drift;2031-02-02"))
    assert (registered("X1").protected, registered("X1").latitude) == (True, None)


def test_a_file_that_may_hide_something_never_shows_it_in_silence() -> None:
    """A heading misspelt, a name that says what no column does, a list of types without its mark."""
    head = HEADS[P].replace("beskyttet", "Beskyttet adresse")
    file = FileToImport("p.csv", f"{head}\r\n{service('X1', rest=';;;ja;i drift;')}\r\n".encode())
    assert refusals(deliver(file=file, table=P, source="R", by=steward(), now=NOW)) == [("protecting_column", 1, None)]
    sounding = "Kvindekrisecentret Birk"
    assert refusals(brought(P, service("X1", name=sounding))) == [("looks_protected", 2, "beskyttet")]
    written(P, service("X1", name=sounding, rest=";;;nej;i drift;"), service("X2"))
    assert not registered("X1").protected
    said = brought(Table.DEPARTMENTS, "X2;a;Sikret afdeling for unge").upload.report["findings"]
    assert [each["rule"] for each in said] == ["sounds_protected"]
    head = "scheme,version,kind,name_da,name_en,publisher,source,code,term_da,term_en,means,protects"
    for protects, name in (("", "Plejefamilie"), ("måske", "Værested")):
        with pytest.raises(SchemeError, match="protects"):
            load_scheme(content=f"{head}\nx,1,service_type,X,X,Mig,Her,k,{name},Any,,{protects}\n")


def test_the_same_file_and_a_file_without_a_source_are_refused() -> None:
    brought(P, service("X1"))
    with pytest.raises(SameFileError):
        brought(P, service("X1"))
    with pytest.raises(UploadError, match="hvem filen kommer fra"):
        deliver(file=file_of(P, service("X2")), table=P, source=" ", by=steward(), now=NOW)


def test_a_file_of_services_is_never_taken_for_figures() -> None:
    delivery = brought(P, service("X1"))
    with pytest.raises(UploadError, match="ikke med tal"):
        check_upload(upload=Upload.objects.get(pk=delivery.upload_id), by=steward(), now=NOW)


def _speaker(name: str, organisation: Organisation, role: MemberRole = MemberRole.RESPONDENT) -> User:
    user = User.objects.get_or_create(username=name)[0]
    join(user=user, organisation=organisation, role=role, by=publisher(), now=NOW - dt.timedelta(days=1))
    return user


def test_the_municipality_confirms_its_services_and_no_others() -> None:
    written(P, service("X1", rest=";;;;i drift;2029-01-01"), service("X2", where="Lemvig"))
    struer = Organisation.objects.get(kind=OrganisationKind.MUNICIPALITY, municipality__name="Struer")
    respondent = _speaker("sara", struer)
    first, other = (Provision.objects.get(number=number) for number in ("X1", "X2"))
    assert not Provision.objects.confirmed(TODAY).filter(pk=first.pk).exists()
    confirm_provision(provision=first, by=respondent, now=NOW)
    assert Provision.objects.confirmed(TODAY).filter(pk=first.pk).exists()
    assert not Provision.objects.confirmed(TODAY + dt.timedelta(days=365)).filter(pk=first.pk).exists()
    with pytest.raises(NotTheirsError):
        confirm_provision(provision=other, by=respondent, now=NOW)
    assert Confirmation.objects.get().speaker == struer.name


def test_a_municipality_is_asked_once_and_is_done_when_all_is_confirmed() -> None:
    stale = ";;;;i drift;2029-01-01"
    written(P, service("X1", rest=stale), service("X2", rest=stale), service("X3", rest=";;;ja;i drift;2029-01-01"))
    struer = Organisation.objects.get(kind=OrganisationKind.MUNICIPALITY, municipality__name="Struer")
    for days in range(2):  # the clock asks daily, and a deadline that moved along would never come
        ask_to_confirm(address="/arbejdsbord/tilbud/", now=NOW + dt.timedelta(days=days))
    task = Task.objects.still_open().get(organisation=struer, kind="provision-confirmation")
    respondent = _speaker("sara", struer)
    mine = [row.provision for row in to_confirm(respondent, NOW)]
    assert (task.title, task.due_at) == (f"Bekræft {len(mine)} tilbud", NOW + dt.timedelta(days=30))
    assert "X3" not in {one.number for one in mine}  # protected: only the service itself
    for one in mine:
        assert Task.objects.still_open().filter(pk=task.pk).exists()
        confirm_provision(provision=one, by=respondent, now=NOW)
    assert not Task.objects.still_open().filter(pk=task.pk).exists()


def test_a_protected_service_is_confirmed_by_itself_alone() -> None:
    written(P, service("X1", rest=";;krisecenter;;i drift;"))
    struer = Organisation.objects.get(kind=OrganisationKind.MUNICIPALITY, municipality__name="Struer")
    own = Organisation.objects.create(kind=OrganisationKind.PROVIDER, name="Selve tilbuddet", founded_at=NOW)
    provision = Provision.objects.get(number="X1")
    Provision.objects.filter(pk=provision.pk).update(organisation=own)
    with pytest.raises(NotTheirsError):
        confirm_provision(provision=provision, by=_speaker("sara", struer), now=NOW)
    confirm_provision(provision=provision, by=_speaker("tove", own), now=NOW)


def test_stated_places_and_days_are_repeated_truly() -> None:
    """The provision's own two columns against the rows they repeat, for all of the demo and some more."""
    written(P, service("X1"), service("X2", rest=";;;;i drift;"))
    written(C, "X1;;a;BL § 43;8;6;17;2031-01-01", "X1;;b;BL § 43;;6;17;2031-01-01", "X2;;;BL § 43;;6;17;2031-01-01")
    for one in Provision.objects.all():
        stated = [row.places for row in Capacity.objects.current().filter(provision=one) if row.places is not None]
        days = [registered(one.number).verified_on, *(c.at.date() for c in one.confirmations.all())]
        assert one.places == (sum(stated) if stated else None)
        assert one.confirmed_on == max((day for day in days if day), default=None)
    assert Municipality.objects.get(name="Struer").registrations.public().filter(provision__number="X1").exists()
