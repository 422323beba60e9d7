"""The members' form: eleven questions on a phone, in two minutes, without scripts."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.surveys.models import Ticket, Wave
from portal.language import formatting
from portal.surveys.fields import field_of, in_sections


def member_page(ticket: Ticket, given: Mapping[str, str], error: str = "") -> dict[str, Any]:
    """Gather the form of a ticket's wave."""
    questionnaire = ticket.wave.questionnaire
    questions = list(questionnaire.questions.in_order())
    fields = [field_of(question, number, given) for number, question in enumerate(questions, start=1)]
    title = (questionnaire.title_en or questionnaire.title_da) if get_language() == "en" else questionnaire.title_da
    return dict(
        title=title,
        municipality=ticket.municipality.name,
        sections=in_sections(questions, fields),
        count=len(questions),
        error=error,
    )


def invitation_words(wave: Wave, municipality: object, token: str) -> tuple[str, str]:
    """Subject and text of the letter to a member: the municipality of the frame, the link, and nothing else of it."""
    link = settings.SITE_ADDRESS + reverse("survey-member", kwargs={"token": token})
    text = _(
        "Du arbejder i %(municipality)s Kommune. Svar på 11 spørgsmål om dit arbejde; det tager to minutter på en "
        "telefon.\n\n%(link)s\n\nLinket virker én gang, til %(closes)s. Ingen kan se, hvem der har svaret hvad: linket "
        "og svaret gemmes hver for sig, og linket slettes, når undersøgelsen lukker.\n"
    )
    subject = _("Elleve spørgsmål om dit arbejde i %(municipality)s") % {"municipality": municipality}
    closes = formatting.day(wave.closes_at)
    return subject, text % {"municipality": municipality, "link": link, "closes": closes}
