"""Audits: what was found when an edition was looked over."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .editions import Edition


class Audit(models.Model):
    """An edition looked over (efterset): what `rankings.engine.audit` found, as it was found.

    Made with the placements. An edition that was computed before there were audits has none until somebody asks for it
    (`manage.py audit_edition`); ``made_at`` then lies after its publication, and its pages say so. Once the edition is
    public the audit is never changed.
    """

    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="audit", verbose_name=_("udgave"))
    findings = models.JSONField(_("fund"))
    made_at = models.DateTimeField(_("efterset"))

    class Meta:
        verbose_name = _("eftersyn")
        verbose_name_plural = _("eftersyn")

    def __str__(self) -> str:
        return str(self.edition_id)
