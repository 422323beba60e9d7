"""What the law asks at an indicator: about indicators that there are, in both languages, each with its law."""

import re

import pytest

from indicators.models import Indicator
from rankings.practices.law import rules

CHECKED = {"retssikkerhedsloven 79 b", "socialtilsyn 6", "serviceloven 85 a"}
"""Paragraphs that a source of ours gives, beside those of the catalogue's own definitions."""
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


@pytest.mark.django_db
def test_a_paragraph_has_a_number_only_where_the_catalogue_or_a_source_gives_it() -> None:
    definitions = " ".join(Indicator.objects.of_the_index().values_list("definition_da", flat=True))
    given = set(re.findall(r"\d+(?: [a-z]\b)?", definitions))
    for rule in {one for found in rules().values() for one in found}:
        law, _sign, rest = rule.da.partition("§")
        for number in re.findall(r"\d+(?: [a-z]\b)?", rest.partition(":")[0]):
            assert number in given or f"{law.split()[-1].lower()} {number}" in CHECKED, rule.da
