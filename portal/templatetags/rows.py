"""Rows of large tables, the ladder, places of a map, dots: written in Python (portal.markup), asked for here."""

from django import template

from portal import markup
from portal.markup import rows

register = template.Library()
for tag in (
    rows.table_head,
    rows.table_rows,
    rows.ladder_themes,
    rows.link_items,
    rows.check_items,
    rows.select_options,
    rows.group_members,
    markup.map_places,
    markup.map_names,
    markup.zoom_names,
    markup.swarm_dots,
    markup.scatter_dots,
):
    register.simple_tag(tag)
