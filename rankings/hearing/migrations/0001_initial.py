import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("indicators", "0009_log_of_all_rooms"),
        ("people", "0001_initial"),
        ("rankings", "0008_change_below"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Hearing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opens_at", models.DateTimeField(verbose_name="åbner")),
                ("closes_at", models.DateTimeField(verbose_name="lukker")),
                ("opened_at", models.DateTimeField(blank=True, null=True, verbose_name="åbnet")),
                (
                    "edition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, to="rankings.edition", verbose_name="udgave"
                    ),
                ),
                (
                    "planned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="planlagt af",
                    ),
                ),
            ],
            options={
                "verbose_name": "høring",
                "verbose_name_plural": "høringer",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("closes_at__gt", models.F("opens_at"))),
                        name="hearing_closes_after_it_opens",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("opened_at__isnull", True), ("opened_at__gte", models.F("opens_at")), _connector="OR"
                        ),
                        name="hearing_is_not_opened_early",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FigureInHearing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("data_year", models.PositiveSmallIntegerField(null=True, verbose_name="dataår")),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.indicator",
                        verbose_name="indikator",
                    ),
                ),
                (
                    "measurement",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.measurement",
                        verbose_name="måling",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.municipality",
                        verbose_name="kommune",
                    ),
                ),
                (
                    "hearing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="figures",
                        to="hearing.hearing",
                        verbose_name="høring",
                    ),
                ),
            ],
            options={
                "verbose_name": "tal i høring",
                "verbose_name_plural": "tal i høring",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("hearing", "municipality", "indicator"), name="figure_in_hearing_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(blank=True, null=True, verbose_name="nr. i høringen")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("figure", "tallet er forkert"),
                            ("definition", "definitionen er forkert"),
                            ("missing", "tallet mangler"),
                            ("remark", "bare en bemærkning"),
                        ],
                        max_length=10,
                        verbose_name="slags",
                    ),
                ),
                ("proposed", models.FloatField(blank=True, null=True, verbose_name="det rigtige tal")),
                ("text", models.TextField(max_length=2000, verbose_name="begrundelse")),
                ("written_at", models.DateTimeField(verbose_name="skrevet")),
                ("received_at", models.DateTimeField(blank=True, null=True, verbose_name="modtaget")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="trukket tilbage")),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.indicator",
                        verbose_name="indikator",
                    ),
                ),
                (
                    "measurement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.measurement",
                        verbose_name="måling",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="skrevet af",
                    ),
                ),
            ],
            options={
                "verbose_name": "bemærkning",
                "verbose_name_plural": "bemærkninger",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["figure", "definition", "missing", "remark"])),
                        name="remark_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="remark_says_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "figure"), _negated=True), ("measurement__isnull", False), _connector="OR"
                        ),
                        name="remark_of_a_wrong_figure_names_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("proposed__isnull", True), ("kind__in", ["figure", "missing"]), _connector="OR"
                        ),
                        name="remark_proposes_only_for_a_figure",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("number__isnull", True), ("received_at__isnull", True), ("withdrawn_at__isnull", True)
                            ),
                            models.Q(("number__isnull", False), ("received_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="remark_received_has_a_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "text__regex",
                                "(?<![0-9])((0[1-9]|[12][0-9]|3[01])(0[13578]|1[02])|(0[1-9]|[12][0-9]|30)(0[469]|11)|(0[1-9]|[12][0-9])02)[0-9][0-9] ?[-–.]? ?[0-9][0-9][0-9][0-9](?![0-9])",
                            ),
                            _negated=True,
                        ),
                        name="remark_text_holds_no_cpr",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.FileField(max_length=200, upload_to="attachments/", verbose_name="fil")),
                ("name", models.CharField(max_length=150, verbose_name="filens navn")),
                ("content_type", models.CharField(max_length=100, verbose_name="slags")),
                ("size", models.PositiveIntegerField(verbose_name="størrelse i byte")),
                ("added_at", models.DateTimeField(verbose_name="tilføjet")),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="tilføjet af",
                    ),
                ),
                (
                    "remark",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="hearing.remark",
                        verbose_name="bemærkning",
                    ),
                ),
            ],
            options={
                "verbose_name": "bilag",
                "verbose_name_plural": "bilag",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("size__gt", 0), ("size__lte", 5000000)),
                        name="attachment_is_not_empty_and_at_most_5_mb",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="attachment_has_a_name"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Response",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField(verbose_name="spurgt")),
                ("opened_at", models.DateTimeField(blank=True, null=True, verbose_name="åbnet")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sendt til godkender")),
                ("preliminary_at", models.DateTimeField(blank=True, null=True, verbose_name="foreløbigt svar")),
                ("final_at", models.DateTimeField(blank=True, null=True, verbose_name="endeligt svar")),
                (
                    "final_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="endeligt svar godkendt af",
                    ),
                ),
                (
                    "hearing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses",
                        to="hearing.hearing",
                        verbose_name="høring",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="åbnet af",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responses",
                        to="people.organisation",
                        verbose_name="kommune",
                    ),
                ),
                (
                    "preliminary_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="foreløbigt svar godkendt af",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="sendt til godkender af",
                    ),
                ),
            ],
            options={
                "verbose_name": "høringssvar",
                "verbose_name_plural": "høringssvar",
                "constraints": [
                    models.UniqueConstraint(fields=("hearing", "organisation"), name="response_once_a_municipality"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("opened_at__isnull", True), ("opened_by__isnull", True)),
                            models.Q(("opened_at__isnull", False), ("opened_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="response_opened_says_who",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", True), ("sent_by__isnull", True)),
                            models.Q(("sent_at__isnull", False), ("sent_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="response_sent_says_who",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("preliminary_at__isnull", True), ("preliminary_by__isnull", True)),
                            models.Q(("preliminary_at__isnull", False), ("preliminary_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="response_preliminary_says_who",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("final_at__isnull", True), ("final_by__isnull", True)),
                            models.Q(("final_at__isnull", False), ("final_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="response_final_says_who",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("final_at__isnull", True),
                            ("preliminary_at__isnull", True),
                            ("final_at__gte", models.F("preliminary_at")),
                            _connector="OR",
                        ),
                        name="response_final_after_preliminary",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="remark",
            name="response",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="remarks",
                to="hearing.response",
                verbose_name="høringssvar",
            ),
        ),
        migrations.CreateModel(
            name="Ruling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("upheld", "medhold"), ("partly", "delvist medhold"), ("not", "ikke medhold")],
                        max_length=8,
                        verbose_name="udfald",
                    ),
                ),
                ("reason", models.TextField(max_length=2000, verbose_name="begrundelse")),
                ("ruled_at", models.DateTimeField(verbose_name="afgjort")),
                ("changes_figure", models.BooleanField(verbose_name="et tal rettes")),
                (
                    "ruled_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="afgjort af",
                    ),
                ),
                (
                    "upload",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rulings",
                        to="indicators.upload",
                        verbose_name="indberetning",
                    ),
                ),
            ],
            options={
                "verbose_name": "afgørelse",
                "verbose_name_plural": "afgørelser",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["upheld", "partly", "not"])), name="ruling_outcome_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="ruling_gives_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("changes_figure", False), ("upload__isnull", True)),
                            models.Q(("changes_figure", True), models.Q(("outcome", "not"), _negated=True)),
                            _connector="OR",
                        ),
                        name="ruling_changes_a_figure_only_when_upheld",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reason__regex",
                                "(?<![0-9])((0[1-9]|[12][0-9]|3[01])(0[13578]|1[02])|(0[1-9]|[12][0-9]|30)(0[469]|11)|(0[1-9]|[12][0-9])02)[0-9][0-9] ?[-–.]? ?[0-9][0-9][0-9][0-9](?![0-9])",
                            ),
                            _negated=True,
                        ),
                        name="ruling_reason_holds_no_cpr",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="remark",
            name="ruling",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="remarks",
                to="hearing.ruling",
                verbose_name="afgørelse",
            ),
        ),
        migrations.CreateModel(
            name="Flag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("municipality", "kommunen"),
                            ("late_remark", "bemærkning efter fristen"),
                            ("reader", "en læser"),
                        ],
                        max_length=12,
                        verbose_name="rejst af",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "venter på redaktionen"),
                            ("declined", "ikke taget op"),
                            ("raised", "under afklaring"),
                            ("ruled", "afklaret"),
                        ],
                        max_length=10,
                        verbose_name="tilstand",
                    ),
                ),
                ("text", models.TextField(max_length=2000, verbose_name="hvad der er galt")),
                ("reader_email", models.EmailField(blank=True, max_length=254, verbose_name="læserens e-mail")),
                ("asked_at", models.DateTimeField(verbose_name="modtaget")),
                ("raised_at", models.DateTimeField(blank=True, null=True, verbose_name="sat under afklaring")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="afklares senest")),
                ("declined_because", models.CharField(blank=True, max_length=300, verbose_name="hvorfor ikke")),
                (
                    "declined_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="ikke taget op af",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="flags",
                        to="rankings.edition",
                        verbose_name="udgave",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="flags",
                        to="indicators.indicator",
                        verbose_name="indikator",
                    ),
                ),
                (
                    "measurement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.measurement",
                        verbose_name="måling",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="flags",
                        to="indicators.municipality",
                        verbose_name="kommune",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="rejst af personen",
                    ),
                ),
                (
                    "remark",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="hearing.remark",
                        verbose_name="bemærkning",
                    ),
                ),
                (
                    "ruling",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="flags",
                        to="hearing.ruling",
                        verbose_name="afgørelse",
                    ),
                ),
            ],
            options={
                "verbose_name": "tal under afklaring",
                "verbose_name_plural": "tal under afklaring",
                "indexes": [models.Index(fields=["edition", "municipality", "indicator"], name="flag_of_a_figure")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("declined_because", ""),
                                ("raised_at__isnull", True),
                                ("ruling__isnull", True),
                                ("state", "waiting"),
                            ),
                            models.Q(
                                ("declined_by__isnull", False),
                                ("raised_at__isnull", True),
                                ("ruling__isnull", True),
                                ("state", "declined"),
                                models.Q(("declined_because", ""), _negated=True),
                            ),
                            models.Q(
                                ("due_on__isnull", False),
                                ("raised_at__isnull", False),
                                ("ruling__isnull", True),
                                ("state", "raised"),
                            ),
                            models.Q(
                                ("due_on__isnull", False),
                                ("raised_at__isnull", False),
                                ("ruling__isnull", False),
                                ("state", "ruled"),
                            ),
                            _connector="OR",
                        ),
                        name="flag_state_fits_what_happened",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("organisation__isnull", True), ("origin", "reader"), ("raised_by__isnull", True)),
                            models.Q(
                                ("organisation__isnull", False),
                                ("origin", "municipality"),
                                ("raised_by__isnull", False),
                                ("reader_email", ""),
                            ),
                            models.Q(
                                ("organisation__isnull", False),
                                ("origin", "late_remark"),
                                ("reader_email", ""),
                                ("remark__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="flag_says_who_raised_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reader_email", ""), ("state__in", ["waiting", "raised"]), _connector="OR"),
                        name="flag_forgets_the_reader_when_it_ends",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="flag_says_what_is_wrong"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "text__regex",
                                "(?<![0-9])((0[1-9]|[12][0-9]|3[01])(0[13578]|1[02])|(0[1-9]|[12][0-9]|30)(0[469]|11)|(0[1-9]|[12][0-9])02)[0-9][0-9] ?[-–.]? ?[0-9][0-9][0-9][0-9](?![0-9])",
                            ),
                            _negated=True,
                        ),
                        name="flag_text_holds_no_cpr",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Voice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=1000, verbose_name="tekst")),
                ("written_at", models.DateTimeField(verbose_name="skrevet")),
                ("shown_at", models.DateTimeField(blank=True, null=True, verbose_name="vist")),
                ("refused_at", models.DateTimeField(blank=True, null=True, verbose_name="afvist")),
                ("refused_because", models.CharField(blank=True, max_length=300, verbose_name="hvorfor afvist")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="trukket tilbage")),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="voices",
                        to="rankings.edition",
                        verbose_name="udgave",
                    ),
                ),
                (
                    "looked_at_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="set af",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="voices",
                        to="indicators.municipality",
                        verbose_name="kommune",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="voices",
                        to="people.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="voices",
                        to="indicators.theme",
                        verbose_name="tema",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="skrevet af",
                    ),
                ),
            ],
            options={
                "verbose_name": "stemme",
                "verbose_name_plural": "stemmer",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="voice_says_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("looked_at_by__isnull", True),
                                ("refused_at__isnull", True),
                                ("refused_because", ""),
                                ("shown_at__isnull", True),
                            ),
                            models.Q(
                                ("looked_at_by__isnull", False),
                                ("refused_at__isnull", True),
                                ("refused_because", ""),
                                ("shown_at__isnull", False),
                            ),
                            models.Q(
                                ("looked_at_by__isnull", False),
                                ("refused_at__isnull", False),
                                ("shown_at__isnull", True),
                                models.Q(("refused_because", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="voice_is_shown_or_refused_with_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("municipality__isnull", True), ("theme__isnull", True), _connector="OR"),
                        name="voice_is_about_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "text__regex",
                                "(?<![0-9])((0[1-9]|[12][0-9]|3[01])(0[13578]|1[02])|(0[1-9]|[12][0-9]|30)(0[469]|11)|(0[1-9]|[12][0-9])02)[0-9][0-9] ?[-–.]? ?[0-9][0-9][0-9][0-9](?![0-9])",
                            ),
                            _negated=True,
                        ),
                        name="voice_text_holds_no_cpr",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="år")),
                ("version", models.PositiveSmallIntegerField(verbose_name="version")),
                ("text", models.CharField(max_length=1000, verbose_name="kommentar")),
                ("short", models.CharField(blank=True, max_length=300, verbose_name="kort form")),
                ("written_at", models.DateTimeField(verbose_name="skrevet")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="trukket tilbage")),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.area",
                        verbose_name="område",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="rankings.edition",
                        verbose_name="udgave",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="people.organisation",
                        verbose_name="kommune",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="skrevet af",
                    ),
                ),
            ],
            options={
                "verbose_name": "kommentar",
                "verbose_name_plural": "kommentarer",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "year", "area", "version"),
                        name="comment_version_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="comment_says_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "text__regex",
                                "(?<![0-9])((0[1-9]|[12][0-9]|3[01])(0[13578]|1[02])|(0[1-9]|[12][0-9]|30)(0[469]|11)|(0[1-9]|[12][0-9])02)[0-9][0-9] ?[-–.]? ?[0-9][0-9][0-9][0-9](?![0-9])",
                            ),
                            _negated=True,
                        ),
                        name="comment_text_holds_no_cpr",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "short__regex",
                                "(?<![0-9])((0[1-9]|[12][0-9]|3[01])(0[13578]|1[02])|(0[1-9]|[12][0-9]|30)(0[469]|11)|(0[1-9]|[12][0-9])02)[0-9][0-9] ?[-–.]? ?[0-9][0-9][0-9][0-9](?![0-9])",
                            ),
                            _negated=True,
                        ),
                        name="comment_short_holds_no_cpr",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="tallenes år")),
                ("treated_on", models.DateField(verbose_name="behandlet")),
                ("url", models.URLField(verbose_name="referat")),
                ("noted_at", models.DateTimeField(verbose_name="noteret")),
                (
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="noteret af",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="people.organisation",
                        verbose_name="kommune",
                    ),
                ),
            ],
            options={
                "verbose_name": "byrådets behandling",
                "verbose_name_plural": "byrådenes behandlinger",
                "constraints": [
                    models.UniqueConstraint(fields=("organisation", "year"), name="decision_once_a_year"),
                    models.CheckConstraint(
                        condition=models.Q(("treated_on__year__gt", models.F("year"))),
                        name="decision_follows_the_figures",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("url__startswith", "https://")), name="decision_link_is_https"
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="remark",
            constraint=models.CheckConstraint(
                condition=models.Q(("ruling__isnull", True), ("received_at__isnull", False), _connector="OR"),
                name="remark_ruled_only_when_received",
            ),
        ),
    ]
