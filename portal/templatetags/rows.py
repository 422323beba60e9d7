"""Rows of large tables, the ladder, places of a map, dots: written in Python (portal.markup), asked for here."""

from django import template

from portal.markup import drawings, rows

register = template.Library()
for tag in (
    rows.table_head,
    rows.table_rows,
    rows.ladder_themes,
    rows.link_items,
    rows.check_items,
    rows.select_options,
    rows.group_members,
    drawings.map_places,
    drawings.map_names,
    drawings.zoom_names,
    drawings.swarm_dots,
    drawings.scatter_dots,
):
    register.simple_tag(tag)
