"""The description for the national data catalogue: two notations of the same graph, with what DCAT-AP demands."""

import pytest
from django.test import Client
from django.urls import resolve
from rdflib import DCAT, DCTERMS, RDF, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from portal.addresses import WHOLE_ENDINGS
from rankings.models import Edition
from tests.world import NEWEST

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning"),  # rdflib's own reader of JSON-LD
]


@pytest.fixture
def graph(client: Client) -> Graph:
    return Graph().parse(data=client.get("/api/v1/dcat.ttl").content, format="turtle")


def test_json_ld_and_turtle_say_the_same(client: Client, graph: Graph) -> None:
    answer = client.get("/api/v1/dcat.jsonld")
    assert answer["Content-Type"] == "application/ld+json"
    assert isomorphic(graph, Graph().parse(data=answer.content, format="json-ld"))


def test_every_revision_is_a_dataset_with_what_dcat_ap_demands(graph: Graph) -> None:
    datasets = set(graph.subjects(RDF.type, DCAT.Dataset))
    assert len(datasets) == Edition.objects.ever_published().count()
    (catalogue,) = graph.subjects(RDF.type, DCAT.Catalog)
    assert set(graph.objects(catalogue, DCAT.dataset)) == datasets
    for subject in (catalogue, *datasets):
        languages = {one.language for one in graph.objects(subject, DCTERMS.title) if isinstance(one, Literal)}
        assert languages == {"da", "en"}
        assert list(graph.objects(subject, DCTERMS.description))
        assert list(graph.objects(subject, DCTERMS.publisher))


@pytest.mark.parametrize("releases", [[f"{NEWEST}.1"], pytest.param([""], marks=pytest.mark.full)])
def test_every_distribution_can_be_had(client: Client, graph: Graph, releases: list[str]) -> None:
    """Each day those of the newest edition, whose files the world has; the others are made when they are asked for."""
    addresses = {str(one) for one in graph.objects(None, DCAT.downloadURL) if isinstance(one, URIRef)}
    paths = {f"/{one.partition('//')[2].partition('/')[2]}" for one in addresses}
    assert len(paths) == Edition.objects.ever_published().count() * len(WHOLE_ENDINGS)
    for path in paths:
        assert resolve(path).url_name
        if any(release in path for release in releases):
            answer = client.get(path)
            assert answer.status_code == 200
            assert answer.getvalue()


def test_demo_data_are_described_as_such(graph: Graph) -> None:
    for dataset in graph.subjects(RDF.type, DCAT.Dataset):
        assert any("opdigtede" in str(one) for one in graph.objects(dataset, DCTERMS.description))
