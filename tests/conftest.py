"""What all tests share."""

from hypothesis import settings

# No test here fails because a machine is slow.
settings.register_profile("workshop", deadline=None, print_blob=True)
settings.load_profile("workshop")
