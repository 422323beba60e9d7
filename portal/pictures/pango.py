"""Finds pango, which WeasyPrint draws text with; run as a module it installs Debian's package where it may."""

import ctypes.util
import os
import shutil
import subprocess
import sys

LIBRARIES = ("pango-1.0", "pangoft2-1.0")
PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0")
MISSING = (
    "PDF sheets need the library pango. Install it (Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0; "
    "Fedora: dnf install pango; macOS: brew install pango). Everything else works without it."
)


def found() -> bool:
    """Whether pango is installed."""
    return all(ctypes.util.find_library(name) for name in LIBRARIES)


def main() -> None:
    """Install Debian's package where it is missing and we may; else say what is missing. Never an error."""
    if found():
        return
    if os.getuid() != 0 or not shutil.which("apt-get"):
        sys.stderr.write(f"{MISSING}\n")
        return
    sys.stderr.write("Installing Debian's pango for the PDF sheets\n")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *PACKAGES]):
        done = subprocess.run(["apt-get", *command], env=quiet, capture_output=True, text=True, check=False)  # noqa: S603, S607
        if done.returncode:
            sys.stderr.write(f"{done.stdout}{done.stderr}\n{MISSING}\n")
            return


if __name__ == "__main__":
    main()
