"""What the web server calls."""

import gc
import os
import sys
from threading import Thread

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = get_wsgi_application()

# What lives as long as the process is not worth looking through: collecting took a third of a page's time.
# The first look into the address book brings every view with it, so that all of it is loaded before.
reverse("robots")
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 20)

# How long who computes may keep a finished page waiting for Python's lock, some ten times an answer; else 5 ms.
sys.setswitchinterval(0.0005)

# Loading WeasyPrint takes a second or two: beside the first requests, not in front of the first PDF.
from portal.pictures.pdf import get_ready  # noqa: E402  needs the application

Thread(target=get_ready, name="press-sheets", daemon=True).start()
