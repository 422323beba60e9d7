"""The log of definitions as a page and a file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.definitions.page import log_csv, log_page
from portal.frame.of_an_edition import with_or_without_edition
from portal.published.edition import ShownEdition


@with_or_without_edition
def log(request: HttpRequest, _shown: ShownEdition | None) -> HttpResponse:
    """Say what of the catalogue was changed, when and why."""
    return render(request, "definitions/definitions.html", {"page": log_page(), "section": "method"})


@with_or_without_edition
def log_file(_request: HttpRequest, _shown: ShownEdition | None) -> HttpResponse:
    """Give the same as a file, a line for each thing that says something else."""
    answer = HttpResponse(log_csv(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="definitioner.csv"'
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
