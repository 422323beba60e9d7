"""The addresses of the members' room. Danish only, as the letters are: they are for named people in Danish offices."""

from allauth.account import views as account
from allauth.socialaccount import views as social
from django.urls import URLPattern, URLResolver, include, path

from portal.operating.account_urls import closed
from portal.workbench import hearing_views as hearing
from portal.workbench import views

accounts: list[URLPattern | URLResolver] = [
    path("ind/", views.sign_in, name="account_request_login_code"),
    path("ind/", views.sign_in, name="account_login"),
    path("ind/kode/", account.confirm_login_code, name="account_confirm_login_code"),
    path("ud/", account.logout, name="account_logout"),
    path("igen/", account.reauthenticate, name="account_reauthenticate"),
    path("spaerret/", account.account_inactive, name="account_inactive"),
    path("noegle/", include("allauth.mfa.webauthn.urls")),
    path("noegle/igen/", closed, name="mfa_reauthenticate"),
    path("noegle/oversigt/", views.keys, name="mfa_index"),
    path("ekstern/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("ekstern/afbrudt/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("ekstern/fejl/", social.login_error, name="socialaccount_login_error"),
    path("lukket/opret/", closed, name="account_signup"),
    path("lukket/ekstern/", closed, name="socialaccount_signup"),
    path("lukket/forbindelser/", closed, name="socialaccount_connections"),
    path("lukket/adgangskode/", closed, name="account_change_password"),
    path("lukket/saet/", closed, name="account_set_password"),
    path("lukket/mail/", closed, name="account_email"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="workbench"),
    path("konto/", include(accounts)),
    path("invitation/<str:token>/", views.invitation, name="workbench-invitation"),
    path("organisation/<int:pk>/", views.people, name="workbench-people"),
    path("organisation/<int:pk>/inviter/", views.invite_colleague, name="workbench-invite"),
    path("organisation/<int:pk>/kontakt/", views.contact, name="workbench-contact"),
    path("organisation/<int:pk>/stemme/", views.voice, name="workbench-voice"),
    path("medlemskab/<int:pk>/slut/", views.leave, name="workbench-leave"),
    path("postkasse/", views.mailbox, name="workbench-mailbox"),
    path("hoering/", hearing.newest, name="workbench-hearing"),
    path("hoering/<int:year>/<slug:slug>/", hearing.figures, name="workbench-figures"),
    path("hoering/<int:year>/<slug:slug>/bemaerkning/", hearing.remark, name="workbench-remark"),
    path("hoering/<int:year>/<slug:slug>/tal.xlsx", hearing.sheet, name="workbench-sheet"),
    path("hoering/<int:year>/<slug:slug>/indlaes/", hearing.read_sheet, name="workbench-read-sheet"),
    path("hoering/<int:year>/<slug:slug>/godkend/", hearing.approve, name="workbench-approve"),
    path("hoering/<int:year>/<slug:slug>/kommentar/", hearing.comment, name="workbench-comment"),
    path("hoering/<int:year>/<slug:slug>/afklaring/", hearing.flag, name="workbench-flag"),
    path("bilag/<int:pk>/", hearing.attachment, name="workbench-attachment"),
]
