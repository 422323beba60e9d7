"""Makes the product wrong on purpose, one fault at a time, and says which faults the tests do not notice.

DJANGO_SETTINGS_MODULE=tests.settings python -m tests.trials.mutations [WORD …]     (those that name one of the words)

Each fault is a line of FAULTS: a text of the product and what stands there instead. It is put into a copy of the
checkout, the tests around it run there until one fails, and the copy is mended. A fault that no test notices has
survived: a hole in the proofs, or a fault that is none. The world is the one of the checkout without faults, for a
fault in a page or a sentence leaves the data alone. A text that is not there exactly once is an error of this list.
"""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import django

ROOT = Path(__file__).parents[2]
PAGES, SECRET = "tests/test_every_page.py", "tests/portal/test_drafts_are_secret.py"
ATTACKS = "tests/portal/operating/test_attacks.py"
ADMIN = "tests/portal/operating/test_roles.py tests/indicators/admin tests/portal/operating"
SERVICES = "tests/rankings/test_editions.py"
EYES, PRESS = "tests/rankings/test_four_eyes.py", "tests/portal/press/test_embargo.py"
HEARING, WORKBENCH = "tests/rankings/hearing tests/portal/hearing", "tests/portal/workbench tests/portal/surveys"
LANGUAGE = "tests/portal/language"
WORDS = f"{LANGUAGE}/test_numbers.py {LANGUAGE}/test_sentence.py tests/portal/municipality tests/portal/ranking"
PUBLIC, ALL = "Edition.objects.ever_published()", "Edition.objects.all()"
OF_ROOMS, ALL_OF_ROOMS = "ever_published()", "ever_published().model.objects.all()"


class Fault(NamedTuple):
    """What is wrong, in which file, the text there, the other one, and pytest's words for the tests around it."""

    what: str
    file: str
    old: str
    new: str
    tests: str


def hidden(file: str, line: str) -> Fault:
    """A list that shows drafts too."""
    shown = line.replace(PUBLIC, ALL) if PUBLIC in line else line.replace(OF_ROOMS, ALL_OF_ROOMS)
    return Fault(f"view: drafts are listed by {file}", file, line, shown, SECRET)


FAULTS = (
    # views
    Fault(
        "view: two municipalities answer 404",
        "portal/municipality/views.py",
        "    page = municipality_page(",
        '    get_object_or_404(Municipality.objects.exclude(slug__in=["vejle", "ishoej"]), slug=slug)\n'
        "    page = municipality_page(",
        f"{PAGES} -k municipality_has",
    ),
    hidden("portal/api/catalogue.py", f"[_edition(one) for one in {OF_ROOMS}"),
    hidden("portal/api/dcat.py", f"list({OF_ROOMS}"),
    hidden("portal/published/edition.py", f'list({OF_ROOMS}.order_by("-published_at", "-pk")'),
    hidden("portal/texts/page.py", f"in {OF_ROOMS}"),
    hidden("portal/published/edition.py", f"return {PUBLIC}.newest_first()"),
    hidden("portal/published/edition.py", f"editions = {PUBLIC}.annotate"),
    Fault(
        "view: uploaded files are served",
        "portal/urls.py",
        "urlpatterns: list[URLPattern | URLResolver] = [",
        "from django.views.static import serve\n"
        "urlpatterns: list[URLPattern | URLResolver] = [\n"
        '    path("media/<path:name>", lambda request, name: serve(request, name, settings.MEDIA_ROOT)),',
        f"{ATTACKS} -k uploaded",
    ),
    Fault(
        "view: forward and backward are exchanged on the impact page",
        "templates/admin/editions/impact.html",
        '{% translate "frem" %}{% elif mover.places < 0 %}{{ mover.lost }}\n{% translate "tilbage" %}',
        '{% translate "tilbage" %}{% elif mover.places < 0 %}{{ mover.lost }}\n{% translate "frem" %}',
        "tests/indicators/admin -k impact",
    ),
    Fault("view: every page may be framed", "portal/settings.py",
          '"frame-ancestors": [NONE]', '"frame-ancestors": ["*"]', f"{PAGES} -k whole"),
    Fault(
        "view: an address in a parameter comes back in the page",
        "portal/ranking/views.py",
        '    page["without"] = ',
        '    page["title"] += request.META["QUERY_STRING"]\n'
        '    page["without"] = ',
        f"{ATTACKS} -k parameter",
    ),
    Fault("view: a ranking's file leaves its filters out", "portal/downloads/views.py",
          "subject(level, code), request.GET)", "subject(level, code), request.GET.__class__())",
          "tests/portal/downloads"),
    Fault("view: a figure may be called wrong as often as one likes", "portal/hearing/views.py",
          'if seconds_to_wait("wrong", request, settings.QUESTIONS_AN_HOUR, HOUR):', "if HOUR is None:",
          "tests/portal/hearing"),
    Fault("view: an embed of a year calls itself old as a pinned one does", "portal/frame/of_an_edition.py",
          'if shown.is_newest or not shown.prefix.startswith("@"):', "if shown.is_newest:", "tests/portal/embeds"),
    # services
    Fault("service: one person publishes her own figures", "rankings/services/editions.py",
          "if settings.FOUR_EYES and (own", "if not settings.FOUR_EYES and (own", EYES),
    Fault("service: a correction needs no reason", "rankings/services/editions.py",
          'if not reason.strip():\n        msg = _("En rettelse',
          'if reason is None:\n        msg = _("En rettelse', SERVICES),
    Fault("service: two corrections of a year at once", "rankings/services/editions.py",
          'exists():\n        msg = _("En rettelse af', 'none():\n        msg = _("En rettelse af', SERVICES),
    Fault("service: figures that are public stop their steward for ever", "rankings/services/editions.py",
          '.exclude(pk__in=public.values("upload"))', "", EYES),
    Fault("service: an edition takes its figures from the oldest year", "rankings/method.py",
          "max(newest.get(code, 0), year)", "min(newest.get(code, year), year)", SERVICES),
    Fault("service: warnings need no yes", "indicators/services/apply.py",
          "    if lacking:\n", "    if lacking is None:\n",
          "tests/indicators/admin tests/indicators/services/test_apply.py -k warning"),
    Fault("service: an expired press link opens", "rankings/services/embargo.py",
          "link.withdrawn_at is not None or now >= link.expires_at", "link.withdrawn_at is not None", PRESS),
    Fault("service: a withdrawn press link opens", "rankings/services/embargo.py",
          "link.withdrawn_at is not None or now >= link.expires_at", "now >= link.expires_at", PRESS),
    Fault("service: an opening of a press link is not logged", "rankings/services/embargo.py",
          "    PressLinkOpening.objects.create(link=link, at=now, what=what[:200], refused=refused)\n", "", PRESS),
    Fault("service: a public edition gets a press link", "rankings/services/embargo.py",
          "if not edition.is_open or edition.computed_at is None:", "if edition.computed_at is None:", PRESS),
    Fault("service: a new follower is told of everything that was public", "rankings/services/following.py",
          f"known = {PUBLIC}", "known = Edition.objects.none()", "tests/portal/following -k follower"),
    Fault("service: one rules on the figure that one reported", "rankings/hearing/services/ruling.py",
          "if by.pk in {figure.upload.uploaded_by_id, figure.upload.applied_by_id}:", "if by.pk is None:", HEARING),
    Fault("service: a reader's address is kept after the ruling", "rankings/hearing/services/ruling.py",
          'reader, flag.reader_email = flag.reader_email, ""', "reader = flag.reader_email", HEARING),
    # permissions
    Fault("permission: a member speaks for every organisation", "portal/workbench/members.py",
          "Organisation.objects.spoken_for_by(request.user, timezone.now())", "Organisation.objects.all()", WORKBENCH),
    Fault("permission: every role may approve", "portal/workbench/members.py",
          "return MemberRole.APPROVER in roles", "return bool(roles)", WORKBENCH),
    Fault("permission: an editor may publish", "portal/operating/roles.py",
          "    EDITOR: VIEW_FIGURES\n", '    EDITOR: VIEW_FIGURES | {"rankings.publish_edition"}\n', ADMIN),
    Fault("permission: whoever is in the admin may do every step of an upload", "indicators/admin/uploads.py",
          " or not request.user.has_perms(permissions)", "", ADMIN),
    Fault("permission: everybody in the admin may hand in", "indicators/admin/uploads.py",
          "return request.user.has_perm(ADD)", "return True", ADMIN),
    Fault("permission: a password alone opens the admin", "portal/operating/admin_site.py",
          "super().has_permission(request) and has_second_factor(request)", "super().has_permission(request)", ADMIN),
    Fault("permission: roles keep what was given to them by hand", "portal/operating/roles.py",
          "group.permissions.set(", "group.permissions.add(*", "tests/portal/operating/test_roles.py"),
    # sentences
    Fault("sentence: a move inside its uncertainty is called one", "portal/press/national_rules.py",
          "if one.clear and one.change]", "if one.change]", "tests/portal/press"),
    Fault("sentence: a clear fall is none", "rankings/engine/rank.py", "return up or down", "return up",
          "tests/portal/published/test_rows.py tests/portal/press"),
    Fault("sentence: what a rank rests on is left out", "portal/language/phrases.py",
          "or known >= LITTLE_COVERAGE:", "or known >= 0.0:", f"{WORDS} tests/portal/test_coverage_said.py"),
    Fault("sentence: higher is called lower", "portal/language/formatting.py",
          '"higher_is_better": "højere er bedre"', '"higher_is_better": "lavere er bedre"', WORDS),
    Fault("sentence: a move goes the other way", "portal/language/formatting.py",
          "words.up if moved > 0 else words.down", "words.down if moved > 0 else words.up", WORDS),
    Fault("sentence: an interval is turned round", "portal/language/formatting.py",
          "words.between.format(low, high)", "words.between.format(high, low)", WORDS),
    Fault("sentence: a score is printed without its decimal", "portal/language/formatting.py",
          "return number(value, 1, language)", "return number(value, 0, language)", WORDS),
    Fault("sentence: confidential is called not reported", "portal/language/formatting.py",
          '"suppressed": "for få til at vise"', '"suppressed": "ikke indberettet"', f"{WORDS} tests/portal/trace"),
    Fault("sentence: a fall gets a plus", "portal/language/formatting.py",
          'return f"+{text}" if rounded(value, decimals) > 0 else text', 'return f"+{text}" if text else text', WORDS),
    Fault("sentence: one more was ranked than was", "portal/language/formatting.py",
          'return f"{_words(language).of} {n}"', 'return f"{_words(language).of} {n + 1}"', WORDS),
    Fault("sentence: the smallest cause is the main one", "portal/language/phrases.py",
          "max(helping, key=", "min(helping, key=", WORDS),
    Fault("sentence: a rank that cannot move is said to move", "portal/language/phrases.py",
          "    if own.low == own.high:\n", "    if own.low is None:\n", WORDS),
    Fault("sentence: editions by two methods are compared", "portal/language/phrases.py",
          "    if not facts.comparable:\n", "    if facts.comparable is None:\n", WORDS),
    Fault("sentence: of a missing rank the needed share is said to be there", "portal/language/phrases.py",
          '            "share": coverage(place.coverage)', '            "share": coverage(COVERAGE_OF_METHOD)',
          f"{WORDS} tests/portal/published"),
)  # fmt: skip


def copied(folder: Path) -> Path:
    """The checkout's files, with its environment and its var, which are not changed."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in [*listed.stdout.splitlines(), *(str(one.relative_to(ROOT)) for one in ROOT.glob("locale/*/*/*.mo"))]:
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    for name in (".venv", "var"):
        (folder / name).symlink_to(ROOT / name)
    return folder


def survives(fault: Fault, folder: Path, environment: dict[str, str]) -> bool:
    """Whether all tests around it pass with the fault in. Raises LookupError where its text is not there once."""
    path = folder / fault.file
    sound = path.read_text(encoding="utf-8")
    if sound.count(fault.old) != 1:
        raise LookupError(f"{fault.file} has {sound.count(fault.old)} × {fault.old!r}")
    path.write_text(sound.replace(fault.old, fault.new), encoding="utf-8")
    command = [
        str(ROOT / ".venv/bin/python"),
        "-m",
        "pytest",
        "-n0",
        "-x",
        "-p",
        "no:cacheprovider",
        *shlex.split(fault.tests),
    ]
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    path.write_text(sound, encoding="utf-8")
    told = [line for line in ended.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    noticed = next((line for line in told if "::" in line), "")  # a file that cannot be read proves nothing
    if noticed:
        sys.stdout.write(f"             {noticed[:150]}\n")
    elif ended.returncode:
        raise LookupError(f"{fault.what}: the tests did not run\n{ended.stdout[-800:]}{ended.stderr[-800:]}")
    return not noticed


def tried(faults: list[Fault]) -> Iterator[tuple[Fault, str]]:
    """Each fault and what came of it."""
    django.setup()
    from django.conf import settings

    from tests import world

    with world.inhabited(), tempfile.TemporaryDirectory(prefix="mutations-") as temporary:
        folder = copied(Path(temporary))
        environment = os.environ | {"WORLD_OF_TESTS": world.fingerprint(), "VAR_DIR": str(settings.VAR_DIR)}
        for fault in faults:
            try:
                yield fault, "SURVIVED" if survives(fault, folder, environment) else "noticed"
            except LookupError as error:
                yield fault, f"not tried: {error}"


def main(words: list[str]) -> int:
    """Try the faults and print the survivors; how many there are, or could not be tried."""
    begun, left = time.monotonic(), 0
    faults = [fault for fault in FAULTS if not words or any(word in fault.what for word in words)]
    for fault, outcome in tried(faults):
        left += outcome != "noticed"
        sys.stdout.write(f"{outcome:<12} {fault.what}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{len(faults)} faults, {left} survived or not tried, {time.monotonic() - begun:.0f} s\n")
    return left


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
