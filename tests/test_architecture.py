"""The rules of the house that import-linter does not see, read from the code itself."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PACKAGES = ("portal", "indicators", "rankings")
NO_SUBJECT = {"utils", "common", "helpers", "base", "misc", "manager", "managers", "util", "helper", "shared", "lib"}
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_VIEW, LONGEST_TEMPLATE_LINE = 400, 40, 12, 120
# Where the talk ended otherwise. A list that may become shorter.
LONGER_FILES: set[str] = set()
LONGER_FUNCTIONS = {"portal/indicator/page.py:indicator_page"}
LONGER_VIEWS = {"portal/following/views.py:_ask", "portal/finding/views.py:manifest"}
# Hearings, practices, the register of services, questionnaires, what members see of a draft: rows of their own that are
# no figures of a published edition. Each is read in its own room, by the querysets of its models.
ROOMS_OF_THEIR_OWN_ROWS = {"hearing", "practices", "provisions", "surveys", "workbench"}
GALLERY = "portal/gallery/views.py"  # data for the living gallery of components, not views
Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules() -> list[Path]:
    """Every module of ours that somebody wrote."""
    found = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, Function):
            yield node


def parsed(path: Path, mentioning: str) -> ast.Module:
    """The module, or an empty one where its text says nothing of the kind: reading all of them costs a second."""
    text = path.read_text("utf-8")
    return ast.parse(text if re.search(mentioning, text) else "")


def length(function: Function) -> int:
    """Lines of a function without its decorators and docstring."""
    first = function.body[1] if len(function.body) > 1 and ast.get_docstring(function) else function.body[0]
    return (function.end_lineno or 0) - first.lineno + 1


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_the_modules_are_found() -> None:
    assert len(modules()) > 100


def test_no_file_is_longer_than_400_lines() -> None:
    lengths = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in modules()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE and name not in LONGER_FILES} == {}


def test_no_function_is_longer_than_40_lines() -> None:
    written = [path for path in modules() if name_of(path) != GALLERY]
    found = {f"{name_of(path)}:{one.name}": length(one) for path in written for one in functions(path)}
    long = {name: lines for name, lines in found.items() if lines > LONGEST_FUNCTION}
    assert {name: lines for name, lines in long.items() if name not in LONGER_FUNCTIONS} == {}


def test_views_hand_on_and_do_no_work() -> None:
    views = [path for path in modules() if path.stem.endswith("views") and name_of(path) != GALLERY]
    assert len(views) > 8
    found = {f"{name_of(path)}:{one.name}": length(one) for path in views for one in functions(path)}
    assert {name: lines for name, lines in found.items() if lines > LONGEST_VIEW and name not in LONGER_VIEWS} == {}


def test_every_module_has_a_subject() -> None:
    assert [name_of(path) for path in modules() if path.stem in NO_SUBJECT] == []


def test_no_year_stands_in_a_condition() -> None:
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in modules()
        if "demo" not in path.parts and path.stem != "demo"
        for node in ast.walk(parsed(path, r"2_?0[1-6]\d"))
        if isinstance(node, ast.Compare)
        for side in (node.left, *node.comparators)
        if isinstance(side, ast.Constant) and isinstance(side.value, int) and 2010 <= side.value <= 2060
    ]
    assert found == []


def test_rooms_of_subjects_ask_no_manager() -> None:
    """They would have to: `portal.published` lends them the models' names, for types and kinds."""
    reading = {"published", "management", "operating", "serving", "desk"}  # the desk shows what is not public
    reading |= ROOMS_OF_THEIR_OWN_ROWS
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in modules()
        if name_of(path).startswith("portal/") and path.relative_to(ROOT).parts[1] not in reading
        for node in ast.walk(parsed(path, r"\bobjects\b"))
        if isinstance(node, ast.Attribute) and node.attr == "objects"
    ]
    assert found == []


def test_markup_is_written_in_templates_and_in_one_room_of_python() -> None:
    """portal/markup for pages; portal/pictures for SVG files that stand alone."""
    names = "a|b|p|svg|path|line|rect|circle|text|t[drh]|table|li|ul|span|div|small|script|iframe"
    tag = re.compile(rf"</?({names})\b")
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in modules()
        if not {"markup", "pictures"} & set(path.parts) and path.parts[-2] != "upload"
        for tree in [parsed(path, rf"{tag.pattern}|<[\"']|\\\\[xuN]")]
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and tag.search(node.value)
        and not _is_docstring(tree, node)
    ]
    assert found == []


def _is_docstring(tree: ast.Module, node: ast.Constant) -> bool:
    """Whether a text stands alone as a statement: a docstring, also beside a constant."""
    return any(isinstance(one, ast.Expr) and one.value is node for one in ast.walk(tree))


def test_no_template_belongs_to_one_edition() -> None:
    assert [path.name for path in (ROOT / "templates").rglob("*20[0-9][0-9]*")] == []


def test_no_line_of_a_template_is_longer_than_120_but_a_single_tag() -> None:
    """The template language cannot break a tag; everything else can be broken without changing a msgid or a page."""
    alone = re.compile(r"\s*\{%(?:(?!%\}).)*%\}")
    found = [
        f"{name_of(path)}:{number}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if len(line) > LONGEST_TEMPLATE_LINE and not alone.fullmatch(line)
    ]
    assert found == []


def test_no_model_orders_itself_and_no_signal_is_connected() -> None:
    ours = [model for model in apps.get_models() if model._meta.app_label in PACKAGES]
    assert [model.__name__ for model in ours if model._meta.ordering] == []
    assert [name_of(path) for path in modules() if "@receiver(" in path.read_text("utf-8")] == []


@pytest.mark.parametrize("package", ["rankings.engine", "rankings.engine.compute", "indicators.upload.reader"])
def test_the_arithmetic_and_the_reading_load_no_django(package: str) -> None:
    code = f"import sys, {package}; print(*sorted({{m.split('.')[0] for m in sys.modules}} & {{'django', 'psycopg'}}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "")


def test_the_words_of_the_models_are_those_of_the_glossary() -> None:
    glossary = {row[0]: row[1:] for row in _rows(ROOT / "docs" / "glossary.md")}
    ours = [model for model in apps.get_models() if model._meta.app_label in PACKAGES]
    missing = [model.__name__ for model in ours if model.__name__ not in glossary]
    assert missing == []
    for model in ours:
        assert str(model._meta.verbose_name) == glossary[model.__name__][0], model.__name__


def test_every_word_of_the_glossary_is_used_in_the_code() -> None:
    code = "\n".join(path.read_text("utf-8") for path in modules())
    words = [row[0] for row in _rows(ROOT / "docs" / "glossary.md")]
    assert len(words) > 20
    assert [word for word in words if word not in code and word.lower() not in code] == []


def _rows(path: Path) -> list[list[str]]:
    lines = [line for line in path.read_text("utf-8").splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]
