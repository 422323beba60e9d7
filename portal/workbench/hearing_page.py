"""The page of a municipality's figures in a hearing."""

from typing import Any

from django.http import HttpRequest

from indicators.models import Area
from portal.workbench.figures import OwnTheme
from portal.workbench.in_hearing import Asked
from portal.workbench.members import may_approve, may_write
from rankings.hearing.models import RESPONSE_WORDS, Comment, Decision, RemarkKind
from rankings.hearing.services.hearings import clock_words


def figures_page(request: HttpRequest, one: Asked, themes: list[OwnTheme], chosen: OwnTheme) -> dict[str, Any]:
    """What the page shows: how far the hearing is, the remarks, the chosen theme, what the member may do."""
    state = one.response.state(one.hearing.closes_at)
    remarks = [remark for theme in themes for row in theme.rows for remark in row.remarks]
    edition = one.hearing.edition
    return {
        "section": "hearing",
        "one": one,
        "organisation": one.organisation,
        "hearing": one.hearing,
        "edition": edition,
        "response": one.response,
        "state": RESPONSE_WORDS[state],
        "opens": clock_words(one.hearing.opens_at),
        "closes": clock_words(one.hearing.closes_at),
        "days": max((one.hearing.closes_at - one.now).days, 0),
        "is_open": one.hearing.is_open(one.now),
        "themes": themes,
        "chosen": chosen,
        "opened": request.GET.get("ret", ""),
        "about": request.GET.get("om", ""),
        "kinds": RemarkKind.choices,
        "drafts": [remark for remark in remarks if remark.received_at is None],
        "received": [remark for remark in remarks if remark.received_at is not None],
        "figures": sum(len(theme.rows) for theme in themes),
        "may_write": may_write(one.roles) and one.response.final_at is None,
        "may_approve": may_approve(one.roles) and one.response.final_at is None,
        "may_flag": may_write(one.roles) and not edition.is_open,
        "comments": Comment.objects.filter(organisation=one.organisation, year=edition.year).order_by("-version"),
        "areas": Area.objects.order_by("position"),
        "decision": Decision.objects.filter(organisation=one.organisation, year=edition.year - 1).first(),
    }
