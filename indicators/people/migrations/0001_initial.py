import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("indicators", "0009_log_of_all_rooms"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("municipality", "kommune"),
                            ("region", "region"),
                            ("provider", "tilbud"),
                            ("users", "brugerorganisation"),
                            ("council", "råd"),
                            ("association", "faglig organisation"),
                            ("research", "forskning"),
                            ("office", "redaktion"),
                        ],
                        max_length=20,
                        verbose_name="slags",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="navn")),
                ("url", models.URLField(blank=True, verbose_name="hjemmeside")),
                ("founded_at", models.DateTimeField(verbose_name="oprettet")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="ophørt")),
                ("sort_key", models.CharField(db_collation="C", db_index=True, editable=False, max_length=200)),
                (
                    "municipality",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="organisations",
                        to="indicators.municipality",
                        verbose_name="kommune",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="organisations",
                        to="indicators.region",
                        verbose_name="region",
                    ),
                ),
            ],
            options={
                "verbose_name": "organisation",
                "verbose_name_plural": "organisationer",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "name", "municipality", "region"),
                        name="organisation_name_once_a_kind_and_place",
                        nulls_distinct=False,
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "municipality")),
                        fields=("municipality",),
                        name="organisation_one_a_municipality",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "region")), fields=("region",), name="organisation_one_a_region"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "municipality"), ("municipality__isnull", False), ("region__isnull", True)
                            ),
                            models.Q(("kind", "region"), ("municipality__isnull", True), ("region__isnull", False)),
                            models.Q(("kind", "council"), ("municipality__isnull", False), ("region__isnull", True)),
                            ("kind__in", ["provider", "users"]),
                            models.Q(
                                ("kind__in", ["association", "research", "office"]), ("municipality__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="organisation_is_tied_as_its_kind_says",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="organisation_has_a_name"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[("respondent", "besvarer"), ("approver", "godkender"), ("observer", "observatør")],
                        max_length=12,
                        verbose_name="rolle",
                    ),
                ),
                ("since", models.DateTimeField(verbose_name="fra")),
                ("until", models.DateTimeField(blank=True, null=True, verbose_name="til")),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="afsluttet af",
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="givet af",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="medlem",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="people.organisation",
                        verbose_name="organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "medlemskab",
                "verbose_name_plural": "medlemskaber",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)),
                        fields=("user", "organisation", "role"),
                        name="membership_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["respondent", "approver", "observer"])),
                        name="membership_role_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_by__isnull", True), ("until__isnull", True)),
                            models.Q(("ended_by__isnull", False), ("until__gte", models.F("since"))),
                            _connector="OR",
                        ),
                        name="membership_ends_after_it_began_and_says_by_whom",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=150, verbose_name="navn")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                (
                    "role",
                    models.CharField(
                        choices=[("respondent", "besvarer"), ("approver", "godkender"), ("observer", "observatør")],
                        max_length=12,
                        verbose_name="rolle",
                    ),
                ),
                ("serial", models.PositiveSmallIntegerField(default=1, verbose_name="afsendelse nr.")),
                ("invited_at", models.DateTimeField(verbose_name="inviteret")),
                ("expires_at", models.DateTimeField(verbose_name="udløber")),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="taget imod")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="trukket tilbage")),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="inviteret af",
                    ),
                ),
                (
                    "membership",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="people.membership",
                        verbose_name="medlemskab",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="people.organisation",
                        verbose_name="organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitationer",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("accepted_at__isnull", True), ("withdrawn_at__isnull", True)),
                        fields=("organisation", "email", "role"),
                        name="invitation_once_while_unanswered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["respondent", "approver", "observer"])),
                        name="invitation_role_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True), models.Q(("email", ""), _negated=True)
                        ),
                        name="invitation_names_a_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                        name="invitation_email_in_small_letters",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("invited_at"))), name="invitation_expires_later"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepted_at__isnull", True), ("membership__isnull", True)),
                            models.Q(
                                ("accepted_at__isnull", False),
                                ("membership__isnull", False),
                                ("withdrawn_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="invitation_accepted_makes_a_membership",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("general", "alt"),
                            ("hearing", "høring"),
                            ("survey", "spørgeskemaer"),
                            ("practice", "god praksis"),
                            ("provision", "tilbud"),
                        ],
                        default="general",
                        max_length=12,
                        verbose_name="bruges til",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=150, verbose_name="funktion")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="telefon")),
                ("published", models.BooleanField(default=False, verbose_name="vises offentligt")),
                ("added_at", models.DateTimeField(verbose_name="tilføjet")),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="bekræftet")),
                ("bounced_at", models.DateTimeField(blank=True, null=True, verbose_name="brev kom tilbage")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ophørt")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="people.organisation",
                        verbose_name="organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "kontakt",
                "verbose_name_plural": "kontakter",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("organisation", "purpose"),
                        name="contact_one_a_purpose",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["general", "hearing", "survey", "practice", "provision"])),
                        name="contact_purpose_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("email", ""), _negated=True),
                            ("email", django.db.models.functions.text.Lower("email")),
                        ),
                        name="contact_has_an_address",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("published", False), ("confirmed_at__isnull", False), _connector="OR"),
                        name="contact_published_only_when_confirmed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[("respondent", "besvarer"), ("approver", "godkender"), ("observer", "observatør")],
                        max_length=12,
                        verbose_name="rolle",
                    ),
                ),
                ("kind", models.SlugField(verbose_name="slags")),
                ("about", models.CharField(max_length=100, verbose_name="om hvad")),
                ("title", models.CharField(max_length=200, verbose_name="hvad")),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="hvor")),
                ("opened_at", models.DateTimeField(verbose_name="givet")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="frist")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "åben"), ("done", "udført"), ("dropped", "bortfaldet")],
                        default="open",
                        max_length=8,
                        verbose_name="tilstand",
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="slut")),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="hvem",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="udført af",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="people.organisation",
                        verbose_name="organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "opgave",
                "verbose_name_plural": "opgaver",
                "indexes": [models.Index(fields=["about", "kind"], name="task_about")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("organisation", "kind", "about", "role", "assignee"),
                        name="task_open_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["", "respondent", "approver", "observer"])),
                        name="task_role_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True), ("state", "open")),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False), ("state", "done")),
                            models.Q(("ended_at__isnull", False), ("state", "dropped")),
                            _connector="OR",
                        ),
                        name="task_done_says_who_and_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("due_at__isnull", True), ("due_at__gte", models.F("opened_at")), _connector="OR"
                        ),
                        name="task_due_after_it_was_given",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("days_before", models.PositiveSmallIntegerField(verbose_name="dage før fristen")),
                ("at", models.DateTimeField(verbose_name="hvornår")),
                ("written_at", models.DateTimeField(blank=True, null=True, verbose_name="skrevet")),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminders",
                        to="people.task",
                        verbose_name="opgave",
                    ),
                ),
            ],
            options={
                "verbose_name": "påmindelse",
                "verbose_name_plural": "påmindelser",
                "constraints": [
                    models.UniqueConstraint(fields=("task", "days_before"), name="reminder_once_a_day_before"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("written_at__isnull", True), ("written_at__gte", models.F("at")), _connector="OR"
                        ),
                        name="reminder_written_when_due",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.SlugField(verbose_name="slags")),
                ("about", models.CharField(blank=True, max_length=100, verbose_name="om hvad")),
                ("email", models.EmailField(max_length=254, verbose_name="til")),
                ("subject", models.CharField(max_length=200, verbose_name="emne")),
                ("body", models.TextField(verbose_name="tekst")),
                ("secret", models.BooleanField(default=False, verbose_name="indeholder en adgang")),
                ("written_at", models.DateTimeField(verbose_name="skrevet")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sendt")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="forsøg")),
                ("refused_at", models.DateTimeField(blank=True, null=True, verbose_name="afvist")),
                ("bounced_at", models.DateTimeField(blank=True, null=True, verbose_name="kom tilbage")),
                ("trouble", models.CharField(blank=True, max_length=300, verbose_name="hvad postserveren svarede")),
                (
                    "invitation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="people.invitation",
                        verbose_name="invitation",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="people.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="people.task",
                        verbose_name="opgave",
                    ),
                ),
            ],
            options={
                "verbose_name": "brev",
                "verbose_name_plural": "breve",
                "indexes": [
                    models.Index(fields=["about", "kind"], name="letter_about"),
                    models.Index(
                        condition=models.Q(("refused_at__isnull", True), ("sent_at__isnull", True)),
                        fields=["written_at"],
                        name="letter_waiting",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("secret", False),
                            models.Q(("refused_at__isnull", True), ("sent_at__isnull", True)),
                            ("body", ""),
                            _connector="OR",
                        ),
                        name="letter_with_a_way_in_is_emptied",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sent_at__isnull", True), ("refused_at__isnull", True), _connector="OR"),
                        name="letter_sent_or_refused_not_both",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("bounced_at__isnull", True), ("sent_at__isnull", False), _connector="OR"),
                        name="letter_came_back_after_it_went",
                    ),
                ],
            },
        ),
    ]
