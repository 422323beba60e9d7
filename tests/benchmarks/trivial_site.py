"""The yardstick of bench_serving: the least that Django can answer, on the same server with the same options."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path


def trivial(_request: HttpRequest) -> HttpResponse:
    """Two bytes."""
    return HttpResponse("ok")


settings.configure(
    DEBUG=False,
    SECRET_KEY="of-a-site-without-secrets",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=["django.middleware.common.CommonMiddleware", "django.middleware.security.SecurityMiddleware"],
)
urlpatterns = [path("", trivial)]
application = get_wsgi_application()
