"""What every page's frame needs."""

from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """The context of every template: nothing here may cost a query."""
    return {"demo": getattr(request, "demo", False)}
