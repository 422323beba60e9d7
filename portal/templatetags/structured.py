"""Facts for search engines beside what readers see."""

from collections.abc import Sequence

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from portal.components.links import Link
from portal.frame.search_engines import breadcrumbs, json_ld
from portal.markup import json_ld_script

register = template.Library()


@register.simple_tag(takes_context=True)
def breadcrumb_facts(context: Context, trail: Sequence[Link]) -> SafeString:
    """The trail of templates/components/breadcrumb.html as JSON-LD; empty where no address is known (the gallery)."""
    request = getattr(context, "request", None)
    if request is None or not trail:
        return SafeString("")
    return json_ld_script(json_ld(breadcrumbs(trail, request.path)))
