"""The page round a press sheet: its other forms, the other sheets, the pictures, how to cite it."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.addresses import Addresses, Links
from portal.components.links import Link
from portal.components.said import since_then
from portal.frame.citation import citation_of
from portal.language import formatting
from portal.practices.boxes import box_of_indicator, box_of_place
from portal.press.sheet import Sheet, sheet_of
from portal.published import Indicator, Municipality, PressLink
from portal.published.edition import ShownEdition
from portal.published.municipalities import municipalities
from portal.published.subjects import all_indicators, localised


def press_page(shown: ShownEdition, sheet: Sheet, subject: Municipality | Indicator | None) -> dict[str, Any]:
    """Dress a public sheet as a page."""
    links = Links(shown.prefix)
    others, title = _others(links, subject)
    return dict(
        sheet=sheet,
        actions=_actions(links, subject),
        others=others,
        others_title=title,
        pictures=_pictures(links, subject),
        contact=sheet.contact,
        citation=citation_of(shown, _("Pressefakta: %(title)s") % {"title": sheet.title}, sheet.permalink),
        problem="",
        since=since_then(shown),
        practices=_practices(shown, subject),
    )


def practice_lines(shown: ShownEdition, subject: Municipality | Indicator | None) -> tuple[str, ...]:
    """What was tried there, or for that, as lines of a text: title, what is known, what was measured here."""
    box = _practices(shown, subject)
    nothing = _("ikke målt i denne udgave")
    words = _("%(title)s. Vidensgrundlag: %(knowledge)s. Målt her: %(measured)s.")
    return tuple(
        words
        % {
            "title": one["title"].text,
            "knowledge": one["knowledge"],
            "measured": "; ".join(one["measured"]) or nothing,
        }
        for one in (box["practices"] if box else ())
    )


def _practices(shown: ShownEdition, subject: Municipality | Indicator | None) -> dict[str, Any] | None:
    """What was tried there, or for that: both axes, so that nobody writes that it works."""
    if isinstance(subject, Municipality):
        return box_of_place(shown, subject.pk)
    return box_of_indicator(shown, subject.pk) if subject else None


def _actions(links: Links, subject: Municipality | Indicator | None) -> tuple[Link, ...]:
    name, argument, value = _address(subject)
    page = Link(_("Se siden"), _page(links, subject))
    return (
        Link("PDF", links.to(f"{name}-pdf", argument, value)),
        Link(_("Tekst"), links.to(f"{name}-text", argument, value)),
        page,
    )


def _address(subject: Municipality | Indicator | None) -> tuple[str, str, str]:
    if isinstance(subject, Municipality):
        return "press-municipality", "slug", subject.slug
    return ("press-indicator", "code", subject.code) if subject else ("press", "", "")


def _page(links: Links, subject: Municipality | Indicator | None) -> str:
    if isinstance(subject, Municipality):
        return links.municipality(subject.slug)
    return links.indicator(subject.code) if subject else links.ranking()


def _others(links: Links, subject: Municipality | Indicator | None) -> tuple[tuple[Link, ...], str]:
    if subject is not None:
        return (Link(_("Hele udgaven, alle kommuner og indikatorer"), links.to("press")),), _("Flere presseark")
    everyone = municipalities()
    sheets = [Link(one.name, links.to("press-municipality", "slug", one.slug)) for one in everyone]
    indicators = all_indicators()
    sheets += [Link(localised(one, "name"), links.to("press-indicator", "code", one.code)) for one in indicators]
    return tuple(sheets), _("Presseark for hver kommune og indikator")


def _pictures(links: Links, subject: Municipality | Indicator | None) -> tuple[Link, ...]:
    if isinstance(subject, Municipality):
        return (
            Link(_("billede med placeringen"), links.of("picture-municipality", slug=subject.slug, ending="png")),
            Link(_("udvikling"), links.of("picture-municipality-development", slug=subject.slug, ending="png")),
        )
    if subject:
        return (
            Link(_("kort"), links.of("picture-indicator", code=subject.code, what="kort", ending="png")),
            Link(_("fordeling"), links.of("picture-indicator", code=subject.code, what="fordeling", ending="png")),
        )
    return (
        Link(_("kort"), links.of("picture", what="kort", ending="png")),
        Link(_("fordeling"), links.of("picture", what="fordeling", ending="png")),
    )


def embargo_line(link: PressLink) -> str:
    """Who may read it and until when the link works."""
    return _(
        "Kladde til udgave %(release)s, kun til %(recipient)s. Tallene er ikke offentlige og kan blive ændret. "
        "Linket virker til %(until)s, og hver åbning noteres."
    ) % {
        "release": link.edition.release,
        "recipient": link.recipient,
        "until": formatting.moment(timezone.localtime(link.expires_at)),
    }


def embargo_page(link: PressLink, subject: Municipality | Indicator | None, base: str) -> dict[str, Any]:
    """Dress a draft's sheet; ``base`` is the press link's own address."""
    sheet = sheet_of(link.edition, subject, Addresses(link.edition.release, base), embargo=embargo_line(link))
    return dict(
        sheet=sheet,
        actions=(Link("PDF", f"{base}{_name(subject)}.pdf"),),
        others=_others_under_embargo(base) if subject is None else (Link(_("Hele udgaven"), base),),
        others_title=_("Presseark for hver kommune og indikator") if subject is None else _("Flere presseark"),
        pictures=(),
        contact=settings.PRESS_CONTACT,
        citation=None,
        problem="",
    )


def _name(subject: Municipality | Indicator | None) -> str:
    if isinstance(subject, Municipality):
        return f"kommune/{subject.slug}"
    return f"indikator/{subject.code}" if subject else "presse"


def _others_under_embargo(base: str) -> tuple[Link, ...]:
    everyone = municipalities()
    indicators = all_indicators()
    return (
        *(Link(one.name, f"{base}kommune/{one.slug}/") for one in everyone),
        *(Link(localised(one, "name"), f"{base}indikator/{one.code}/") for one in indicators),
    )


MOST_AT_ONCE = 10


def set_page(shown: ShownEdition, asked: Sequence[str]) -> dict[str, Any]:
    """The sheets of those that are asked for, in Danish order; too many, or one nobody knows, is said to be so."""
    everyone = list(municipalities())
    known = {one.slug for one in everyone}
    unknown = ", ".join(f"»{name[:60]}«" for name in dict.fromkeys(asked) if name and name not in known)
    error = _("Her er ingen kommune, der hedder %(names)s.") % {"names": unknown} if unknown else ""
    chosen = [one for one in everyone if one.slug in asked]
    addresses, links = Addresses(shown.edition.release), Links(shown.prefix)
    if len(chosen) > MOST_AT_ONCE:
        error = _("Vælg højst %(most)s kommuner ad gangen.") % {"most": MOST_AT_ONCE}
    shown_sheets = chosen if len(chosen) <= MOST_AT_ONCE else []
    return dict(
        choices=tuple(dict(slug=one.slug, name=one.name, selected=one in chosen) for one in everyone),
        sheets=tuple(
            dict(sheet=sheet_of(shown.edition, one, addresses), url=links.to("press-municipality", "slug", one.slug))
            for one in shown_sheets
        ),
        error=error,
        most=MOST_AT_ONCE,
    )
