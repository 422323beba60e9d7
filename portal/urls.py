"""The whole address book. The address alone says page, language and edition."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView

from portal.addresses import (
    DrawingConverter,
    EditionConverter,
    EmbeddedConverter,
    FileConverter,
    ImageConverter,
    WholeFileConverter,
    files_of,
)
from portal.api import views as api
from portal.audit import views as audit
from portal.comparing import views as comparisons
from portal.definitions import views as definitions
from portal.downloads import views as downloads
from portal.embeds import picture_views as pictures
from portal.embeds import views as embeds
from portal.finding import views as found
from portal.finding import views as search
from portal.following import views as feeds
from portal.following import views as follow
from portal.frame import views as cite
from portal.front import views as home
from portal.gallery import views as design
from portal.hearing import views as hearing
from portal.indicator import views as indicators
from portal.municipality import views as municipalities
from portal.need import views as need
from portal.operating import health
from portal.own_index import views as own_index
from portal.practices import views as practices
from portal.press import views as embargo
from portal.press import views as press
from portal.provisions import views as provisions
from portal.ranking import views as rankings
from portal.surveys import views as surveys
from portal.texts import views as terms
from portal.texts import views as texts
from portal.trace import views as trace

register_converter(EditionConverter, "edition")
register_converter(DrawingConverter, "drawing")
register_converter(EmbeddedConverter, "embedded")
register_converter(ImageConverter, "image")
register_converter(FileConverter, "file")
register_converter(WholeFileConverter, "wholefile")

# Pages of an edition: under "" its newest revision, under "2025/" a year's, under "@2025.1/" one for ever.
of_an_edition: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path(_("kommuner/"), municipalities.municipalities, name="municipalities"),
    path(_("kommune/<slug:slug>/"), municipalities.municipality, name="municipality"),
    path(_("kommune/<slug:slug>/udvikling.json"), municipalities.development, name="municipality-development"),
    path(_("kommune/<slug:slug>/side.pdf"), municipalities.one_page_pdf, name="municipality-page-pdf"),
    path(_("kommune/<slug:slug>/kort-fortalt/"), municipalities.in_short, name="municipality-in-short"),
    path(_("kommune/<slug:slug>/laer/"), municipalities.lessons, name="municipality-lessons"),
    *files_of(_("kommune/<slug:slug>/laer/"), municipalities.lessons_as_file, "municipality-lessons"),
    path(_("kommune/<slug:slug>/lignende/"), municipalities.own_peers, name="municipality-own-peers"),
    path(_("kommune/<slug:slug>/niveau-og-udvikling/"), municipalities.level_and_trend, name="municipality-level"),
    path(_("kommune/<slug:slug>/tal/<slug:code>/"), municipalities.figure, name="municipality-figure"),
    path(_("rangliste/"), rankings.ranking, name="ranking"),
    *files_of(_("rangliste/"), downloads.ranking, "ranking"),
    path(_("rangliste/omraade/<slug:code>/"), rankings.ranking, {"level": "area"}, name="ranking-area"),
    *files_of(_("rangliste/omraade/<slug:code>/"), downloads.ranking, "ranking-area", level="area"),
    path(_("rangliste/tema/<slug:code>/"), rankings.ranking, {"level": "theme"}, name="ranking-theme"),
    *files_of(_("rangliste/tema/<slug:code>/"), downloads.ranking, "ranking-theme", level="theme"),
    path(_("rangliste/indikator/<slug:code>/"), rankings.ranking, {"level": "indicator"}, name="ranking-indicator"),
    *files_of(_("rangliste/indikator/<slug:code>/"), downloads.ranking, "ranking-indicator", level="indicator"),
    path(_("uden-forvaltningernes-svar/"), rankings.without, name="without"),
    path(
        _("uden-forvaltningernes-svar/omraade/<slug:code>/"), rankings.without, {"level": "area"}, name="without-area"
    ),
    path(_("uden-forvaltningernes-svar/tema/<slug:code>/"), rankings.without, {"level": "theme"}, name="without-theme"),
    path(_("hent/"), downloads.downloads, name="downloads"),
    *files_of(_("hent/hele-udgaven/"), downloads.whole, "edition", converter="wholefile"),
    *files_of(_("kommune/<slug:slug>/"), downloads.municipality, "municipality"),
    *files_of(_("indikator/<slug:code>/"), downloads.indicator, "indicator"),
    path(_("dit-eget-indeks/"), own_index.own_index, name="own-index"),
    *files_of(_("dit-eget-indeks/"), own_index.download, "own-index"),
    path(_("sammenlign/"), comparisons.comparison, name="comparison"),
    *files_of(_("sammenlign/"), comparisons.comparison_file, "comparison"),
    path(_("sammenhaeng/"), comparisons.scatter, name="scatter"),
    *files_of(_("sammenhaeng/"), comparisons.scatter_file, "scatter"),
    path(_("indikatorer/"), indicators.indicators, name="indicators"),
    *files_of(_("indikatorer/"), downloads.catalogue, "indicators"),
    path(_("indikator/<slug:code>/"), indicators.indicator, name="indicator"),
    path(_("indikator/<slug:code>/udvikling.json"), indicators.development, name="indicator-development"),
    path(_("indikator/<slug:code>/hvad-siger-tallet/"), indicators.worth, name="worth"),
    *files_of(_("indikator/<slug:code>/hvad-siger-tallet/"), indicators.worth_file, "worth"),
    path(_("omraade/<slug:slug>/"), indicators.area, name="area"),
    path(_("tema/<slug:code>/"), indicators.theme, name="theme"),
    path(_("strimler.svg"), indicators.strips, name="strips"),
    path(_("metode/"), texts.method, name="method"),
    path(_("laes-indekset/"), texts.reading, name="reading"),
    path(_("daekning/"), texts.coverage, name="coverage"),
    *files_of(_("daekning/"), downloads.coverage, "coverage"),
    *files_of(_("indikator/<slug:code>/alle-udgaver/"), downloads.history, "history-of-indicator"),
    path(_("metode/sundhed/"), audit.audit, name="audit"),
    *files_of(_("metode/sundhed/"), audit.parts, "audit"),
    *files_of(_("metode/sundhed/par/"), audit.pairs, "audit-pairs"),
    path(_("behov/"), need.needs, name="need"),
    *files_of(_("behov/"), need.needs_file, "need"),
    path(_("behov/<slug:code>/"), need.pair, name="need-pair"),
    *files_of(_("behov/<slug:code>/"), need.needs_file, "need-pair"),
]

# What works: practices, what was measured where they were tried, and whom to call.
of_an_edition += [
    path(_("praksis/"), practices.practices, name="practices"),
    *files_of(_("praksis/"), practices.files, "practices"),
    path(_("praksis/udveksling/"), practices.exchange, name="practice-exchange"),
    path(_("praksis/metode/"), practices.method, name="practices-method"),
    path(_("praksis/<slug:slug>/"), practices.practice, name="practice"),
    path(_("praksis/<slug:slug>/<slug:code>.csv"), practices.figures, name="practice-figures"),
    path(_("indikator/<slug:code>/spoerg/"), practices.whom_to_ask, name="whom-to-ask"),
    path(_("indlejr/praksis/<slug:slug>/"), practices.embed, name="embed-practice"),
]

# What can be taken away from an edition: press sheets, pictures, pages for other people's frames.
of_an_edition += [
    path(_("presse/"), press.press, name="press"),
    path(_("presse/udvalg/"), press.press_set, name="press-set"),
    path(_("presse.pdf"), press.press_pdf, name="press-pdf"),
    path(_("presse.txt"), press.press_text, name="press-text"),
    path(_("kommune/<slug:slug>/presse/"), press.press, name="press-municipality"),
    path(_("kommune/<slug:slug>/presse.pdf"), press.press_pdf, name="press-municipality-pdf"),
    path(_("kommune/<slug:slug>/presse.txt"), press.press_text, name="press-municipality-text"),
    path(_("indikator/<slug:code>/presse/"), press.press, name="press-indicator"),
    path(_("indikator/<slug:code>/presse.pdf"), press.press_pdf, name="press-indicator-pdf"),
    path(_("indikator/<slug:code>/presse.txt"), press.press_text, name="press-indicator-text"),
    path(_("kommune/<slug:slug>/kort.<image:ending>"), pictures.card, name="picture-municipality"),
    path(
        _("kommune/<slug:slug>/kvadrat.<image:ending>"),
        pictures.municipality_square_picture,
        name="picture-municipality-square",
    ),
    path(_("rangliste/kvadrat.<image:ending>"), pictures.square, {"level": "overall"}, name="picture-square"),
    path(
        _("rangliste/omraade/<slug:code>/kvadrat.<image:ending>"),
        pictures.square,
        {"level": "area"},
        name="picture-area-square",
    ),
    path(
        _("rangliste/tema/<slug:code>/kvadrat.<image:ending>"),
        pictures.square,
        {"level": "theme"},
        name="picture-theme-square",
    ),
    path(
        _("rangliste/indikator/<slug:code>/kvadrat.<image:ending>"),
        pictures.square,
        {"level": "indicator"},
        name="picture-indicator-square",
    ),
    path(
        _("kommune/<slug:slug>/udvikling.<image:ending>"),
        pictures.municipality_development,
        name="picture-municipality-development",
    ),
    path(
        _("indikator/<slug:code>/udvikling.<image:ending>"),
        pictures.indicator_development,
        name="picture-indicator-development",
    ),
    path(_("metode/sundhed.<image:ending>"), audit.drawn, name="picture-audit"),
    path(_("behov.<image:ending>"), need.needs_drawn, name="picture-need"),
    path(_("behov/<slug:code>.<image:ending>"), need.pair_drawn, name="picture-need-pair"),
    path(
        _("indikator/<slug:code>/hvad-siger-tallet.<image:ending>"),
        indicators.worth_drawn,
        name="picture-worth",
    ),
    path(_("sammenlign.<image:ending>"), pictures.comparison, name="picture-comparison"),
    path(_("sammenhaeng.<image:ending>"), pictures.scatter, name="picture-scatter"),
    path(_("rangliste/<drawing:what>.<image:ending>"), pictures.ranking, {"level": "overall"}, name="picture"),
    path(
        _("rangliste/omraade/<slug:code>/<drawing:what>.<image:ending>"),
        pictures.ranking,
        {"level": "area"},
        name="picture-area",
    ),
    path(
        _("rangliste/tema/<slug:code>/<drawing:what>.<image:ending>"),
        pictures.ranking,
        {"level": "theme"},
        name="picture-theme",
    ),
    path(
        _("rangliste/indikator/<slug:code>/<drawing:what>.<image:ending>"),
        pictures.ranking,
        {"level": "indicator"},
        name="picture-indicator",
    ),
    path(_("indlejr/"), embeds.preview, name="embed-preview"),
    path(_("indlejr/<embedded:what>/"), embeds.ranking, name="embed"),
    path(_("indlejr/<embedded:what>/omraade/<slug:code>/"), embeds.ranking, {"level": "area"}, name="embed-area"),
    path(_("indlejr/<embedded:what>/tema/<slug:code>/"), embeds.ranking, {"level": "theme"}, name="embed-theme"),
    path(
        _("indlejr/<embedded:what>/indikator/<slug:code>/"),
        embeds.ranking,
        {"level": "indicator"},
        name="embed-indicator",
    ),
    path(_("indlejr/sundhed/"), audit.in_a_frame, name="embed-audit"),
    path(_("indlejr/behov/"), need.needs_embedded, name="embed-need"),
    path(_("indlejr/behov/<slug:code>/"), need.pair_embedded, name="embed-need-pair"),
    path(_("indlejr/hvad-siger-tallet/<slug:code>/"), indicators.worth_embedded, name="embed-worth"),
    path(_("indlejr/sammenlign/"), embeds.comparison, name="embed-comparison"),
    path(_("indlejr/udvalg/indikator/<slug:code>/"), embeds.selection, name="embed-selection"),
    path(_("indlejr/kommune/<slug:slug>/"), embeds.municipality, name="embed-municipality"),
    path(
        _("indlejr/udvikling/kommune/<slug:slug>/"),
        embeds.municipality_development,
        name="embed-municipality-development",
    ),
    path(
        _("indlejr/udvikling/indikator/<slug:code>/"),
        embeds.indicator_development,
        name="embed-indicator-development",
    ),
]

public: list[URLPattern | URLResolver] = [
    path("", include(of_an_edition)),
    path("<edition:edition>/", include(of_an_edition)),
    path(_("udgaver/"), texts.editions, name="editions"),
    path(_("definitioner/"), definitions.log, name="definitions"),
    path(_("definitioner.csv"), definitions.log_file, name="definitions-csv"),
    path(_("soeg/"), search.search, name="search"),
    path(_("soeg/forslag/"), search.suggestions, name="suggestions"),
    path(_("udgaver/2014/"), texts.original, name="original"),
    path(_("om/"), texts.about, name="about"),
    path(_("brug/"), texts.use, name="text-use"),
    path(_("spoergsmaal/"), texts.questions, name="text-questions"),
    path(_("ord/"), texts.words, name="text-words"),
    path(_("hvad-kan-jeg-goere/"), texts.what_can_i_do, name="text-help"),
    path(_("kalender/"), texts.calendar, name="calendar"),
    path(_("api/"), api.docs, name="api-docs"),
    path(_("tilgaengelighed/"), texts.accessibility, name="accessibility"),
    path(_("vilkaar/"), terms.terms, name="terms"),
    path(_("privatliv/"), terms.privacy, name="privacy"),
    path(_("rettelser/"), feeds.corrections, name="corrections"),
    path(_("spor/<str:number>/"), trace.trace, name="trace"),
    path(_("er-det-rettet/"), trace.cited, name="cited"),
    path(_("tilbud/"), provisions.services, name="provisions"),
    path(_("tilbud.csv"), provisions.services_file, {"ending": "csv"}, name="provisions-csv"),
    path(_("tilbud.geojson"), provisions.services_file, {"ending": "geojson"}, name="provisions-geojson"),
    path(_("tilbud/huller/"), provisions.gaps, name="provisions-gaps"),
    path(_("tilbud/huller.csv"), provisions.gaps_file, name="provisions-gaps-csv"),
    path(_("tilbud/kommuner.csv"), provisions.around_file, name="provisions-around-csv"),
    path(_("tilbud/specialisering/"), provisions.levels, name="provisions-levels"),
    path(_("tilbud/bekraeft/"), RedirectView.as_view(pattern_name="work-provisions"), name="provisions-confirm"),
    path(_("tilbud/id/<slug:number>/"), provisions.service, name="provision"),
    path(_("indlejr/tilbud/"), provisions.embed, name="embed-provisions"),
    path(_("hoering/<int:year>/"), hearing.year_page, name="hearing-year"),
    path(_("hoering/<int:year>/hoeringsnotat.csv"), hearing.note_csv, name="hearing-csv"),
    path(_("hoering/<int:year>/hoeringsnotat.pdf"), hearing.note_pdf, name="hearing-pdf"),
    path(_("er-tallet-forkert/<str:number>/"), hearing.figure_wrong, name="figure-wrong"),
    path(_("spor/<str:number>/svar-<int:place>.txt"), trace.raw_answer, name="trace-answer"),
    path(_("del/"), embeds.share, name="share"),
    path(_("min-kommune/"), cite.choose_mine, name="mine"),
    path(_("citer/"), cite.cite, name="cite"),
    path(_("citer.txt"), cite.cite_file, {"ending": "txt"}, name="cite-txt"),
    path(_("citer.bib"), cite.cite_file, {"ending": "bib"}, name="cite-bib"),
    path(_("citer.ris"), cite.cite_file, {"ending": "ris"}, name="cite-ris"),
    path(_("praksis.atom"), practices.feed, name="feed-practices"),
    path(_("udgaver.atom"), feeds.editions, name="feed-editions"),
    path(_("rettelser.atom"), feeds.corrections_atom, name="feed-corrections"),
    path(_("kommune/<slug:slug>.atom"), feeds.municipality, name="feed-municipality"),
    path(_("indikator/<slug:code>.atom"), feeds.indicator, name="feed-indicator"),
    path(_("undersoegelser/"), surveys.surveys, name="surveys"),
    path(_("undersoegelser/<int:year>/"), surveys.surveys_of_a_year, name="surveys-year"),
    path(_("undersoegelser/svar/<str:token>/"), surveys.member, name="survey-member"),
    path(_("foelg/"), follow.follow, name="follow"),
    path(_("foelg/ja/<str:token>/"), follow.yes, name="follow-yes"),
    path(_("foelg/nej/<str:token>/"), follow.no, name="follow-no"),
]

# A municipality answers in Danish: its questions are about Danish law, and its answers are read by a Danish office.
workbench: list[URLPattern | URLResolver] = [
    path("<int:frame>/", surveys.answers, name="survey-answers"),
    path("<int:frame>/handling/", surveys.act, name="survey-act"),
    path("<int:frame>/regneark/", surveys.workbook, name="survey-workbook"),
    path("<int:frame>/kvittering/", surveys.receipt, name="survey-receipt"),
    path("<int:frame>/svar/<str:code>/", surveys.one_answer, name="survey-answer"),
    path("<int:frame>/bilag/<int:pk>/", surveys.attachment, name="survey-attachment"),
    path("<int:frame>/<slug:section>/", surveys.section, name="survey-section"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("sundhed/live", health.live, name="live"),
    path("sundhed/klar", health.ready, name="ready"),
    path("sundhed/tal", health.metrics, name="metrics"),
    path(f"{settings.WORKBENCH_PATH}/spoergeskema/", include(workbench)),
    path(f"{settings.WORKBENCH_PATH}/tilbud/", provisions.confirm, name="work-provisions"),
    path(f"{settings.WORKBENCH_PATH}/praksis/", include("portal.practices.work_addresses")),
    path(f"{settings.WORKBENCH_PATH}/", include("portal.workbench.addresses")),
    path("arbejdsbord/praksis/", include("portal.practices.work_addresses")),
    path(f"{settings.ADMIN_PATH}/konto/", include("portal.operating.account_urls")),
    path(f"{settings.ADMIN_PATH}/", admin.site.urls),
    path("api/v1/", include("portal.api.site")),
    path("favicon.ico", found.favicon),
    path("robots.txt", found.robots, name="robots"),
    path("sitemap.xml", found.sitemap, name="sitemap"),
    path("llms.txt", found.llms, name="llms"),
    path("site.webmanifest", found.manifest, name="manifest"),
    path("oembed", embeds.oembed_answer, name="oembed"),
    path("indlejr.js", embeds.parent_script, name="embed-parent"),
    # Press links are in Danish: they are made for named recipients.
    path("embargo/<str:token>/", embargo.sheet, name="embargo"),
    path("embargo/<str:token>/presse.pdf", embargo.pdf, name="embargo-pdf"),
    path("embargo/<str:token>/kommune/<slug:slug>/", embargo.sheet, name="embargo-municipality"),
    path("embargo/<str:token>/kommune/<slug:slug>.pdf", embargo.pdf, name="embargo-municipality-pdf"),
    path("embargo/<str:token>/indikator/<slug:code>/", embargo.sheet, name="embargo-indicator"),
    path("embargo/<str:token>/indikator/<slug:code>.pdf", embargo.pdf, name="embargo-indicator-pdf"),
    path("embargo/<str:token>/spor/<str:number>/", embargo.number, name="embargo-trace"),
    *i18n_patterns(*public, prefix_default_language=False),
]

if settings.DEBUG:
    urlpatterns[1:1] = [
        path("design/", design.gallery, name="gallery"),
        path("design/strimler.svg", design.sprite, name="gallery-sprite"),
        path("design/figur.json", design.figure, name="gallery-figure"),
    ]

handler500 = "portal.serving.middleware.server_error"
