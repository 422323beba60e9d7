"""What is said of a rank is the interval of method and sampling together; that of the method alone stands beside it.

The columns of the joint interval were never filled. They stay in the table without a field, since the code before this
writes them while it still runs; a later release may drop them. What an edition said stays as it is.
"""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("rankings", "0015_unheard_because")]

    operations = [
        migrations.RemoveConstraint(
            model_name="placement", name="placement_joint_interval_holds_the_rank_and_the_methods"
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name="placement", name="joint_low"),
                migrations.RemoveField(model_name="placement", name="joint_high"),
            ]
        ),
        migrations.AddField(
            model_name="placement",
            name="method_low",
            field=models.PositiveIntegerField(null=True, verbose_name="mellem nr., alene efter metoden"),
        ),
        migrations.AddField(
            model_name="placement",
            name="method_high",
            field=models.PositiveIntegerField(null=True, verbose_name="og nr., alene efter metoden"),
        ),
        migrations.AddConstraint(
            model_name="placement",
            constraint=models.CheckConstraint(
                name="placement_methods_interval_is_inside_what_is_said",
                condition=Q(method_low__isnull=True, method_high__isnull=True)
                | Q(low__isnull=False, method_low__gte=F("low"), method_low__lte=F("rank"))
                & Q(method_high__gte=F("rank"), method_high__lte=F("high")),
            ),
        ),
    ]
