"""What others show in their own pages. Only these views may be framed, by anyone; they set no cookie."""

from pathlib import Path
from urllib.parse import quote

from csp.constants import SELF
from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.addresses import Links
from portal.embeds.page import (
    indicator_development_embed,
    municipality_development_embed,
    municipality_embed,
    oembed,
    ranking_embed,
)
from portal.embeds.preview import preview_page
from portal.embeds.selection import COMPARED, SELECTED, comparison_embed, selection_embed
from portal.embeds.sharing import shared
from portal.frame.of_an_edition import embedded, framed_by_anyone, of_an_edition
from portal.published import Municipality
from portal.published.address import addressed
from portal.published.edition import ShownEdition
from portal.published.ranking import PARAMETERS, ask_strictly
from portal.published.subjects import subject
from portal.serving.cache import released

WIDEST = 4000


@framed_by_anyone
@released(parameters=PARAMETERS, strict=True)
@of_an_edition
def ranking(
    request: HttpRequest, shown: ShownEdition, what: str, level: str = "overall", code: str = ""
) -> HttpResponse:
    """Show a ranking as map, distribution or table."""
    answer = ask_strictly(shown, subject(level, code), request.GET, children=False)
    return embedded(request, ranking_embed(answer, what, request.GET))


@framed_by_anyone
@of_an_edition
def municipality(request: HttpRequest, shown: ShownEdition, slug: str) -> HttpResponse:
    """Show a municipality's card."""
    return embedded(request, municipality_embed(shown, get_object_or_404(Municipality, slug=slug)))


@framed_by_anyone
@of_an_edition
def municipality_development(request: HttpRequest, shown: ShownEdition, slug: str) -> HttpResponse:
    """Show a municipality's places over the editions."""
    return embedded(request, municipality_development_embed(shown, get_object_or_404(Municipality, slug=slug)))


@framed_by_anyone
@of_an_edition
def indicator_development(request: HttpRequest, shown: ShownEdition, code: str) -> HttpResponse:
    """Show an indicator's median over the years."""
    return embedded(request, indicator_development_embed(shown, subject("indicator", code)))


@framed_by_anyone
@released(parameters=COMPARED, strict=True)
@of_an_edition
def comparison(request: HttpRequest, shown: ShownEdition) -> HttpResponse:
    """Show some municipalities side by side."""
    return embedded(request, comparison_embed(shown, request.GET))


@framed_by_anyone
@released(parameters=SELECTED, strict=True)
@of_an_edition
def selection(request: HttpRequest, shown: ShownEdition, code: str) -> HttpResponse:
    """Show an indicator over chosen years for chosen municipalities."""
    return embedded(request, selection_embed(shown, subject("indicator", code), request.GET))


@released(parameters=["side"])
def share(request: HttpRequest) -> HttpResponse:
    """Show what can be taken along from the page that ``side`` names."""
    page = addressed(request.GET.get("side") or Links().home())
    request.shown = page.shown  # type: ignore[attr-defined]  # the page says of which edition, and that it is invented
    cite = f"{Links().to('cite')}?side={quote(request.GET.get('side', ''), safe='/@')}"
    with override(page.language):
        context = {"share": shared(page), "title": page.title, "back": page.permalink, "cite": cite, "section": ""}
    return render(request, "embeds/share.html", context)


@csp_update({"frame-src": [SELF]})
@released(parameters=["hvad", "emne", "kommune", "fast"])
@of_an_edition
def preview(request: HttpRequest, shown: ShownEdition) -> HttpResponse:
    """Choose an embed, see it, copy its code."""
    return render(request, "embeds/preview.html", {"page": preview_page(shown, request.GET), "section": ""})


@released(parameters=["url", "format", "maxwidth", "maxheight"])
def oembed_answer(request: HttpRequest) -> HttpResponse:
    """Answer an oEmbed consumer (oembed.com): JSON only."""
    if request.GET.get("format", "json") != "json":
        return HttpResponse(_("Kun JSON."), status=501, content_type="text/plain; charset=utf-8")
    limits = {name: _limit(request.GET.get(name, "")) for name in ("maxwidth", "maxheight")}
    page = addressed(request.GET.get("url", ""))
    with override(page.language):  # the frame and the picture speak the language of the page that shares them
        answer = oembed(page, most_width=limits["maxwidth"], most_height=limits["maxheight"])
    response = JsonResponse(answer)
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _limit(text: str) -> int:
    return min(WIDEST, max(1, int(text))) if text.isascii() and text.isdigit() else WIDEST


def parent_script(_request: HttpRequest) -> HttpResponse:
    """Give the script that an article's page may load: it sets the height of our frames, nothing else."""
    script = (Path(settings.BASE_DIR) / "static" / "js" / "embed-parent.js").read_bytes()
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Cache-Control"] = "public, max-age=86400"
    return response
