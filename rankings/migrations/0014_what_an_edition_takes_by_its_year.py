"""An edition that is not public yet reads the regions and the definitions of its own year; a publication brings them
into the catalogue.

``dated`` has a view of the municipalities with the region of 1 January of the year in ``socialt_indeks.year``, and one
of the indicators with the approved changes that hold from an edition of that year at the latest. `as_published` puts it
before ``public`` for drafts. The columns that ``indicators`` 0014 added come into what is kept.
"""

from importlib import import_module

from django.db import migrations

COLUMNS = ["period_rule varchar(12) NOT NULL DEFAULT ''", "first_edition smallint", "retired_from smallint"]
NAMES = """
DO $$
DECLARE columns text;
BEGIN
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO columns FROM pg_attribute
    WHERE attrelid = 'public.indicators_indicator'::regclass AND attnum > 0 AND NOT attisdropped;
    EXECUTE 'CREATE OR REPLACE VIEW pinned.indicators_indicator AS SELECT ' || columns ||
        ' FROM kept.indicators_indicator WHERE edition_id = current_setting(''socialt_indeks.edition'')::bigint';
END $$;
"""
DATED = """
CREATE SCHEMA dated;
CREATE FUNCTION dated.region_of(municipality bigint, otherwise bigint, edition_year int) RETURNS bigint
LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT m.region_id FROM public.indicators_regionmembership m
        WHERE m.municipality_id = municipality AND m.begins <= make_date(edition_year, 1, 1)
          AND (m.ends IS NULL OR m.ends > make_date(edition_year, 1, 1))), otherwise)
$$;
CREATE VIEW dated.indicators_municipality AS
    SELECT of_the_year.* FROM public.indicators_municipality m,
    LATERAL jsonb_populate_record(m, jsonb_build_object('region_id', dated.region_of(
        m.id, m.region_id, current_setting('socialt_indeks.year')::int))) of_the_year;
CREATE VIEW dated.indicators_indicator AS
    SELECT of_the_year.* FROM public.indicators_indicator i,
    LATERAL (SELECT coalesce((SELECT jsonb_object_agg(one.key, one.value ORDER BY c.decided_at)
        FROM public.indicators_definitionchange c, jsonb_each(c.values) one
        WHERE c.model = 'indicator' AND c.code = i.code AND c.state = 'approved' AND NOT c.in_force
          AND c.edition_year <= current_setting('socialt_indeks.year')::int), '{}') AS columns) changed,
    LATERAL jsonb_populate_record(i, changed.columns) of_the_year;
"""
_KEEP: str = import_module("rankings.migrations.0006_kept_catalogue").KEEP.partition("CREATE TRIGGER")[0]
REPLACED = _KEEP.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
KEEP = REPLACED.replace(
    "ELSE format(", "WHEN name = 'indicators_municipality' THEN 'dated.indicators_municipality' ELSE format("
).replace("BEGIN\n", "BEGIN\n    PERFORM set_config('socialt_indeks.year', NEW.year::text, true);\n", 1)
REGIONS = """
CREATE FUNCTION take_the_regions_of_the_newest_edition() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE newest int;
BEGIN
    SELECT max(year) INTO newest FROM rankings_edition WHERE state = 'published';
    UPDATE public.indicators_municipality m SET region_id = dated.region_of(m.id, m.region_id, newest)
    WHERE newest IS NOT NULL AND m.region_id <> dated.region_of(m.id, m.region_id, newest);
    RETURN NULL;
END $$;
CREATE TRIGGER edition_a_regions AFTER UPDATE ON rankings_edition FOR EACH ROW
WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION take_the_regions_of_the_newest_edition();
CREATE TRIGGER edition_a_regions_born_public AFTER INSERT ON rankings_edition FOR EACH ROW
WHEN (NEW.state = 'published') EXECUTE FUNCTION take_the_regions_of_the_newest_edition();
"""  # triggers fire by their names: before those that keep a copy


class Migration(migrations.Migration):
    dependencies = [
        ("rankings", "0013_audit"),
        ("indicators", "0014_definitions_regions_people"),
    ]

    operations = [
        migrations.RunSQL(
            sql=[
                *(f"ALTER TABLE kept.indicators_indicator ADD COLUMN {column}" for column in COLUMNS),
                NAMES,
                DATED,
                REGIONS,
                KEEP,
            ],
            reverse_sql=[
                REPLACED,
                "DROP FUNCTION take_the_regions_of_the_newest_edition() CASCADE",
                "DROP SCHEMA dated CASCADE",
            ],
        ),
    ]
