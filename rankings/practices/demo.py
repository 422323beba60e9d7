"""Invented practices for the demo, made through the services, in places where the invented figures say what is wanted.

One that stands out (preliminary), two that cannot be told apart, one the other way, one not collected this year, one
unconfirmed, one withdrawn; a draft and one that waits for editors; enquiries and a circle. All titles begin "Opdigtet".
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission, User

from indicators.models import Indicator, Municipality
from indicators.people.models import MemberRole, Organisation, OrganisationKind, Purpose
from indicators.people.services.members import (
    change_contact,
    found_organisation,
    found_organisations_of_municipalities,
    join,
)
from rankings.engine import before_after
from rankings.engine.before_after import Verdict
from rankings.models import Edition
from rankings.practices.figures import Figures
from rankings.practices.models import (
    AimDirection,
    Circle,
    ElementKind,
    Enquiry,
    Evidence,
    FollowUpResult,
    Knowledge,
    Practice,
)
from rankings.practices.models.practices import UNCONFIRMED_AFTER
from rankings.practices.services import assessing, documented, exchange, proposing

RESPONDENT, APPROVER = "demo-besvarer", "demo-godkender"
EDITORS, PUBLISHER = ("demo-redaktoer-1", "demo-redaktoer-2"), "demo-praksisudgiver"
INVENTED = "Opdigtet"
RISE, FALL = AimDirection.RISE, AimDirection.FALL


@dataclass(frozen=True)
class Story:
    """What is invented about one practice; ``wanted`` is the verdict its place is looked up by."""

    title: str
    summary: str
    aims: tuple[tuple[str, AimDirection], ...]
    groups: tuple[str, ...]
    done: str
    took: str
    failed: str
    wanted: Verdict | None
    english: tuple[str, str] = ("", "")
    knowledge: Knowledge = Knowledge.PROMISING
    maturity: str = "trial"
    persons: int = 40
    legal_basis: str = ""
    evidence: tuple[dict[str, object], ...] = ()
    elements: tuple[ElementKind, ...] = ()


STORIES: dict[str, Story] = {
    "stands_out": Story(
        "Fælles venteliste og ugentlig visitation",
        "Alle ventelister til botilbud blev samlet ét sted, og der tages stilling til dem hver uge.",
        (("h-botilbud-ventetid", FALL), ("h-handleplan", RISE)),
        ("adults-with-disabilities",),
        "Tre ventelister blev til én. Visitator, bosted og økonomi mødes hver tirsdag. Borgeren får besked samme uge, "
        "også når svaret er nej.",
        "To timer om ugen for seks medarbejdere og et fælles regneark. Ingen ny bevilling.",
        "Et digitalt opslag, hvor bostederne selv skulle melde ledige pladser, blev opgivet efter fire måneder.",
        Verdict.STANDS_OUT,
        ("A common waiting list and weekly decisions",
         "All waiting lists for residential places were brought together, and they are decided on every week."),
        persons=42,
        legal_basis="serviceloven § 108",
        elements=tuple(kind for kind in ElementKind if kind not in (ElementKind.EFFECT, ElementKind.TRANSFER,
                                                                  ElementKind.ECONOMY)),
    ),
    "no_difference": Story(
        "Morgenfølgeskab til skole",
        "En fast voksen følger børn med meget fravær i skole de første otte uger.",
        (("b-fravaer-over-ti", FALL),),
        ("children", "families"),
        "En kontaktperson henter barnet hjemme, spiser morgenmad med familien og går med til første time.",
        "To kontaktpersoner på fuld tid og en aftale med tre skoler.",
        "Da følgeskabet stoppede efter otte uger, kom fraværet tilbage hos de fleste af de ældste.",
        Verdict.NOT_DISTINGUISHABLE,
        ("Company to school in the morning",
         "A steady adult goes to school with children who are often absent, for the first eight weeks."),
        Knowledge.NO_EFFECT,
        evidence=({"scope": "method", "source": "Opdigtet undersøgelse af morgenfølgeskab", "year": 2021,
                   "design": "controlled", "outcome": "fravær efter et år", "outcome_en": "absence after a year",
                   "finding": "none"},),
    ),
    "no_difference_either": Story(
        "Bostøtten begynder på udskrivningsmødet",
        "Bostøtten er med, når borgeren udskrives, og den første aftale ligger samme uge.",
        (("v-bostoette-ventetid", FALL), ("v-fast-kontaktperson", RISE)),
        ("mental-illness",),
        "Bostøttemedarbejderen deltager på udskrivningsmødet. Den første aftale skrives ned dér.",
        "En aftale med sygehuset og en kalender, som begge kan se.",
        "Om sommeren var der ingen til møderne, og så gik der igen uger.",
        Verdict.NOT_DISTINGUISHABLE,
        ("Housing support begins at the discharge meeting",
         "Housing support is there when the citizen is discharged, and the first visit is in the same week."),
        Knowledge.COMPARED,
        evidence=({"scope": "method", "source": "Opdigtet sammenligning af fire kommuner", "year": 2022,
                   "design": "compared", "outcome": "dage til første besøg", "outcome_en": "days to the first visit",
                   "finding": "positive"},),
        elements=(ElementKind.DESCRIPTION, ElementKind.AIM, ElementKind.MONITORING),
    ),
    "other_way": Story(
        "Ét team om hele anbringelsen",
        "Det samme team følger barnet fra undersøgelse til hjemgivelse.",
        (("b-skift-anbringelse", FALL),),
        ("children",),
        "Undersøgelse, anbringelse og opfølgning blev lagt i ét team med højst ti børn pr. rådgiver.",
        "Omlægning af to afdelinger og et halvt års overgang.",
        "I overgangen skiftede mange børn rådgiver, og flere end før skiftede sted.",
        Verdict.OTHER_WAY,
        ("One team for the whole placement",
         "The same team follows the child from assessment until it goes home."),
        Knowledge.DESCRIBED,
    ),
    "not_collected": Story(
        "Boligformidler på herberget",
        "En boligformidler sidder på herberget to dage om ugen og har nøgler til anviste boliger.",
        (("v-hjemloese", FALL),),
        ("homeless",),
        "Boligformidleren har anvisningsretten med sig og går med til fremvisning og indflytning.",
        "En halv stilling og en aftale med to boligselskaber.",
        "De unge kom sjældent på herberget og fik ikke del i det.",
        None,
        ("A housing agent at the shelter",
         "A housing agent sits at the shelter two days a week with keys to homes."),
        Knowledge.MIXED,
        evidence=({"scope": "method", "source": "Opdigtet gennemgang af boligformidling", "year": 2020,
                   "design": "review", "outcome": "bolig efter et år", "outcome_en": "a home after a year",
                   "finding": "mixed"},),
    ),
    "unconfirmed": Story(
        "Åben tid i misbrugsbehandlingen",
        "Hver formiddag kan man komme uden aftale og begynde samme dag.",
        (("v-stof-garanti", RISE),),
        ("substance-use",),
        "To behandlere har åben tid fra 9 til 11. Den første samtale er begyndelsen på behandlingen.",
        "En omlægning af mødetiden; ingen flere stillinger.",
        "Aftenåbent blev prøvet og nedlagt: der kom næsten ingen.",
        None,
        ("Open hours in drug treatment",
         "Every morning one can come without an appointment and begin on the same day."),
        Knowledge.DESCRIBED,
        maturity="spreading",
    ),
    "withdrawn": Story(
        "Digital selvbooking af støttetimer",
        "Borgerne bookede selv deres støttetimer i en kalender.",
        (("h-stoette-eget-hjem", RISE),),
        ("adults-with-disabilities",),
        "En app viste ledige timer hos de faste medarbejdere.",
        "Licens, oplæring og en medarbejder, der passede kalenderen.",
        "De, der havde mest brug for støtte, bookede færrest timer.",
        None,
        ("Booking hours of support oneself",
         "Citizens booked their hours of support themselves in a calendar."),
        Knowledge.DESCRIBED,
        maturity="screening",
    ),
}  # fmt: skip
WITHDRAWN = "Kommunen er holdt op: de, der havde mest brug for støtte, fik mindre. Siden står, så andre kan se det."
REASON = "Opdigtet begrundelse: beskrevet, så andre kan gøre det efter; vurderet efter den viden, der er lagt ind."
OFFICES = (
    (OrganisationKind.RESEARCH, "Opdigtet Forskningscenter"),
    (OrganisationKind.OFFICE, "Redaktionen (opdigtet)"),
)


def make_demo_practices() -> int:
    """Make them, once; return how many practices there are. Needs at least three published editions."""
    newest = Edition.objects.published().newest_first().first()
    if newest is None or Practice.objects.exists():
        return Practice.objects.count()
    people = _people(newest.year)
    places = _Places(newest)
    made = {key: _make(key, story, places, people, newest) for key, story in STORIES.items()}
    after = dt.datetime(newest.year, 11, 2, 9, tzinfo=dt.UTC)
    assessing.note_unconfirmed(now=after)
    assessing.withdraw_practice(practice=made["withdrawn"], reason=WITHDRAWN, by=people[PUBLISHER], now=after)
    _documented(people, after)
    _unfinished(people, places, after)
    _exchange(people, made, places, after)
    _mailboxes(people, after)
    return Practice.objects.count()


class _Places:
    """Where the invented figures say what a story wants; each municipality once."""

    def __init__(self, newest: Edition) -> None:
        codes = [code for story in STORIES.values() for code, _way in story.aims]
        self.indicators = {one.code: one for one in Indicator.objects.filter(code__in=codes)}
        self.figures = Figures.up_to(newest, {one.pk for one in self.indicators.values()})
        self.municipalities = {one.pk: one for one in Municipality.objects.order_by("code")}
        self.used: set[int] = set()

    def take(self, story: Story, start: int, expected: int) -> Municipality:
        """The first unused municipality whose first aim gets the verdict wanted; without a wish, the first unused."""
        for key, verdict in self._verdicts(story, start, expected):
            if key not in self.used and story.wanted in (None, verdict):
                self.used.add(key)
                return self.municipalities[key]
        msg = f"No municipality has the figures for {story.title!r}."
        raise LookupError(msg)

    def free(self) -> Municipality:
        """The next that has none yet."""
        key = next(key for key in self.municipalities if key not in self.used)
        self.used.add(key)
        return self.municipalities[key]

    def _verdicts(self, story: Story, start: int, expected: int) -> Iterator[tuple[int, Verdict | None]]:
        if story.wanted is None:
            yield from ((key, None) for key in self.figures.line_of)
            return
        code, direction = story.aims[0]
        indicator = self.indicators[code].pk
        before = self.figures.table(indicator, self.figures.fresh_before(indicator, start))
        after = self.figures.table(indicator, self.figures.fresh_after(indicator, expected, start))
        chance = before_after.CHANCE / len(story.aims)
        for key, line in self.figures.line_of.items():
            found = before_after.measured(before, after, line, direction)
            far = found.verdict in (Verdict.STANDS_OUT, Verdict.OTHER_WAY)
            if found.p is not None and (not far or found.p <= chance):
                yield key, found.verdict


def _people(year: int) -> dict[str, User]:
    users = {name: get_user_model().objects.get_or_create(
                 username=name, defaults={"email": f"{name}@example.invalid"})[0]
             for name in (RESPONDENT, APPROVER, *EDITORS, PUBLISHER)}  # fmt: skip
    early = dt.datetime(year - 3, 1, 2, tzinfo=dt.UTC)
    found_organisations_of_municipalities(now=early)
    rights = {one.codename: one for one in Permission.objects.filter(content_type__app_label="practices")}
    for name, organisation in zip(EDITORS, _elsewhere(early), strict=True):
        users[name].user_permissions.add(rights["assess_practice"])
        join(user=users[name], organisation=organisation, role=MemberRole.RESPONDENT, by=users[name], now=early)
    users[PUBLISHER].user_permissions.add(rights["publish_practice"])
    return users


def _elsewhere(now: dt.datetime) -> list[Organisation]:
    return [found_organisation(kind=kind, name=name, now=now) for kind, name in OFFICES]


def _member_of(municipality: Municipality, people: dict[str, User], now: dt.datetime) -> Organisation:
    """Its organisation, with a respondent, an approver and a confirmed mailbox of a function."""
    organisation = Organisation.objects.of_municipalities().get(municipality=municipality)
    for name, role in ((RESPONDENT, MemberRole.RESPONDENT), (APPROVER, MemberRole.APPROVER)):
        join(user=people[name], organisation=organisation, role=role, by=people[APPROVER], now=now)
    _mailbox(organisation, people, now)
    return organisation


def _mailbox(organisation: Organisation, people: dict[str, User], now: dt.datetime) -> None:
    slug = organisation.municipality.slug if organisation.municipality else "kommune"
    change_contact(
        organisation=organisation,
        purpose=Purpose.PRACTICE,
        title="Socialforvaltningen (opdigtet)",
        email=f"socialfaglig@{slug}.example.invalid",
        published=True,
        confirmed=True,
        by=people[APPROVER],
        now=now,
    )


def _mailboxes(people: dict[str, User], now: dt.datetime) -> None:
    """Every third of the municipalities that have none has confirmed one: most have not, as it will be."""
    without = Organisation.objects.of_municipalities().exclude(contacts__purpose=Purpose.PRACTICE)
    for organisation in without.select_related("municipality").order_by("municipality__code")[::3]:
        _mailbox(organisation, people, now)


def _make(key: str, story: Story, places: _Places, people: dict[str, User], newest: Edition) -> Practice:
    first = places.figures.years[0]
    start, expected = newest.year - 1, newest.year
    if key.startswith("no_difference") and first < start - 1:
        start, expected = start - 1, expected - 1  # two editions on either side, where there are so many
    municipality = places.take(story, start, expected)
    began = dt.datetime(start - 1, 12, 4, 9, tzinfo=dt.UTC)
    practice = _draft(story, municipality, people, began, dt.date(start, 1, 8))
    for code, direction in story.aims:
        indicator = places.indicators[code]
        proposing.register_aim(practice=practice, indicator=indicator, direction=direction, from_edition=expected,
                              by=people[RESPONDENT], now=began)  # fmt: skip
    links = {kind: f"https://{municipality.slug}.example.invalid/{kind}" for kind in story.elements}
    proposing.set_elements(practice=practice, links=links, by=people[RESPONDENT], now=began)
    proposing.send_practice(practice=practice, by=people[APPROVER], now=began + dt.timedelta(days=8))
    published = dt.datetime(newest.year - 1, 6, 2, 9, tzinfo=dt.UTC)
    if key == "unconfirmed":
        published = dt.datetime(newest.year, 11, 1, 9, tzinfo=dt.UTC) - UNCONFIRMED_AFTER
    return _publish(practice, story.knowledge, story.evidence, people, published)


def _draft(
    story: Story, municipality: Municipality, people: dict[str, User], now: dt.datetime, start: dt.date | None
) -> Practice:
    practice = Practice(
        organisation=_member_of(municipality, people, now),
        title=f"{INVENTED}: {story.title}",
        title_en=f"Invented: {story.english[0]}" if story.english[0] else "",
        summary=story.summary,
        summary_en=story.english[1],
        target_groups=list(story.groups),
        legal_basis=story.legal_basis,
        started_on=start,
        persons=story.persons,
        done=story.done,
        took=story.took,
        failed=story.failed,
        maturity=story.maturity,
        is_demo=True,
    )
    return proposing.propose_practice(practice=practice, municipalities=[municipality], by=people[RESPONDENT], now=now)


def _publish(
    practice: Practice, knowledge: Knowledge, evidence: tuple[dict[str, object], ...], people: dict[str, User],
    now: dt.datetime,
) -> Practice:  # fmt: skip
    for entry in evidence:
        assessing.add_evidence(evidence=Evidence(practice=practice, **entry), by=people[EDITORS[0]], now=now)
    for name in EDITORS:
        assessing.assess(practice=practice, knowledge=knowledge, reason=REASON, by=people[name], now=now)
    return assessing.publish_practice(practice=practice, by=people[PUBLISHER], now=now)


def _documented(people: dict[str, User], now: dt.datetime) -> None:
    """The real examples, assessed by the invented editors as proposed."""
    office = found_organisation(kind=OrganisationKind.ASSOCIATION, name="Foreningen Socialt Indeks (opdigtet)", now=now)
    proposed = {row["title"]: row for row in documented.documented()}
    for practice in documented.load_documented(office=office, by=people[RESPONDENT], now=now):
        row = proposed[practice.title]
        for name in EDITORS:
            assessing.assess(practice=practice, knowledge=Knowledge(row["knowledge"]), reason=row["reason"],
                            reason_en=row["reason_en"], by=people[name], now=now)  # fmt: skip
        assessing.publish_practice(practice=practice, by=people[PUBLISHER], now=now)


def _unfinished(people: dict[str, User], places: _Places, now: dt.datetime) -> None:
    """A draft, and one that waits for editors."""
    stories = [
        Story("Café for pårørende", "En åben aften om måneden for pårørende.", (), ("families",),
              "En aften om måneden med kaffe og en rådgiver.", "En aften om måneden.", "Fædrene kom ikke.", None),
        Story("Fælles notat ved skift af rådgiver", "Ét notat, som borgeren selv læser først.", (), ("children",),
              "Notatet skrives sammen med barnet.", "En time pr. skift.", "De yngste børn fik lidt ud af det.", None),
    ]  # fmt: skip
    for number, story in enumerate(stories):
        practice = _draft(story, places.free(), people, now, dt.date(now.year + 1, 1, 1))
        if number:
            proposing.send_practice(practice=practice, by=people[APPROVER], now=now)


def _exchange(people: dict[str, User], made: dict[str, Practice], places: _Places, now: dt.datetime) -> None:
    """Four that asked the first: used, led nowhere, not answered, declined; and a circle."""
    askers = [_member_of(places.free(), people, now - dt.timedelta(days=500)) for _number in range(4)]
    asked = made["stands_out"]
    long_ago, lately = now - dt.timedelta(days=420), now - dt.timedelta(days=20)
    sent = [
        exchange.send_enquiry(
            enquiry=Enquiry(asker=asker, asked=asked.organisation, practice=asked,
                            text="Hvordan fik I tre ventelister til at blive til én? (Opdigtet spørgsmål.)"),
            by=people[RESPONDENT],
            now=long_ago if number < 2 else lately,
        )
        for number, asker in enumerate(askers)
    ]  # fmt: skip
    for enquiry, result in zip(sent[:2], (FollowUpResult.USED, FollowUpResult.NOWHERE), strict=True):
        exchange.answer_enquiry(enquiry=enquiry, answer="Kom og se det en tirsdag. (Opdigtet svar.)", show=True,
                                by=people[APPROVER], now=long_ago + dt.timedelta(days=3))  # fmt: skip
        exchange.agree_to_show(enquiry=enquiry, by=people[RESPONDENT], now=now)
        exchange.follow_up(enquiry=enquiry, result=result, by=people[RESPONDENT], now=long_ago + dt.timedelta(days=370))
    exchange.decline_enquiry(enquiry=sent[3], by=people[APPROVER], now=lately + dt.timedelta(days=2))
    exchange.remind_of_enquiries(now=now)
    circle = Circle(
        title=f"{INVENTED}: Kreds om ventetid på botilbud",
        indicator=places.indicators["h-botilbud-ventetid"],
        goal="Ingen venter mere end 100 dage om et år. (Opdigtet mål.)",
        starts_on=(now + dt.timedelta(days=30)).date(),
        is_demo=True,
    )
    exchange.open_circle(circle=circle, members=[*askers[:3], asked.organisation], by=people[APPROVER], now=now)
