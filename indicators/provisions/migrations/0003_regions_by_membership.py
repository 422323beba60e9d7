"""Which region a region became is asked of the memberships of its municipalities, where every other page asks it.

The table stays for the code that still answers while a deployment migrates, as columns do that no model has any more.
It lets go of the regions, so that nothing of theirs depends on a table without a model.
"""

from django.db import migrations

LET_GO = """
DO $$ DECLARE held name; BEGIN
    FOR held IN SELECT conname FROM pg_constraint
        WHERE conrelid = 'provisions_regionsuccession'::regclass AND contype = 'f'
    LOOP EXECUTE format('ALTER TABLE provisions_regionsuccession DROP CONSTRAINT %I', held); END LOOP;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("provisions", "0002_what_must_never_be")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel(name="RegionSuccession")],
            database_operations=[migrations.RunSQL(sql=LET_GO, reverse_sql=migrations.RunSQL.noop)],
        )
    ]
