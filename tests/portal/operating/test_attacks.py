"""One test, or more, for each way in that was thought of."""

import ast
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings as site
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from indicators.models import Upload
from tests.accounts import PASSWORD, Person, SignIn, code

PAGE = "/kommune/roedovre/"
BASE = Path(site.BASE_DIR)


@pytest.fixture
def kept_pages(db: None, settings: Any, tmp_path: Path) -> None:
    settings.CACHE_PAGES, settings.RELEASE_POLL, settings.VAR_DIR = True, 0, tmp_path
    settings.SITE_ADDRESS, settings.ALLOWED_HOSTS = "http://testserver", ["testserver", "www.testserver"]


# Host header


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "testserver@evil.example", "a b"])
def test_an_unknown_host_gets_nothing_not_even_from_memory(kept_pages: None, host: str) -> None:
    client = Client()
    client.get(PAGE)
    answer = client.get(PAGE, headers={"Host": host})
    assert (answer.status_code, b"R\xc3\xb8dovre" in answer.content) == (400, False)


# Methods


@pytest.mark.parametrize("path", [PAGE, "/rangliste/", "/robots.txt", "/redaktion/", "/sundhed/live", "/static/x.css"])
@pytest.mark.parametrize("method", ["TRACE", "FINDS-IKKE"])
def test_a_method_that_nobody_knows_is_refused(client: Client, db: None, path: str, method: str) -> None:
    answer = client.generic(method, path)
    assert answer.status_code in {404, 405}
    assert answer.status_code == 404 or "GET" in answer["Allow"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_a_page_can_be_read_and_nothing_else(kept_pages: None, method: str) -> None:
    answer = Client(enforce_csrf_checks=True).generic(method, PAGE)
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert answer["X-Content-Type-Options"] == "nosniff"


# Cache poisoning


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-Proto": "evil"},
        {"X-Original-URL": "/evil"},
        {"X-Rewrite-URL": "/evil"},
        {"Forwarded": "host=evil.example"},
        {"Accept-Language": "en", "Accept": "evil/evil"},
        {"Cookie": "sessionid=evil; csrftoken=evil; django_language=en"},
        {"User-Agent": "evil", "Referer": "https://evil.example/"},
    ],
)
def test_what_the_first_visitor_sends_is_in_nobodys_page(kept_pages: None, headers: dict[str, str]) -> None:
    clean = Client().get(PAGE)
    poisoned = Client().get("/rangliste/", headers=headers)
    later = Client().get("/rangliste/")
    assert [answer.status_code for answer in (clean, poisoned, later)] == [200, 200, 200]
    assert "Rødovre" in later.text
    assert poisoned.content == later.content
    assert b"evil" not in later.content
    assert "evil" not in str(later.headers)
    assert clean["Vary"] == later["Vary"] == "Accept-Encoding"


def test_every_allowed_host_gets_the_page_written_for_the_sites_address(kept_pages: None) -> None:
    first = Client().get(PAGE, headers={"Host": "www.testserver"})
    assert "www.testserver" not in first.text
    assert Client().get(PAGE).content == first.content


def test_invented_parameters_are_not_in_the_page(kept_pages: None) -> None:
    for query in ("utm_source=evil", "fbclid=evil"):
        answer = Client().get(f"{PAGE}?{query}")
        assert answer.status_code == 200
        assert answer.content == Client().get(PAGE).content
        assert "evil" not in answer.text


def test_a_signed_in_persons_page_is_never_kept(kept_pages: None, person: Person, signed_in: SignIn) -> None:
    answer = signed_in(person("anna", superuser=True)).get(reverse("admin:index"))
    assert "no-store" in answer["Cache-Control"] or "private" in answer["Cache-Control"]
    assert "Cache-Status" not in answer


# Open redirect

ELSEWHERE = ["https://evil.example/", "//evil.example", "/\\evil.example", "https:evil.example", "javascript:alert(1)"]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_sent_elsewhere_after_signing_in(person: Person, client: Client, target: str) -> None:
    """A real sign-in by both steps, asked for with the address in both ways that forms have."""
    person("anna", superuser=True)
    given = {"login": "anna", "password": PASSWORD, "next": target}
    where = f"?{urlencode({'next': target})}"
    answers = [client.get(f"{reverse('admin:login')}{where}")]
    answers += [client.post(f"{reverse('account_login')}{where}", given)]
    answers += [client.post(f"{reverse('mfa_authenticate')}{where}", {"code": code(), "next": target})]
    for answer in answers:
        assert answer.status_code == 302
        assert re.match(r"/redaktion/[a-z/]*(\?|$)", answer["Location"]), answer["Location"]
    assert client.get(reverse("admin:index")).status_code == 200


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_who_is_signed_in_is_sent_elsewhere(person: Person, signed_in: SignIn, target: str) -> None:
    client = signed_in(person("anna", superuser=True))
    for name in ("admin:login", "account_login", "mfa_reauthenticate"):
        answer = client.get(reverse(name), {"next": target})
        assert "evil" not in answer.get("Location", "")
        assert "javascript" not in answer.get("Location", "")


@pytest.mark.parametrize("path", ["///evil.example", "///evil.example/..", "/%2F%2Fevil.example", "/\\evil.example/x"])
def test_an_address_without_its_slash_does_not_lead_elsewhere(client: Client, db: None, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in {301, 302, 400, 404}
    assert not re.match(r"(https?:)?(//|/\\)evil", answer.get("Location", ""))


# Path traversal


@pytest.mark.parametrize(
    "path",
    [
        "/static/../manage.py",
        "/static/%2e%2e/manage.py",
        "/static/..%2f..%2fetc/passwd",
        "/static//etc/passwd",
        "/never-served/uploads/x",
        "/kommune/..%2f..%2fetc%2fpasswd/",
        "/2025/../../etc/passwd",
        "/static/css/foundation.css%00.png",
    ],
)
@pytest.mark.usefixtures("_unchanged")
def test_no_path_leads_to_a_file_of_ours(client: Client, db: None, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in {301, 302, 400, 404}
    assert b"root:" not in answer.getvalue()


def test_uploaded_files_have_no_address(client: Client, db: None) -> None:
    upload = Upload.objects.newest_first()[0]
    content = Path(upload.file.path).read_bytes()
    assert content
    for base in ("/", site.MEDIA_URL, site.STATIC_URL, "/media/", "/files/", "/uploads/", "/var/files/", "/download/"):
        for name in (upload.file.name, Path(upload.file.path).name, upload.sha256, str(upload.pk)):
            answer = client.get(f"{base}{name}")
            assert answer.status_code == 404, f"{base}{name}"
            assert content[:200] not in answer.getvalue()
    own = client.get(reverse("admin:indicators_upload_file", args=[upload.pk]))
    assert (own.status_code, own["Location"].partition("?")[0]) == (302, reverse("admin:login"))


# SSRF: the site asks nobody for anything; letters go through Django to the mail server that the operator named.
# One door leads out, to the publishers that the catalogue names (tests/indicators/sources/test_collecting.py); the
# worker and commands go through it, and no page.

THE_DOOR = BASE / "indicators" / "sources" / "collecting.py"
CALLING = {"requests", "httpx", "urllib3", "aiohttp", "http.client", "urllib.request", "socket", "ftplib"}


def test_no_code_of_the_site_can_call_another_machine() -> None:
    for path in [*BASE.glob("portal/**/*.py"), *BASE.glob("indicators/**/*.py"), *BASE.glob("rankings/**/*.py")]:
        text = path.read_text()
        if not any(name in text for name in CALLING):
            continue
        for node in ast.walk(ast.parse(text)):
            names = []
            if isinstance(node, ast.Import):
                names = [one.name for one in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            assert path == THE_DOOR or not CALLING & set(names), f"{path} imports {names}"


@pytest.mark.parametrize("name", ["url", "u", "src", "href", "callback", "next", "file"])
@pytest.mark.usefixtures("_unchanged")
def test_an_address_in_a_parameter_changes_nothing(client: Client, db: None, name: str) -> None:
    plain = client.get("/rangliste/").text
    assert "169.254.169.254" not in plain
    answer = client.get("/rangliste/", {name: "http://169.254.169.254/latest/meta-data/"})
    assert answer.status_code == 200
    assert answer.text == plain


# Header injection


@pytest.mark.parametrize("text", ["x\r\nSet-Cookie: evil=1", "x%0d%0aSet-Cookie:%20evil=1", "x\nLocation: //evil"])
@pytest.mark.usefixtures("_unchanged")
def test_no_line_of_a_visitor_becomes_a_header(client: Client, db: None, text: str) -> None:
    for address in ("/soeg/", "/rangliste/", "/rangliste.csv", PAGE):
        answer = client.get(address, {"q": text, "sorter": text, "omraade": text})
        assert "evil" not in str({name: value for name, value in answer.items() if name != "Location"})
        assert not answer.cookies
        assert "\n" not in answer.get("Location", "")


# ReDoS and its like


@pytest.mark.parametrize(
    "text",
    ["a" * 50_000, "æ" * 20_000, "(" * 5_000, "-" * 50_000, "%" * 9_000, " " * 50_000, "1," * 20_000, "0" * 9_999],
)
@pytest.mark.usefixtures("_unchanged")
def test_a_long_or_nasty_question_is_answered_at_once(client: Client, db: None, text: str) -> None:
    for address, name in (("/soeg/", "q"), ("/soeg/forslag/", "q"), ("/rangliste/", "sorter"), ("/", "omraade")):
        start = time.process_time()
        assert client.get(address, {name: text}).status_code in {200, 400, 404, 414}
        assert time.process_time() - start < 1.5


@pytest.mark.usefixtures("_unchanged")
def test_a_thousand_parameters_are_refused_or_answered_at_once(client: Client, db: None) -> None:
    start = time.process_time()
    answer = client.get("/rangliste/", {f"p{number}": "1" for number in range(2000)})
    assert answer.status_code in {200, 400}
    assert time.process_time() - start < 1.5


# Mass assignment


def test_a_form_takes_only_its_own_fields(person: Person, signed_in: SignIn) -> None:
    """With everything else right, so that what is saved is saved."""
    user = person("anna", "data steward")
    client, stranger = signed_in(user), Client()
    every = {str(one.pk) for one in Group.objects.all()} | {"1"}
    more = {"is_superuser": "1", "is_staff": "1", "groups": sorted(every), "user_permissions": "1", "username": "root"}
    new = f"{PASSWORD} og mere"
    changed = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post(reverse("account_change_password"), changed | more).status_code == 302
    assert stranger.post(reverse("account_login"), {"login": "anna", "password": new} | more).status_code == 302
    assert stranger.post(reverse("mfa_authenticate"), {"code": code()} | more).status_code == 302
    assert client.post(reverse("account_reauthenticate"), {"password": new} | more).status_code == 302
    user.refresh_from_db()
    assert user.check_password(new)
    assert (user.username, user.is_superuser) == ("anna", False)
    assert [group.name for group in user.groups.all()] == ["data steward"]
    assert not user.user_permissions.exists()
    assert not User.objects.filter(username="root").exists()


def test_no_form_is_made_of_all_fields_of_a_model() -> None:
    for path in [*BASE.glob("portal/**/*.py"), *BASE.glob("indicators/**/*.py"), *BASE.glob("rankings/**/*.py")]:
        assert not re.search(r"fields\s*=\s*[\"']__all__|exclude\s*=\s*\[\s*\]", path.read_text()), path


# CSRF


def test_every_form_of_the_admin_wants_its_token(person: Person, signed_in: SignIn) -> None:
    session = signed_in(person("anna", superuser=True)).cookies["sessionid"].value
    client = Client(enforce_csrf_checks=True)
    client.cookies["sessionid"] = session
    names = ("admin:auth_user_add", "account_change_password", "mfa_activate_totp", "account_logout")
    for name in names:
        assert client.post(reverse(name), {"username": "evil"}).status_code == 403, name
    assert client.post(reverse("account_login"), {"login": "a", "password": "b"}).status_code == 403


# Headers and start


@pytest.mark.usefixtures("_unchanged")
def test_every_answer_carries_the_careful_headers(client: Client, db: None) -> None:
    for address in (PAGE, "/rangliste/", "/findes-ikke/", reverse("account_login")):
        headers = client.get(address).headers
        policy = headers["Content-Security-Policy"]
        assert "unsafe-inline" not in policy
        assert "unsafe-eval" not in policy
        assert "default-src 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]
        assert headers["Referrer-Policy"] in {"strict-origin-when-cross-origin", "same-origin"}
        assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.usefixtures("_unchanged")
def test_no_page_has_an_inline_script_or_style(client: Client, db: None, person: Person, signed_in: SignIn) -> None:
    inside = signed_in(person("anna", superuser=True))
    pages = [client.get(address).text for address in (PAGE, "/", "/rangliste/", reverse("account_login"))]
    for name in ("admin:index", "admin:auth_user_changelist", "admin:auth_user_add", "mfa_index"):
        answer = inside.get(reverse(name), follow=True)
        assert not answer.redirect_chain
        pages += [answer.text]
    for text in pages:
        assert not re.search(r"<script(?![^>]*(src=|type=\"application/(ld\+)?json\"))[^>]*>", text)
        assert not re.search(r"<style[\s>]|\sstyle=\"|\son[a-z]+=\"", text)
        assert "javascript:" not in text


def start(code: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    plain = {name: os.environ[name] for name in ("PATH", "HOME", "VAR_DIR") if name in os.environ}
    code = f"import django; django.setup(); {code}"
    env = plain | {"DJANGO_SETTINGS_MODULE": "portal.settings", "DATABASE_URL": "postgresql:///x"} | environment
    return subprocess.run([sys.executable, "-c", code], cwd=BASE, env=env, capture_output=True, text=True, check=False)


def test_wrong_codes_are_counted_by_all_processes_together() -> None:
    code = "from django.conf import settings; print(settings.CACHES['default']['BACKEND'])"
    key = "Zq3_8fKp-1mYt6Wc9Rv2Bn5Xs7Dj4Gh0LaEuIoQwTzPkMxCvNb"
    assert "db.DatabaseCache" in start(code, SECRET_KEY=key, ALLOWED_HOSTS="x.example").stdout


@pytest.mark.parametrize(
    "key", ["", "short", "a" * 60, "django-insecure-0123456789abcdefghijklmnopqrstuvwxyz0123456789"]
)
def test_the_site_does_not_start_with_a_weak_key(key: str) -> None:
    ended = start(SECRET_KEY=key, ALLOWED_HOSTS="x.example")
    assert ended.returncode != 0
    assert "SECRET_KEY" in ended.stderr


@pytest.mark.parametrize("password", ["postgres", "password", "changeme", "socialt_indeks"])
def test_the_site_does_not_start_with_a_database_password_that_is_guessed_first(password: str) -> None:
    key = "Zq3_8fKp-1mYt6Wc9Rv2Bn5Xs7Dj4Gh0LaEuIoQwTzPkMxCvNb"
    url = f"postgresql://socialt_indeks:{password}@db:5432/x"
    ended = start(SECRET_KEY=key, ALLOWED_HOSTS="x.example", DATABASE_URL=url)
    assert ended.returncode != 0
    assert "DATABASE_URL" in ended.stderr
