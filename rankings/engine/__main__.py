"""`python -m rankings.engine SPEC.json DATA.csv --out RESULT.csv [--robustness OUT.csv] …`: scores, ranks and how sure
they are, without Django.

Exit 0 when RESULT is written; exit 2 and one line on standard error when anything is wrong, and nothing is
written.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from rankings.engine import files
from rankings.engine.audit import audit
from rankings.engine.compute import compute
from rankings.engine.matrix import DataError
from rankings.engine.robustness import robustness
from rankings.engine.specification import Specification, SpecificationError

if TYPE_CHECKING:
    from collections.abc import Sequence


class _Arguments(argparse.ArgumentParser):
    """An argument parser whose refusal is one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command. Returns the exit code."""
    parser = _Arguments(prog="rankings.engine", description="Compute an index from a specification and a table.")
    parser.add_argument("spec", type=Path, metavar="SPEC.json", help="the specification, see docs/engine.md")
    parser.add_argument("data", type=Path, metavar="DATA.csv", help="a row per unit, a column per indicator")
    parser.add_argument("--weights", type=Path, metavar="FILE", help="CSV of code,weight; replaces declared weights")
    parser.add_argument("--out", type=Path, metavar="RESULT.csv", required=True, help="written whole or not at all")
    parser.add_argument("--without", metavar="SOURCE", help="leave the indicators of this source out altogether")
    parser.add_argument("--robustness", type=Path, metavar="OUT.csv", help="intervals of the ranks: unit, node, low …")
    parser.add_argument("--audit", type=Path, metavar="OUT.json", help="what each part really does to the index")
    parser.add_argument("--conditions", type=Path, metavar="FILE", help="CSV of structural conditions, for --audit")
    parser.add_argument("--widths", type=Path, metavar="FILE", help="CSV of unit,indicator,low,high, for --audit")
    parser.add_argument("--errors", type=Path, metavar="FILE", help="CSV of unit,indicator,low,high: values are drawn")
    chosen = parser.parse_args(arguments)
    try:
        run(chosen)
    except SpecificationError as error:
        return _refuse(f"{chosen.spec.name}: {error}")
    except DataError as error:
        return _refuse(str(error))
    except OSError as error:
        return _refuse(f"{error.filename}: {error.strerror}")
    return 0


def run(chosen: argparse.Namespace) -> None:
    """Read, compute, write. Raises SpecificationError, DataError or OSError before anything is written."""
    whole = Specification.from_json(_json(chosen.spec))
    matrix = files.read_matrix(chosen.data, whole)
    errors = None if chosen.errors is None else files.read_errors(chosen.errors, whole, matrix)
    specification = _changed(whole, chosen)
    outcome = compute(matrix, specification)
    texts = {chosen.out: files.result_text(outcome, specification.unit)}
    wanted = [path for path in (chosen.out, chosen.robustness, chosen.audit) if path is not None]
    if len(set(wanted)) < len(wanted):
        raise DataError(f"{wanted[-1].name}: two results in one file")
    conditions = None if chosen.conditions is None else files.read_conditions(chosen.conditions, whole, matrix)
    widths = None if chosen.widths is None else files.read_errors(chosen.widths, whole, matrix)
    if chosen.audit is not None:
        audited = audit(matrix, specification, conditions, widths)
        texts[chosen.audit] = json.dumps(audited, ensure_ascii=False, indent=1) + "\n"
    if chosen.robustness is not None:
        found = robustness(matrix, specification, errors=errors)
        texts[chosen.robustness] = files.robustness_text(found, outcome, errors=errors is not None)
    files.write_all(texts)


def _changed(specification: Specification, chosen: argparse.Namespace) -> Specification:
    if chosen.weights is not None:
        try:
            specification = specification.with_weights(files.read_weights(chosen.weights))
        except SpecificationError as error:
            raise DataError(f"{chosen.weights.name}: {error}") from error
    return specification if chosen.without is None else specification.without(chosen.without)


def _json(path: Path) -> object:
    try:
        return json.loads(path.read_bytes().decode("utf-8-sig"), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        message = " ".join(str(error).split())
        raise SpecificationError("", f"not JSON: {message}") from error


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result: dict[str, object] = {}
    for key, value in pairs:
        if key in result:
            raise ValueError(f"the key {key!r} stands twice in one object")
        result[key] = value
    return result


def _refuse(message: str) -> int:
    print(f"rankings.engine: {' '.join(message.split())}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
