"""How often one address may ask for what costs something; counted for all processes together where REDIS_URL is set."""

import hashlib
import time

import redis
from django.core.cache import caches
from django.http import HttpRequest


def seconds_to_wait(what: str, request: HttpRequest, most: int, period: int) -> int:
    """Count a request within the period of the clock; how long to wait when it is one too many, else 0.

    No address is kept: only its hash, until the period is over.
    """
    now = time.time()
    visitor = hashlib.sha256(request.META.get("REMOTE_ADDR", "").encode()).hexdigest()[:32]
    key = f"{what}:{visitor}:{int(now // period)}"
    try:
        caches["limits"].add(key, 0, period + 5)
        count = caches["limits"].incr(key)
    except (ValueError, redis.RedisError):  # it ran out in between, or Redis is away: nobody waits for that
        return 0
    return 0 if count <= most else period - int(now % period)
