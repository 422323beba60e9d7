"""The demo is seen to once: until the code, the day or what is shown changes."""

import pytest
from django.utils import timezone

from indicators.models import Area
from portal.management.commands.serve import _stands
from portal.serving.release import fingerprint, site_build


@pytest.mark.django_db
def test_a_demo_stands_until_something_of_it_changes() -> None:
    stamp = f"{site_build()} {timezone.localdate()} {fingerprint()}"
    assert _stands(stamp)
    assert not _stands(f"another{stamp}")
    Area.objects.filter(code="h").update(position=7)
    assert not _stands(stamp)
