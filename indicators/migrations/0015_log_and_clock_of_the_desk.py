"""The desk's own entries of the log, and work that waits for a stated time."""

from django.conf import settings
from django.db import migrations, models

ACTIONS = [
    ("upload_received", "fil modtaget"),
    ("upload_checked", "fil tjekket"),
    ("reading_corrected", "læsningen rettet"),
    ("upload_applied", "fil indlæst"),
    ("upload_taken_back", "indlæsning taget tilbage"),
    ("upload_discarded", "fil kasseret"),
    ("job_cancelled", "arbejde afbrudt"),
    ("edition_prepared", "udgave forberedt"),
    ("edition_computed", "udgave beregnet"),
    ("edition_sent_to_hearing", "udgave sendt i høring"),
    ("edition_published", "udgave offentliggjort"),
    ("edition_corrected", "rettelse begyndt"),
    ("edition_deleted", "kladde slettet"),
    ("edition_seen", "kladde set igennem"),
    ("edition_withdrawn", "udgave trukket tilbage"),
    ("publication_planned", "offentliggørelse bestilt"),
    ("source_planned", "kilde fordelt"),
    ("source_reused", "genbrug af tal bekræftet"),
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
    ("practice_sent", "praksis indsendt"),
    ("practice_returned", "praksis sendt tilbage"),
    ("practice_assessed", "praksis vurderet"),
    ("evidence_added", "viden om praksis tilføjet"),
    ("practice_published", "praksis offentliggjort"),
    ("practice_confirmed", "praksis bekræftet"),
    ("practice_withdrawn", "praksis trukket tilbage"),
    ("enquiry_sent", "henvendelse sendt"),
    ("enquiry_answered", "henvendelse besvaret"),
    ("circle_opened", "kreds begyndt"),
    ("wave_planned", "runde forberedt"),
    ("wave_opened", "runde åbnet"),
    ("wave_closed", "runde lukket"),
    ("replies_approved", "svar godkendt"),
    ("replies_reopened", "svar åbnet igen"),
    ("members_asked", "medlemmer spurgt"),
    ("answers_imported", "svar hentet fra fil"),
    ("definition_proposed", "ændring af kataloget foreslået"),
    ("definition_approved", "ændring af kataloget godkendt"),
    ("definition_refused", "ændring af kataloget afvist"),
    ("definition_in_force", "ændring af kataloget gælder"),
    ("period_rule_chosen", "regel for årets tal valgt"),
    ("signed_in", "logget ind"),
    ("sign_in_failed", "login mislykkedes"),
    ("staff_invited", "medarbejder inviteret"),
    ("password_link_sent", "link til ny adgangskode sendt"),
    ("password_changed", "adgangskode ændret"),
    ("second_factor_removed", "andet trin fjernet"),
    ("roles_changed", "roller ændret"),
    ("account_opened", "konto åbnet"),
    ("account_closed", "konto lukket"),
    ("account_unlocked", "login låst op"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0014_definitions_regions_people"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="logentry",
            name="log_action_known",
        ),
        migrations.AddField(
            model_name="job",
            name="not_before",
            field=models.DateTimeField(blank=True, null=True, verbose_name="tidligst"),
        ),
        migrations.AlterField(
            model_name="logentry",
            name="action",
            field=models.CharField(choices=ACTIONS, max_length=30, verbose_name="hvad"),
        ),
        migrations.AddConstraint(
            model_name="job",
            constraint=models.UniqueConstraint(
                condition=models.Q(("not_before__isnull", False), ("state__in", ["waiting", "running"])),
                fields=("kind", "about"),
                name="job_one_at_a_time_of_a_clock",
            ),
        ),
        migrations.AddConstraint(
            model_name="logentry",
            constraint=models.CheckConstraint(
                condition=models.Q(("action__in", [name for name, _words in ACTIONS])), name="log_action_known"
            ),
        ),
    ]
