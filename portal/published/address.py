"""What one of our own addresses is about: page, edition, title, and the address that stays."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, Resolver404, ResolverMatch, resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from indicators.declared import needs
from indicators.models import Municipality
from indicators.provisions.models import Registration
from portal.published.edition import ShownEdition, edition_of_address
from portal.published.municipalities import NAMES
from portal.published.subjects import localised, subject
from portal.serving.middleware import language_of
from rankings.pinned import as_published
from rankings.practices.models import Practice

LONGEST = 500


@dataclass(frozen=True)
class Addressed:
    """A public page: its name and arguments in the address book, its edition, its title."""

    name: str
    kwargs: dict[str, Any]
    query: QueryDict
    language: str
    shown: ShownEdition
    title: str
    pinned: str

    @property
    def permalink(self) -> str:
        """The full address that shows the same for ever, with the state of the page."""
        state = f"?{self.query.urlencode()}" if self.query else ""
        return f"{settings.SITE_ADDRESS}{self.pinned}{state}"


def addressed(address: str) -> Addressed:
    """Find the page that an address (with or without our host) shows. Http404 for any other."""
    parts = urlsplit(address[:LONGEST])
    if not parts.path.startswith("/") or parts.netloc not in {"", urlsplit(settings.SITE_ADDRESS).netloc}:
        raise Http404(_("Adressen hører ikke til her."))
    language = language_of(parts.path)
    with override(language):
        try:
            match = _resolved(parts.path)
        except Resolver404 as error:
            raise Http404(_("Der er ingen side på den adresse.")) from error
        kwargs = dict(match.kwargs)
        found = edition_of_address(kwargs.pop("edition", "") or _release_in(kwargs))
        name = match.url_name or ""
        with as_published(found.edition) if found.is_pinned else nullcontext():
            title = title_of(name, kwargs)
            if name.startswith("ranking") and any(QueryDict(parts.query).get(one) for one in NAMES):
                title = selected_title(name, title)
        return Addressed(
            name,
            kwargs,
            QueryDict(parts.query),
            language,
            found,
            title,
            _pinned(name, match.kwargs, found, parts.path),
        )


def _resolved(path: str) -> ResolverMatch:
    """The page at a path, also where its last slash was left out, as people do who write an address by hand."""
    try:
        return resolve(path)
    except Resolver404:
        return resolve(f"{path}/")


def _release_in(kwargs: dict[str, Any]) -> str:
    """A number's id names its edition itself."""
    release, dash, _rest = str(kwargs.get("number", "")).partition("-")
    return f"@{release}" if dash and "." in release else ""


def _pinned(name: str, kwargs: dict[str, Any], found: ShownEdition, path: str) -> str:
    arguments = {key: value for key, value in kwargs.items() if key not in {"level", "what", "ending"}}
    try:
        return reverse(name, kwargs={**arguments, "edition": f"@{found.edition.release}"})
    except NoReverseMatch:
        return path  # a page of no edition stays as it is


def title_of(name: str, kwargs: dict[str, Any]) -> str:
    """A page's title. Http404 for what is no page."""
    if (of_a_room := _of_a_room(name, kwargs)) is not None:
        return of_a_room
    if "slug" in kwargs and name.partition("-")[0] in {"municipality", "press", "embed"}:
        row = Municipality.objects.filter(slug=kwargs["slug"]).first()
        if row is None:
            raise Http404(_("Der er ingen kommune, der hedder %(slug)s.") % {"slug": kwargs["slug"]})
        return row.name
    if name == "area":
        return subject("area", kwargs["slug"]).name
    if "code" in kwargs:
        level = kwargs.get("level") or next(one for one in ("area", "theme", "indicator") if one in name.split("-"))
        return subject(level, kwargs["code"]).name
    return _("Sporet af tallet %(number)s") % kwargs if name == "trace" else _static(name)


def selected_title(name: str, title: str) -> str:
    """The title of a ranking that not everybody stands in."""
    return _("Udvalgte kommuner, samlet") if name == "ranking" else f"{_('Udvalgte kommuner')}: {title}"


def _of_a_room(name: str, kwargs: dict[str, Any]) -> str | None:
    """The title of a practice's or a service's page; None for others. Http404 for what the public may not see."""
    if "practice" in name.split("-") and "slug" in kwargs:
        return localised(get_object_or_404(Practice.objects.public(), slug=kwargs["slug"]), "title")
    if name == "provision":
        return get_object_or_404(Registration.objects.public(), provision__number=kwargs["number"]).name
    if name == "whom-to-ask":
        return f"{_('Hvem kan man ringe til?')} {subject('indicator', kwargs['code']).name}"
    for beside in ("embed-", "picture-"):
        name = name.removeprefix(beside)
    name = name.removesuffix("-csv").removesuffix("-file")  # a file, a picture and an embed are their page's
    if name == "worth":
        return _("Hvad siger tallet? %(name)s") % {"name": subject("indicator", kwargs["code"]).name}
    if name == "audit":
        return _static(name)
    return _pair(kwargs["code"]) if name == "need-pair" else None


def _pair(code: str) -> str:
    declared = next((one for one in needs() if one.code == code), None)
    if declared is None:
        raise Http404(_("Her er intet par, der hedder %(code)s.") % {"code": code})
    sides = {"need": subject("indicator", declared.need).name, "help": subject("indicator", declared.help).name}
    return _("%(need)s og %(help)s") % sides


def _static(name: str) -> str:
    titles: dict[str, Callable[[], str]] = {
        "home": lambda: _("Hvordan ligger din kommune?"),
        "municipalities": lambda: _("Alle kommuner"),
        "indicators": lambda: _("Alle indikatorer"),
        "ranking": lambda: _("Alle kommuner, samlet"),
        "method": lambda: _("Metode og usikkerhed"),
        "reading": lambda: _("Læs indekset på to minutter"),
        "coverage": lambda: _("Hvilke tal findes?"),
        "cited": lambda: _("Har jeg citeret et tal, der er rettet?"),
        "calendar": lambda: _("Hvornår kommer de næste tal?"),
        "text-use": lambda: _("Sådan bruger du indekset"),
        "text-questions": lambda: _("Spørgsmål og svar"),
        "text-words": lambda: _("Ord, der bruges her"),
        "text-help": lambda: _("Hvad kan jeg gøre?"),
        "audit": lambda: _("Er indekset sundt?"),
        "need": lambda: _("Hvor er behovet størst?"),
        "press": lambda: _("Pressefakta"),
        "editions": lambda: _("Udgaver og rettelser"),
        "corrections": lambda: _("Rettelser"),
        "original": lambda: _("Det oprindelige indeks fra 2014"),
        "about": lambda: _("Om Socialt Indeks"),
        "downloads": lambda: _("Hent data"),
        "terms": lambda: _("Vilkår for brug"),
        "privacy": lambda: _("Privatliv"),
        "accessibility": lambda: _("Tilgængelighed"),
    }
    return titles[name]() if name in titles else _("Socialt Indeks")
