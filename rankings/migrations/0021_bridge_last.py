"""The last of those who share the bridge's place: "nr. 50–51", not "nr. 50". Unknown in what was explained before."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("rankings", "0020_doubts_stored")]

    operations = [
        migrations.AddField(
            model_name="explanation",
            name="bridge_last",
            field=models.PositiveIntegerField(null=True, verbose_name="dens sidste nummer, når den deles"),
        ),
        migrations.AddConstraint(
            model_name="explanation",
            constraint=models.CheckConstraint(
                name="explanation_bridge_last_between_rank_and_n",
                condition=Q(bridge_last__isnull=True)
                | Q(bridge_rank__isnull=False, bridge_last__gte=F("bridge_rank"), bridge_last__lte=F("bridge_n")),
            ),
        ),
    ]
