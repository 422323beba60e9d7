"""The index engine: arithmetic on labelled numbers. numpy and the standard library only, no Django, no
database."""

import os

# Before numpy is loaded. The draws go in batches, one for each core, and their matrices are small: threads of the
# linear algebra's own only waited for each other (20 000 draws of 98 x 103: 4.3 s of processor, 2.9 s without them).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
