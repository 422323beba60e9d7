"""Editions: a year's index in its revisions, with its audit, the desk's plans for it, and what its rows are about."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from indicators.models import Area, Indicator, Source, Theme


class EditionState(models.TextChoices):
    """Where an edition is on its way. A corrected edition has been replaced by a later revision; a withdrawn one is no
    longer there: its address says since when and why."""

    DRAFT = "draft", _("kladde")
    HEARING = "hearing", _("i høring")
    PUBLISHED = "published", _("offentliggjort")
    CORRECTED = "corrected", _("rettet")
    WITHDRAWN = "withdrawn", _("trukket tilbage")


OPEN = [EditionState.DRAFT, EditionState.HEARING]
PUBLIC = [EditionState.PUBLISHED, EditionState.CORRECTED]
WAS_PUBLIC = [*PUBLIC, EditionState.WITHDRAWN]


class EditionQuerySet(models.QuerySet["Edition"]):
    """Editions."""

    def published(self) -> Self:
        """What the public sees under a year: the newest revision of every published edition."""
        return self.filter(state=EditionState.PUBLISHED)

    def ever_published(self) -> Self:
        """Also the revisions that a correction replaced: their pinned addresses stay alive."""
        return self.filter(state__in=PUBLIC)

    def withdrawn(self) -> Self:
        """What was public and was withdrawn: nobody gets its figures, everybody is told why."""
        return self.filter(state=EditionState.WITHDRAWN)

    def still_open(self) -> Self:
        """What was never public: drafts, also those in hearing."""
        return self.filter(state__in=OPEN)

    def comparable_to(self, edition: "Edition") -> Self:
        """Those that an edition may be held against: one of registers only is never compared with the whole index."""
        return self.filter(registers_only=edition.registers_only)

    def newest_first(self) -> Self:
        """Sort with the newest year and revision on top."""
        return self.order_by("-year", "-revision")


DEMO_DA = "Demodata: tallene er opdigtede"
DEMO_EN = "Demo data: the figures are invented"
REGISTERS_DA = "Registerudgave: {share} % af indeksets vægt, kan ikke sammenlignes med Socialt Indeks"
REGISTERS_EN = "Register edition: {share}% of the index's weight, cannot be compared with Socialt Indeks"


def warning(*, is_demo: bool, of_the_index: float | None = None, english: bool = False) -> str:
    """What nothing of an edition may be read without: that its figures are invented, that it is no Socialt Indeks.

    ``of_the_index`` is the share (0–1) of the index's weight that an edition of registers only has. Empty for a real
    edition of the whole index.
    """
    share = None if of_the_index is None else round(100 * of_the_index)
    registers = "" if share is None else (REGISTERS_EN if english else REGISTERS_DA).format(share=share)
    demo = (DEMO_EN if english else DEMO_DA) if is_demo else ""
    return ". ".join(filter(None, [demo, registers]))


class Edition(models.Model):
    """A year's index (udgave). Published is frozen; a correction is a new revision with a reason."""

    year = models.PositiveSmallIntegerField(_("år"))
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    state = models.CharField(_("tilstand"), max_length=10, choices=EditionState.choices, default=EditionState.DRAFT)
    method_version = models.CharField(_("metode"), max_length=20)
    method = models.JSONField(_("metodens indstillinger"))
    reason = models.TextField(_("begrundelse for rettelsen"), blank=True)
    reason_en = models.TextField(_("begrundelse for rettelsen, på engelsk"), blank=True, db_default="")
    note_da = models.TextField(_("nyt i denne udgave"), blank=True)
    note_en = models.TextField(_("nyt i denne udgave, på engelsk"), blank=True)
    unheard_because = models.TextField(_("hvorfor den ikke har været i høring"), blank=True, db_default="")
    """The office's public reason for a first revision that no municipality was asked about; of a heard one empty."""
    is_demo = models.BooleanField(_("opdigtede tal (demodata)"), default=False)
    registers_only = models.BooleanField(_("registerudgave"), default=False, db_default=False)
    robustness = models.JSONField(_("hvor sikre placeringerne er"), default=dict, blank=True)
    computed_at = models.DateTimeField(_("beregnet"), null=True, blank=True)
    checksum = models.CharField(_("kontrolsum"), max_length=64, blank=True, default="", db_default="")
    """Of all that was computed and of the texts it is shown with, as the database sums it up (`edition_checksum`): two
    people who saw the same sum saw the same edition. Empty in editions from before there was one."""
    inputs = models.CharField(_("kontrolsum af grundlaget"), max_length=64, blank=True, default="", db_default="")
    """Of all that it was computed from (`rankings.inputs`): while it is the same, publishing need not compute again."""
    published_at = models.DateTimeField(_("offentliggjort"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("offentliggjort af"),
    )
    corrected_at = models.DateTimeField(_("rettet"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("trukket tilbage"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("trukket tilbage af"),
    )
    withdrawn_because = models.TextField(_("hvorfor trukket tilbage"), blank=True, default="", db_default="")
    withdrawn_because_en = models.TextField(
        _("hvorfor trukket tilbage, på engelsk"), blank=True, default="", db_default=""
    )
    compared_with = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("sammenlignet med")
    )
    """The revision of an earlier year that its changes were measured against when it was computed. A later correction
    of that year does not move it: the explanations made then say what they compare (`Explanation.compared_with`)."""

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("udgave")
        verbose_name_plural = _("udgaver")
        constraints = [
            models.UniqueConstraint(name="edition_revision_once", fields=["year", "revision"]),
            models.UniqueConstraint(
                name="edition_one_published_a_year",
                fields=["year"],
                condition=Q(state=EditionState.PUBLISHED),
            ),
            models.UniqueConstraint(
                name="edition_one_open_a_year",
                fields=["year"],
                condition=Q(state__in=OPEN),
            ),
            models.CheckConstraint(name="edition_state_known", condition=Q(state__in=EditionState.values)),
            models.CheckConstraint(
                name="edition_published_says_who_when_and_was_computed",
                condition=Q(
                    state__in=OPEN,
                    published_at__isnull=True,
                    published_by__isnull=True,
                )
                | Q(
                    state__in=WAS_PUBLIC,
                    published_at__isnull=False,
                    published_by__isnull=False,
                    computed_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="edition_corrected_after_publication",
                condition=Q(corrected_at__isnull=True)
                | Q(state=EditionState.CORRECTED, corrected_at__gte=F("published_at")),
            ),
            models.CheckConstraint(
                name="edition_withdrawn_says_who_when_and_why",
                condition=Q(
                    state=EditionState.WITHDRAWN,
                    withdrawn_at__gte=F("published_at"),
                    withdrawn_by__isnull=False,
                    withdrawn_because__regex=r"\S",
                )
                | ~Q(state=EditionState.WITHDRAWN)
                & Q(
                    withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_because="", withdrawn_because_en=""
                ),
            ),
            models.CheckConstraint(
                name="edition_checksum_is_sha256", condition=Q(checksum="") | Q(checksum__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(
                name="edition_is_not_compared_with_itself",
                condition=Q(compared_with__isnull=True) | ~Q(compared_with=F("id")),
            ),
            models.CheckConstraint(
                name="edition_revision_has_a_reason",
                condition=Q(revision=1, reason="") | (Q(revision__gt=1) & ~Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return self.release

    @property
    def of_the_index(self) -> float | None:
        """The share (0–1) of the whole index's weight that an edition of registers only has; None for a whole one."""
        return float(self.method.get("share_of_the_index", 0.0)) if self.registers_only else None

    def registers_warning(self, *, english: bool) -> str:
        """That this is no edition of the whole index, for where the invented figures' warning is a sign of its own."""
        return warning(is_demo=False, of_the_index=self.of_the_index, english=english)

    def warning(self, *, english: bool) -> str:
        """What nothing of the edition may be read without; empty for a real edition of the whole index."""
        return warning(is_demo=self.is_demo, of_the_index=self.of_the_index, english=english)

    @property
    def release(self) -> str:
        """The edition and its revision as in a pinned address: "2026.1"."""
        return f"{self.year}.{self.revision}"

    @property
    def is_open(self) -> bool:
        """Whether it was never public: only then can it change."""
        return self.state in OPEN

    @property
    def published_on(self) -> str:
        """The day of publication in Denmark as ISO 8601 has it, "2026-10-01"; "" for a draft."""
        return timezone.localdate(self.published_at).isoformat() if self.published_at else ""


class SourcePlan(models.Model):
    """A source in the year of an edition: who fetches its figures and by when; or that last year's are used again."""

    year = models.PositiveSmallIntegerField(_("udgave"))
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+", verbose_name=_("kilde"))
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ansvarlig"),
    )
    due_on = models.DateField(_("frist"), null=True, blank=True)
    reused_because = models.CharField(_("hvorfor genbruges"), max_length=500, blank=True)
    reused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("genbrug bekræftet af"),
    )
    reused_at = models.DateTimeField(_("genbrug bekræftet"), null=True, blank=True)

    class Meta:
        verbose_name = _("plan for en kilde")
        verbose_name_plural = _("planer for kilder")
        constraints = [
            models.UniqueConstraint(name="source_plan_once_a_year", fields=["year", "source"]),
            models.CheckConstraint(
                name="source_plan_reuse_says_who_when_and_why",
                condition=Q(reused_because="", reused_by__isnull=True, reused_at__isnull=True)
                | Q(reused_because__regex=r"\S", reused_by__isnull=False, reused_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.source_id}"


class ComputationQuerySet(models.QuerySet["Computation"]):
    """Computations."""

    def of(self, edition: Edition) -> Self:
        """Those of one draft, the newest first."""
        return self.filter(edition=edition).order_by("-at", "-pk")


class Computation(models.Model):
    """A computation of a draft that gave something else than the one before; `rankings.computed` has its difference."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+", verbose_name=_("udgave"))
    at = models.DateTimeField(_("hvornår"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("hvem"))
    checksum = models.CharField(_("kontrolsum"), max_length=64)
    difference = models.JSONField(_("hvad der blev ændret"), default=dict, blank=True)

    objects = ComputationQuerySet.as_manager()

    class Meta:
        verbose_name = _("beregning")
        verbose_name_plural = _("beregninger")
        constraints = [
            models.CheckConstraint(
                name="computation_checksum_is_sha256", condition=Q(checksum__regex=r"^[0-9a-f]{64}$")
            )
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.checksum[:8]}"


class Look(models.Model):
    """Somebody says: I have looked at this very computation of the draft."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+", verbose_name=_("udgave"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("hvem"))
    at = models.DateTimeField(_("hvornår"))
    checksum = models.CharField(_("kontrolsum"), max_length=64)

    class Meta:
        verbose_name = _("blik på en kladde")
        verbose_name_plural = _("blikke på kladder")
        constraints = [
            models.UniqueConstraint(name="look_once_a_person", fields=["edition", "by", "checksum"]),
            models.CheckConstraint(name="look_checksum_is_sha256", condition=Q(checksum__regex=r"^[0-9a-f]{64}$")),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.checksum[:8]} {self.by_id}"


class Audit(models.Model):
    """An edition looked over (efterset): what `rankings.engine.audit` found, as it was found.

    Made with the placements. An edition that was computed before there were audits has none until somebody asks for it
    (`manage.py audit_edition`); ``made_at`` then lies after its publication, and its pages say so. Once the edition is
    public the audit is never changed.
    """

    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="audit", verbose_name=_("udgave"))
    findings = models.JSONField(_("fund"))
    made_at = models.DateTimeField(_("efterset"))

    class Meta:
        verbose_name = _("eftersyn")
        verbose_name_plural = _("eftersyn")

    def __str__(self) -> str:
        return str(self.edition_id)


class Level(models.TextChoices):
    """How far down the ladder a subject stands."""

    OVERALL = "overall", _("samlet")
    AREA = "area", _("område")
    THEME = "theme", _("tema")
    INDICATOR = "indicator", _("indikator")


SUBJECT_FITS_LEVEL = (
    Q(level=Level.OVERALL, area__isnull=True, theme__isnull=True, indicator__isnull=True)
    | Q(level=Level.AREA, area__isnull=False, theme__isnull=True, indicator__isnull=True)
    | Q(level=Level.THEME, area__isnull=True, theme__isnull=False, indicator__isnull=True)
    | Q(level=Level.INDICATOR, area__isnull=True, theme__isnull=True, indicator__isnull=False)
)


class SubjectModel(models.Model):
    """A row about one subject of one edition: exactly the foreign key its level names is set."""

    # Without an index of their own: rows are asked for by edition, and each index is a million entries of a large
    # country. Their references are checked once a statement (migration 0019), not once a row.
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, db_index=False, verbose_name=_("udgave"))
    level = models.CharField(_("niveau"), max_length=10, choices=Level.choices)
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, db_index=False, db_constraint=False, verbose_name=_("område")
    )
    theme = models.ForeignKey(
        Theme, models.PROTECT, null=True, blank=True, db_index=False, db_constraint=False, verbose_name=_("tema")
    )
    indicator = models.ForeignKey(
        Indicator,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
        verbose_name=_("indikator"),
    )

    class Meta:
        abstract = True
