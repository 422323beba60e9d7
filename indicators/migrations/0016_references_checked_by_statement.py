"""What measurements refer to is checked once a statement instead of once a row, and three indexes go that others hold.

A foreign key asks for each of a million rows whether its indicator, municipality and upload are there; they are some
hundred. The same is refused as before: a reference to nothing, and the removal of what is referred to. Both sides lock
the row referred to, so that no removal passes beside an insertion.
"""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

INSERTED = (
    "'indicator_id', 'indicators_indicator', 'municipality_id', 'indicators_municipality', "
    "'upload_id', 'indicators_upload', 'superseded_by_id', 'indicators_upload'"
)
UPDATED = "'superseded_by_id', 'indicators_upload'"
"""The others never change: measurement_is_never_changed."""
REFER = [
    """
CREATE FUNCTION measurements_refer_to_rows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted bigint[];
    found bigint;
BEGIN
    FOR i IN 0 .. TG_NARGS - 1 BY 2 LOOP
        EXECUTE format('SELECT array_agg(k) FROM (SELECT DISTINCT %1$I AS k FROM written WHERE %1$I IS NOT NULL) AS d',
                       TG_ARGV[i]) INTO wanted;
        EXECUTE format('SELECT FROM %I WHERE id = ANY ($1) FOR KEY SHARE', TG_ARGV[i + 1]) USING wanted;
        GET DIAGNOSTICS found = ROW_COUNT;
        IF found < coalesce(cardinality(wanted), 0) THEN
            RAISE EXCEPTION 'A measurement refers to a row that is not in %', TG_ARGV[i + 1]
                USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'measurement_refers_to_rows';
        END IF;
    END LOOP;
    RETURN NULL;
END $$
""",
    f"""
CREATE TRIGGER measurement_refers_to_rows AFTER INSERT ON indicators_measurement REFERENCING NEW TABLE AS written
FOR EACH STATEMENT EXECUTE FUNCTION measurements_refer_to_rows({INSERTED})
""",
    f"""
CREATE TRIGGER measurement_still_refers_to_rows AFTER UPDATE ON indicators_measurement REFERENCING NEW TABLE AS written
FOR EACH STATEMENT EXECUTE FUNCTION measurements_refer_to_rows({UPDATED})
""",
    """
CREATE FUNCTION refuse_while_measurements_refer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_used boolean;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        is_used := EXISTS (SELECT FROM indicators_measurement);
    ELSIF TG_OP = 'DELETE' OR NEW.id <> OLD.id THEN
        FOR i IN 0 .. TG_NARGS - 1 LOOP
            EXECUTE format('SELECT EXISTS (SELECT FROM indicators_measurement WHERE %I = $1)', TG_ARGV[i])
                INTO is_used USING OLD.id;
            EXIT WHEN is_used;
        END LOOP;
    END IF;
    IF is_used THEN
        RAISE EXCEPTION 'Measurements refer to a row of %', TG_TABLE_NAME
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'measurement_refers_to_rows';
    END IF;
    RETURN NULL;
END $$
""",
]


def _referred_to(table: str, columns: str) -> list[str]:
    return [
        f"""
CREATE TRIGGER measurements_refer_to_{table} AFTER DELETE OR UPDATE OF id ON indicators_{table}
FOR EACH ROW EXECUTE FUNCTION refuse_while_measurements_refer({columns})
""",
        f"""
CREATE TRIGGER measurements_refer_to_all_{table} AFTER TRUNCATE ON indicators_{table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_while_measurements_refer()
""",
    ]


REFERRED_TO = [
    *_referred_to("indicator", "'indicator_id'"),
    *_referred_to("municipality", "'municipality_id'"),
    *_referred_to("upload", "'upload_id', 'superseded_by_id'"),
]
BACK = [
    "DROP FUNCTION measurements_refer_to_rows() CASCADE",
    "DROP FUNCTION refuse_while_measurements_refer() CASCADE",
]


def _reference(to: str, words: str, related_name: str, **more: Any) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        to,
        on_delete=django.db.models.deletion.PROTECT,
        related_name=related_name,
        verbose_name=words,
        db_constraint=False,
        **more,
    )


class Migration(migrations.Migration):
    dependencies = [("indicators", "0015_log_and_clock_of_the_desk")]

    operations = [
        migrations.RemoveConstraint(model_name="measurement", name="measurement_once_in_an_upload"),
        migrations.AlterField(
            model_name="measurement",
            name="indicator",
            field=_reference("indicators.indicator", "indikator", "measurements", db_index=False),
        ),
        migrations.AlterField(
            model_name="measurement",
            name="municipality",
            field=_reference("indicators.municipality", "kommune", "measurements", db_index=False),
        ),
        migrations.AlterField(
            model_name="measurement",
            name="superseded_by",
            field=_reference(
                "indicators.upload", "afløst af", "superseded_measurements", db_index=False, blank=True, null=True
            ),
        ),
        migrations.AlterField(
            model_name="measurement",
            name="upload",
            field=_reference("indicators.upload", "indberetning", "measurements"),
        ),
        migrations.AddIndex(
            model_name="measurement",
            index=models.Index(
                name="measurement_superseded",
                fields=["superseded_by"],
                condition=models.Q(superseded_by__isnull=False),
            ),
        ),
        migrations.AddConstraint(
            model_name="measurement",
            constraint=models.UniqueConstraint(
                name="measurement_once_in_an_upload", fields=("indicator", "year", "municipality", "upload")
            ),
        ),
        migrations.RunSQL(sql=[*REFER, *REFERRED_TO], reverse_sql=[*BACK]),
    ]
