"""All public pages as they would be if a draft were published: for those who prepare it, kept nowhere, marked as draft.

The site lies below the draft's own address there: every link leads on inside it, and the session's cookie, which is
sent to no address outside the desk, goes along. The pages are made by the very views that readers ask.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import SimpleTemplateResponse
from django.urls import Resolver404, get_script_prefix, resolve, reverse, set_script_prefix
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from indicators.admin.uploads import person
from portal.serving.middleware import language_of
from rankings.models import Edition
from rankings.pinned import as_if_public

VIEW = "rankings.view_edition"
NOT_SHOWN = ("cite", "oembed", "follow", "survey-member", "pdf")
"""Parts of the names of pages that are about what is public: a draft is not cited, followed, or handed on as a PDF."""


@require_safe
def preview(request: HttpRequest, pk: int | str, rest: str = "") -> HttpResponseBase:
    """A page of the draft. Http404 for what is no public page, and for an edition that is not a computed draft."""
    person(request, VIEW)
    edition = get_object_or_404(Edition.objects.still_open().filter(computed_at__isnull=False), pk=pk)
    base = reverse("admin:rankings_edition_preview", args=[edition.pk])
    with _below(base, request, f"/{rest}"), as_if_public(edition):
        request.draft = edition  # type: ignore[attr-defined]
        response = _answer(request)
    return _marked(response, edition)


def start_of(edition: Edition) -> str:
    """The front page of a draft: the newest year's is the site's, an older year's is that year's."""
    base = reverse("admin:rankings_edition_preview", args=[edition.pk])
    newer = Edition.objects.published().filter(year__gt=edition.year).exists()
    return f"{base}{edition.year}/" if newer else base


@contextmanager
def _below(base: str, request: HttpRequest, path: str) -> Iterator[None]:
    """Let the site lie below an address: the request asks for ``path`` in it, and links are made for it."""
    before = get_script_prefix(), request.path, request.path_info, request.resolver_match
    set_script_prefix(base)
    request.path, request.path_info = f"{base.rstrip('/')}{path}", path
    try:
        with translation.override(language_of(path)):
            yield
    finally:
        set_script_prefix(before[0])
        request.path, request.path_info, request.resolver_match = before[1:]


def _answer(request: HttpRequest) -> HttpResponseBase:
    try:
        match = resolve(request.path_info)
    except Resolver404 as error:
        raise Http404(_("Der er ingen side på den adresse.")) from error
    if not hasattr(match.func, "released") or any(part in (match.url_name or "") for part in NOT_SHOWN):
        raise Http404(_("Den side findes først, når udgaven er offentlig."))
    request.resolver_match = match
    response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    if isinstance(response, SimpleTemplateResponse):
        response.render()
    return response


def _marked(response: HttpResponseBase, edition: Edition) -> HttpResponseBase:
    """Kept nowhere, found by nobody; a file says in its name what it is."""
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    response["X-Draft"] = f"{edition.release} {edition.checksum[:8]}"
    if "filename=" in (named := response.get("Content-Disposition", "")):
        response["Content-Disposition"] = named.replace('filename="', 'filename="kladde-')
    return response
