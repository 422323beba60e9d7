"""Answers in, figures out.

`python -m indicators.surveys.aggregate ANSWERS.csv --questions QUESTIONS.csv --frame FRAME.csv --out RESULT.csv`.

Exit 0 when RESULT is written; exit 2 and one line on standard error when anything is wrong, and nothing is written.
"""

import argparse
import sys
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import NoReturn

from .figures import AnswersError, Rules, aggregate
from .files import read_answers, read_frame, read_questions, result_text, write_whole


class _Arguments(argparse.ArgumentParser):
    """An argument parser whose refusal is one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {' '.join(message.split())}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command. Returns the exit code."""
    parser = _Arguments(prog="surveys.aggregate", description="From the answers of a survey to its figures.")
    parser.add_argument("answers", type=Path, metavar="ANSWERS.csv", help="a row per respondent")
    parser.add_argument(
        "--questions", type=Path, metavar="QUESTIONS.csv", required=True, help="question,kind,yes,min,max"
    )
    parser.add_argument("--frame", type=Path, metavar="FRAME.csv", required=True, help="municipality,asked")
    parser.add_argument("--out", type=Path, metavar="RESULT.csv", required=True, help="written whole or not at all")
    parser.add_argument(
        "--publish-from", type=int, default=10, metavar="N", help="answers from which a figure is shown"
    )
    parser.add_argument("--rank-from", type=int, default=20, metavar="N", help="answers from which it may be ranked")
    parser.add_argument(
        "--rank-rate", type=_rate, default=Fraction(3, 10), metavar="SHARE", help="and response, 0 to 1"
    )
    chosen = parser.parse_args(arguments)
    try:
        rules = Rules(chosen.publish_from, chosen.rank_from, chosen.rank_rate)
        questions, frame = read_questions(chosen.questions), read_frame(chosen.frame)
        respondents = read_answers(chosen.answers, questions, frame)
        write_whole(chosen.out, result_text(aggregate(respondents, questions, frame, rules)))
    except AnswersError as error:
        return _refuse(str(error))
    except OSError as error:
        return _refuse(f"{error.filename}: {error.strerror}")
    return 0


def _rate(text: str) -> Fraction:
    """A decimal number as it stands: 0.3 is three tenths, so that 12 of 40 is enough."""
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number between 0 and 1") from None


def _refuse(message: str) -> int:
    print(f"surveys.aggregate: {' '.join(message.split())}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
