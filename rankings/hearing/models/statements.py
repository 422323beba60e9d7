"""What is said in public beside the figures: flags, comments, voices, and what the council decided."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from indicators.models import Area, Indicator, Measurement, Municipality, Theme
from indicators.people.models import Organisation
from rankings.models import Edition

from .hearings import LONGEST_REASON, Remark, Ruling, no_cpr

LONGEST_COMMENT, LONGEST_SHORT = 1_000, 300


class FlagState(models.TextChoices):
    """Where a flag stands. A reader's waits for a moderator; then it is public until it is ruled on."""

    WAITING = "waiting", _("venter på redaktionen")
    DECLINED = "declined", _("ikke taget op")
    RAISED = "raised", _("under afklaring")
    RULED = "ruled", _("afklaret")


class FlagOrigin(models.TextChoices):
    """Who questioned the figure."""

    MUNICIPALITY = "municipality", _("kommunen")
    LATE_REMARK = "late_remark", _("bemærkning efter fristen")
    READER = "reader", _("en læser")


class FlagQuerySet(models.QuerySet["Flag"]):
    """Flags."""

    def public(self) -> Self:
        """Those that readers see: under clarification."""
        return self.filter(state=FlagState.RAISED)

    def ever_public(self) -> Self:
        """Also those that have been ruled on."""
        return self.filter(state__in=[FlagState.RAISED, FlagState.RULED])

    def waiting(self) -> Self:
        """Readers' flags that a moderator has not looked at."""
        return self.filter(state=FlagState.WAITING)

    def overdue(self, day: dt.date) -> Self:
        """Those that should have been ruled on before a day in Denmark."""
        return self.public().filter(due_on__lt=day)

    def about_year(self, year: int) -> Self:
        """Those about figures of one year's editions."""
        return self.filter(edition__year=year)


class Flag(models.Model):
    """A published figure that somebody has questioned (under afklaring), until it is ruled on.

    It stands beside exactly one figure and takes nothing away from it: nothing that is shown asks a flag whether to
    show. The reader's own address is kept only until the ruling.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="flags", verbose_name=_("udgave"))
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="flags", verbose_name=_("kommune")
    )
    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, related_name="flags", verbose_name=_("indikator")
    )
    measurement = models.ForeignKey(
        Measurement, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("måling")
    )
    origin = models.CharField(_("rejst af"), max_length=12, choices=FlagOrigin.choices)
    state = models.CharField(_("tilstand"), max_length=10, choices=FlagState.choices)
    text = models.TextField(_("hvad der er galt"), max_length=LONGEST_REASON)
    reader_email = models.EmailField(_("læserens e-mail"), blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("rejst af personen"),
    )
    asked_at = models.DateTimeField(_("modtaget"))
    raised_at = models.DateTimeField(_("sat under afklaring"), null=True, blank=True)
    due_on = models.DateField(_("afklares senest"), null=True, blank=True)
    declined_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ikke taget op af"),
    )
    declined_because = models.CharField(_("hvorfor ikke"), max_length=300, blank=True)
    remark = models.OneToOneField(Remark, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("bemærkning"))
    ruling = models.ForeignKey(
        Ruling, on_delete=models.PROTECT, null=True, blank=True, related_name="flags", verbose_name=_("afgørelse")
    )

    objects = FlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("tal under afklaring")
        verbose_name_plural = _("tal under afklaring")
        constraints = [
            models.CheckConstraint(
                name="flag_state_fits_what_happened",
                condition=Q(state=FlagState.WAITING, raised_at__isnull=True, ruling__isnull=True, declined_because="")
                | (
                    Q(state=FlagState.DECLINED, raised_at__isnull=True, ruling__isnull=True, declined_by__isnull=False)
                    & ~Q(declined_because="")
                )
                | Q(state=FlagState.RAISED, raised_at__isnull=False, due_on__isnull=False, ruling__isnull=True)
                | Q(state=FlagState.RULED, raised_at__isnull=False, due_on__isnull=False, ruling__isnull=False),
            ),
            models.CheckConstraint(
                name="flag_says_who_raised_it",
                condition=Q(origin=FlagOrigin.READER, raised_by__isnull=True, organisation__isnull=True)
                | Q(
                    origin=FlagOrigin.MUNICIPALITY,
                    raised_by__isnull=False,
                    organisation__isnull=False,
                    reader_email="",
                )
                | Q(
                    origin=FlagOrigin.LATE_REMARK,
                    remark__isnull=False,
                    organisation__isnull=False,
                    reader_email="",
                ),
            ),
            models.CheckConstraint(
                name="flag_forgets_the_reader_when_it_ends",
                condition=Q(reader_email="") | Q(state__in=[FlagState.WAITING, FlagState.RAISED]),
            ),
            models.CheckConstraint(name="flag_says_what_is_wrong", condition=~Q(text="")),
            no_cpr("flag", "text"),
        ]
        indexes = [models.Index(name="flag_of_a_figure", fields=["edition", "municipality", "indicator"])]

    def __str__(self) -> str:
        return f"{self.edition_id}/{self.municipality_id}/{self.indicator_id}"


class CommentQuerySet(models.QuerySet["Comment"]):
    """Comments."""

    def current(self) -> Self:
        """The newest version of each."""
        newest = self.order_by("organisation", "year", "area", "-version").distinct("organisation", "year", "area")
        return self.filter(pk__in=newest.values("pk"), withdrawn_at__isnull=True)


class Comment(models.Model):
    """A municipality's own words beside its figures of a year, or of one area in it (kommentar), in a version.

    A change is a new version; the earlier ones stay with the revision they were written to. ``short`` is by the same
    speaker, for where there is little room.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="comments", verbose_name=_("kommune")
    )
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="comments", verbose_name=_("udgave"))
    year = models.PositiveSmallIntegerField(_("år"))
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("område")
    )
    version = models.PositiveSmallIntegerField(_("version"))
    text = models.CharField(_("kommentar"), max_length=LONGEST_COMMENT)
    short = models.CharField(_("kort form"), max_length=LONGEST_SHORT, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("skrevet af")
    )
    written_at = models.DateTimeField(_("skrevet"))
    withdrawn_at = models.DateTimeField(_("trukket tilbage"), null=True, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("kommentar")
        verbose_name_plural = _("kommentarer")
        constraints = [
            models.UniqueConstraint(
                name="comment_version_once",
                fields=["organisation", "year", "area", "version"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="comment_says_something", condition=~Q(text="")),
            no_cpr("comment", "text"),
            no_cpr("comment", "short"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}/{self.year}/{self.version}"


class VoiceQuerySet(models.QuerySet["Voice"]):
    """Voices."""

    def public(self) -> Self:
        """Those that readers see."""
        return self.filter(shown_at__isnull=False, withdrawn_at__isnull=True, refused_at__isnull=True)

    def waiting(self) -> Self:
        """Those that the editor has not looked at."""
        return self.filter(shown_at__isnull=True, refused_at__isnull=True, withdrawn_at__isnull=True)

    def refused(self) -> Self:
        """Those that the editor refused with a reason: counted in public."""
        return self.filter(refused_at__isnull=False)


class Voice(models.Model):
    """An organisation's text about a municipality, a theme or the whole index (stemme).

    The municipality has no say in it; the editor shows it or refuses it with a reason, and never changes it.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="voices", verbose_name=_("organisation")
    )
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="voices", verbose_name=_("udgave"))
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="voices", verbose_name=_("kommune")
    )
    theme = models.ForeignKey(
        Theme, on_delete=models.PROTECT, null=True, blank=True, related_name="voices", verbose_name=_("tema")
    )
    text = models.CharField(_("tekst"), max_length=LONGEST_COMMENT)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("skrevet af")
    )
    written_at = models.DateTimeField(_("skrevet"))
    shown_at = models.DateTimeField(_("vist"), null=True, blank=True)
    refused_at = models.DateTimeField(_("afvist"), null=True, blank=True)
    refused_because = models.CharField(_("hvorfor afvist"), max_length=300, blank=True)
    looked_at_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("set af"),
    )
    withdrawn_at = models.DateTimeField(_("trukket tilbage"), null=True, blank=True)

    objects = VoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("stemme")
        verbose_name_plural = _("stemmer")
        constraints = [
            models.CheckConstraint(name="voice_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="voice_is_shown_or_refused_with_a_reason",
                condition=Q(
                    shown_at__isnull=True, refused_at__isnull=True, looked_at_by__isnull=True, refused_because=""
                )
                | Q(shown_at__isnull=False, refused_at__isnull=True, looked_at_by__isnull=False, refused_because="")
                | (
                    Q(shown_at__isnull=True, refused_at__isnull=False, looked_at_by__isnull=False)
                    & ~Q(refused_because="")
                ),
            ),
            models.CheckConstraint(
                name="voice_is_about_one_thing", condition=Q(municipality__isnull=True) | Q(theme__isnull=True)
            ),
            no_cpr("voice", "text"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}/{self.edition_id}"


class Decision(models.Model):
    """That a council treated the map of reversed decisions (retssikkerhedsloven § 79 b): when, and where it is read."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("kommune")
    )
    year = models.PositiveSmallIntegerField(_("tallenes år"))
    treated_on = models.DateField(_("behandlet"))
    url = models.URLField(_("referat"))
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("noteret af")
    )
    noted_at = models.DateTimeField(_("noteret"))

    class Meta:
        verbose_name = _("byrådets behandling")
        verbose_name_plural = _("byrådenes behandlinger")
        constraints = [
            models.UniqueConstraint(name="decision_once_a_year", fields=["organisation", "year"]),
            models.CheckConstraint(name="decision_follows_the_figures", condition=Q(treated_on__year__gt=F("year"))),
            models.CheckConstraint(name="decision_link_is_https", condition=Q(url__startswith="https://")),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}/{self.year}"
