"""Atom feeds whose summaries are the plain text that they hold."""

from typing import Any

from django.utils.feedgenerator import Atom1Feed


class TextFeed(Atom1Feed):
    """Django calls every summary HTML; in ours "<" is a sign and no markup, and readers would drop what follows it."""

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """Write an entry as Django does, its summary as text."""
        super().add_item_elements(handler, item | {"description": None})
        if item["description"]:
            handler.addQuickElement("summary", item["description"], {"type": "text"})
