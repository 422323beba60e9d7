"""Services for citizens: the rows of the list at /tilbud/, and the gaps. Protected services are in none of them."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from indicators.provisions.shown.answer import by_municipality, some_of
from indicators.provisions.shown.question import Choices, UnknownValueError, question_of
from portal.api.http import NoSuchThing
from portal.api.shapes import NOTHING, ONLY, Asked, FieldsOf, Page, Rows, answer, paged, slice_of
from portal.provisions.files import around_rows, gap_rows, row_of

router = Router(tags=["services"])
Text = Annotated[str, Field(max_length=100)]


class ProvisionRow(Schema):
    """A service for citizens, as the list of the site has it."""

    tilbudsid: str | None = Field(None, description="The register's id; it stays when the service is renamed.")
    navn: str | None = None
    form: Literal["municipal", "regional", "independent", "private"] | None = None
    drives_af: str | None = Field(None, description="Who runs it.")
    kommunekode: str | None = Field(None, description="Where it stands, not who may use it.")
    kommune: str | None = None
    landsdel: str | None = None
    pladser: int | None = Field(None, description="Stated places, each once; null where none are stated, never 0.")
    alder_fra: int | None = Field(None, description="Youngest age, years; null where open or not stated.")
    alder_til: int | None = Field(None, description="Oldest age, years; null where open or not stated.")
    maalgrupper: list[str] | None = Field(None, description="Codes of target groups.")
    paragraffer: list[str] | None = Field(None, description="Paragraphs, as sel-107, bl-43.")
    afstand_km: float | None = Field(None, description="In a straight line from ?sted=, where both have a point.")
    breddegrad: float | None = None
    laengdegrad: float | None = None
    bekraeftet: str | None = Field(None, description="When somebody last confirmed what is registered.")
    bekraeftet_inden_for_et_aar: bool | None = None
    kilde: str | None = Field(None, description="Whose statement it is.")
    opdigtet: bool | None = Field(None, description="Whether it is invented (demo data).")


class ProvisionPage(Page):
    """A page of services."""

    rows: list[ProvisionRow]


class ProvisionsAsked(Asked):
    """What the list at /tilbud/ reads, by the same names."""

    maalgruppe: Text = ""
    paragraf: Text = ""
    alder: Annotated[int | None, Field(ge=0, le=130)] = None
    form: Literal["", "municipal", "regional", "independent", "private"] = ""
    kommune: Text = ""
    landsdel: Text = ""
    sted: Text = ""
    fields: Annotated[list[str], FieldsOf(ProvisionRow), ONLY] = NOTHING


@router.get("/provisions", response=ProvisionPage, exclude_unset=True, summary="Services for citizens")
def provisions(request: HttpRequest, asked: Query[ProvisionsAsked]) -> dict[str, Any]:
    """Give the services that fit, in the order of the list at /tilbud/. An unknown value is a 404, never ignored."""
    today = timezone.localdate()
    choices = Choices.on(today)
    said = {name: str(value) for name, value in asked.dict().items() if value not in (None, "") and name not in _PAGING}
    try:
        question = question_of(said, day=today, choices=choices)
    except UnknownValueError as error:
        msg = f"There is no {error.name} {error.value!r}."
        raise NoSuchThing(msg) from error
    count = sum(row.services for row in by_municipality(question))
    rows = [row_of(one, choices) for one in some_of(question, *slice_of(asked))]
    given = answer(request, asked, Rows(rows, count), None)
    return given | {"demo": any(row["opdigtet"] for row in rows)} if not asked.fields else given


_PAGING = {"lang", "page", "page_size", "fields"}


class GapRow(Schema):
    """A target group in a landsdel or in a region of today, of services confirmed within twelve months."""

    maalgruppe: str | None = None
    inddeling: Literal["landsdel", "region"] | None = None
    omraade: str | None = None
    tilbud: int | None = Field(
        None, description="Services. 0 says that no place is registered, not that no help exists."
    )
    oplyste_pladser: int | None = None
    uden_oplyste_pladser: int | None = Field(None, description="Services that do not state their places.")
    pr_1000_i_gruppen: float | None = Field(None, description="Only where the size of the group is known everywhere.")
    aeldste_bekraeftelse: str | None = None
    nyeste_bekraeftelse: str | None = None
    opdigtet: bool | None = Field(None, description="Whether the register is invented (demo data).")


class GapPage(Page):
    """A page of gaps."""

    rows: list[GapRow]


class GapsAsked(Asked):
    """The parameters of the gaps."""

    fields: Annotated[list[str], FieldsOf(GapRow), ONLY] = NOTHING


@router.get("/provisions/gaps", response=GapPage, exclude_unset=True, summary="Where no place is registered")
def gaps(request: HttpRequest, asked: Query[GapsAsked]) -> dict[str, Any]:
    """Give each target group in each landsdel and region: services, stated places, how fresh."""
    return answer(request, asked, paged(list(gap_rows(timezone.localdate())), asked), None)


class AroundRow(Schema):
    """A municipality: the services that stand in it, those in its landsdel, and for how many target groups."""

    kommunekode: str | None = None
    kommune: str | None = None
    landsdel: str | None = None
    tilbud_her: int | None = None
    oplyste_pladser_her: int | None = None
    uden_oplyste_pladser_her: int | None = Field(None, description="Services that do not state their places.")
    ikke_bekraeftet_her: int | None = Field(None, description="Services that nobody has confirmed for a year.")
    tilbud_i_landsdelen: int | None = None
    oplyste_pladser_i_landsdelen: int | None = None
    uden_oplyste_pladser_i_landsdelen: int | None = None
    ikke_bekraeftet_i_landsdelen: int | None = None
    maalgrupper_med_plads_i_landsdelen: int | None = Field(
        None, description="Diversity: target groups with a service confirmed within a year. Not ranked."
    )
    maalgrupper: int | None = Field(None, description="Of so many target groups.")
    opdigtet: bool | None = Field(None, description="Whether the register is invented (demo data).")


class AroundPage(Page):
    """A page of municipalities."""

    rows: list[AroundRow]


class AroundAsked(Asked):
    """The parameters of the municipalities."""

    fields: Annotated[list[str], FieldsOf(AroundRow), ONLY] = NOTHING


@router.get("/provisions/municipalities", response=AroundPage, exclude_unset=True, summary="Services around each place")
def around(request: HttpRequest, asked: Query[AroundAsked]) -> dict[str, Any]:
    """Give each municipality: the services in it and in its landsdel. Citizens of others use them too."""
    return answer(request, asked, paged(list(around_rows(timezone.localdate())), asked), None)
