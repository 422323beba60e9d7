"""What placements, their spreads and criteria refer to is checked once a statement instead of once a row, as for
measurements (indicators 0016), and indexes go that others hold.

Five foreign keys asked at the commit for each of a million placements whether its area, theme, indicator, municipality
and upload are there; they are some hundred. The same is refused as before, on both sides, and both lock the row referred
to. The edition and the measurement stay foreign keys: of a measurement there is one for each row.
"""

import django.db.models.deletion
from django.db import migrations, models

SUBJECT = ("area", "theme", "indicator")
REFERRING = {
    "criterion": SUBJECT,
    "spread": SUBJECT,
    "placement": (*SUBJECT, "municipality", "upload"),
    "variantplacement": (*SUBJECT, "municipality"),
}
REFER = """
CREATE FUNCTION refers_to_rows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted bigint[];
    found bigint;
BEGIN
    FOR i IN 0 .. TG_NARGS - 1 LOOP
        EXECUTE format('SELECT array_agg(DISTINCT %1$I) FROM written WHERE %1$I IS NOT NULL', TG_ARGV[i] || '_id')
            INTO wanted;
        EXECUTE format('SELECT FROM public.%I WHERE id = ANY ($1) FOR KEY SHARE', 'indicators_' || TG_ARGV[i])
            USING wanted;
        GET DIAGNOSTICS found = ROW_COUNT;
        IF found < coalesce(cardinality(wanted), 0) THEN
            RAISE EXCEPTION 'A row of % refers to a % that is not there', TG_TABLE_NAME, TG_ARGV[i]
                USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'refers_to_rows';
        END IF;
    END LOOP;
    RETURN NULL;
END $$
"""
REFUSE = """
CREATE FUNCTION refuse_while_rankings_refer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_used boolean;
BEGIN
    FOR i IN 1 .. TG_NARGS - 1 LOOP
        IF TG_OP = 'TRUNCATE' THEN
            EXECUTE format('SELECT EXISTS (SELECT FROM public.%I WHERE %I IS NOT NULL)', TG_ARGV[i], TG_ARGV[0])
                INTO is_used;
        ELSIF TG_OP = 'DELETE' OR NEW.id <> OLD.id THEN
            EXECUTE format('SELECT EXISTS (SELECT FROM public.%I WHERE %I = $1)', TG_ARGV[i], TG_ARGV[0])
                INTO is_used USING OLD.id;
        END IF;
        IF is_used THEN
            RAISE EXCEPTION 'Rows of % refer to a row of %', TG_ARGV[i], TG_TABLE_NAME
                USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'refers_to_rows';
        END IF;
    END LOOP;
    RETURN NULL;
END $$
"""


def _written(table: str, event: str, to: tuple[str, ...]) -> str:
    return (
        f"CREATE TRIGGER {table}_refers_to_rows_{event} AFTER {event} ON rankings_{table} "
        f"REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION refers_to_rows({', '.join(to)})"
    )


def _removed(to: str, event: str, each: str) -> str:
    tables = ", ".join(f"'rankings_{table}'" for table, referred in REFERRING.items() if to in referred)
    return (
        f"CREATE TRIGGER rankings_refer_to_{to}_{each} AFTER {event} ON indicators_{to} "
        f"FOR EACH {each} EXECUTE FUNCTION refuse_while_rankings_refer('{to}_id', {tables})"
    )


TRIGGERS = [
    *(_written(table, event, to) for table, to in REFERRING.items() for event in ("insert", "update")),
    *(_removed(to, "DELETE OR UPDATE OF id", "row") for to in (*SUBJECT, "municipality", "upload")),
    *(_removed(to, "TRUNCATE", "statement") for to in (*SUBJECT, "municipality", "upload")),
]
BACK = ["DROP FUNCTION refers_to_rows() CASCADE", "DROP FUNCTION refuse_while_rankings_refer() CASCADE"]


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0016_references_checked_by_statement"),
        ("rankings", "0018_what_an_edition_was_computed_from"),
    ]

    operations = [
        migrations.AlterField(
            model_name="criterion",
            name="area",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="indicators.area",
                verbose_name="område",
            ),
        ),
        migrations.AlterField(
            model_name="criterion",
            name="edition",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                to="rankings.edition",
                verbose_name="udgave",
            ),
        ),
        migrations.AlterField(
            model_name="criterion",
            name="indicator",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="indicators.indicator",
                verbose_name="indikator",
            ),
        ),
        migrations.AlterField(
            model_name="criterion",
            name="theme",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="indicators.theme",
                verbose_name="tema",
            ),
        ),
        migrations.AlterField(
            model_name="placement",
            name="area",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="indicators.area",
                verbose_name="område",
            ),
        ),
        migrations.AlterField(
            model_name="placement",
            name="edition",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                to="rankings.edition",
                verbose_name="udgave",
            ),
        ),
        migrations.AlterField(
            model_name="placement",
            name="indicator",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="indicators.indicator",
                verbose_name="indikator",
            ),
        ),
        migrations.AlterField(
            model_name="placement",
            name="municipality",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="placements",
                to="indicators.municipality",
                verbose_name="kommune",
            ),
        ),
        migrations.AlterField(
            model_name="placement",
            name="theme",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="indicators.theme",
                verbose_name="tema",
            ),
        ),
        migrations.AlterField(
            model_name="placement",
            name="upload",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="indicators.upload",
                verbose_name="indberetning",
            ),
        ),
        migrations.AlterField(
            model_name="spread",
            name="area",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="indicators.area",
                verbose_name="område",
            ),
        ),
        migrations.AlterField(
            model_name="spread",
            name="edition",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                to="rankings.edition",
                verbose_name="udgave",
            ),
        ),
        migrations.AlterField(
            model_name="spread",
            name="indicator",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="indicators.indicator",
                verbose_name="indikator",
            ),
        ),
        migrations.AlterField(
            model_name="spread",
            name="theme",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="indicators.theme",
                verbose_name="tema",
            ),
        ),
        migrations.AlterField(
            model_name="variantplacement",
            name="area",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="indicators.area",
                verbose_name="område",
            ),
        ),
        migrations.AlterField(
            model_name="variantplacement",
            name="edition",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                to="rankings.edition",
                verbose_name="udgave",
            ),
        ),
        migrations.AlterField(
            model_name="variantplacement",
            name="indicator",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="indicators.indicator",
                verbose_name="indikator",
            ),
        ),
        migrations.AlterField(
            model_name="variantplacement",
            name="municipality",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="indicators.municipality",
                verbose_name="kommune",
            ),
        ),
        migrations.AlterField(
            model_name="variantplacement",
            name="theme",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="indicators.theme",
                verbose_name="tema",
            ),
        ),
        migrations.RunSQL(sql=[REFER, REFUSE, *TRIGGERS], reverse_sql=BACK),
    ]
