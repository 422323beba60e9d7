"""What no constraint of one table can say: rows never change, protection is for good, a term is of its column's kind.

A protected provision has no place in the database: Registration repeats the flag, a foreign key of both columns keeps
the two equal (looked at when the transaction ends, so that both can change), and a check ties the place to it.
"""

from django.db import migrations

RECORDED = {
    "registration": (
        "protected",
        "municipality_id",
        "region_id",
        "latitude",
        "longitude",
        "operator",
        "cvr",
        "p_number",
    ),
    "departmentregistration": (),
    "capacity": ("valid_until",),
    "serves": (),
    "levelclaim": (),
    "inspection": (),
    "usage": (),
    "vacancy": (),
    "assertion": (),
    "groupsize": (),
}
"""Tables whose rows never change, and the columns that may all the same: a place that must be forgotten, an end."""

NEVER_CHANGED = """
CREATE FUNCTION provisions_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE may text[] := ARRAY['is_current', 'superseded_by_id'] || TG_ARGV::text[];
BEGIN
    IF TG_TABLE_NAME = 'provisions_registration' AND NOT (to_jsonb(NEW) ->> 'protected')::boolean THEN
        may := ARRAY['is_current', 'superseded_by_id'];
    END IF;
    IF to_jsonb(OLD) - may IS DISTINCT FROM to_jsonb(NEW) - may THEN
        RAISE EXCEPTION 'A row of the register is never changed: add a new one' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$
"""
FOR_GOOD = """
CREATE FUNCTION provisions_protected_for_good() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'What is protected, or protects, stays so' USING ERRCODE = 'restrict_violation'; END $$
"""
KIND = """
CREATE FUNCTION provisions_term_is_of_kind() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE kind_of text; guards boolean; kept boolean; term bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
BEGIN
    IF term IS NULL THEN RETURN NULL; END IF;
    SELECT scheme.kind, one.protects INTO kind_of, guards
    FROM provisions_term AS one JOIN provisions_scheme AS scheme ON scheme.id = one.scheme_id WHERE one.id = term;
    IF kind_of <> TG_ARGV[1] THEN
        RAISE EXCEPTION 'A term of the kind % stands where % is asked', kind_of, TG_ARGV[1]
        USING ERRCODE = 'check_violation';
    END IF;
    IF guards AND TG_ARGV[2] = 'guard' THEN
        SELECT protected INTO kept FROM provisions_provision WHERE id = (to_jsonb(NEW) ->> 'provision_id')::bigint;
        IF NOT kept THEN
            RAISE EXCEPTION 'A term that protects stands at a provision that is not protected'
            USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NULL;
END $$
"""
BASIS = """
CREATE FUNCTION provisions_basis_protects() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT protects FROM provisions_legalbasis WHERE id = NEW.legalbasis_id) AND NOT (
        SELECT one.protected FROM provisions_capacity AS places
        JOIN provisions_provision AS one ON one.id = places.provision_id WHERE places.id = NEW.capacity_id
    ) THEN
        RAISE EXCEPTION 'A paragraph that protects stands at a provision that is not protected'
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$
"""
TERMS = (
    ("registration", "service_type_id", "service_type", "guard"),
    ("serves", "target_group_id", "target_group", "guard"),
    ("vacancy", "target_group_id", "target_group", ""),
    ("groupsize", "target_group_id", "target_group", ""),
    ("levelclaim", "level_id", "level", ""),
)


def _never_changed(table, may):
    columns = ", ".join(f"'{name}'" for name in may)
    return (
        f"CREATE TRIGGER {table}_is_never_changed AFTER UPDATE ON provisions_{table} FOR EACH ROW "
        f"EXECUTE FUNCTION provisions_refuse_change({columns})"
    )


def _of_kind(table, column, kind, guard):
    return (
        f"CREATE TRIGGER {table}_term_is_of_kind AFTER INSERT ON provisions_{table} FOR EACH ROW "
        f"EXECUTE FUNCTION provisions_term_is_of_kind('{column}', '{kind}', '{guard}')"
    )


def _for_good(name, table, when):
    return (
        f"CREATE TRIGGER {name} AFTER UPDATE ON provisions_{table} FOR EACH ROW "
        f"WHEN ({when}) EXECUTE FUNCTION provisions_protected_for_good()"
    )


CHANGED = "OLD.protects IS DISTINCT FROM NEW.protects"
BASIS_PROTECTS = (
    "CREATE TRIGGER basis_protects AFTER INSERT OR UPDATE ON provisions_capacity_bases FOR EACH ROW "
    "EXECUTE FUNCTION provisions_basis_protects()"
)
TRIGGERS = [
    *(_never_changed(table, may) for table, may in RECORDED.items()),
    *(_of_kind(*row) for row in TERMS),
    _for_good("provision_is_protected_for_good", "provision", "OLD.protected AND NOT NEW.protected"),
    _for_good("term_protects_for_good", "term", CHANGED),
    _for_good("basis_protects_for_good", "legalbasis", CHANGED),
    BASIS_PROTECTS,
]
SAME_FLAG = (
    "ALTER TABLE provisions_registration ADD CONSTRAINT registration_protected_as_its_provision "
    "FOREIGN KEY (provision_id, protected) REFERENCES provisions_provision (id, protected) "
    "DEFERRABLE INITIALLY DEFERRED"
)
FUNCTIONS = ("refuse_change", "protected_for_good", "term_is_of_kind", "basis_protects")


class Migration(migrations.Migration):
    dependencies = [("provisions", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql=[NEVER_CHANGED, FOR_GOOD, KIND, BASIS, *TRIGGERS, SAME_FLAG],
            reverse_sql=[
                *(f"DROP FUNCTION provisions_{name}() CASCADE" for name in FUNCTIONS),
                "ALTER TABLE provisions_registration DROP CONSTRAINT registration_protected_as_its_provision",
            ],
        ),
    ]
