"""What somebody asks for: one object behind the list, the map, the files and the API, so that they cannot differ."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.lookups import IsNull

from indicators.danish import search_key
from indicators.models import Municipality
from indicators.provisions.models import Capacity, Form, LegalBasis, PlacePoint, Registration, SchemeKind, Serves, Term
from indicators.provisions.models.register import RegistrationQuerySet

T = TypeVar("T")
ASKED = ("maalgruppe", "paragraf", "alder", "form", "kommune", "landsdel", "sted")
"""The words after ? in an address, in the order in which a link has them."""


class UnknownValueError(ValueError):
    """A parameter has a value that nothing is known of; ``name`` is the parameter's, ``value`` what stood there."""

    def __init__(self, name: str, value: str) -> None:
        super().__init__(f"{name}={value}")
        self.name, self.value = name, value


@dataclass(frozen=True)
class Choices:
    """What can be asked for on a day: our own target groups and the paragraphs in force. Two queries.

    ``meant`` has for each of our terms, by id, the ids of all terms that are read as it, its own first.
    """

    groups: dict[str, Term]
    bases: dict[str, LegalBasis]
    meant: dict[int, list[int]]

    @classmethod
    def on(cls, day: dt.date) -> "Choices":
        """The choices of a day, in the order they are offered."""
        terms = list(Term.objects.of_kind(SchemeKind.TARGET_GROUP).filter(protects=False).in_order())
        groups = {term.code: term for term in terms if term.means_id is None}
        meant = {term.pk: [term.pk] for term in groups.values()}
        for term in terms:
            if term.means_id in meant:
                meant[term.means_id].append(term.pk)
        bases = LegalBasis.objects.in_force(day).filter(protects=False).in_order()
        return cls(groups, {basis.code: basis for basis in bases}, meant)


@dataclass(frozen=True)
class Question:
    """What is asked for; None asks for anything. ``place`` sorts by distance and leaves nothing out."""

    day: dt.date
    group: Term | None = None
    group_terms: Sequence[int] = ()
    basis: LegalBasis | None = None
    age: int | None = None
    form: Form | None = None
    municipality: Municipality | None = None
    landsdel: str = ""
    place: PlacePoint | None = None
    asked: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is asked for that leaves services out."""
        return any(name != "sted" for name in self.asked)

    def registrations(self) -> RegistrationQuerySet:
        """What is registered of the services that fit: public ones, in operation on the day."""
        found = Registration.objects.public().open_on(self.day)
        if self.form is not None:
            found = found.filter(form=self.form)
        if self.municipality is not None:
            found = found.filter(municipality=self.municipality)
        if self.landsdel:
            found = found.filter(municipality__landsdel=self.landsdel)
        if self.group is not None:
            found = found.filter(provision__in=self._serving().values("provision"))
        elif self.basis is not None or self.age is not None:
            found = found.filter(provision__in=self._fitting().values("provision"))
        return found

    def _fitting(self) -> QuerySet[Capacity]:
        """Places of the paragraph and the age. Places whose ages are not stated may be for anybody: they stay, and the
        list says that their ages are not known."""
        found = Capacity.objects.current()
        if self.basis is not None:
            found = found.filter(bases=self.basis)
        if self.age is not None:
            found = found.filter(Q(age_from__isnull=True) | Q(age_from__lte=self.age))
            found = found.filter(Q(age_to__isnull=True) | Q(age_to__gte=self.age))
        return found

    def _serving(self) -> QuerySet[Serves]:
        """That a service takes the group; and where age or paragraph is asked for too, that the same department has
        such places: an adults' department does not make a children's service fit a child."""
        found = Serves.objects.filter(target_group__in=self.group_terms, is_current=True)
        if self.basis is None and self.age is None:
            return found
        of_all = Q(department__isnull=True) | Q(IsNull(OuterRef("department"), True))  # noqa: FBT003
        same = of_all | Q(department=OuterRef("department"))
        return found.filter(Exists(self._fitting().filter(same, provision=OuterRef("provision"))))


def question_of(asked: Mapping[str, str], *, day: dt.date, choices: Choices) -> Question:
    """Read an address's parameters. Empty ones ask for nothing. Raises UnknownValueError for a value nobody knows."""
    said = {name: " ".join(asked.get(name, "").split()) for name in ASKED}
    said = {name: value for name, value in said.items() if value}
    group = _known(choices.groups, "maalgruppe", said)
    return Question(
        day=day,
        group=group,
        group_terms=choices.meant[group.pk] if group else (),
        basis=_known(choices.bases, "paragraf", said),
        age=_age(said),
        form=_form(said),
        municipality=_municipality(said),
        landsdel=_landsdel(said),
        place=_place(said),
        asked=said,
    )


def _known(choices: Mapping[str, T], name: str, said: Mapping[str, str]) -> T | None:
    if name not in said:
        return None
    if said[name] not in choices:
        raise UnknownValueError(name, said[name])
    return choices[said[name]]


def _age(said: Mapping[str, str]) -> int | None:
    words = said.get("alder", "")
    if not words:
        return None
    if not (words.isascii() and words.isdigit() and int(words) <= 130):
        raise UnknownValueError("alder", words)
    return int(words)


def _form(said: Mapping[str, str]) -> Form | None:
    return _known({str(form): form for form in Form}, "form", said)


def _municipality(said: Mapping[str, str]) -> Municipality | None:
    """By slug, or by the name as somebody types it."""
    words = said.get("kommune", "")
    if not words:
        return None
    found = Municipality.objects.filter(Q(slug=words) | Q(search_key=search_key(words))).first()
    if found is None:
        raise UnknownValueError("kommune", words)
    return found


def _landsdel(said: Mapping[str, str]) -> str:
    words = said.get("landsdel", "")
    if not words:
        return ""
    names = Municipality.objects.order_by("landsdel").values_list("landsdel", flat=True).distinct()
    return _known({search_key(name): name for name in names}, "landsdel", {"landsdel": search_key(words)}) or ""


def _place(said: Mapping[str, str]) -> PlacePoint | None:
    words = said.get("sted", "")
    if not words:
        return None
    found = PlacePoint.objects.filter(search_key=search_key(words)).order_by("pk").first()
    if found is None:
        raise UnknownValueError("sted", words)
    return found


def known_places() -> int:
    """How many towns have a point, and can thus be asked for."""
    return PlacePoint.objects.count()
