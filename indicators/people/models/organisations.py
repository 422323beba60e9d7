"""Organisations, who speaks for them, and where they are written to.

An access is a row with a beginning and an end, asked with a moment: nobody has to remember to take anything away.
Rows end, they are not deleted, so that whoever succeeds sees what was done before.
"""

import datetime as dt
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from indicators.danish import sort_key
from indicators.models import Municipality, Region


class OrganisationKind(models.TextChoices):
    """What an organisation is: it decides what its members may do."""

    MUNICIPALITY = "municipality", _("kommune")
    REGION = "region", _("region")
    PROVIDER = "provider", _("tilbud")
    USERS = "users", _("brugerorganisation")
    COUNCIL = "council", _("råd")
    ASSOCIATION = "association", _("faglig organisation")
    RESEARCH = "research", _("forskning")
    OFFICE = "office", _("redaktion")


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Organisations."""

    def in_danish_order(self) -> Self:
        """Sort by name as Danes sort: æ ø å last, Aa as Å."""
        return self.order_by("sort_key", "pk")

    def of_municipalities(self) -> Self:
        """Only the municipalities themselves, not the councils and services that belong to one."""
        return self.filter(kind=OrganisationKind.MUNICIPALITY)

    def active(self, day: dt.date) -> Self:
        """Those that have not ended by a day in Denmark."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day))

    def spoken_for_by(self, user: User | AnonymousUser, now: dt.datetime) -> Self:
        """Those that a person is a member of at a moment."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(pk__in=Membership.objects.current(now).filter(user=user).values("organisation"))


class Organisation(models.Model):
    """Somebody that people speak for (organisation): a municipality, a region, a service, an association of users …

    ``municipality`` is the municipality itself, or where a council or a service belongs. A municipality and a region
    are an organisation at most once.
    """

    kind = models.CharField(_("slags"), max_length=20, choices=OrganisationKind.choices)
    name = models.CharField(_("navn"), max_length=200)
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="organisations",
        verbose_name=_("kommune"),
    )
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="organisations", verbose_name=_("region")
    )
    url = models.URLField(_("hjemmeside"), blank=True)
    founded_at = models.DateTimeField(_("oprettet"))
    ended_on = models.DateField(_("ophørt"), null=True, blank=True)
    sort_key = models.CharField(max_length=200, editable=False, db_collation="C", db_index=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisationer")
        constraints = [
            models.UniqueConstraint(
                name="organisation_name_once_a_kind_and_place",
                fields=["kind", "name", "municipality", "region"],
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                name="organisation_one_a_municipality",
                fields=["municipality"],
                condition=Q(kind=OrganisationKind.MUNICIPALITY),
            ),
            models.UniqueConstraint(
                name="organisation_one_a_region", fields=["region"], condition=Q(kind=OrganisationKind.REGION)
            ),
            models.CheckConstraint(
                name="organisation_is_tied_as_its_kind_says",
                condition=Q(kind=OrganisationKind.MUNICIPALITY, municipality__isnull=False, region__isnull=True)
                | Q(kind=OrganisationKind.REGION, municipality__isnull=True, region__isnull=False)
                | Q(kind=OrganisationKind.COUNCIL, municipality__isnull=False, region__isnull=True)
                | Q(kind__in=[OrganisationKind.PROVIDER, OrganisationKind.USERS])
                | Q(
                    kind__in=[OrganisationKind.ASSOCIATION, OrganisationKind.RESEARCH, OrganisationKind.OFFICE],
                    municipality__isnull=True,
                ),
            ),
            models.CheckConstraint(name="organisation_has_a_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name

    def clean_fields(self, exclude: object = None) -> None:
        """Derive the key before the fields are checked, so that no form shows it."""
        self.derive_keys()
        super().clean_fields(exclude)  # type: ignore[arg-type]

    def derive_keys(self) -> None:
        """Set the stored key for sorting from the name."""
        self.sort_key = sort_key(self.name)


class MemberRole(models.TextChoices):
    """What somebody may do for an organisation. An approver may do what a respondent may, an observer only reads."""

    RESPONDENT = "respondent", _("besvarer")
    APPROVER = "approver", _("godkender")
    OBSERVER = "observer", _("observatør")


WRITERS = [MemberRole.RESPONDENT, MemberRole.APPROVER]


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships."""

    def current(self, now: dt.datetime) -> Self:
        """Those that hold at a moment: the first instant of ``until`` is outside."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=now), since__lte=now, user__is_active=True)

    def with_role(self, *roles: MemberRole) -> Self:
        """Those in one of these roles."""
        return self.filter(role__in=roles)


class Membership(models.Model):
    """That somebody speaks for an organisation, in a role, from one moment to another (medlemskab)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("medlem")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("organisation")
    )
    role = models.CharField(_("rolle"), max_length=12, choices=MemberRole.choices)
    since = models.DateTimeField(_("fra"))
    until = models.DateTimeField(_("til"), null=True, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("givet af")
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("afsluttet af"),
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("medlemskab")
        verbose_name_plural = _("medlemskaber")
        constraints = [
            models.UniqueConstraint(
                name="membership_once_at_a_time",
                fields=["user", "organisation", "role"],
                condition=Q(until__isnull=True),
            ),
            models.CheckConstraint(name="membership_role_known", condition=Q(role__in=MemberRole.values)),
            models.CheckConstraint(
                name="membership_ends_after_it_began_and_says_by_whom",
                condition=Q(until__isnull=True, ended_by__isnull=True)
                | Q(until__gte=F("since"), ended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}/{self.organisation_id}/{self.role}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations."""

    def unanswered(self) -> Self:
        """Those neither accepted nor withdrawn, expired or not."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)


class Invitation(models.Model):
    """A named person asked by e-mail to speak for an organisation (invitation).

    Its link holds the number and ``serial`` signed with the site's key: sending again raises ``serial``, and the link
    of the letter before leads nowhere.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="invitations", verbose_name=_("organisation")
    )
    name = models.CharField(_("navn"), max_length=150)
    email = models.EmailField(_("e-mail"))
    role = models.CharField(_("rolle"), max_length=12, choices=MemberRole.choices)
    serial = models.PositiveSmallIntegerField(_("afsendelse nr."), default=1)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("inviteret af")
    )
    invited_at = models.DateTimeField(_("inviteret"))
    expires_at = models.DateTimeField(_("udløber"))
    accepted_at = models.DateTimeField(_("taget imod"), null=True, blank=True)
    membership = models.OneToOneField(
        Membership, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("medlemskab")
    )
    withdrawn_at = models.DateTimeField(_("trukket tilbage"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitationer")
        constraints = [
            models.UniqueConstraint(
                name="invitation_once_while_unanswered",
                fields=["organisation", "email", "role"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(name="invitation_role_known", condition=Q(role__in=MemberRole.values)),
            models.CheckConstraint(name="invitation_names_a_person", condition=~Q(name="") & ~Q(email="")),
            models.CheckConstraint(name="invitation_email_in_small_letters", condition=Q(email=Lower("email"))),
            models.CheckConstraint(name="invitation_expires_later", condition=Q(expires_at__gt=F("invited_at"))),
            models.CheckConstraint(
                name="invitation_accepted_makes_a_membership",
                condition=Q(accepted_at__isnull=True, membership__isnull=True)
                | Q(accepted_at__isnull=False, membership__isnull=False, withdrawn_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}/{self.pk}"


class Purpose(models.TextChoices):
    """What a contact is for. Without one of its own an organisation is written to at its general one."""

    GENERAL = "general", _("alt")
    HEARING = "hearing", _("høring")
    SURVEY = "survey", _("spørgeskemaer")
    PRACTICE = "practice", _("god praksis")
    PROVISION = "provision", _("tilbud")


class ContactQuerySet(models.QuerySet["Contact"]):
    """Contacts."""

    def current(self) -> Self:
        """Those that have not been replaced or taken away."""
        return self.filter(ended_at__isnull=True)

    def published(self) -> Self:
        """Those that readers may see: confirmed by the organisation, and it said yes to that."""
        return self.current().filter(published=True)


class Contact(models.Model):
    """Where an organisation is written to (kontakt): the mailbox of a function, not of a person; when confirmed."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="contacts", verbose_name=_("organisation")
    )
    purpose = models.CharField(_("bruges til"), max_length=12, choices=Purpose.choices, default=Purpose.GENERAL)
    title = models.CharField(_("funktion"), max_length=150, blank=True)
    email = models.EmailField(_("e-mail"))
    phone = models.CharField(_("telefon"), max_length=20, blank=True)
    published = models.BooleanField(_("vises offentligt"), default=False)
    added_at = models.DateTimeField(_("tilføjet"))
    confirmed_at = models.DateTimeField(_("bekræftet"), null=True, blank=True)
    bounced_at = models.DateTimeField(_("brev kom tilbage"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ophørt"), null=True, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("kontakt")
        verbose_name_plural = _("kontakter")
        constraints = [
            models.UniqueConstraint(
                name="contact_one_a_purpose", fields=["organisation", "purpose"], condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(name="contact_purpose_known", condition=Q(purpose__in=Purpose.values)),
            models.CheckConstraint(name="contact_has_an_address", condition=~Q(email="") & Q(email=Lower("email"))),
            models.CheckConstraint(
                name="contact_published_only_when_confirmed",
                condition=Q(published=False) | Q(confirmed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}/{self.purpose}"
