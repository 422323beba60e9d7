"""The addresses of the workbench about practices. Danish only: they are for named members."""

from django.urls import URLPattern, path

from portal.practices import work

urlpatterns: list[URLPattern] = [
    path("", work.home, name="work-practices"),
    path("ny/", work.propose, name="work-propose"),
    path("kreds/", work.circle, name="work-circle"),
    path("henvendelse/<int:number>/", work.enquiry, name="work-enquiry"),
    path("henvendelse/<int:number>/<slug:step>/", work.act_on_enquiry, name="work-enquiry-act"),
    path("spoerg/<slug:code>/<int:organisation>/", work.ask_about, name="work-ask-about"),
    path("<slug:slug>/", work.practice, name="work-practice"),
    path("<slug:slug>/ret/", work.change, name="work-change"),
    path("<slug:slug>/spoerg/", work.ask, name="work-ask"),
    path("<slug:slug>/trin/<slug:step>/", work.act, name="work-act"),
]
