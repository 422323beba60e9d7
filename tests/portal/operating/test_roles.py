"""Every address of the admin, with every role, against the table of portal.operating.roles and docs/permissions.md."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Model
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from indicators.models import LogEntry
from indicators.people.models import Membership
from indicators.services.defining import KEYS
from portal.operating.roles import ROLES, make_roles
from tests.accounts import Person, SignIn

ACTIONS = {"changelist": "view", "add": "add", "change": "view", "delete": "delete", "history": "view"}
ROLES_AND_NONE = [*ROLES, "none"]


def expected(role: str, model: type[Model], action: str) -> bool:
    allowed = ROLES.get(role, frozenset())
    app, name = model._meta.app_label, model._meta.model_name
    wanted = {f"{app}.{ACTIONS[action]}_{name}"}
    if action == "add" and model in KEYS:  # what is added to the catalogue is a proposal
        wanted = {"indicators.propose_definition"}
    if ACTIONS[action] == "view":
        wanted.add(f"{app}.change_{name}")
    return bool(wanted & allowed)


@pytest.mark.parametrize("role", ROLES_AND_NONE)
def test_every_page_of_every_model_answers_as_the_table_says(role: str, person: Person, signed_in: SignIn) -> None:
    client = signed_in(person("anna", *([role] if role in ROLES else [])))
    walked = 0
    for model, options in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = options.get_queryset(RequestFactory().get("/")).first()  # what its pages are of: another may have its own
        for action, permission in ACTIONS.items():
            of_a_row = action not in {"changelist", "add"}
            if of_a_row and row is None:
                continue
            where = reverse(f"{name}_{action}", args=[row.pk] if of_a_row and row else [])
            status = client.get(where).status_code
            # A model's own admin may write less than the table says (figures are read-only there), never more; and
            # what a role may see, it sees.
            allowed = {200} if permission == "view" else {200, 302, 403}
            assert status in (allowed if expected(role, model, action) else {302, 403}), (role, where, status)
            assert not (status == 302 and client.get(where)["Location"] == where)
            walked += 1
    assert walked >= len(admin.site._registry)


def test_an_administrator_with_both_factors_sees_the_users_and_a_role_does_not(
    person: Person, signed_in: SignIn
) -> None:
    users = reverse("admin:auth_user_changelist")
    assert signed_in(person("chef", superuser=True)).get(users).status_code == 200
    for role in ROLES:
        assert signed_in(person(role, role)).get(users).status_code == 403


def every_pattern(patterns: list[URLPattern | URLResolver], prefix: str = "") -> list[str]:
    found = []
    for one in patterns:
        path = prefix + str(one.pattern)
        found += every_pattern(one.url_patterns, path) if isinstance(one, URLResolver) else [path]
    return found


def addresses_of_the_admin() -> list[str]:
    """Every pattern below the admin's path with something in place of its arguments."""
    paths = [path for path in every_pattern(get_resolver().url_patterns) if path.startswith(f"{settings.ADMIN_PATH}/")]
    filled = [re.sub(r"<[^>]*>|\(\?P<[^>]*>[^)]*\)+", "1", path) for path in paths]
    return sorted({"/" + re.sub(r"[\\^$?]|\(|\)|\|", "", path) for path in filled})


OPEN = (
    "login/",
    "konto/ind/",
    "konto/ud/",
    "konto/spaerret/",
    "konto/vaelg-adgangskode/",
    "konto/totrin/",
    "konto/lukket/",
    "jsi18n/",
    "logout/",
)


def test_strangers_are_let_into_no_address_of_the_admin(client: Client, db: None) -> None:
    walked = 0
    for path in addresses_of_the_admin():
        if any(part in path for part in OPEN):
            continue
        for answer in (client.get(path), client.post(path)):
            assert answer.status_code in {301, 302, 403, 404, 405}, (path, answer.status_code)
        walked += 1
    assert walked > 20


def test_a_session_without_second_factor_is_let_into_no_address_of_the_admin(person: Person, signed_in: SignIn) -> None:
    client = signed_in(person("anna", superuser=True), factor=False)
    for path in addresses_of_the_admin():
        if any(part in path for part in (*OPEN, "konto/")):
            continue
        assert client.get(path).status_code in {301, 302, 403, 404, 405}, path


def test_the_table_in_the_documentation_is_the_table_in_the_code() -> None:
    text = (Path(settings.BASE_DIR) / "docs" / "permissions.md").read_text()
    heads = next(line for line in text.splitlines() if line.startswith("| permission"))
    roles = [cell.strip() for cell in heads.strip("|").split("|")][1:]
    table: dict[str, set[str]] = {role: set() for role in roles}
    for name, *cells in re.findall(r"^\| `([a-z_.]+)` \|(.*)\|$", text, re.MULTILINE):
        for role, cell in zip(roles, cells[0].split("|"), strict=True):
            if cell.strip() == "yes":
                table[role].add(name)
    assert table == {role: set(names) for role, names in ROLES.items()}


def test_writing_the_roles_again_takes_away_what_the_table_does_not_give(db: None) -> None:
    make_roles()
    group = Group.objects.get(name="editor")
    extra = Group.objects.get(name="publisher").permissions.get(codename="publish_edition")
    group.permissions.add(extra)
    make_roles()
    assert extra not in group.permissions.all()


def test_no_role_may_delete_and_none_may_touch_users() -> None:
    for names in ROLES.values():
        assert not [name for name in names if ".delete_" in name or name.startswith(("auth.", "mfa.", "axes."))]


STEPS_OF_THE_OFFICE = {
    "hearing_plan": "hearing.plan_hearing",
    "hearing_open": "hearing.plan_hearing",
    "hearing_again": "hearing.plan_hearing",
    "hearing_rule": "hearing.rule_remark",
    "hearing_name_upload": "hearing.rule_remark",
    "hearing_attachment": "hearing.rule_remark",
    "hearing_flag": "hearing.moderate_statement",
    "hearing_voice": "hearing.moderate_statement",
    "people_invite": "people.invite_member",
    "people_end": "people.invite_member",
    "people_forget": "an administrator",
    "rankings_edition_compute": "rankings.compute_edition",
    "rankings_edition_publish": "rankings.publish_edition",
    "surveys_wave_open": "surveys.change_wave",
    "surveys_wave_close": "surveys.change_wave",
    "surveys_wave_result": "surveys.change_wave",
}


@pytest.mark.parametrize("role", ROLES_AND_NONE)
def test_every_step_of_the_office_asks_for_its_own_permission(role: str, person: Person, signed_in: SignIn) -> None:
    client = signed_in(person("anna", *([role] if role in ROLES else [])))
    for name, permission in STEPS_OF_THE_OFFICE.items():
        where = reverse(f"admin:{name}", args=[] if name == "hearing_plan" else [0])
        ask = client.get if name in {"hearing_attachment", "surveys_wave_result"} else client.post
        status = ask(where).status_code
        let_in = permission in ROLES.get(role, frozenset())
        assert status == 404 if let_in else status in {302, 403}, (role, name, status)


def test_a_person_is_forgotten_by_an_administrator_with_a_reason_and_by_nobody_else(
    person: Person, signed_in: SignIn
) -> None:
    membership = Membership.objects.select_related("user", "organisation").filter(until__isnull=True)[0]
    page = reverse("admin:people_organisation_change", args=[membership.organisation_id])
    step = reverse("admin:people_forget", args=[membership.pk])
    publisher = signed_in(person("paula", "publisher"))
    assert step not in publisher.get(page).content.decode()
    chief = signed_in(person("chef", superuser=True))
    assert step in chief.get(page).content.decode()
    chief.post(step, {"because": ""})
    membership.user.refresh_from_db()
    assert membership.user.email
    chief.post(step, {"because": "Har bedt om det."})
    membership.user.refresh_from_db()
    assert (membership.user.email, membership.user.is_active) == ("", False)
    said = LogEntry.objects.get(action="person_forgotten")
    assert (said.by.username, said.details["reason"]) == ("chef", "Har bedt om det.")
