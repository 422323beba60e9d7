"""How fast answers become figures, and what 500 people at once meet. Measures, does not judge.

    .venv/bin/python -m tests.benchmarks.surveys [--load]

20 000 and 100 000 respondents × 11 questions are aggregated; 98 municipalities × 31 answers are closed. With `--load`
500 people send their answers within a minute to the services in an open loop (each at a moment drawn beforehand,
whatever others do), 16 at a time at most: how many are kept, and the 99th percentile from that moment on."""

from __future__ import annotations

import os
import random
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from indicators.surveys.aggregate import Kind, Question, Respondent, Rules, aggregate

if TYPE_CHECKING:
    from collections.abc import Callable

RESPONDENTS, QUESTIONS, PEOPLE, SECONDS = (20_000, 100_000), 11, 500, 60


def timed(what: str, work: Callable[[], object]) -> None:
    """Print how long something takes: by the clock and by the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    sys.stdout.write(
        f"{what}: {time.perf_counter() - clock:.2f} s, of the processor {time.process_time() - processor:.2f} s\n"
    )


def aggregated(respondents: int) -> None:
    """So many respondents in 98 municipalities, six scales and five shares."""
    chance = random.Random(1)
    questions = [
        Question(f"q{n}", Kind.MEAN, low=1, high=5) if n < 6 else Question(f"q{n}", Kind.SHARE, yes="1")
        for n in range(QUESTIONS)
    ]
    people = [
        Respondent(
            str(chance.randrange(98)),
            {q.code: float(chance.randint(1, 5)) if q.kind is Kind.MEAN else chance.choice("01") for q in questions},
            chance.choice([0.5, 1.0, 2.0]),
        )
        for _person in range(respondents)
    ]
    frame = {str(code): max(1000, respondents) for code in range(98)}
    timed(f"{respondents} × {QUESTIONS} aggregated, with weights", lambda: aggregate(people, questions, frame, Rules()))


def closed() -> None:
    """A wave of all administrations is closed."""
    from indicators.models import Municipality
    from indicators.surveys.services.administrations import Given, approve_replies, take_replies
    from indicators.surveys.services.waves import close_wave
    from tests.filled_in import NOW, steward
    from tests.indicators.surveys.rounds import shipped_round

    wave = shipped_round(dict.fromkeys(Municipality.objects.values_list("code", flat=True), 1))
    frames = list(wave.frames.select_related("municipality", "wave"))
    codes = wave.questionnaire.questions.values_list("code", flat=True)
    given = {(frame.pk, code): Given(no_answer="dont_know") for frame in frames for code in codes}
    take_replies(frames=frames, replies=given, by=steward(), now=NOW)
    approve_replies(frames=frames, by=steward(), now=NOW)
    timed("98 × 31 answers closed", lambda: close_wave(wave=wave, by=steward(), now=NOW))


def answered_at_once() -> None:
    """People answer at moments drawn beforehand; none may be lost."""
    from django.db import connection

    from indicators.surveys.models import SealedAnswer
    from indicators.surveys.services.members import Member, answer, ask_members
    from tests.filled_in import NOW, steward
    from tests.indicators.surveys.rounds import form, open_round

    wave = open_round(form(), {"101": PEOPLE})
    asked = ask_members(wave=wave, members=[Member("101")] * PEOPLE, words=None, by=steward(), now=NOW)
    chance = random.Random(2)
    moments = sorted(chance.uniform(0, SECONDS) for _person in asked)
    begin, lock = time.perf_counter(), threading.Lock()
    took: list[float] = []

    def one(moment: float, token: str) -> None:
        try:
            answer(token=token, given={"tid": "4", "vold": "0"})
        finally:
            connection.close()
        with lock:
            took.append(time.perf_counter() - begin - moment)

    with ThreadPoolExecutor(16) as pool:
        for moment, (_code, token) in zip(moments, asked, strict=True):
            time.sleep(max(0.0, begin + moment - time.perf_counter()))
            pool.submit(one, moment, token)
    kept = SealedAnswer.objects.filter(wave=wave).count()
    sys.stdout.write(
        f"{PEOPLE} people in {SECONDS} s: {kept} kept, p99 {sorted(took)[int(0.99 * PEOPLE) - 1] * 1000:.0f} ms\n"
    )


def main() -> None:
    """Run what was asked for."""
    for respondents in RESPONDENTS:
        aggregated(respondents)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.test import override_settings

    from tests import world

    with tempfile.TemporaryDirectory() as folder, world.inhabited(), override_settings(SURVEY_KEYS=Path(folder)):
        closed()
        if "--load" in sys.argv:
            answered_at_once()


if __name__ == "__main__":
    main()
