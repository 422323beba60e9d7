"""How far the ends of the intervals move from seed to seed, and what the shares of movement come to.

    .venv/bin/python -m tests.trials.seeds SPEC.json DATA.csv [--draws 20000] [--seeds 20]

SPEC and DATA are an edition's, from its bundle. An end's move is the distance between the lowest and the highest place
it took over the seeds; a run takes some four processor seconds."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from rankings.engine.files import read_matrix
from rankings.engine.robustness import robustness
from rankings.engine.specification import Specification


def main() -> None:
    """Print a line per kind of node and the shares at the root."""
    parser = argparse.ArgumentParser()
    parser.add_argument("spec", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--draws", type=int, default=20_000)
    parser.add_argument("--seeds", type=int, default=20)
    chosen = parser.parse_args()
    specification = Specification.from_json(json.loads(chosen.spec.read_text("utf-8")))
    matrix = read_matrix(chosen.data, specification)
    runs = [robustness(matrix, specification, draws=chosen.draws, seed=seed) for seed in range(chosen.seeds)]
    root = runs[0].nodes.index(specification.root)
    nodes = slice(len(specification.indicators), None)
    for name, part in (("root", slice(root, root + 1)), ("all nodes", nodes)):
        ends = np.concatenate([[run.low[:, part].ravel(), run.high[:, part].ravel()] for run in runs], axis=0)
        ends = ends.reshape(len(runs), 2, -1)
        moves = (ends.max(axis=0) - ends.min(axis=0))[:, ends[0, 0] > 0].ravel()
        at_most = [f"{(moves <= places).mean():.1%} at most {places}" for places in (0, 1, 2)]
        print(f"{name}: {moves.size} ends, {', '.join(at_most)}, furthest {moves.max()}")
    for number, variation in enumerate(runs[0].variations):
        shares = [run.variations[number].share[root] for run in runs]
        claimed = np.mean([run.variations[number].error[root] for run in runs])
        found = f"{min(shares):.2%} to {max(shares):.2%}, spread {np.std(shares, ddof=1):.2%}, claimed {claimed:.2%}"
        print(f"{variation.name}: {found}")


if __name__ == "__main__":
    main()
