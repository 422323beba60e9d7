"""Practices, what they mean to move, what is known of them, what was measured, and who asked whom."""

from .exchange import Circle, Enquiry, EnquiryState, FollowUp, FollowUpResult
from .knowledge import Assessment, Design, Element, ElementKind, Evidence, EvidenceScope, FindingKind, Knowledge
from .measured import MeasuredHere, NoVerdict, Verdict
from .practices import PUBLIC, Aim, AimDirection, Maturity, Practice, PracticeState, TargetGroup

__all__ = [
    "PUBLIC",
    "Aim",
    "AimDirection",
    "Assessment",
    "Circle",
    "Design",
    "Element",
    "ElementKind",
    "Enquiry",
    "EnquiryState",
    "Evidence",
    "EvidenceScope",
    "FindingKind",
    "FollowUp",
    "FollowUpResult",
    "Knowledge",
    "Maturity",
    "MeasuredHere",
    "NoVerdict",
    "Practice",
    "PracticeState",
    "TargetGroup",
    "Verdict",
]
