"""Questionnaires in versions, their questions, and their waves with whom they ask and by which rules."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from indicators.models import Indicator, Municipality, Upload
from indicators.surveys.conditions import Kind


class Instrument(models.TextChoices):
    """Whose word it is. Two instruments, never mixed."""

    ADMINISTRATIONS = "administrations", _("forvaltningerne om sig selv")
    MEMBERS = "members", _("medlemmerne")


class QuestionnaireQuerySet(models.QuerySet["Questionnaire"]):
    """Questionnaires."""

    def newest_first(self) -> Self:
        """Sort with the latest version on top."""
        return self.order_by("-version", "instrument")


class Questionnaire(models.Model):
    """A form in a version (spørgeskema). Frozen when a wave opens: a trigger refuses changes to its questions."""

    instrument = models.CharField(_("hvem svarer"), max_length=20, choices=Instrument.choices)
    version = models.PositiveSmallIntegerField(_("version"))
    title_da = models.CharField(_("titel"), max_length=200)
    title_en = models.CharField(_("titel på engelsk"), max_length=200, blank=True)
    file = models.BinaryField(_("skemaet som XLSForm"))
    sha256 = models.CharField(_("kontrolsum (SHA-256)"), max_length=64)
    added_at = models.DateTimeField(_("lagt ind"))
    frozen_at = models.DateTimeField(_("frosset"), null=True, blank=True)

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        verbose_name = _("spørgeskema")
        verbose_name_plural = _("spørgeskemaer")
        constraints = [
            models.UniqueConstraint(name="questionnaire_version_once", fields=["instrument", "version"]),
            models.CheckConstraint(
                name="questionnaire_instrument_known", condition=Q(instrument__in=Instrument.values)
            ),
            models.CheckConstraint(name="questionnaire_version_from_one", condition=Q(version__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} {self.version}"


class QuestionQuerySet(models.QuerySet["Question"]):
    """Questions."""

    def in_order(self) -> Self:
        """Sort as they are asked."""
        return self.order_by("position")


class Question(models.Model):
    """One question (spørgsmål): its words, what is counted, of whom and when, and which indicator it is for."""

    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.CASCADE, related_name="questions", verbose_name=_("spørgeskema")
    )
    position = models.PositiveSmallIntegerField(_("rækkefølge"))
    code = models.CharField(_("kode"), max_length=50)
    section = models.CharField(_("afsnit"), max_length=50, blank=True)
    section_da = models.CharField(_("afsnittets navn"), max_length=150, blank=True)
    section_en = models.CharField(_("afsnittets navn på engelsk"), max_length=150, blank=True)
    kind = models.CharField(_("slags"), max_length=10, choices=[(kind.value, kind.value) for kind in Kind])
    indicator = models.ForeignKey(
        Indicator,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="questions",
        verbose_name=_("indikator"),
    )
    words_da = models.TextField(_("ordene"))
    words_en = models.TextField(_("ordene på engelsk"), blank=True)
    hint_da = models.TextField(_("vejledning"), blank=True)
    hint_en = models.TextField(_("vejledning på engelsk"), blank=True)
    numerator_da = models.TextField(_("tæller"), blank=True)
    numerator_en = models.TextField(_("tæller på engelsk"), blank=True)
    denominator_da = models.TextField(_("nævner"), blank=True)
    denominator_en = models.TextField(_("nævner på engelsk"), blank=True)
    universe_da = models.TextField(_("hvem det gælder"), blank=True)
    universe_en = models.TextField(_("hvem det gælder, på engelsk"), blank=True)
    period_da = models.CharField(_("periode"), max_length=200, blank=True)
    period_en = models.CharField(_("periode på engelsk"), max_length=200, blank=True)
    choices = models.JSONField(_("svarmuligheder"), default=list, blank=True)
    counts = models.JSONField(_("svar, der tæller"), default=list, blank=True)
    relevant = models.CharField(_("stilles, hvis"), max_length=300, blank=True)
    constraint = models.CharField(_("gælder, hvis"), max_length=300, blank=True)
    message_da = models.CharField(_("besked, når det ikke gælder"), max_length=300, blank=True)
    message_en = models.CharField(_("besked på engelsk"), max_length=300, blank=True)
    low = models.FloatField(_("mindst"), null=True, blank=True)
    high = models.FloatField(_("højst"), null=True, blank=True)
    per = models.FloatField(_("pr. så mange indbyggere"), null=True, blank=True)
    since = models.PositiveSmallIntegerField(_("samme ord siden"), null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("spørgsmål")
        verbose_name_plural = _("spørgsmål")
        constraints = [
            models.UniqueConstraint(name="question_code_once", fields=["questionnaire", "code"]),
            models.UniqueConstraint(name="question_position_once", fields=["questionnaire", "position"]),
            models.UniqueConstraint(
                name="question_one_an_indicator",
                fields=["questionnaire", "indicator"],
                condition=Q(indicator__isnull=False),
            ),
            models.CheckConstraint(name="question_kind_known", condition=Q(kind__in=[kind.value for kind in Kind])),
            models.CheckConstraint(name="question_has_words", condition=~Q(words_da="")),
            models.CheckConstraint(
                name="question_scale_in_order",
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lt=F("high")),
            ),
            models.CheckConstraint(
                name="question_rate_says_per_how_many",
                condition=~Q(kind=Kind.RATE.value) | Q(per__isnull=False, per__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class WaveState(models.TextChoices):
    """Where a wave is on its way."""

    DRAFT = "draft", _("forberedes")
    OPEN = "open", _("åben")
    CLOSED = "closed", _("lukket")


class WaveQuerySet(models.QuerySet["Wave"]):
    """Waves."""

    def taking_answers(self) -> Self:
        """Those that are open."""
        return self.filter(state=WaveState.OPEN)

    def announced(self) -> Self:
        """Those that are public: open or closed, not those that are being prepared."""
        return self.exclude(state=WaveState.DRAFT)

    def closed(self) -> Self:
        """Those whose figures are made: the only ones of which counts by municipality may be told."""
        return self.filter(state=WaveState.CLOSED)

    def whose_result_is(self, upload: Upload) -> Self:
        """The wave of which a file is the result: the very bytes that it closed with."""
        return self.filter(result_sha256=upload.sha256)

    def newest_first(self) -> Self:
        """Sort with the latest year on top, administrations before members."""
        return self.order_by("-year", "instrument", "-pk")


class Wave(models.Model):
    """A questionnaire's collection in a year (runde): its rules are fixed before it opens.

    ``lock`` is the public key that members' answers are sealed with while the wave is open; the other half is a file
    outside of the database and its backups, gone when the wave has closed.
    """

    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, related_name="waves", verbose_name=_("spørgeskema")
    )
    instrument = models.CharField(_("hvem svarer"), max_length=20, choices=Instrument.choices)
    year = models.PositiveSmallIntegerField(_("år"))
    state = models.CharField(_("tilstand"), max_length=8, choices=WaveState.choices, default=WaveState.DRAFT)
    opens_at = models.DateTimeField(_("åbner"))
    closes_at = models.DateTimeField(_("frist"))
    opened_at = models.DateTimeField(_("åbnet"), null=True, blank=True)
    closed_at = models.DateTimeField(_("lukket"), null=True, blank=True)
    publish_from = models.PositiveSmallIntegerField(_("vises fra så mange svar"), default=10)
    rank_from = models.PositiveSmallIntegerField(_("rangeres fra så mange svar"), default=20)
    rank_rate = models.DecimalField(_("og fra denne svarandel"), max_digits=4, decimal_places=3, default="0.3")
    how_da = models.TextField(_("hvem der er spurgt og hvordan"), blank=True)
    how_en = models.TextField(_("det samme på engelsk"), blank=True)
    is_demo = models.BooleanField(_("opdigtede svar (demodata)"), default=False)
    lock = models.BinaryField(_("lås"), blank=True, default=b"")
    mapping = models.JSONField(_("sådan læses svar fra andre systemer"), default=dict, blank=True)
    result = models.BinaryField(_("resultatet som fil"), blank=True, default=b"")
    result_sha256 = models.CharField(_("resultatets kontrolsum"), max_length=64, blank=True)
    upload = models.ForeignKey(
        Upload, on_delete=models.PROTECT, null=True, blank=True, related_name="waves", verbose_name=_("indberetning")
    )

    objects = WaveQuerySet.as_manager()

    class Meta:
        verbose_name = _("runde")
        verbose_name_plural = _("runder")
        constraints = [
            models.UniqueConstraint(name="wave_once_a_year", fields=["instrument", "year"]),
            models.CheckConstraint(name="wave_closes_after_it_opens", condition=Q(closes_at__gt=F("opens_at"))),
            models.CheckConstraint(
                name="wave_open_and_closed_say_when",
                condition=Q(state=WaveState.DRAFT, opened_at__isnull=True, closed_at__isnull=True)
                | Q(state=WaveState.OPEN, opened_at__isnull=False, closed_at__isnull=True)
                | Q(
                    state=WaveState.CLOSED,
                    opened_at__isnull=False,
                    closed_at__isnull=False,  # a comparison with nothing is not false, and would pass
                    closed_at__gte=F("opened_at"),
                ),
            ),
            models.CheckConstraint(
                name="wave_ranks_only_what_it_publishes",
                condition=Q(publish_from__gte=1, rank_from__gte=F("publish_from")),
            ),
            models.CheckConstraint(name="wave_response_is_a_share", condition=Q(rank_rate__gte=0, rank_rate__lte=1)),
            models.CheckConstraint(
                name="wave_closed_has_a_result", condition=~Q(state=WaveState.CLOSED) | ~Q(result_sha256="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} {self.year}"


class Frame(models.Model):
    """How many were asked in a municipality in a wave (ramme); of an administration also how far its answer is.

    ``answered`` is set when the wave closes, never before: no count by municipality while it is open.
    """

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="frames", verbose_name=_("runde"))
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="frames", verbose_name=_("kommune")
    )
    asked = models.PositiveIntegerField(_("spurgte"))
    answered = models.PositiveIntegerField(_("svar"), null=True, blank=True)
    approved_at = models.DateTimeField(_("godkendt"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("godkendt af"),
    )
    last_year = models.JSONField(_("sidste års svar"), default=dict, blank=True)

    class Meta:
        verbose_name = _("ramme")
        verbose_name_plural = _("rammer")
        constraints = [
            models.UniqueConstraint(name="frame_once_a_wave", fields=["wave", "municipality"]),
            models.CheckConstraint(
                name="frame_never_more_answers_than_asked",
                condition=Q(answered__isnull=True) | Q(answered__lte=F("asked")),
            ),
            models.CheckConstraint(
                name="frame_approved_says_who_and_when",
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wave_id}/{self.municipality_id}"
