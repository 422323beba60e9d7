"""The whole address book. The address alone says page, language and edition."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.utils.translation import gettext_lazy as _

from portal.converters import EditionConverter
from portal.downloads.addresses import FileConverter, WholeFileConverter, files_of
from portal.views import (
    comparisons,
    design,
    downloads,
    found,
    health,
    home,
    indicators,
    municipalities,
    own_index,
    rankings,
    search,
    texts,
)

register_converter(EditionConverter, "edition")
register_converter(FileConverter, "file")
register_converter(WholeFileConverter, "wholefile")

# Pages of an edition: under "" its newest revision, under "2025/" a year's, under "@2025.1/" one for ever.
of_an_edition: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path(_("kommuner/"), municipalities.municipalities, name="municipalities"),
    path(_("kommune/<slug:slug>/"), municipalities.municipality, name="municipality"),
    path(_("kommune/<slug:slug>/udvikling.json"), municipalities.development, name="municipality-development"),
    path(_("rangliste/"), rankings.ranking, name="ranking"),
    *files_of(_("rangliste/"), downloads.ranking, "ranking"),
    path(_("rangliste/omraade/<slug:code>/"), rankings.ranking, {"level": "area"}, name="ranking-area"),
    *files_of(_("rangliste/omraade/<slug:code>/"), downloads.ranking, "ranking-area", level="area"),
    path(_("rangliste/tema/<slug:code>/"), rankings.ranking, {"level": "theme"}, name="ranking-theme"),
    *files_of(_("rangliste/tema/<slug:code>/"), downloads.ranking, "ranking-theme", level="theme"),
    path(_("rangliste/indikator/<slug:code>/"), rankings.ranking, {"level": "indicator"}, name="ranking-indicator"),
    *files_of(_("rangliste/indikator/<slug:code>/"), downloads.ranking, "ranking-indicator", level="indicator"),
    path(_("hent/"), downloads.downloads, name="downloads"),
    *files_of(_("hent/hele-udgaven/"), downloads.whole, "edition", converter="wholefile"),
    *files_of(_("kommune/<slug:slug>/"), downloads.municipality, "municipality"),
    *files_of(_("indikator/<slug:code>/"), downloads.indicator, "indicator"),
    path(_("dit-eget-indeks/"), own_index.own_index, name="own-index"),
    path(_("dit-eget-indeks.csv"), own_index.download, name="own-index-csv"),
    path(_("sammenlign/"), comparisons.comparison, name="comparison"),
    path(_("sammenhaeng/"), comparisons.scatter, name="scatter"),
    path(_("indikatorer/"), indicators.indicators, name="indicators"),
    path(_("indikator/<slug:code>/"), indicators.indicator, name="indicator"),
    path(_("indikator/<slug:code>/udvikling.json"), indicators.development, name="indicator-development"),
    path(_("omraade/<slug:slug>/"), indicators.area, name="area"),
    path(_("tema/<slug:code>/"), indicators.theme, name="theme"),
    path(_("strimler.svg"), indicators.strips, name="strips"),
    path(_("metode/"), texts.method, name="method"),
]

public: list[URLPattern | URLResolver] = [
    path("", include(of_an_edition)),
    path("<edition:edition>/", include(of_an_edition)),
    path(_("udgaver/"), texts.editions, name="editions"),
    path(_("soeg/"), search.search, name="search"),
    path(_("soeg/forslag/"), search.suggestions, name="suggestions"),
    path(_("udgaver/2014/"), texts.original, name="original"),
    path(_("om/"), texts.about, name="about"),
    path(_("tilgaengelighed/"), texts.accessibility, name="accessibility"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("sundhed/live", health.live, name="live"),
    path("sundhed/klar", health.ready, name="ready"),
    path("sundhed/tal", health.metrics, name="metrics"),
    path(f"{settings.ADMIN_PATH}/konto/", include("portal.account_urls")),
    path(f"{settings.ADMIN_PATH}/", admin.site.urls),
    path("robots.txt", found.robots, name="robots"),
    path("sitemap.xml", found.sitemap, name="sitemap"),
    path("llms.txt", found.llms, name="llms"),
    path("site.webmanifest", found.manifest, name="manifest"),
    *i18n_patterns(*public, prefix_default_language=False),
]

if settings.DEBUG:
    urlpatterns[1:1] = [
        path("design/", design.gallery, name="gallery"),
        path("design/strimler.svg", design.sprite, name="gallery-sprite"),
        path("design/figur.json", design.figure, name="gallery-figure"),
    ]
