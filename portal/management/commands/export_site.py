"""manage.py export_site DIR: the public site as files for any web server."""

import re
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.serving.walk import Found, Site, walk

ADDRESS = re.compile(r"=\"(/[^/\"][^\"]*|/|\?\w[^\"]*)\"")


class Command(BaseCommand):
    """Write the site to a folder."""

    help = (
        "Write every public page as a file. Links to what is not among the files (searches, filters, the API) lead to "
        "SITE_ADDRESS, so every link stays whole."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, and how much."""
        parser.add_argument("folder", type=Path)
        parser.add_argument("--newest-only", action="store_true", help="leave out the addresses of single editions")
        parser.add_argument("--most", type=int, help="stop after so many pages (to try it)")

    def handle(self, *, folder: Path, newest_only: bool, most: int | None, **_options: Any) -> None:
        """Walk, write, and make the links whole. Raises CommandError where a page of ours fails."""
        if folder.exists() and any(folder.iterdir()):
            msg = f"{folder} is not empty."
            raise CommandError(msg)
        pages: dict[str, Found] = {}
        files: dict[str, Path] = {}
        for found in walk(Site(warming=False), newest_only=newest_only, heavy=True, most=most):
            if found.status >= 500:
                msg = f"{found.path} answered {found.status}; nothing can be exported."
                raise CommandError(msg)
            if found.status == 200:
                files[found.path] = folder / file_of(found.path)
                files[found.path].parent.mkdir(parents=True, exist_ok=True)
                files[found.path].write_bytes(found.body)
                if found.links:
                    pages[found.path] = Found(found.path, 200, found.kind, b"")
        if Path(settings.STATIC_ROOT).exists():
            shutil.copytree(settings.STATIC_ROOT, folder / settings.STATIC_URL.strip("/"), dirs_exist_ok=True)
        for path in pages:
            _make_whole(path, files)
        self.stdout.write(f"{len(files)} pages and files in {folder}")


def file_of(path: str) -> str:
    """The file of an address: a folder's page is its index.html, as web servers expect."""
    plain = unquote(path).lstrip("/")
    return f"{plain}index.html" if path.endswith("/") else plain


def _make_whole(path: str, files: dict[str, Path]) -> None:
    text = files[path].read_text().replace('href="?"', f'href="{path}"')
    files[path].write_text(ADDRESS.sub(lambda found: f'="{_whole(found[1], path, files)}"', text))


def _whole(address: str, page: str, files: dict[str, Path]) -> str:
    """An address as it stands in the export: itself where its file is there, else the live site's."""
    if address.startswith("?"):
        address = page + address
    plain = address.partition("#")[0]
    if plain in files or plain.startswith(settings.STATIC_URL):
        return address
    return f"{settings.SITE_ADDRESS}{address}"
