"""The settings under test: those of the site, in an environment of their own."""

import os

os.environ["TESTING"] = "1"
os.environ.setdefault("SECRET_KEY", "for-tests-only")
os.environ.setdefault("HTTPS", "0")
os.environ.setdefault("ALLOWED_HOSTS", "127.0.0.1,localhost")

from portal.settings import *  # noqa: F403

# Argon2 takes a third of a second on purpose; who tests hashing itself takes this one out (the site's follow it).
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]  # noqa: F405

STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405  whitenoise warns where collectstatic never ran: in CI
WHITENOISE_AUTOREFRESH = True  # looks a file up when it is asked for: else every test's client lists all files first
