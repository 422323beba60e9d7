"""What every page's view does: find the edition, put the page in its frame."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from portal.caching import released
from portal.shown import NoEdition, Shown, shown
from rankings.pinned import as_published

Rest = ParamSpec("Rest")
PageView = Callable[Concatenate[HttpRequest, Shown, Rest], HttpResponse]
AddressedView = Callable[..., HttpResponse]


def of_an_edition(view: PageView[Rest]) -> AddressedView:
    """Give a view the edition its address names; while nothing is published, say so kindly.

    The answer is kept until the release changes (portal.caching): the view reads address and database only. Of the
    address's question it gets nothing unless @released(parameters=…) above this one names what it reads.
    """

    @released(parameters=[])
    @wraps(view)
    def addressed(request: HttpRequest, *args: Any, edition: str = "", **kwargs: Any) -> HttpResponse:
        try:
            found = shown(edition)
        except NoEdition:
            return render(request, "texts/no_edition.html", {"section": "", "title": _("Ingen udgave endnu")})
        request.shown = found  # type: ignore[attr-defined]
        with as_published(found.edition) if found.is_pinned else nullcontext():
            return view(request, found, *args, **kwargs)

    return addressed
