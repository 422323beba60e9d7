"""The rows of large tables and of the ladder: written in Python (portal.markup says why), asked for by templates."""

from django import template

from portal.markup import ladder_themes, table_head, table_rows

register = template.Library()
register.simple_tag(table_head)
register.simple_tag(table_rows)
register.simple_tag(ladder_themes)
