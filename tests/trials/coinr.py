"""The audit beside COINr: correlations, alpha and principal components against the figures that its manual prints of
its example, the ASEM Sustainable Connectivity index. The data are no part of this repository: a folder with its stages.

    .venv/bin/python -m tests.trials.coinr FOLDER

Prints each documented figure, ours, and how many agree to the last digit that is documented. Figures: the articles
"Analysis" and "Weights" of COINr 1.1 (get_corr, get_corr_flags, get_cronbach, get_PCA).
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rankings.engine.audit import alpha, correlations, principal

if TYPE_CHECKING:
    from rankings.engine.matrix import Floats

RAW, NORMALISED = "stage1_raw.csv", "stage5_normalised.csv"
CORRELATIONS = (
    (RAW, "CO2", "MatCon", "0.7222051"),
    (RAW, "CO2", "PrimEner", "0.3268484"),
    (RAW, "CO2", "Renew", "-0.5986338"),
    (NORMALISED, "CPI", "FreePress", "0.761"),
    (NORMALISED, "CPI", "NGOs", "0.768"),
    (NORMALISED, "CostImpEx", "TBTs", "-0.697"),
    (NORMALISED, "RTAs", "TBTs", "-0.752"),
    (NORMALISED, "TBTs", "TIRcon", "-0.623"),
)
ALPHA_OF_P2P = "0.05126659"
PRINCIPAL_OF_SOCIAL = ("0.5398", "0.1408", "0.1065", "0.06905", "0.06614", "0.03589", "0.02003", "0.01445", "0.00737")


def main(folder: Path) -> int:
    """Compare; 1 where a figure does not agree."""
    pairs = [(f"r of {a} and {b}", documented, float(correlations(_columns(folder, stage, [a, b]))[0][0, 1]))
             for stage, a, b, documented in CORRELATIONS]  # fmt: skip
    pairs.append(("alpha of P2P", ALPHA_OF_P2P, alpha(_columns(folder, RAW, _group(folder, "P2P"))) or np.nan))
    social = _columns(folder, RAW, _group(folder, "Social"))
    whole = social[~np.isnan(social).any(axis=1)]  # as get_PCA: without the units that lack a value
    shares = zip(PRINCIPAL_OF_SOCIAL, principal(whole) or (), strict=True)
    pairs += [(f"component {number} of Social", *one) for number, one in enumerate(shares, start=1)]
    agree = 0
    for what, documented, ours in pairs:
        # R rounds some of them twice: to five decimals, then to four digits.
        same = abs(ours - float(documented)) <= 0.55 * 10.0 ** -len(documented.partition(".")[2])
        agree += same
        print(f"{what:24} {documented:>12} {ours:14.8f} {'' if same else 'DIFFERS'}")
    print(f"{agree} of {len(pairs)} documented figures agree")
    return int(agree < len(pairs))


def _group(folder: Path, name: str) -> list[str]:
    with (folder / "indicators.csv").open(encoding="utf-8", newline="") as file:
        return [row["IndCode"] for row in csv.DictReader(file) if row["Agg1"] == name]


def _columns(folder: Path, stage: str, codes: list[str]) -> Floats:
    with (folder / stage).open(encoding="utf-8", newline="") as file:
        return np.array([[float(row[code] or "nan") for code in codes] for row in csv.DictReader(file)])


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
