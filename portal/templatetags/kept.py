"""Parts of a page that are the same on every page: rendered once, kept in memory."""

from functools import lru_cache

from django import template
from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.urls import get_script_prefix
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

Simple = str | int | None


@register.simple_tag
def kept(name: str, **values: Simple) -> SafeString:
    """A component as {% include name with … only %} gives it, rendered once for its values, the language, and the
    address below which the site lies.

    It sees nothing but these values, so it cannot show one page's words on another. For what many pages share: the
    head and the foot of a page are a third of its template.
    """
    rendered = _rendered.__wrapped__ if settings.DEBUG else _rendered
    return rendered(name, (get_language(), get_script_prefix()), **values)


@lru_cache(maxsize=256, typed=True)  # typed: a text that is safe already is another text than one to be escaped
def _rendered(name: str, active: tuple[str | None, str], **values: Simple) -> SafeString:  # noqa: ARG001  of the thread
    return get_template(name).template.render(Context(values))  # type: ignore[attr-defined, no-any-return]
