"""What all tests share. The world they look at is built in tests/world.py."""

from hypothesis import settings

settings.register_profile("steady", deadline=None, derandomize=True)  # a test that passes, passes on every machine
settings.load_profile("steady")
