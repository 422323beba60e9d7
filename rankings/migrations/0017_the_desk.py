"""Who sees to a source, who looked at which computation; an edition may be withdrawn, and says why."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

CHECKSUM = """
CREATE FUNCTION edition_checksum(which bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(string_agg(line, E'\\n' ORDER BY line COLLATE "C"), 'UTF8')), 'hex') FROM (
        SELECT 'placement ' || ROW(level, area_id, theme_id, indicator_id, municipality_id, value, missing, provisional,
            data_year, printed, rank, rank_last, low, high, method_low, method_high, n, coverage)::text AS line
        FROM public.rankings_placement WHERE edition_id = which
        UNION ALL
        SELECT 'criterion ' || ROW(level, area_id, theme_id, indicator_id, weight, direction, data_year, low, high,
            note_da, note_en)::text
        FROM public.rankings_criterion WHERE edition_id = which
        UNION ALL
        SELECT 'edition ' || ROW(method, note_da, note_en, reason, reason_en)::text
        FROM public.rankings_edition WHERE id = which
        UNION ALL
        SELECT text.line FROM public.rankings_edition e, LATERAL (
            SELECT 'area ' || t::text AS line FROM public.indicators_area t
            UNION ALL SELECT 'theme ' || t::text FROM public.indicators_theme t
            UNION ALL SELECT 'source ' || t::text FROM public.indicators_source t
            UNION ALL SELECT 'indicator ' || t::text FROM public.indicators_indicator t WHERE t.role = 'index'
        ) text WHERE e.id = which AND e.revision = 1
    ) lines
$$
"""
FROZEN = """
CREATE OR REPLACE FUNCTION refuse_change_of_what_is_public() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM rankings_edition
        WHERE state IN ({states}) AND id IN (SELECT DISTINCT edition_id FROM touched)
    ) THEN
        RAISE EXCEPTION 'What is published is never changed (%)', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$
"""
EDITION = """
DROP TRIGGER edition_is_frozen ON rankings_edition;
CREATE TRIGGER edition_is_frozen AFTER UPDATE ON rankings_edition FOR EACH ROW
WHEN (
    OLD.state IN ({states}) AND (
        (NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN ({ways}))
        OR (OLD.year, OLD.revision, OLD.method, OLD.reason, OLD.published_at, OLD.published_by_id)
           IS DISTINCT FROM (NEW.year, NEW.revision, NEW.method, NEW.reason, NEW.published_at, NEW.published_by_id)
    )
)
EXECUTE FUNCTION refuse_change_of_a_public_edition();
DROP TRIGGER edition_is_kept ON rankings_edition;
CREATE TRIGGER edition_is_kept AFTER DELETE ON rankings_edition FOR EACH ROW
WHEN (OLD.state IN ({states}))
EXECUTE FUNCTION refuse_change_of_a_public_edition();
DROP TRIGGER edition_keeps_its_comparison ON rankings_edition;
CREATE TRIGGER edition_keeps_its_comparison AFTER UPDATE ON rankings_edition FOR EACH ROW
WHEN (OLD.state IN ({states}) AND OLD.compared_with_id IS DISTINCT FROM NEW.compared_with_id)
EXECUTE FUNCTION refuse_change_of_a_public_edition();
DROP TRIGGER edition_keeps_its_catalogue ON rankings_edition;
CREATE TRIGGER edition_keeps_its_catalogue AFTER UPDATE ON rankings_edition FOR EACH ROW
WHEN (NEW.state = 'published' AND {first}) EXECUTE FUNCTION keep_catalogue();
"""
# An edition comes back only where a later revision of its year was withdrawn; and what was withdrawn stays so.
COMES_BACK = """
CREATE FUNCTION refuse_to_come_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM rankings_edition WHERE year = NEW.year AND revision > NEW.revision AND state = 'withdrawn'
    ) THEN
        RAISE EXCEPTION 'A corrected edition is current again only where its correction was withdrawn'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER edition_comes_back_after_a_withdrawal AFTER UPDATE ON rankings_edition FOR EACH ROW
WHEN (OLD.state = 'corrected' AND NEW.state = 'published') EXECUTE FUNCTION refuse_to_come_back();
CREATE TRIGGER edition_withdrawal_is_never_rewritten AFTER UPDATE ON rankings_edition FOR EACH ROW
WHEN (
    OLD.state = 'withdrawn'
    AND (OLD.withdrawn_at, OLD.withdrawn_by_id, OLD.withdrawn_because, OLD.withdrawn_because_en)
        IS DISTINCT FROM (NEW.withdrawn_at, NEW.withdrawn_by_id, NEW.withdrawn_because, NEW.withdrawn_because_en)
)
EXECUTE FUNCTION refuse_change_of_a_public_edition();
"""
NOW = "'published', 'corrected', 'withdrawn'"
THEN = "'published', 'corrected'"
WAYS = "('published', 'corrected'), ('published', 'withdrawn'), ('corrected', 'published')"
WAYS_THEN = "('published', 'corrected')"
FIRST, FIRST_THEN = "OLD.state IN ('draft', 'hearing')", "OLD.state <> 'published'"


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0015_log_and_clock_of_the_desk"),
        ("rankings", "0016_interval_of_method_and_sampling"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Computation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="hvornår")),
                ("checksum", models.CharField(max_length=64, verbose_name="kontrolsum")),
                ("difference", models.JSONField(blank=True, default=dict, verbose_name="hvad der blev ændret")),
            ],
            options={
                "verbose_name": "beregning",
                "verbose_name_plural": "beregninger",
            },
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="hvornår")),
                ("checksum", models.CharField(max_length=64, verbose_name="kontrolsum")),
            ],
            options={
                "verbose_name": "blik på en kladde",
                "verbose_name_plural": "blikke på kladder",
            },
        ),
        migrations.CreateModel(
            name="SourcePlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="udgave")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="frist")),
                ("reused_because", models.CharField(blank=True, max_length=500, verbose_name="hvorfor genbruges")),
                ("reused_at", models.DateTimeField(blank=True, null=True, verbose_name="genbrug bekræftet")),
            ],
            options={
                "verbose_name": "plan for en kilde",
                "verbose_name_plural": "planer for kilder",
            },
        ),
        migrations.RemoveConstraint(
            model_name="edition",
            name="edition_state_known",
        ),
        migrations.RemoveConstraint(
            model_name="edition",
            name="edition_published_says_who_when_and_was_computed",
        ),
        migrations.AddField(
            model_name="edition",
            name="checksum",
            field=models.CharField(blank=True, db_default="", default="", max_length=64, verbose_name="kontrolsum"),
        ),
        migrations.AddField(
            model_name="edition",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="trukket tilbage"),
        ),
        migrations.AddField(
            model_name="edition",
            name="withdrawn_because",
            field=models.TextField(blank=True, db_default="", default="", verbose_name="hvorfor trukket tilbage"),
        ),
        migrations.AddField(
            model_name="edition",
            name="withdrawn_because_en",
            field=models.TextField(
                blank=True, db_default="", default="", verbose_name="hvorfor trukket tilbage, på engelsk"
            ),
        ),
        migrations.AddField(
            model_name="edition",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="trukket tilbage af",
            ),
        ),
        migrations.AlterField(
            model_name="edition",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "kladde"),
                    ("hearing", "i høring"),
                    ("published", "offentliggjort"),
                    ("corrected", "rettet"),
                    ("withdrawn", "trukket tilbage"),
                ],
                default="draft",
                max_length=10,
                verbose_name="tilstand",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "hearing", "published", "corrected", "withdrawn"])),
                name="edition_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("published_at__isnull", True),
                        ("published_by__isnull", True),
                        ("state__in", ["draft", "hearing"]),
                    ),
                    models.Q(
                        ("computed_at__isnull", False),
                        ("published_at__isnull", False),
                        ("published_by__isnull", False),
                        ("state__in", ["published", "corrected", "withdrawn"]),
                    ),
                    _connector="OR",
                ),
                name="edition_published_says_who_when_and_was_computed",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state", "withdrawn"),
                        ("withdrawn_at__gte", models.F("published_at")),
                        ("withdrawn_because__regex", "\\S"),
                        ("withdrawn_by__isnull", False),
                    ),
                    models.Q(
                        models.Q(("state", "withdrawn"), _negated=True),
                        ("withdrawn_at__isnull", True),
                        ("withdrawn_because", ""),
                        ("withdrawn_because_en", ""),
                        ("withdrawn_by__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="edition_withdrawn_says_who_when_and_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(("checksum", ""), ("checksum__regex", "^[0-9a-f]{64}$"), _connector="OR"),
                name="edition_checksum_is_sha256",
            ),
        ),
        migrations.AddField(
            model_name="computation",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="hvem",
            ),
        ),
        migrations.AddField(
            model_name="computation",
            name="edition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="rankings.edition",
                verbose_name="udgave",
            ),
        ),
        migrations.AddField(
            model_name="look",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="hvem",
            ),
        ),
        migrations.AddField(
            model_name="look",
            name="edition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="rankings.edition",
                verbose_name="udgave",
            ),
        ),
        migrations.AddField(
            model_name="sourceplan",
            name="responsible",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="ansvarlig",
            ),
        ),
        migrations.AddField(
            model_name="sourceplan",
            name="reused_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="genbrug bekræftet af",
            ),
        ),
        migrations.AddField(
            model_name="sourceplan",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="indicators.source",
                verbose_name="kilde",
            ),
        ),
        migrations.AddConstraint(
            model_name="computation",
            constraint=models.CheckConstraint(
                condition=models.Q(("checksum__regex", "^[0-9a-f]{64}$")), name="computation_checksum_is_sha256"
            ),
        ),
        migrations.AddConstraint(
            model_name="look",
            constraint=models.UniqueConstraint(fields=("edition", "by", "checksum"), name="look_once_a_person"),
        ),
        migrations.AddConstraint(
            model_name="look",
            constraint=models.CheckConstraint(
                condition=models.Q(("checksum__regex", "^[0-9a-f]{64}$")), name="look_checksum_is_sha256"
            ),
        ),
        migrations.AddConstraint(
            model_name="sourceplan",
            constraint=models.UniqueConstraint(fields=("year", "source"), name="source_plan_once_a_year"),
        ),
        migrations.AddConstraint(
            model_name="sourceplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reused_at__isnull", True), ("reused_because", ""), ("reused_by__isnull", True)),
                    models.Q(
                        ("reused_at__isnull", False), ("reused_because__regex", "\\S"), ("reused_by__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="source_plan_reuse_says_who_when_and_why",
            ),
        ),
        migrations.RunSQL(
            sql=[
                CHECKSUM,
                FROZEN.format(states=NOW),
                EDITION.format(states=NOW, ways=WAYS, first=FIRST),
                COMES_BACK,
            ],
            reverse_sql=[
                "DROP FUNCTION refuse_to_come_back() CASCADE",
                "DROP TRIGGER edition_withdrawal_is_never_rewritten ON rankings_edition",
                EDITION.format(states=THEN, ways=WAYS_THEN, first=FIRST_THEN),
                FROZEN.format(states=THEN),
                "DROP FUNCTION edition_checksum(bigint)",
            ],
        ),
    ]
