"""Which region a region became is asked of the memberships of its municipalities, where every other page asks it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("provisions", "0002_what_must_never_be")]

    operations = [migrations.DeleteModel(name="RegionSuccession")]
