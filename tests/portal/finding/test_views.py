"""What browsers and machines ask for at the usual places."""

from django.test import Client


def test_who_asks_for_the_usual_icon_is_led_to_the_mark_and_remembers_it(client: Client) -> None:
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer["Location"]) == (302, "/static/icons/favicon.svg")
    assert "max-age=86400" in answer["Cache-Control"]
    assert b"".join(client.get(answer["Location"])).startswith(b"<svg")
