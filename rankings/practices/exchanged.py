"""How much was asked, answered and used, as it stood at a moment: for the practice's page and the yearly page.

Counted at the moment an edition was published, so that a page of an edition never changes when somebody writes.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from rankings.practices.models import Enquiry, EnquiryState, FollowUp, FollowUpResult


@dataclass(frozen=True, slots=True)
class Exchanged:
    """Numbers of enquiries at a moment. ``results`` by FollowUpResult; activity is no part of the index."""

    sent: int
    answered: int
    declined: int
    unanswered: int
    results: dict[str, int]

    @property
    def waiting(self) -> int:
        """Those still within their 14 days."""
        return self.sent - self.answered - self.declined - self.unanswered


def exchanged(moment: dt.datetime, enquiries: QuerySet[Enquiry] | None = None) -> Exchanged:
    """Count enquiries as they stood at a moment; all of them, or some."""
    rows = (Enquiry.objects.all() if enquiries is None else enquiries).filter(sent_at__lte=moment)
    done = rows.filter(answered_at__lte=moment)
    answered = done.filter(state=EnquiryState.ANSWERED).count()
    declined = done.filter(state=EnquiryState.DECLINED).count()
    late = rows.filter(reminded_at__lte=moment).exclude(answered_at__lte=moment).count()
    said = FollowUp.objects.filter(enquiry__in=rows, at__lte=moment).values_list("result", flat=True)
    results = {str(result): list(said).count(result) for result in FollowUpResult.values}
    return Exchanged(rows.count(), answered, declined, late, results)
