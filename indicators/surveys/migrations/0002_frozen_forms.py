"""What was asked stays as it was asked: once a questionnaire is frozen, neither it nor its questions change or go."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION surveys_refuse_change_of_a_frozen_form() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE frozen timestamptz;
BEGIN
  IF TG_TABLE_NAME = 'surveys_questionnaire' THEN
    frozen := OLD.frozen_at;
  ELSIF TG_OP = 'INSERT' THEN
    SELECT frozen_at INTO frozen FROM surveys_questionnaire WHERE id = NEW.questionnaire_id;
  ELSE
    SELECT frozen_at INTO frozen FROM surveys_questionnaire WHERE id = OLD.questionnaire_id;
  END IF;
  IF frozen IS NOT NULL THEN
    RAISE EXCEPTION 'A questionnaire that has been asked is never changed: add a new version'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$
"""
FORM = """
CREATE TRIGGER questionnaire_frozen_never_changes BEFORE UPDATE OR DELETE ON surveys_questionnaire
FOR EACH ROW EXECUTE FUNCTION surveys_refuse_change_of_a_frozen_form()
"""
QUESTION = """
CREATE TRIGGER question_frozen_never_changes BEFORE INSERT OR UPDATE OR DELETE ON surveys_question
FOR EACH ROW EXECUTE FUNCTION surveys_refuse_change_of_a_frozen_form()
"""


class Migration(migrations.Migration):
    dependencies = [("surveys", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql=[REFUSE, FORM, QUESTION],
            reverse_sql=["DROP FUNCTION surveys_refuse_change_of_a_frozen_form() CASCADE"],
        ),
    ]
