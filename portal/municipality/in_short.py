"""A municipality in plain language: few words, short sentences, the same honesty."""

from typing import Any

from django.utils.translation import gettext as _

from portal.addresses import Links
from portal.components.links import Link, citation, pinned
from portal.language import formatting, phrases
from portal.municipality.lists import missing_says, noteworthy
from portal.published.edition import ShownEdition
from portal.published.municipality import Figures, figures_of
from portal.published.rows import PlacementRow
from portal.published.subjects import collected_in, localised


def in_short_page(shown: ShownEdition, slug: str, links: Links) -> dict[str, Any]:
    """Gather the page."""
    figures = figures_of(shown, slug, links)
    own = figures.municipality
    well, hard = noteworthy(figures)
    title = _("%(name)s – kort fortalt") % {"name": own.name}
    return dict(
        title=title,
        name=own.name,
        place=place_says(figures),
        sure=sure_says(figures.overall),
        change=_change_says(figures),
        areas=tuple(
            dict(name=localised(area, "name"), says=_area_says(figures.own.get(("area", area.pk))))
            for area in figures.country.areas
        ),
        well=well,
        hard=hard,
        missing=missing_says(figures),
        count=collected_in(shown.edition, len(figures.country.indicators)),
        flagged=len(shown.said.flagged(own.code)),
        ways=(
            Link(_("Hele siden om %(name)s") % {"name": own.name}, links.municipality(slug)),
            Link(_("Én side til at printe (PDF)"), links.to("municipality-page-pdf", "slug", slug)),
            Link(_("Sådan regner vi"), links.to("method")),
        ),
        citation=citation(shown, title),
        permalink=pinned(Links(f"@{shown.edition.release}").to("municipality-in-short", "slug", slug)),
    )


def place_says(figures: Figures) -> str:
    """Where it stands, in one sentence."""
    own = figures.overall
    words = {"name": figures.municipality.name, "rank": own.rank, "last": own.rank_last, "n": own.n}
    if own.rank is None:
        return _("%(name)s har ikke fået et nummer i år, fordi for mange tal mangler.") % words
    if own.rank_last and own.rank_last != own.rank:
        said = _("%(name)s deler plads nummer %(rank)s til %(last)s af %(n)s kommuner. Nummer 1 er bedst.") % words
    else:
        said = _("%(name)s er nummer %(rank)s af %(n)s kommuner. Nummer 1 er bedst.") % words
    return f"{said} {_little(own)}".strip()


def _little(own: PlacementRow) -> str:
    """What the number rests on, where that is little."""
    little = phrases.rests_on(own)
    return _("Vi mangler en del tal: nummeret %(rests)s.") % {"rests": little} if little else ""


def sure_says(own: PlacementRow) -> str:
    """How sure the number is, and which half that leaves it in."""
    if own.rank is None or own.low is None or own.high is None:
        return ""
    if own.low == own.high:
        return _("Regner vi på andre rimelige måder, får kommunen det samme nummer i 9 af 10 tilfælde.")
    words = {"low": own.low, "high": own.high}
    return _("Nummeret er ikke helt sikkert. Regner vi på andre rimelige måder, ligger kommunen i 9 af 10 tilfælde "
             "mellem nummer %(low)s og %(high)s.") % words  # fmt: skip


def half(own: PlacementRow) -> str:
    """Which half of the list it surely lies in; "" where its interval holds the middle."""
    if own.rank is None or own.low is None or own.high is None:
        return ""
    if own.high * 2 <= own.n:
        return _("Det er den bedste halvdel i næsten alle beregninger.")
    if (own.low - 1) * 2 >= own.n:
        return _("Det er den dårligste halvdel i næsten alle beregninger.")
    return _("Vi kan ikke sige sikkert, om det er over eller under midten.")


def _area_says(own: PlacementRow | None) -> str:
    if own is None or own.rank is None:
        return _("Her mangler der for mange tal.")
    return " ".join(filter(None, [f"{phrases.rank(own)} {formatting.of(own.n)}.", half(own), _little(own)]))


def _change_says(figures: Figures) -> str:
    """Whether the number is another than last year's: only what can be told."""
    previous, change = figures.shown.previous, figures.change
    if previous is None or figures.overall.rank is None:
        return ""
    words: dict[str, object] = {"year": previous.year}
    if not figures.comparable:
        return _("Vi regner anderledes end i %(year)s, så nummeret kan ikke sammenlignes.") % words
    if change is None:
        return _("I %(year)s havde kommunen ikke noget nummer.") % words
    words["before"] = f"{phrases.rank_in_text(change.before)} {phrases.of(change.before)}"
    if not change.clear:
        return _("I %(year)s var det %(before)s. Forskellen er så lille, at vi ikke kan sige, om det går bedre eller "
                 "dårligere.") % words  # fmt: skip
    if change.places > 0:
        return (
            _("I %(year)s var det %(before)s. Kommunen ligger bedre nu, og forskellen er større end usikkerheden.")
            % words
        )
    return (
        _("I %(year)s var det %(before)s. Kommunen ligger dårligere nu, og forskellen er større end usikkerheden.")
        % words
    )
