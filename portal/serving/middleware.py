"""Small steps around every request."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

GetResponse = Callable[[HttpRequest], HttpResponse]


def language_of(path: str) -> str:
    """The language of an address: /en/… is English, everything else Danish."""
    return "en" if f"{path}/".startswith("/en/") else settings.LANGUAGE_CODE


def language_of_the_address(get_response: GetResponse) -> GetResponse:
    """The address alone decides the language: /en/… is English, everything else Danish.

    Django's own middleware would vary the answer on Accept-Language, and a link would then not say
    the same to everybody.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        language = language_of(request.path_info)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware
