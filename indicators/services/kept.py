"""What a check read from a long file, kept beside the files, so that a page need not read it again."""

import io
import json
from pathlib import Path

import numpy as np
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from indicators.models import Upload
from indicators.upload.cells import Cells

_COLUMNS = ("municipality", "year", "indicator", "value", "state")


def keep_cells(upload: Upload, cells: Cells) -> None:
    """Keep a reading's figures (not their places in the file) until the next check of the upload."""
    stream = io.BytesIO()
    columns = {name: np.frombuffer(getattr(cells, name), dtype=getattr(cells, name).typecode) for name in _COLUMNS}
    np.savez_compressed(stream, of=_of(upload), indicators=json.dumps(cells.indicators), allow_pickle=False, **columns)
    default_storage.delete(_name(upload))
    default_storage.save(_name(upload), ContentFile(stream.getvalue()))


def kept_cells(upload: Upload) -> Cells | None:
    """The figures as they were kept; None where none are, or where the upload is to be read otherwise since."""
    if not default_storage.exists(_name(upload)):
        return None
    with default_storage.open(_name(upload), "rb") as stored, np.load(stored, allow_pickle=False) as kept:
        if str(kept["of"]) != _of(upload):
            return None
        cells = Cells(sheet=None, columns=("",))
        for code in json.loads(str(kept["indicators"])):
            cells.number_of(code)
        for name in _COLUMNS:
            getattr(cells, name).frombytes(kept[name].tobytes())
    for place in (cells.row, cells.column):
        place.frombytes(bytes(place.itemsize * len(cells)))
    return cells


def _name(upload: Upload) -> str:
    return str(Path("readings") / f"{upload.pk}.npz")


def _of(upload: Upload) -> str:
    return json.dumps([upload.sha256, upload.options], sort_keys=True)
