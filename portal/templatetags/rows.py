"""Rows of large tables, the ladder, places of a map, dots: written in Python (portal.markup), asked for here."""

from django import template

from portal.markup import ladder_themes, map_places, swarm_dots, table_head, table_rows

register = template.Library()
register.simple_tag(table_head)
register.simple_tag(table_rows)
register.simple_tag(ladder_themes)
register.simple_tag(map_places)
register.simple_tag(swarm_dots)
