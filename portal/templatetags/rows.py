"""Rows of large tables, the ladder, places of a map, dots: written in Python (portal.markup), asked for here."""

from django import template

from portal import markup

register = template.Library()
for tag in (
    markup.table_head,
    markup.table_rows,
    markup.ladder_themes,
    markup.map_places,
    markup.map_names,
    markup.zoom_names,
    markup.swarm_dots,
    markup.scatter_dots,
    markup.link_items,
    markup.check_items,
    markup.select_options,
    markup.group_members,
):
    register.simple_tag(tag)
