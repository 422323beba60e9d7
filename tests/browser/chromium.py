"""Finds the Chromium of the browser tests; run as a script it installs one where it may (see CONTRIBUTING.md)."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
PACKAGES = ("chromium", "fonts-liberation")
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MISSING = (
    "The browser tests need Chromium or Chrome. Install it (Debian: apt-get install chromium fonts-liberation; "
    "Fedora: dnf install chromium; macOS: brew install --cask google-chrome), or name it: CHROMIUM=/path/to/it"
)


def find() -> str | None:
    """Path of the browser: the one that CHROMIUM names, else the first of the usual names."""
    named = os.environ.get("CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, (*NAMES, MAC))), None)


def flags() -> list[str]:
    """The switches to start it with: no calls home; as root it has no sandbox."""
    return [*FLAGS, "--no-sandbox"] if os.getuid() == 0 else [*FLAGS]


def main() -> None:
    """Install Debian's package where none is found and we may; ends with a message where we may not."""
    if find():
        return
    if os.environ.get("CHROMIUM") or os.getuid() != 0 or not shutil.which("apt-get"):
        sys.exit(MISSING)
    sys.stderr.write("Installing Debian's chromium for the browser tests\n")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *PACKAGES]):
        done = subprocess.run(["apt-get", *command], env=quiet, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{done.stdout}{done.stderr}\n{MISSING}")


if __name__ == "__main__":
    main()
