"""Finds the Chromium of the browser tests; run as a script it installs one where it may (see CONTRIBUTING.md).

By default the headless shell: the same engine without windows, at half the processor time. `make test-all` names the
whole browser, as CHROMIUM=chromium does.
"""

import os
import shutil
import subprocess
import sys

SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
PACKAGES = (SHELL, "chromium")  # of Debian, by the names of their programs
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MISSING = (
    "The browser tests need Chromium or Chrome. Install it (Debian: apt-get install "
    "chromium-headless-shell fonts-liberation; Fedora: dnf install chromium; "
    "macOS: brew install --cask google-chrome), or name it: CHROMIUM=/path/to/it"
)


def find() -> str | None:
    """Path of the browser: the one that CHROMIUM names, else the first of the usual names."""
    named = os.environ.get("CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, (*NAMES, MAC))), None)


def flags() -> list[str]:
    """The switches to start it with: no calls home; as root it has no sandbox."""
    return [*FLAGS, "--no-sandbox"] if os.getuid() == 0 else [*FLAGS]


def main() -> None:
    """Install Debian's package where it is not there and we may; ends with a message where none is and we may not."""
    wanted = os.environ.get("CHROMIUM") or SHELL
    if shutil.which(wanted):
        return
    if wanted not in PACKAGES or os.getuid() != 0 or not shutil.which("apt-get"):
        if find():
            return
        sys.exit(MISSING)
    sys.stderr.write(f"Installing Debian's {wanted} for the browser tests\n")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    packages = [wanted, "fonts-liberation"]
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        done = subprocess.run(["apt-get", *command], env=quiet, capture_output=True, text=True, check=False)
        if done.returncode and not find():
            sys.exit(f"{done.stdout}{done.stderr}\n{MISSING}")


if __name__ == "__main__":
    main()
