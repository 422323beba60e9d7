"""The page round a press sheet under embargo."""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.models import Indicator, Municipality
from portal.addresses.proofs import Addresses
from portal.components.links import Link
from portal.language import formatting
from portal.press.page import PressPage
from portal.press.sheet import sheet_of
from portal.published.subjects import localised
from rankings.models import PressLink


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


def embargo_page(link: PressLink, subject: Municipality | Indicator | None, base: str) -> PressPage:
    """Dress a draft's sheet; ``base`` is the press link's own address."""
    sheet = sheet_of(link.edition, subject, Addresses(link.edition.release, base), embargo=embargo_line(link))
    return PressPage(
        sheet=sheet,
        actions=(Link("PDF", f"{base}{_name(subject)}.pdf"),),
        others=_others(base) if subject is None else (Link(_("Hele udgaven"), base),),
        others_title=_("Presseark for hver kommune og indikator") if subject is None else _("Flere presseark"),
        pictures=(),
        contact=settings.PRESS_CONTACT,
        citation=None,
    )


def _name(subject: Municipality | Indicator | None) -> str:
    if isinstance(subject, Municipality):
        return f"kommune/{subject.slug}"
    return f"indikator/{subject.code}" if subject else "presse"


def _others(base: str) -> tuple[Link, ...]:
    municipalities = Municipality.objects.in_danish_order()
    indicators = Indicator.objects.of_the_index().in_catalogue_order()
    return (
        *(Link(one.name, f"{base}kommune/{one.slug}/") for one in municipalities),
        *(Link(localised(one, "name"), f"{base}indikator/{one.code}/") for one in indicators),
    )
