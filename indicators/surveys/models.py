"""Questionnaires, their waves, and what was answered: administrations by name, members without any.

An administration's answer has an author, a time and a version. A member's has none of these: what joins a token with
an answer is in no row, in no order and in no key (docs/surveys.md says how, a test tries).
"""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from indicators.models import Indicator, Municipality, Upload

from .forms import Kind


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

    def closed(self) -> Self:
        """Those whose figures are made: the only ones of which counts by municipality may be told."""
        return self.filter(state=WaveState.CLOSED)

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
            models.CheckConstraint(name="wave_state_known", condition=Q(state__in=WaveState.values)),
            models.CheckConstraint(name="wave_closes_after_it_opens", condition=Q(closes_at__gt=F("opens_at"))),
            models.CheckConstraint(
                name="wave_open_and_closed_say_when",
                condition=Q(state=WaveState.DRAFT, opened_at__isnull=True, closed_at__isnull=True)
                | Q(state=WaveState.OPEN, opened_at__isnull=False, closed_at__isnull=True)
                | Q(state=WaveState.CLOSED, opened_at__isnull=False, closed_at__gte=F("opened_at")),
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


class NoAnswer(models.TextChoices):
    """What is answered instead of a value: an answer of its own, never a blank."""

    DONT_KNOW = "dont_know", _("ved ikke")
    NOT_RELEVANT = "not_relevant", _("ikke relevant")
    REFUSED = "refused", _("vil ikke svare")


class Reply(models.Model):
    """An administration's answer to one question (svar). ``version`` counts the times it was saved.

    Whoever saves says which version was on the screen; saving over another one is refused and shows both.
    """

    frame = models.ForeignKey(Frame, on_delete=models.CASCADE, related_name="replies", verbose_name=_("ramme"))
    question = models.ForeignKey(
        Question, on_delete=models.PROTECT, related_name="replies", verbose_name=_("spørgsmål")
    )
    version = models.PositiveIntegerField(_("version"), default=1)
    number = models.FloatField(_("tal"), null=True, blank=True)
    denominator = models.FloatField(_("nævner"), null=True, blank=True)
    text = models.TextField(_("tekst"), blank=True)
    no_answer = models.CharField(_("i stedet for et tal"), max_length=12, choices=NoAnswer.choices, blank=True)
    note = models.TextField(_("note"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("af"))
    at = models.DateTimeField(_("hvornår"))

    class Meta:
        verbose_name = _("svar")
        verbose_name_plural = _("svar")
        constraints = [
            models.UniqueConstraint(name="reply_once_a_question", fields=["frame", "question"]),
            models.CheckConstraint(
                name="reply_is_a_value_or_says_why_not",
                condition=Q(no_answer="") | Q(number__isnull=True, denominator__isnull=True, text=""),
            ),
            models.CheckConstraint(
                name="reply_share_is_of_something",
                condition=Q(denominator__isnull=True)
                | Q(number__gte=0, denominator__gt=0, number__lte=F("denominator")),
            ),
            models.CheckConstraint(
                name="reply_number_finite",
                condition=Q(number__isnull=True) | Q(number__gt=float("-inf"), number__lt=float("inf")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.frame_id}/{self.question_id}"


class Attachment(models.Model):
    """A file that belongs to an answer (bilag): how a figure was counted. Seen by the municipality and the office."""

    reply = models.ForeignKey(Reply, on_delete=models.CASCADE, related_name="attachments", verbose_name=_("svar"))
    name = models.CharField(_("navn"), max_length=255)
    content = models.BinaryField(_("indhold"))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("tilføjet af")
    )
    added_at = models.DateTimeField(_("tilføjet"))

    class Meta:
        verbose_name = _("bilag")
        verbose_name_plural = _("bilag")

    def __str__(self) -> str:
        return self.name


class Ticket(models.Model):
    """A member's way in (adgang): the hash of a token, and whether it has been used. Nothing of the answer, no time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="tickets", verbose_name=_("runde"))
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("kommune")
    )
    token_hash = models.CharField(_("hash af adgangskoden"), max_length=64, unique=True)
    used = models.BooleanField(_("brugt"), default=False)
    revoked = models.BooleanField(_("tilbagekaldt"), default=False)
    email = models.EmailField(_("e-mail, indtil runden lukker"), blank=True)

    class Meta:
        verbose_name = _("adgang")
        verbose_name_plural = _("adgange")
        constraints = [
            models.CheckConstraint(name="ticket_keeps_a_hash_only", condition=Q(token_hash__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(name="ticket_revoked_was_not_used", condition=~Q(used=True, revoked=True)),
            models.UniqueConstraint(
                name="ticket_one_an_address", fields=["wave", "email"], condition=~Q(email="") & Q(revoked=False)
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class SealedAnswer(models.Model):
    """What a member answered while the wave is open (forseglet besvarelse): nobody can read it, no time, random key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="sealed", verbose_name=_("runde"))
    box = models.BinaryField(_("forseglet"))

    class Meta:
        verbose_name = _("forseglet besvarelse")
        verbose_name_plural = _("forseglede besvarelser")

    def __str__(self) -> str:
        return str(self.pk)


class Answer(models.Model):
    """What one member answered (besvarelse), when the wave has closed: no time, no token, a key drawn at closing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="answers", verbose_name=_("runde"))
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("kommune")
    )
    answers = models.JSONField(_("svar"))
    weight = models.FloatField(_("vægt"), default=1.0)

    class Meta:
        verbose_name = _("besvarelse")
        verbose_name_plural = _("besvarelser")
        constraints = [models.CheckConstraint(name="answer_weighs_something", condition=Q(weight__gt=0))]

    def __str__(self) -> str:
        return str(self.pk)


class SurveyFigure(models.Model):
    """A municipality's figure of a question when its wave had closed (undersøgelsestal): how many, what, how sure.

    What is not published has no estimate: a constraint, not a page, keeps it so. Shares in per cent.
    """

    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="figures", verbose_name=_("runde"))
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("kommune")
    )
    question = models.ForeignKey(
        Question, on_delete=models.PROTECT, related_name="figures", verbose_name=_("spørgsmål")
    )
    asked = models.PositiveIntegerField(_("spurgte"))
    answered = models.PositiveIntegerField(_("svar"))
    estimate = models.FloatField(_("tal"), null=True, blank=True)
    low = models.FloatField(_("fra"), null=True, blank=True)
    high = models.FloatField(_("til"), null=True, blank=True)
    bound_low = models.FloatField(_("mindst muligt"), null=True, blank=True)
    bound_high = models.FloatField(_("størst muligt"), null=True, blank=True)
    ranked = models.BooleanField(_("kan rangeres"), default=False)
    reason = models.CharField(_("hvorfor ikke"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("undersøgelsestal")
        verbose_name_plural = _("undersøgelsestal")
        constraints = [
            models.UniqueConstraint(name="survey_figure_once", fields=["wave", "municipality", "question"]),
            models.CheckConstraint(
                name="survey_figure_never_more_answers_than_asked", condition=Q(answered__lte=F("asked"))
            ),
            models.CheckConstraint(
                name="survey_figure_unpublished_tells_nothing",
                condition=Q(estimate__isnull=False)
                | Q(low__isnull=True, high__isnull=True, bound_low__isnull=True, bound_high__isnull=True, ranked=False),
            ),
            models.CheckConstraint(
                name="survey_figure_interval_holds_the_figure",
                condition=Q(low__isnull=True, high__isnull=True) | Q(low__lte=F("estimate"), high__gte=F("estimate")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wave_id}/{self.municipality_id}/{self.question_id}"
