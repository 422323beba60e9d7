from playwright.sync_api import Page


def test_a_real_browser_gets_a_page_from_the_real_server(page: Page) -> None:
    page.goto("/")
    assert page.locator("html").get_attribute("lang") == "da"
