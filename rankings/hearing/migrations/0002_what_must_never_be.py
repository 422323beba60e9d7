"""What must never be, where no constraint of one row can say it: the database asks other rows, too.

Texts are never rewritten; they are written by somebody who speaks for their organisation at that moment; an answer is
given by an approver; a ruling is by somebody other than who brought the figure; and an edition is not published while a
remark received in time has no ruling, or while a figure differs from the one heard without the ruling that changed it.
"""

from django.db import migrations

NEVER_REWRITTEN = {
    "hearing_comment": (
        "text",
        "short",
        "organisation_id",
        "edition_id",
        "year",
        "area_id",
        "version",
        "written_by_id",
    ),
    "hearing_voice": ("text", "organisation_id", "edition_id", "municipality_id", "theme_id", "written_by_id"),
    "hearing_ruling": ("outcome", "reason", "ruled_by_id", "ruled_at"),
    "hearing_flag": ("text", "edition_id", "municipality_id", "indicator_id", "measurement_id", "raised_by_id"),
    "hearing_figureinhearing": ("hearing_id", "municipality_id", "indicator_id", "measurement_id"),
}
RECEIVED = ("text", "kind", "indicator_id", "measurement_id", "proposed", "number", "received_at", "written_by_id")

REFUSE = """
CREATE FUNCTION hearing_refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'What was said in % is never rewritten', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$
"""


def _never_rewritten(table: str, columns: tuple[str, ...], when: str = "") -> str:
    old, new = (", ".join(f"{which}.{name}" for name in columns) for which in ("OLD", "NEW"))
    return f"""
    CREATE TRIGGER {table}_is_never_rewritten AFTER UPDATE ON {table} FOR EACH ROW
    WHEN ({when}({old}) IS DISTINCT FROM ({new})) EXECUTE FUNCTION hearing_refuse_rewriting()
    """


SPEAKS = """
CREATE FUNCTION hearing_speaks(who bigint, organisation bigint, roles text[], moment timestamptz) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM people_membership m WHERE m.user_id = who AND m.organisation_id = organisation
        AND m.role = ANY (roles) AND m.since <= moment AND (m.until IS NULL OR m.until > moment)
    )
$$
"""
SPEAKER = """
CREATE FUNCTION hearing_check_speaker() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE kind text; wanted boolean;
BEGIN
    SELECT o.kind INTO kind FROM people_organisation o WHERE o.id = NEW.organisation_id;
    wanted := CASE TG_TABLE_NAME WHEN 'hearing_voice' THEN kind NOT IN ('municipality', 'office')
              ELSE kind = 'municipality' END;
    IF NOT wanted OR NOT hearing_speaks(NEW.written_by_id, NEW.organisation_id, '{respondent,approver}', NEW.written_at)
    THEN RAISE EXCEPTION 'A text in % is by somebody who speaks for its organisation', TG_TABLE_NAME
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
"""
REMARK = """
CREATE FUNCTION hearing_check_remark() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE own record; figure record; judge bigint;
BEGIN
    SELECT r.organisation_id, o.municipality_id INTO own
    FROM hearing_response r JOIN people_organisation o ON o.id = r.organisation_id WHERE r.id = NEW.response_id;
    IF (TG_OP = 'INSERT' OR NEW.text IS DISTINCT FROM OLD.text)
        AND NOT hearing_speaks(NEW.written_by_id, own.organisation_id, '{respondent,approver}', NEW.written_at)
    THEN RAISE EXCEPTION 'A remark is by somebody who speaks for its municipality' USING ERRCODE = 'check_violation';
    END IF;
    SELECT m.municipality_id, m.indicator_id, u.uploaded_by_id, u.applied_by_id INTO figure
    FROM indicators_measurement m JOIN indicators_upload u ON u.id = m.upload_id WHERE m.id = NEW.measurement_id;
    IF FOUND AND (figure.municipality_id, figure.indicator_id) IS DISTINCT FROM (own.municipality_id, NEW.indicator_id)
    THEN RAISE EXCEPTION 'A remark is about a figure of its own municipality' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.ruling_id IS NOT NULL AND NEW.measurement_id IS NOT NULL THEN
        SELECT g.ruled_by_id INTO judge FROM hearing_ruling g WHERE g.id = NEW.ruling_id;
        IF judge IN (figure.uploaded_by_id, figure.applied_by_id)
        THEN RAISE EXCEPTION 'Whoever brought a figure does not rule on it' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$
"""
FLAG = """
CREATE FUNCTION hearing_check_flag() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE judge bigint;
BEGIN
    IF TG_OP = 'INSERT' AND NEW.origin = 'municipality'
        AND NOT hearing_speaks(NEW.raised_by_id, NEW.organisation_id, '{respondent,approver}', NEW.asked_at)
    THEN RAISE EXCEPTION 'A flag is raised by somebody who speaks for its municipality' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.ruling_id IS NOT NULL AND NEW.measurement_id IS NOT NULL THEN
        SELECT g.ruled_by_id INTO judge FROM hearing_ruling g WHERE g.id = NEW.ruling_id;
        IF EXISTS (
            SELECT FROM indicators_measurement m JOIN indicators_upload u ON u.id = m.upload_id
            WHERE m.id = NEW.measurement_id AND judge IN (u.uploaded_by_id, u.applied_by_id)
        ) THEN RAISE EXCEPTION 'Whoever brought a figure does not rule on it' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$
"""
RESPONSE = """
CREATE FUNCTION hearing_check_response() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.preliminary_at IS DISTINCT FROM OLD.preliminary_at AND NOT hearing_speaks(
            NEW.preliminary_by_id, NEW.organisation_id, '{approver}', NEW.preliminary_at))
        OR (NEW.final_at IS DISTINCT FROM OLD.final_at AND NOT hearing_speaks(
            NEW.final_by_id, NEW.organisation_id, '{approver}', NEW.final_at))
    THEN RAISE EXCEPTION 'An answer is given by an approver' USING ERRCODE = 'check_violation';
    END IF;
    IF (OLD.preliminary_at IS NOT NULL AND NEW.preliminary_at IS DISTINCT FROM OLD.preliminary_at)
        OR (OLD.final_at IS NOT NULL AND NEW.final_at IS DISTINCT FROM OLD.final_at)
    THEN RAISE EXCEPTION 'An answer that was given stays' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
CHANGED = """
CREATE FUNCTION hearing_changed_without_ruling(edition bigint)
RETURNS TABLE (municipality_id bigint, indicator_id bigint) LANGUAGE sql STABLE AS $$
    SELECT p.municipality_id, p.indicator_id
    FROM hearing_hearing h
    JOIN rankings_placement p ON p.edition_id = h.edition_id AND p.level = 'indicator'
    LEFT JOIN hearing_figureinhearing f ON f.hearing_id = h.id
        AND f.municipality_id = p.municipality_id AND f.indicator_id = p.indicator_id
    LEFT JOIN indicators_measurement m ON m.id = p.measurement_id
    WHERE h.edition_id = edition AND h.opened_at IS NOT NULL
    AND p.measurement_id IS DISTINCT FROM f.measurement_id
    AND NOT EXISTS (
        SELECT FROM hearing_ruling g WHERE g.changes_figure AND g.upload_id = m.upload_id AND (
            EXISTS (
                SELECT FROM hearing_remark k JOIN hearing_response r ON r.id = k.response_id
                JOIN people_organisation o ON o.id = r.organisation_id
                WHERE k.ruling_id = g.id AND k.indicator_id = p.indicator_id
                AND (k.kind = 'definition' OR o.municipality_id = p.municipality_id)
            )
            OR EXISTS (
                SELECT FROM hearing_flag w WHERE w.ruling_id = g.id
                AND w.indicator_id = p.indicator_id AND w.municipality_id = p.municipality_id
            )
            OR NOT EXISTS (SELECT FROM hearing_remark k WHERE k.ruling_id = g.id)
            AND NOT EXISTS (SELECT FROM hearing_flag w WHERE w.ruling_id = g.id)
        )
    )
$$
"""
PUBLICATION = """
CREATE FUNCTION hearing_check_publication() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE asked hearing_hearing;
BEGIN
    SELECT * INTO asked FROM hearing_hearing h WHERE h.edition_id = NEW.id;
    IF NOT FOUND THEN RETURN NEW; END IF;
    IF asked.closes_at > NEW.published_at THEN
        RAISE EXCEPTION 'The hearing has not closed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (
        SELECT FROM hearing_remark k JOIN hearing_response r ON r.id = k.response_id
        LEFT JOIN hearing_ruling g ON g.id = k.ruling_id
        WHERE r.hearing_id = asked.id AND k.received_at < asked.closes_at AND k.withdrawn_at IS NULL
        AND (g.id IS NULL OR g.changes_figure AND g.upload_id IS NULL)
    ) THEN RAISE EXCEPTION 'A remark has no ruling, or its figure is not corrected' USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (SELECT FROM hearing_changed_without_ruling(NEW.id)) THEN
        RAISE EXCEPTION 'A figure has changed since the hearing without a ruling' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
TRIGGERS = [
    *(_never_rewritten(table, columns) for table, columns in NEVER_REWRITTEN.items()),
    _never_rewritten("hearing_remark", RECEIVED, when="OLD.received_at IS NOT NULL AND "),
    *(
        f"CREATE TRIGGER {table}_has_its_speaker BEFORE INSERT ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION hearing_check_speaker()"
        for table in ("hearing_comment", "hearing_voice")
    ),
    *(
        f"CREATE TRIGGER {name} {when} FOR EACH ROW {condition} EXECUTE FUNCTION {function}()"
        for name, when, condition, function in (
            ("hearing_remark_is_ones_own", "BEFORE INSERT OR UPDATE ON hearing_remark", "", "hearing_check_remark"),
            ("hearing_flag_is_ones_own", "BEFORE INSERT OR UPDATE ON hearing_flag", "", "hearing_check_flag"),
            ("hearing_response_is_approved", "BEFORE UPDATE ON hearing_response", "", "hearing_check_response"),
            (
                "hearing_is_ruled_before_publication",
                "BEFORE UPDATE ON rankings_edition",
                "WHEN (NEW.state = 'published' AND OLD.state IN ('draft', 'hearing'))",
                "hearing_check_publication",
            ),
        )
    ),
]
FUNCTIONS = (
    "hearing_refuse_rewriting()",
    "hearing_check_speaker()",
    "hearing_check_remark()",
    "hearing_check_flag()",
    "hearing_check_response()",
    "hearing_check_publication()",
    "hearing_changed_without_ruling(bigint)",
    "hearing_speaks(bigint, bigint, text[], timestamptz)",
)


class Migration(migrations.Migration):
    dependencies = [("hearing", "0001_initial"), ("people", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql=[REFUSE, SPEAKS, SPEAKER, REMARK, FLAG, RESPONSE, CHANGED, PUBLICATION, *TRIGGERS],
            reverse_sql=[f"DROP FUNCTION {name} CASCADE" for name in FUNCTIONS],
        ),
    ]
