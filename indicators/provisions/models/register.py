"""What files say of provisions: who offers what, to whom, where, by which paragraph, from which file and row.

As with measurements nothing is overwritten: a row says what one file said, a later file adds its own and marks the
earlier one as superseded, and taking a file back lets the earlier ones hold again.
"""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from indicators.models import Municipality, Region, Upload
from indicators.people.models import Organisation

from .vocabulary import LegalBasis, Term

CONFIRMED_FOR = dt.timedelta(days=365)
"""So long a confirmation holds: after that a provision is "ikke bekræftet", and no gap is counted with it."""


class Table(models.TextChoices):
    """Which table a file is: each has columns of its own, docs/provisions.md shows them."""

    PROVISIONS = "provisions", _("tilbud")
    DEPARTMENTS = "departments", _("afdelinger")
    CAPACITY = "capacity", _("pladser")
    TARGET_GROUPS = "target_groups", _("målgrupper")
    LEVELS = "levels", _("niveauer")
    INSPECTIONS = "inspections", _("tilsyn")
    USAGE = "usage", _("brug")
    VACANCIES = "vacancies", _("ledige pladser")
    ASSERTIONS = "assertions", _("oplysninger")
    GROUP_SIZES = "group_sizes", _("målgruppers størrelse")


class Delivery(models.Model):
    """A file of one table of the register on its way in (registerfil): an upload that is no figures.

    Whoever brought it is noted here once more, because a constraint sees one table only: nobody approves an own file.
    """

    upload = models.OneToOneField(
        Upload, on_delete=models.PROTECT, related_name="delivery", verbose_name=_("indberetning")
    )
    table = models.CharField(_("tabel"), max_length=15, choices=Table.choices)
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("bragt af")
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("godkendt af"),
    )

    class Meta:
        verbose_name = _("registerfil")
        verbose_name_plural = _("registerfiler")
        constraints = [
            models.CheckConstraint(name="delivery_table_known", condition=Q(table__in=Table.values)),
            models.CheckConstraint(
                name="delivery_takes_four_eyes",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("brought_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.upload_id}"


class Recorded(models.Model):
    """A row of a file as it came in. Never changed: a later file supersedes it."""

    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="+", verbose_name=_("indberetning"))
    row = models.PositiveIntegerField(_("række"))
    is_current = models.BooleanField(_("gælder nu"), default=True)
    superseded_by = models.ForeignKey(
        Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("afløst af")
    )

    class Meta:
        abstract = True


def recorded_once(name: str, *key: str) -> list[models.BaseConstraint]:
    """What holds for every table of the register: one current row a key, one row a key in a file."""
    return [
        models.UniqueConstraint(
            name=f"{name}_one_current", fields=key, condition=Q(is_current=True), nulls_distinct=False
        ),
        models.UniqueConstraint(name=f"{name}_once_in_a_file", fields=["upload", *key], nulls_distinct=False),
        models.CheckConstraint(
            name=f"{name}_current_is_not_superseded",
            condition=Q(is_current=False) | Q(superseded_by__isnull=True),
        ),
    ]


class ProvisionQuerySet(models.QuerySet["Provision"]):
    """Provisions."""

    def public(self) -> Self:
        """Those that may be told of one by one: never a protected one."""
        return self.filter(protected=False)

    def confirmed(self, day: dt.date) -> Self:
        """Those confirmed within the twelve months before a day."""
        return self.filter(confirmed_on__gt=day - CONFIRMED_FOR)


class Provision(models.Model):
    """A service for citizens (tilbud): what stays when its name, owner or place changes.

    ``number`` is the register's own id, by which next year's file is matched. ``protected`` is set by whatever a file
    says and never taken away by one: such a provision has no place in the database at all, and is counted by region.
    ``confirmed_on`` and ``places`` repeat what registrations, confirmations and capacities say now: every list of
    twenty thousand is sorted and summed by them. services/writing.py alone brings them in line.
    """

    number = models.CharField(_("tilbudsid"), max_length=40, unique=True)
    protected = models.BooleanField(_("beskyttet"), default=False)
    confirmed_on = models.DateField(_("sidst bekræftet"), null=True, blank=True)
    places = models.PositiveIntegerField(_("pladser, der er oplyst"), null=True, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="provisions",
        verbose_name=_("tilbuddets egen organisation"),
    )

    objects = ProvisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("tilbud")
        verbose_name_plural = _("tilbud")
        constraints = [
            models.CheckConstraint(
                name="provision_number_fits_an_address", condition=Q(number__regex=r"^[A-Za-z0-9][A-Za-z0-9-]*$")
            ),
            # what Registration's foreign key of two columns leads to: see the migration
            models.UniqueConstraint(name="provision_and_whether_protected", fields=["id", "protected"]),
        ]

    def __str__(self) -> str:
        return self.number


class Form(models.TextChoices):
    """Who owns a provision."""

    MUNICIPAL = "municipal", _("kommunal")
    REGIONAL = "regional", _("regional")
    INDEPENDENT = "independent", _("selvejende")
    PRIVATE = "private", _("privat")


class Status(models.TextChoices):
    """Whether a provision takes citizens."""

    OPEN = "open", _("i drift")
    CLOSED = "closed", _("lukket")


class RegistrationQuerySet(models.QuerySet["Registration"]):
    """What is registered of provisions."""

    def current(self) -> Self:
        """What holds now."""
        return self.filter(is_current=True)

    def public(self) -> Self:
        """What holds now of provisions that may be told of one by one: the only door to every list, map and file.

        The provision's own flag needs no asking: a foreign key of both columns keeps the two equal.
        """
        return self.current().filter(protected=False)

    def open_on(self, day: dt.date) -> Self:
        """Of provisions in operation on a day."""
        begun = Q(opened__isnull=True) | Q(opened__lte=day)
        return self.filter(begun, Q(closed__isnull=True) | Q(closed__gt=day), status=Status.OPEN)


class Registration(Recorded):
    """What a file says of a provision (registrering): name, owner, place, status. Ties to the file and its row."""

    provision = models.ForeignKey(
        Provision, on_delete=models.PROTECT, related_name="registrations", verbose_name=_("tilbud")
    )
    protected = models.BooleanField(_("beskyttet"), default=False)
    name = models.CharField(_("navn"), max_length=200)
    form = models.CharField(_("form"), max_length=12, choices=Form.choices)
    operator = models.CharField(_("drives af"), max_length=200, blank=True)
    cvr = models.CharField(_("CVR-nummer"), max_length=8, blank=True)
    p_number = models.CharField(_("P-nummer"), max_length=10, blank=True)
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="registrations",
        verbose_name=_("kommune"),
    )
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    latitude = models.FloatField(_("breddegrad"), null=True, blank=True)
    longitude = models.FloatField(_("længdegrad"), null=True, blank=True)
    service_type = models.ForeignKey(
        Term, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tilbudstype")
    )
    status = models.CharField(_("status"), max_length=8, choices=Status.choices)
    opened = models.DateField(_("fra"), null=True, blank=True)
    closed = models.DateField(_("til"), null=True, blank=True)
    verified_on = models.DateField(_("kontrolleret"), null=True, blank=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registrering")
        verbose_name_plural = _("registreringer")
        constraints = [
            *recorded_once("registration", "provision"),
            models.CheckConstraint(name="registration_form_known", condition=Q(form__in=Form.values)),
            models.CheckConstraint(name="registration_status_known", condition=Q(status__in=Status.values)),
            models.CheckConstraint(name="registration_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="registration_protected_has_no_place",
                condition=Q(protected=False, municipality__isnull=False, region__isnull=True)
                | Q(
                    protected=True,
                    municipality__isnull=True,
                    region__isnull=False,
                    latitude__isnull=True,
                    longitude__isnull=True,
                    operator="",
                    cvr="",
                    p_number="",
                ),
            ),
            models.CheckConstraint(
                name="registration_point_in_denmark",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__gte=54.4, latitude__lte=58.0, longitude__gte=7.9, longitude__lte=15.3),
            ),
            models.CheckConstraint(
                name="registration_ends_after_it_began",
                condition=Q(opened__isnull=True) | Q(closed__isnull=True) | Q(closed__gte=F("opened")),
            ),
        ]
        indexes = [
            models.Index(name="registration_by_place", fields=["municipality"], condition=Q(is_current=True)),
        ]

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A part of a provision with an id of its own (afdeling): what stays when its name changes."""

    provision = models.ForeignKey(
        Provision, on_delete=models.PROTECT, related_name="departments", verbose_name=_("tilbud")
    )
    number = models.CharField(_("afdelingsid"), max_length=40)

    class Meta:
        verbose_name = _("afdeling")
        verbose_name_plural = _("afdelinger")
        constraints = [models.UniqueConstraint(name="department_once", fields=["provision", "number"])]

    def __str__(self) -> str:
        return self.number


class DepartmentRegistration(Recorded):
    """What a file says of a department (registrering af afdeling)."""

    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="registrations", verbose_name=_("afdeling")
    )
    name = models.CharField(_("navn"), max_length=200)
    opened = models.DateField(_("fra"), null=True, blank=True)
    closed = models.DateField(_("til"), null=True, blank=True)

    class Meta:
        verbose_name = _("registrering af afdeling")
        verbose_name_plural = _("registreringer af afdelinger")
        constraints = [
            *recorded_once("department_registration", "department"),
            models.CheckConstraint(
                name="department_ends_after_it_began",
                condition=Q(opened__isnull=True) | Q(closed__isnull=True) | Q(closed__gte=F("opened")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CapacityQuerySet(models.QuerySet["Capacity"]):
    """Places."""

    def current(self) -> Self:
        """What holds now."""
        return self.filter(is_current=True)

    def held_on(self, day: dt.date) -> Self:
        """What held on a day, now past or not. A correction of the same day held never: from and until are one."""
        return self.filter(valid_on__lte=day).filter(Q(valid_until__isnull=True) | Q(valid_until__gt=day))


class Capacity(Recorded):
    """So many places, once, under all the paragraphs they can be given by (pladser).

    The paragraphs hang on the places and not the other way round: places cannot be counted twice over them. ``pool``
    tells places of one department apart. Without ages the file does not say for whom; without places, how many.
    """

    provision = models.ForeignKey(
        Provision, on_delete=models.PROTECT, related_name="capacities", verbose_name=_("tilbud")
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("afdeling")
    )
    pool = models.CharField(_("pulje"), max_length=40, blank=True)
    places = models.PositiveIntegerField(_("pladser"), null=True, blank=True)
    age_from = models.PositiveSmallIntegerField(_("alder fra"), null=True, blank=True)
    age_to = models.PositiveSmallIntegerField(_("alder til"), null=True, blank=True)
    valid_on = models.DateField(_("gælder fra"))
    valid_until = models.DateField(_("gjaldt til"), null=True, blank=True)
    bases = models.ManyToManyField(LegalBasis, related_name="capacities", verbose_name=_("lovgrundlag"))

    objects = CapacityQuerySet.as_manager()

    class Meta:
        verbose_name = _("pladser")
        verbose_name_plural = _("pladser")
        constraints = [
            *recorded_once("capacity", "provision", "department", "pool"),
            models.CheckConstraint(
                name="capacity_ages_in_order",
                condition=Q(age_from__isnull=True)
                | Q(age_to__isnull=True)
                | Q(age_to__gte=F("age_from"), age_to__lte=130),
            ),
            models.CheckConstraint(
                name="capacity_current_has_no_end", condition=Q(is_current=False) | Q(valid_until__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provision_id}/{self.pool}: {self.places}"


class Serves(Recorded):
    """That a provision, or one of its departments, takes a target group (tager imod målgruppe)."""

    provision = models.ForeignKey(Provision, on_delete=models.PROTECT, related_name="serves", verbose_name=_("tilbud"))
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("afdeling")
    )
    target_group = models.ForeignKey(
        Term, on_delete=models.PROTECT, related_name="served_by", verbose_name=_("målgruppe")
    )

    class Meta:
        verbose_name = _("målgruppe i et tilbud")
        verbose_name_plural = _("målgrupper i tilbud")
        constraints = recorded_once("serves", "provision", "department", "target_group")

    def __str__(self) -> str:
        return f"{self.provision_id}/{self.target_group_id}"
