"""Files that are made once: whole, whoever else makes them at the same time."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portal.serving.files import keep


def test_a_file_that_several_make_at_once_is_whole_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "2026.1" / "da" / "roedovre.png"
    contents = [bytes([number]) * 500_000 for number in range(8)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda content: keep(path, content), contents * 3))
    assert path.read_bytes() in contents
    assert list(path.parent.iterdir()) == [path]


def test_what_cannot_be_kept_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match="directory"):
        keep(tmp_path / "taken", b"words")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
