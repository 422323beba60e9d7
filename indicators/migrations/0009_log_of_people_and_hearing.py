from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0008_jobs_after_a_publication_have_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="logentry",
            name="log_action_known",
        ),
        migrations.AlterField(
            model_name="logentry",
            name="action",
            field=models.CharField(
                choices=[
                    ("upload_received", "fil modtaget"),
                    ("upload_checked", "fil tjekket"),
                    ("reading_corrected", "læsningen rettet"),
                    ("upload_applied", "fil indlæst"),
                    ("upload_taken_back", "indlæsning taget tilbage"),
                    ("job_cancelled", "arbejde afbrudt"),
                    ("edition_prepared", "udgave forberedt"),
                    ("edition_computed", "udgave beregnet"),
                    ("edition_sent_to_hearing", "udgave sendt i høring"),
                    ("edition_published", "udgave offentliggjort"),
                    ("edition_corrected", "rettelse begyndt"),
                    ("edition_deleted", "kladde slettet"),
                    ("preview_link_made", "link til forhåndsvisning lavet"),
                    ("member_invited", "medlem inviteret"),
                    ("member_joined", "invitation taget imod"),
                    ("membership_ended", "medlemskab afsluttet"),
                    ("person_forgotten", "person slettet"),
                    ("contact_changed", "kontakt ændret"),
                    ("hearing_planned", "høring planlagt"),
                    ("response_given", "høringssvar afgivet"),
                    ("remark_ruled", "bemærkning afgjort"),
                    ("flag_raised", "tal sat under afklaring"),
                    ("flag_ruled", "afklaring afsluttet"),
                    ("statement_made", "tekst fra en organisation"),
                    ("statement_refused", "tekst afvist"),
                ],
                max_length=30,
                verbose_name="hvad",
            ),
        ),
        migrations.AddConstraint(
            model_name="logentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "action__in",
                        [
                            "upload_received",
                            "upload_checked",
                            "reading_corrected",
                            "upload_applied",
                            "upload_taken_back",
                            "job_cancelled",
                            "edition_prepared",
                            "edition_computed",
                            "edition_sent_to_hearing",
                            "edition_published",
                            "edition_corrected",
                            "edition_deleted",
                            "preview_link_made",
                            "member_invited",
                            "member_joined",
                            "membership_ended",
                            "person_forgotten",
                            "contact_changed",
                            "hearing_planned",
                            "response_given",
                            "remark_ruled",
                            "flag_raised",
                            "flag_ruled",
                            "statement_made",
                            "statement_refused",
                        ],
                    )
                ),
                name="log_action_known",
            ),
        ),
    ]
