"""Texts that can be translated later: a Danish template and what goes into it.

Nothing here knows Django. `makemessages` finds the templates because the function is called `_`; the site shows a
text as `gettext(text.template) % text.params`, and plain `str(text)` is the Danish one.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Text(NamedTuple):
    """A message with its parameters kept apart, so that it can be translated and counted."""

    template: str
    params: Mapping[str, str | int | float]

    def __str__(self) -> str:
        return self.template % {
            name: danish(value) if isinstance(value, float) else value for name, value in self.params.items()
        }


def _(template: str, /, **params: str | int | float) -> Text:
    """Make a text; the template uses %(name)s and writes a per cent sign as %%."""
    return Text(template, params)


def danish(value: float) -> str:
    """A number as it stands in a Danish sentence: 12,5."""
    return f"{value:.10g}".replace(".", ",")
