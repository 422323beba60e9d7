"""What is put side by side, as pictures."""

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from portal.addresses.links import Links
from portal.comparing.page import comparison_chart
from portal.comparing.scatter import against, drawn
from portal.components.indicator_rows import source
from portal.language import formatting
from portal.pictures.frame import caption
from portal.pictures.graphs import development_picture
from portal.pictures.scatter import scatter_picture
from portal.published.catalogue import catalogue
from portal.published.edition import Shown


def comparison_svg(shown: Shown, query: QueryDict) -> str:
    """The places of those who are compared over the editions. Http404 where there is nothing to draw."""
    who, chart = comparison_chart(shown, query)
    if chart is None:
        raise Http404(_("Der er ingen kommuner at tegne."))
    path = f"{Links(f'@{shown.edition.release}').to('comparison')}?{query.urlencode()}"
    title = _("%(name)s: placering i hver udgave") % {"name": who}
    return development_picture(chart, caption(shown.edition, title, chart.says, path))


def scatter_svg(shown: Shown, query: QueryDict) -> str:
    """Two indicators against each other."""
    found = against(shown, query, catalogue(shown.edition))
    state = f"?{query.urlencode()}" if query else ""
    path = f"{Links(f'@{shown.edition.release}').to('scatter')}{state}"
    sources = formatting.joined(list(dict.fromkeys((source(found.x), source(found.y)))))
    says = f"{found.says} {found.missing}".strip()
    return scatter_picture(drawn(found, Links()), caption(shown.edition, found.title, says, path, sources))
