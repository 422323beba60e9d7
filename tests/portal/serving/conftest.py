"""Here it is tested what is held and for how long: nothing is held by the tests themselves."""

import pytest
from django.test import Client


@pytest.fixture
def client() -> Client:
    return Client()
