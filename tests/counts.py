"""Counts the number of things in a checkout: what a newcomer has to hold in mind. Measures, does not judge.

python -m tests.counts [ROOT …]     each root with its own .venv; without one, this checkout

modules         Python files of portal, rankings and indicators, without migrations; lines are theirs, blank ones too
shapes          classes that are @dataclass, NamedTuple, TypedDict or Protocol
behind a view   modules of ours that a module with views imports, and what those import, at module level (imports under
                TYPE_CHECKING and inside functions do not count, an empty __init__ neither); the median over the views
frames          functions of ours on the stack from the URL resolver to the function that writes a number as text, that
                one included and comprehensions left out, averaged over every number written on three pages
"""

import ast
import os
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

PACKAGES = ("portal", "rankings", "indicators")
SHAPES = {"NamedTuple", "Protocol", "TypedDict"}
PAGES = ("/kommune/roedovre/", "/rangliste/", "/indikator/b-omgoerelse/")
WRITERS = {
    *("number", "exact", "signed", "score", "with_unit", "percent", "difference", "number_range", "count", "of"),
    *("rank", "rank_in_text", "rank_interval", "rank_change"),
}
FORMATTING = ("portal/formatting", "portal/language/")  # where the writers are, before and after issue 12
COMPREHENSIONS = {"<listcomp>", "<genexpr>", "<dictcomp>", "<setcomp>", "<lambda>"}


class Checkout:
    """The modules of our packages under one root, by dotted name."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.trees: dict[str, ast.Module] = {}
        self.lines: dict[str, int] = {}
        for package in PACKAGES:
            for file in sorted((root / package).rglob("*.py")):
                if "migrations" not in file.parts:
                    parts = file.relative_to(root).with_suffix("").parts
                    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
                    text = file.read_text(encoding="utf-8")
                    self.trees[name], self.lines[name] = ast.parse(text), text.count("\n")
        self.packages = {name for name in self.trees if (root / name.replace(".", "/")).is_dir()}

    @property
    def modules(self) -> list[str]:
        """All but the empty files that only make a folder a package."""
        return [name for name, lines in self.lines.items() if lines]

    @property
    def shapes(self) -> Counter[str]:
        """Classes whose only work is to have fields, and those that only say which ones others have, by sort."""
        classes = (one for tree in self.trees.values() for one in ast.walk(tree) if isinstance(one, ast.ClassDef))
        return Counter(sort for one in classes if (sort := _shape(one)))

    @property
    def views(self) -> list[str]:
        """Modules that answer addresses: by where they lie, portal/views/ or a views.py of a room."""
        return [
            name
            for name in self.modules
            if name not in self.packages and (name.startswith("portal.views.") or name.endswith(".views"))
        ]

    def behind(self, name: str) -> set[str]:
        """Modules of ours that are read when this one is, itself left out."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            for other in set(self._imported(waiting.pop())) - found - {name}:
                found.add(other)
                waiting.append(other)
        return {other for other in found if self.lines[other]}

    def _imported(self, name: str) -> Iterator[str]:
        for node in _at_module_level(self.trees[name].body):
            if isinstance(node, ast.Import):
                yield from (one.name for one in node.names if one.name in self.trees)
            else:
                base = self._base(name, node)
                for one in node.names:
                    full = f"{base}.{one.name}"
                    yield from [full] if full in self.trees else [base] if base in self.trees else []

    def _base(self, name: str, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = name.split(".")
        up = node.level - (name in self.packages)
        return ".".join([*(parts[:-up] if up else parts), *([node.module] if node.module else [])])


def _shape(node: ast.ClassDef) -> str:
    names = {ast.unparse(one).partition("(")[0].rpartition(".")[2] for one in node.decorator_list}
    bases = {ast.unparse(one).partition("[")[0].rpartition(".")[2] for one in node.bases}
    return "dataclass" if "dataclass" in names else next(iter(bases & SHAPES), "")


def _at_module_level(body: list[ast.stmt]) -> Iterator[ast.Import | ast.ImportFrom]:
    for node in body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif isinstance(node, ast.If) and "TYPE_CHECKING" not in ast.unparse(node.test):
            yield from _at_module_level([*node.body, *node.orelse])
        elif isinstance(node, ast.Try):
            yield from _at_module_level([*node.body, *node.orelse, *node.finalbody])


class Depth:
    """A profiler that notes how deep each number was written: sys.setprofile(Depth(root))."""

    def __init__(self, root: Path) -> None:
        self._ours = tuple(f"{root}/{package}/" for package in PACKAGES)
        self._formatting = tuple(f"{root}/{place}" for place in FORMATTING)
        self.depths: list[int] = []
        self.deepest: tuple[int, list[str]] = (0, [])

    def __call__(self, frame: FrameType, event: str, _argument: object) -> None:
        """Note a writer that was called from outside the modules that write."""
        code = frame.f_code
        if event != "call" or code.co_name not in WRITERS or not code.co_filename.startswith(self._formatting):
            return
        if frame.f_back and frame.f_back.f_code.co_filename.startswith(self._formatting):
            return
        road = list(self._road(frame))
        self.depths.append(len(road))
        self.deepest = max(self.deepest, (len(road), road))

    def _road(self, frame: FrameType) -> Iterator[str]:
        here: FrameType | None = frame
        while here and not (
            here.f_code.co_name == "_get_response" and "django/core/handlers" in here.f_code.co_filename
        ):
            code = here.f_code
            if code.co_filename.startswith(self._ours) and code.co_name not in COMPREHENSIONS:
                yield f"{Path(code.co_filename).stem}.{code.co_name}"
            here = here.f_back


def frames(root: Path) -> None:
    """Print, for each page, how many numbers were written and how deep. Run in the checkout that is counted."""
    import logging  # noqa: PLC0415

    import django  # noqa: PLC0415

    django.setup()
    logging.disable(logging.WARNING)
    from django.test import Client  # noqa: PLC0415

    from tests import world  # noqa: PLC0415

    every: list[int] = []
    with world.inhabited():
        for page in PAGES:
            Client(headers={"host": "127.0.0.1"}).get(page)  # what is read once a process is no part of the road
            depth = Depth(root)
            sys.setprofile(depth)
            answer = Client(headers={"host": "127.0.0.1"}).get(page)
            sys.setprofile(None)
            if answer.status_code != 200 or not depth.depths:
                sys.exit(f"{page}: {answer.status_code}, {len(depth.depths)} numbers")
            every += depth.depths
            mean = statistics.mean(depth.depths)
            sys.stdout.write(
                f"  {page:<28}{len(depth.depths):>5} numbers, {mean:.1f} frames, most {depth.deepest[0]}:\n"
            )
            sys.stdout.write(f"    {' → '.join(reversed(depth.deepest[1]))}\n")
    sys.stdout.write(f"frames from address to number   {statistics.mean(every):.1f} on average of {len(every)}\n")


def report(root: Path) -> None:
    """Print the counts of one checkout."""
    checkout = Checkout(root)
    behind = {name: len(checkout.behind(name)) for name in checkout.views}
    lines, modules, shapes = sum(checkout.lines.values()), len(checkout.modules), checkout.shapes.total()
    by_package = Counter(name.partition(".")[0] for name in checkout.modules)
    sorts = ", ".join(f"{sort} {amount}" for sort, amount in checkout.shapes.most_common())
    most = ", ".join(f"{name} {amount}" for name, amount in Counter(behind).most_common(3))
    median = statistics.median(behind.values())
    sys.stdout.write(
        f"{root}\nmodules                         {modules} ({', '.join(f'{k} {v}' for k, v in by_package.items())}; "
        f"{len(checkout.trees) - modules} empty __init__ not counted)\n"
        f"lines, a module                 {lines}, {lines / modules:.0f}\n"
        f"shapes, lines for each          {shapes}, {lines / max(shapes, 1):.0f} ({sorts})\n"
        f"modules behind a view           {median:g} (median of {len(behind)}; most: {most})\n"
    )
    sys.stdout.flush()
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(root)}
    command = [str(root / ".venv" / "bin" / "python"), __file__, "--frames"]
    done = subprocess.run(command, cwd=root, env=environment, check=False, capture_output=True, text=True)
    sys.stdout.write(done.stdout if not done.returncode else f"no frames: {done.stderr[-500:]}\n")


if __name__ == "__main__":
    if sys.argv[1:] == ["--frames"]:
        sys.path[0] = str(Path.cwd())  # else this file's folder, and not the checkout that is counted
        frames(Path.cwd())
    else:
        for one in sys.argv[1:] or [str(Path(__file__).parents[1])]:
            report(Path(one).resolve())
