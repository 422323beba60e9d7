"""Who may do what: the one table of roles. docs/permissions.md shows it, `manage.py make_roles` writes it.

A role holds what its work needs and nothing else. Nobody may delete figures, uploads or editions: they are taken back
or corrected. Users and roles are made by an administrator, who is Django's superuser.
"""

from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext, gettext_lazy

DATA_STEWARD, EDITOR, PUBLISHER = "data steward", "editor", "publisher"

ROLE_WORDS = {
    DATA_STEWARD: gettext_lazy("indberetter"),
    EDITOR: gettext_lazy("redaktør"),
    PUBLISHER: gettext_lazy("udgiver"),
}
"""What the roles are called on pages; in the database they have their English names."""

VIEW_FIGURES = frozenset(
    f"{app}.view_{name}"
    for app, names in {
        "indicators": (
            "area", "theme", "indicator", "source", "seriesbreak", "region", "municipality", "municipalityalias",
            "place", "upload", "measurement", "logentry", "definitionchange",
        ),
        "rankings": ("edition", "criterion", "placement"),
        "hearing": ("hearing",),
        "people": ("organisation",),
        "sources": ("fetch",),
        "provisions": ("delivery",),
        "surveys": ("wave",),
    }.items()
    for name in names
)  # fmt: skip

# Permissions of our own, beside Django's four: the steps of the year's work.
STEPS = {
    "indicators.apply_upload": "Can apply an upload and take it back",
    "indicators.propose_definition": "Can propose a change of the catalogue",
    "indicators.approve_definition": "Can approve or refuse what another proposed",
    "rankings.compute_edition": "Can prepare and compute an edition",
    "rankings.publish_edition": "Can publish or correct an edition",
    "practices.assess_practice": "Can assess a practice and enter what is known of it",
    "practices.publish_practice": "Can publish a practice and withdraw it",
    "hearing.plan_hearing": "Can plan a hearing and invite again",
    "hearing.rule_remark": "Can rule on remarks and flags",
    "hearing.moderate_statement": "Can show or refuse what readers and organisations write",
    "people.invite_member": "Can invite members and end memberships",
}
_MODEL_OF_STEP = {
    "indicators": "upload",
    "rankings": "edition",
    "hearing": "hearing",
    "people": "organisation",
    "practices": "practice",
}

ROLES: dict[str, frozenset[str]] = {
    DATA_STEWARD: VIEW_FIGURES
    | {"indicators.add_upload", "indicators.change_upload", "indicators.apply_upload", "rankings.compute_edition"}
    | {"indicators.propose_definition", "provisions.add_delivery", "surveys.change_wave"},
    EDITOR: VIEW_FIGURES
    | {"rankings.change_edition", "practices.assess_practice"}
    | {"hearing.rule_remark", "hearing.moderate_statement", "people.invite_member"}
    | {"indicators.propose_definition", "indicators.approve_definition"},
    PUBLISHER: VIEW_FIGURES
    | {"rankings.compute_edition", "rankings.publish_edition", "rankings.change_edition"}
    | {"provisions.change_delivery", "indicators.approve_definition"}
    | {"practices.publish_practice"}
    | {"hearing.plan_hearing", "hearing.rule_remark", "people.invite_member"},
}


@transaction.atomic
def make_roles() -> list[Group]:
    """Write the roles as groups: permissions that are not in the table are taken away. Safe to repeat."""
    for step, name in STEPS.items():
        app, codename = step.split(".")
        kind = ContentType.objects.get(app_label=app, model=_MODEL_OF_STEP[app])
        Permission.objects.get_or_create(content_type=kind, codename=codename, defaults={"name": name})
    known = _permissions()
    groups = []
    for role, names in ROLES.items():
        group, _made = Group.objects.get_or_create(name=role)
        group.permissions.set(_rows(names, known))
        groups.append(group)
    return groups


def _permissions() -> dict[str, int]:
    """The key of every permission that there is, by its name."""
    rows = Permission.objects.values_list("content_type__app_label", "codename", "pk").order_by()
    return {f"{app}.{codename}": key for app, codename, key in rows}


def _rows(names: frozenset[str], known: dict[str, int]) -> list[int]:
    """The keys of the names. Raises LookupError for one that does not exist: a table that grants nothing misleads."""
    if missing := names - known.keys():
        msg = f"No such permission: {', '.join(sorted(missing))}"
        raise LookupError(msg)
    return [known[name] for name in sorted(names)]


def words_of(user: User) -> str:
    """The roles of somebody in the language of the page: "indberetter", "redaktør og udgiver"."""
    names = user.groups.order_by("name").values_list("name", flat=True)
    own = [str(ROLE_WORDS[name]) for name in names if name in ROLE_WORDS]
    return gettext(" og ").join([gettext("administrator"), *own] if user.is_superuser else own)
