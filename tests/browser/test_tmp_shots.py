import datetime as dt, os
from pathlib import Path
from django.utils import timezone
from django.contrib.auth.models import User
from django.test import Client
from django.conf import settings
from indicators.surveys.models import *
from indicators.surveys.services import *
from indicators.people.models import *
from tests.filled_in import steward
OUT=Path("/tmp/sv/shots"); OUT.mkdir(exist_ok=True)
def shoot(page,name,width,scheme="light",full=True):
    page.set_viewport_size({"width":width,"height":800 if width>400 else 740})
    page.emulate_media(color_scheme=scheme)
    page.screenshot(path=str(OUT/f"{name}-{width}-{scheme}.png"),full_page=full)
def test_shots(page, settings, tmp_path):
    settings.SURVEY_KEYS=tmp_path
    now=timezone.now()
    w=plan_wave(questionnaire=shipped_questionnaire(instrument=Instrument.MEMBERS,now=now),year=2032,opens_at=now-dt.timedelta(days=1),closes_at=now+dt.timedelta(days=20),asked={"175":40},by=steward(),now=now)
    open_wave(wave=w,by=steward(),now=now)
    [(_,t)]=ask_members(wave=w,members=[Member("175")],words=None,by=steward(),now=now)
    page.goto(f"/undersoegelser/svar/{t}/")
    for wd,sc in ((360,"light"),(1280,"light"),(360,"dark")): shoot(page,"member",wd,sc)
    page.goto("/undersoegelser/2026/")
    for wd,sc in ((360,"light"),(768,"light"),(1280,"light"),(1280,"dark")): shoot(page,"year",wd,sc)
    a=plan_wave(questionnaire=shipped_questionnaire(instrument=Instrument.ADMINISTRATIONS,now=now),year=2032,opens_at=now-dt.timedelta(days=1),closes_at=now+dt.timedelta(days=20),asked={"175":1},by=steward(),now=now)
    open_wave(wave=a,by=steward(),now=now)
    f=a.frames.get()
    u=User.objects.create_user("kirsten",first_name="Kirsten",last_name="Holm")
    Membership.objects.create(user=u,organisation=Organisation.objects.of_municipalities().get(municipality__code="175"),role="approver",since=now-dt.timedelta(days=9),given_by=steward())
    from tests.indicators.surveys.rounds import question
    save_reply(frame=f,question=question(a,"b_ungeplan"),seen=0,given=Given(74,90),by=u,now=now)
    save_reply(frame=f,question=question(a,"b_underret_24_timer"),seen=0,given=Given(10,90),by=u,now=now)
    c=Client(); c.force_login(u,backend="allauth.account.auth_backends.AuthenticationBackend")
    page.context.add_cookies([{"name":"sessionid" if "sessionid" in c.cookies else list(c.cookies)[0],"value":list(c.cookies.values())[0].value,"domain":"127.0.0.1","path":"/"}])
    page.goto(f"/arbejdsbord/spoergeskema/{f.pk}/")
    for wd,sc in ((360,"light"),(1280,"light"),(1280,"dark")): shoot(page,"answers",wd,sc)
    page.goto(f"/arbejdsbord/spoergeskema/{f.pk}/boern/")
    for wd,sc in ((360,"light"),(1280,"light"),(1280,"dark")): shoot(page,"section",wd,sc)
    r=c.get(f"/arbejdsbord/spoergeskema/{f.pk}/kvittering/"); Path("/tmp/sv/shots/r.pdf").write_bytes(r.content)
    for x in Wave.objects.filter(year=2032):
        Task.objects.filter(about__startswith=f"wave {x.pk}").delete(); x.delete()
    Membership.objects.filter(user=u).delete()
