"""The proof of a printed number, and everything that was ever corrected."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from portal.addresses import Addresses, NumberId
from portal.published.behind_a_number import answers_of
from portal.published.edition import edition_of_address
from portal.published.proofs import record
from portal.serving.cache import released
from portal.trace.cited import cited_page
from portal.trace.page import trace_page
from portal.trace.source import said_of_number
from rankings.pinned import as_published


@released(parameters=[])
def trace(request: HttpRequest, number: str) -> HttpResponse:
    """Show where a printed number came from and what it moved. The id itself says which edition."""
    try:
        wanted = NumberId.read(number)
    except ValueError as error:
        raise Http404(_("%(number)s er ikke et nummer på et tal.") % {"number": number}) from error
    found = edition_of_address(f"@{wanted.release}")
    request.shown = found  # type: ignore[attr-defined]
    with as_published(found.edition):
        number_found = record(wanted, found.edition)
        page = trace_page(number_found, Addresses(wanted.release))
    context = {"page": page, "said": said_of_number(number_found), "section": ""}
    return render(request, "trace/number.html", context)


def raw_answer(request: HttpRequest, number: str, place: int) -> HttpResponse:  # noqa: ARG001
    """What the publisher answered, byte for byte, where the number was fetched from one."""
    try:
        wanted = NumberId.read(number)
    except ValueError as error:
        raise Http404(_("%(number)s er ikke et nummer på et tal.") % {"number": number}) from error
    found = record(wanted, edition_of_address(f"@{wanted.release}").edition)
    answers = answers_of(found)
    if not 0 < place <= len(answers):
        raise Http404(_("Tallet er ikke hentet fra en kilde med så mange svar."))
    with answers[place - 1].file.open("rb") as kept:
        return HttpResponse(kept.read(), content_type="text/plain; charset=utf-8")


@released(parameters=["hvad"])
def cited(request: HttpRequest) -> HttpResponse:
    """Say whether a quoted figure was corrected since, by its pinned address or its number."""
    context = {"page": cited_page(request.GET.get("hvad", "")), "section": ""}
    return render(request, "trace/cited.html", context)
