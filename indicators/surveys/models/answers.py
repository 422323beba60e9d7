"""What was answered: by administrations with author, time and version, by members with none of these.

What joins a member's token with an answer is in no row, in no order and in no key (docs/surveys.md says how, a test
tries).
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from indicators.models import Municipality

from .waves import Frame, Question, Wave

_SHA256 = r"^[0-9a-f]{64}$"


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
                | Q(number__isnull=False, number__gte=0, denominator__gt=0, number__lte=F("denominator")),
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
            models.CheckConstraint(name="ticket_keeps_a_hash_only", condition=Q(token_hash__regex=_SHA256)),
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
