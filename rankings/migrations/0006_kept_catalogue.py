"""What a published edition says of its indicators and municipalities is kept with it.

``kept`` has a copy of the catalogue (and of the context figures) for each edition that was ever public, made by the
database at the moment of publication; a correction keeps the copy of the revision it corrects. ``pinned`` has a view of
the same name as each table, showing one edition's copy: `rankings.pinned.as_published` puts it before ``public`` in the
search path, and every query then reads what held at publication. Here the editions that are public already get what
holds now.
"""

from django.db import migrations

CATALOGUE = (
    "indicators_area", "indicators_theme", "indicators_source", "indicators_indicator", "indicators_seriesbreak",
    "indicators_region", "indicators_municipality",
)  # fmt: skip
FIGURES = "indicators_contextfigure"
TABLES = (*CATALOGUE, FIGURES)
_LIST = ", ".join(f"'{table}'" for table in TABLES)
_COLUMNS = """
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO columns FROM pg_attribute
    WHERE attrelid = format('public.%I', name)::regclass AND attnum > 0 AND NOT attisdropped;
"""
CREATE = f"""
CREATE SCHEMA kept;
CREATE SCHEMA pinned;
DO $$
DECLARE
    name text;
    columns text;
BEGIN
    FOREACH name IN ARRAY ARRAY[{_LIST}] LOOP
        {_COLUMNS}
        EXECUTE format(
            'CREATE TABLE kept.%1$I (edition_id bigint, LIKE public.%1$I, PRIMARY KEY (edition_id, id))', name);
        EXECUTE format(
            'CREATE VIEW pinned.%1$I AS SELECT %2$s FROM kept.%1$I '
            'WHERE edition_id = current_setting(''socialt_indeks.edition'')::bigint', name, columns);
    END LOOP;
END $$;
"""  # noqa: S608  names of our own tables
KEEP = f"""
CREATE FUNCTION keep_catalogue() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    name text;
    columns text;
    corrected bigint;
    chosen text;
BEGIN
    SELECT e.id INTO corrected FROM rankings_edition e
    WHERE e.year = NEW.year AND e.revision < NEW.revision
      AND EXISTS (SELECT 1 FROM kept.indicators_area k WHERE k.edition_id = e.id)
    ORDER BY e.revision DESC LIMIT 1;
    FOREACH name IN ARRAY ARRAY[{_LIST}] LOOP
        {_COLUMNS}
        chosen := CASE
            WHEN corrected > 0 THEN format('kept.%I WHERE edition_id = %s', name, corrected)
            WHEN name = '{FIGURES}' THEN format('public.%I WHERE year <= %s', name, NEW.year)
            ELSE format('public.%I', name) END;
        EXECUTE format(
            'INSERT INTO kept.%1$I (edition_id, %2$s) SELECT %3$s, %2$s FROM %4$s', name, columns, NEW.id, chosen);
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER edition_keeps_its_catalogue AFTER UPDATE ON rankings_edition FOR EACH ROW
WHEN (NEW.state = 'published' AND OLD.state <> 'published') EXECUTE FUNCTION keep_catalogue();
CREATE TRIGGER edition_born_public_keeps_its_catalogue AFTER INSERT ON rankings_edition FOR EACH ROW
WHEN (NEW.state IN ('published', 'corrected')) EXECUTE FUNCTION keep_catalogue();
"""  # noqa: S608  names of our own tables
BACKFILL = f"""
DO $$
DECLARE
    name text;
    columns text;
BEGIN
    FOREACH name IN ARRAY ARRAY[{_LIST}] LOOP
        {_COLUMNS}
        EXECUTE format(
            'INSERT INTO kept.%1$I (edition_id, %2$s) SELECT e.id, %3$s FROM rankings_edition e CROSS JOIN public.%1$I t '
            'WHERE e.state IN (''published'', ''corrected'') %4$s', name, columns,
            (SELECT string_agg('t.' || quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
             WHERE attrelid = format('public.%I', name)::regclass AND attnum > 0 AND NOT attisdropped),
            CASE WHEN name = '{FIGURES}' THEN 'AND t.year <= e.year' ELSE '' END);
    END LOOP;
END $$;
"""  # noqa: S608  names of our own tables
REFUSE = """
CREATE FUNCTION refuse_change_of_what_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'What an edition was published with is never changed (%)', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation'; END $$;
"""
FREEZE = "\n".join(
    f"CREATE TRIGGER kept_is_frozen BEFORE UPDATE OR DELETE ON kept.{table} FOR EACH STATEMENT "
    "EXECUTE FUNCTION refuse_change_of_what_is_kept();"
    for table in TABLES
)
EVENTS = (("insert", "INSERT", "NEW"), ("update_from", "UPDATE", "OLD"), ("delete", "DELETE", "OLD"))
EXPLANATIONS = "\n".join(
    f"CREATE TRIGGER explanation_is_frozen_{name} AFTER {event} ON rankings_explanation "
    f"REFERENCING {rows} TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_what_is_public();"
    for name, event, rows in EVENTS
)


class Migration(migrations.Migration):
    dependencies = [
        ("rankings", "0005_published_is_frozen"),
        ("indicators", "0005_context_figures"),
    ]

    operations = [
        migrations.RunSQL(
            sql=[CREATE, KEEP, BACKFILL, REFUSE, FREEZE, EXPLANATIONS],
            reverse_sql=[
                "DROP FUNCTION keep_catalogue() CASCADE",
                *(
                    f"DROP TRIGGER explanation_is_frozen_{name} ON rankings_explanation"
                    for name, _event, _rows in EVENTS
                ),
                "DROP SCHEMA pinned CASCADE",
                "DROP SCHEMA kept CASCADE",
                "DROP FUNCTION refuse_change_of_what_is_kept() CASCADE",
            ],
        ),
    ]
