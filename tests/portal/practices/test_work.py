"""The workbench: four kinds of people, what each may do, what each is refused, and that a refusal loses nothing."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from indicators.people.models import MemberRole
from indicators.people.services.members import join
from portal.operating.roles import EDITOR, PUBLISHER
from rankings.practices.models import Aim, Enquiry, EnquiryState, Evidence, MeasuredHere, Practice, PracticeState
from tests.accounts import Person, SignIn, person, signed_in
from tests.rankings.practices import people

__all__ = ["person", "signed_in"]

pytestmark = pytest.mark.django_db
TEXTS = {
    "title": "Prøve: To hænder",
    "summary": "En prøve.",
    "target_groups": ["children"],
    "maturity": "trial",
    "started_on": "2025-01-08",
    "done": "Noget.",
    "took": "En time.",
    "failed": "Det første.",
}


def desk(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def stranger() -> User:
    return User.objects.create(username="fremmed")


def only(role: MemberRole) -> User:
    user = User.objects.create(username=f"kun-{role}")
    join(user=user, organisation=people.organisation(), role=role, by=user, now=people.EARLY)
    return user


def act(user: User, practice: Practice, step: str, **data: object) -> int:
    path = reverse("work-act", kwargs={"slug": practice.slug, "step": step})
    return desk(user).post(path, {f"{step}-{name}": value for name, value in data.items()}).status_code


def state(practice: Practice) -> str:
    return Practice.objects.get(pk=practice.pk).state


def test_the_way_from_proposal_to_withdrawn_by_its_forms() -> None:
    answer = desk(people.respondent()).post(reverse("work-propose"), TEXTS)
    practice = Practice.objects.get(slug="proeve-to-haender")
    assert answer["Location"] == reverse("work-practice", kwargs={"slug": practice.slug})
    owner, approver, publisher = people.respondent(), people.approver(), people.publisher()
    aim = {"indicator": people.CODE, "direction": "lower_is_better", "from_edition": "2026"}
    assert act(owner, practice, "maal", **aim) == 302
    assert act(owner, practice, "elementer", theory="https://a.example.invalid/") == 302
    assert act(approver, practice, "send") == 302
    first, second = people.editors()
    study = {"scope": "method", "source": "Kilde", "year": "2020", "design": "controlled", "outcome": "fravær",
             "finding": "positive"}  # fmt: skip
    assert act(first, practice, "viden", **study) == 302
    for editor in (first, second):
        assert act(editor, practice, "vurder", knowledge="one_controlled", reason="Én.") == 302
    assert act(publisher, practice, "offentliggoer") == 302
    assert state(practice) == PracticeState.PUBLISHED
    assert act(owner, practice, "bekraeft") == 302
    assert act(approver, practice, "traek", reason="Holdt op.") == 302
    assert state(practice) == PracticeState.WITHDRAWN


WHO: dict[str, Callable[[], User]] = {
    "stranger": stranger,
    "observer": lambda: only(MemberRole.OBSERVER),
    "respondent": lambda: only(MemberRole.RESPONDENT),
    "approver": lambda: only(MemberRole.APPROVER),
    "editor": lambda: people.editors()[0],
    "publisher": people.publisher,
}
MAY = {
    ("draft", "maal"): {"respondent", "approver"},
    ("draft", "elementer"): {"respondent", "approver"},
    ("draft", "send"): {"approver"},
    ("sent", "viden"): {"editor"},
    ("sent", "vurder"): {"editor"},
    ("sent", "tilbage"): {"editor"},
    ("assessed", "offentliggoer"): {"publisher"},
    ("published", "bekraeft"): {"respondent", "approver"},
    ("published", "traek"): {"approver", "publisher"},
    ("published", "viden"): {"editor"},
}
DATA: dict[str, dict[str, object]] = {
    "maal": {"indicator": "b-neet", "direction": "lower_is_better", "from_edition": "2026"},
    "viden": {
        "scope": "method",
        "source": "K",
        "year": "2020",
        "design": "compared",
        "outcome": "x",
        "finding": "none",
    },
    "vurder": {"knowledge": "described", "reason": "x"},
    "tilbage": {"reason": "x"},
    "traek": {"reason": "x"},
}


@pytest.mark.parametrize(("at", "step"), sorted(MAY))
@pytest.mark.parametrize("who", sorted(WHO))
def test_the_permission_walk_every_step_by_everyone(at: str, step: str, who: str) -> None:
    practice = Practice.objects.get(pk=getattr(people, at)().pk)
    user = WHO[who]()
    page = desk(user).get(reverse("work-practice", kwargs={"slug": practice.slug}))
    offered = page.status_code == 200 and f'id="trin-{step}"' in page.content.decode()
    done = act(user, practice, step, **DATA.get(step, {}))
    allowed = who in MAY[at, step]
    assert offered is allowed
    assert (done == 302) is allowed
    if not allowed:
        assert done in {404, 422}
        assert state(practice) == practice.state


@pytest.mark.parametrize("path", ["", "ny/", "kreds/", "opdigtet-cafe-for-paaroerende/", "henvendelse/1/"])
def test_without_signing_in_there_is_nothing(path: str, client: Client) -> None:
    answer = client.get(f"/arbejdsbord/praksis/{path}")
    assert answer.status_code == 302
    assert "/ind/" in answer["Location"] or "login" in answer["Location"]


def test_a_draft_is_seen_by_its_own_and_nobody_else() -> None:
    practice = people.draft()
    path = reverse("work-practice", kwargs={"slug": practice.slug})
    for user in (people.editors()[0], people.publisher(), stranger()):
        assert desk(user).get(path).status_code == 404
    assert desk(people.respondent()).get(path).status_code == 200


def test_a_refused_form_keeps_what_was_written() -> None:
    answer = desk(people.respondent()).post(reverse("work-propose"), TEXTS | {"failed": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Prøve: To hænder" in page
    assert 'role="alert"' in page
    assert not Practice.objects.filter(title=TEXTS["title"]).exists()
    practice = people.sent()
    path = reverse("work-act", kwargs={"slug": practice.slug, "step": "vurder"})
    said = {"vurder-knowledge": "several_controlled", "vurder-reason": "Fordi det er så."}
    answer = desk(people.editors()[0]).post(path, said)
    assert answer.status_code == 422
    assert "Fordi det er så." in answer.content.decode()
    assert "kræver undersøgelser, der ikke er lagt ind" in answer.content.decode()


def test_no_form_has_a_verdict_or_lets_an_owner_set_what_is_known() -> None:
    practice = people.draft()
    extra = {"knowledge": "several_controlled", "state": "published", "verdict": "stands_out", "slug": "x"}
    desk(people.respondent()).post(reverse("work-change", kwargs={"slug": practice.slug}), TEXTS | extra)
    row = Practice.objects.get(pk=practice.pk)
    assert (row.title, row.knowledge, row.state, row.slug) == (TEXTS["title"], "", "draft", practice.slug)
    assert not Evidence.objects.filter(practice=practice).exists()
    assert not MeasuredHere.objects.filter(aim__practice=practice).exists()
    before = Aim.objects.get(practice=practice).registered_at
    aim = {"indicator": "b-neet", "direction": "lower_is_better", "from_edition": "2026"}
    act(people.respondent(), practice, "maal", **aim, registered_at="2020-01-01")
    assert Aim.objects.get(practice=practice, indicator__code="b-neet").registered_at > before


def test_an_enquiry_goes_answer_and_follow_up_by_their_forms() -> None:
    asked = Practice.objects.get(slug__contains="venteliste")
    user = people.respondent()
    asker = [m.organisation for m in user.memberships.exclude(organisation=asked.organisation)][-1]
    path = reverse("work-ask", kwargs={"slug": asked.slug})
    assert desk(user).post(path, {"asker": asker.pk, "text": ""}).status_code == 422
    assert desk(user).post(path, {"asker": asker.pk, "text": "Hvordan?"}).status_code == 302
    enquiry = Enquiry.objects.get(text="Hvordan?")
    base = reverse("work-enquiry", kwargs={"number": enquiry.pk})
    assert desk(stranger()).get(base).status_code == 404
    assert desk(people.editors()[0]).get(base).status_code == 404
    assert desk(people.approver()).post(f"{base}svar/", {"svar-answer": "Kom."}).status_code == 302
    assert Enquiry.objects.get(pk=enquiry.pk).state == EnquiryState.ANSWERED
    assert desk(user).post(f"{base}opfoelgning/", {"opfoelgning-result": "used"}).status_code == 302
    assert Enquiry.objects.get(pk=enquiry.pk).follow_up.result == "used"
    assert desk(people.approver()).post(f"{base}svar/", {"svar-answer": "Igen."}).status_code == 422


def test_one_asks_only_for_ones_own_municipality() -> None:
    asked = Practice.objects.get(slug__contains="venteliste")
    outsider = only(MemberRole.RESPONDENT)
    path = reverse("work-ask", kwargs={"slug": asked.slug})
    another = people.respondent().memberships.exclude(organisation=asked.organisation)[0].organisation
    assert desk(outsider).post(path, {"asker": another.pk, "text": "Hvordan?"}).status_code == 422
    assert not Enquiry.objects.filter(text="Hvordan?").exists()


def test_the_home_page_has_what_there_is_to_do_for_each() -> None:
    waiting = people.sent()
    editor = desk(people.editors()[0]).get(reverse("work-practices")).content.decode()
    owner = desk(people.respondent()).get(reverse("work-practices")).content.decode()
    assert waiting.title in editor
    assert "Venter på redaktionen" in editor
    assert "Venter på redaktionen" not in owner
    assert waiting.title in owner


def test_the_office_assesses_and_publishes_behind_its_own_sign_in(
    person: Person, signed_in: SignIn, client: Client
) -> None:
    """Staff have no way into the members' room: who judges must meet the same pages where staff can be."""
    practice = people.sent()
    editors = person("erik", EDITOR), person("eva", EDITOR)
    home, here = "/redaktion/praksis/", f"/redaktion/praksis/{practice.slug}/"
    assert client.get(home).status_code == 302
    assert home in signed_in(editors[0]).get("/redaktion/").content.decode()
    said = {"vurder-knowledge": "described", "vurder-reason": "Fortalt."}
    for editor in editors:
        answer = signed_in(editor).post(f"{here}trin/vurder/", said)
        assert (answer.status_code, answer["Location"]) == (302, here)
    signed_in(person("ulla", PUBLISHER)).post(f"{here}trin/offentliggoer/")
    practice.refresh_from_db()
    assert (practice.state, {one.organisation.kind for one in practice.assessments.all()}) == ("published", {"office"})
