"""What the law asks at an indicator: about indicators that there are, in both languages, each with its law."""

import pytest

from indicators.models import Indicator
from rankings.practices.law import rules

LAWS = ("loven", "barnets lov", "lov om")


@pytest.mark.django_db
def test_every_rule_is_about_an_indicator_of_the_catalogue() -> None:
    assert rules().keys() <= set(Indicator.objects.of_the_index().values_list("code", flat=True))


def test_every_rule_names_its_law_in_danish_and_is_translated() -> None:
    for rule in {one for found in rules().values() for one in found}:
        assert any(law in rule.da.lower() for law in LAWS)
        assert rule.en
        assert rule.da.count("§") == rule.en.count("§")
        assert rule.da.endswith(".")
