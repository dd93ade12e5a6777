"""The chapters of a review (情报-研判-预警-指挥-处置-反馈-评估, M62), derived from the kinds of entries. Pure."""

from __future__ import annotations

from typing import Final

INTELLIGENCE, ANALYSIS, WARNING, COMMAND, HANDLING, FEEDBACK, EVALUATION = (
    "intelligence", "analysis", "warning", "command", "handling", "feedback", "evaluation",
)  # fmt: skip
CHAPTERS: Final = (INTELLIGENCE, ANALYSIS, WARNING, COMMAND, HANDLING, FEEDBACK, EVALUATION)
# A kind's own chapter goes before that of its family; families of the house itself (users, codes, roads) have none.
FAMILIES: Final = {
    "call": INTELLIGENCE, "text": INTELLIGENCE, "card": INTELLIGENCE, "party": INTELLIGENCE, "premise": INTELLIGENCE,
    "transfer": FEEDBACK, "incident": INTELLIGENCE,
    "fusion": ANALYSIS, "clue": ANALYSIS, "position": ANALYSIS, "series": ANALYSIS, "links": ANALYSIS,
    "camera": ANALYSIS, "video": ANALYSIS, "bookmark": ANALYSIS, "search_area": ANALYSIS, "search": ANALYSIS,
    "watch": WARNING, "alert": WARNING, "deadline": WARNING, "warning": WARNING,
    "assignment": HANDLING, "unit": HANDLING, "directive": COMMAND, "mode": COMMAND, "interception": COMMAND,
    "joint": COMMAND, "duty": COMMAND, "suspect": HANDLING, "arrest": HANDLING, "outcome": HANDLING,
    "partner": COMMAND, "report": FEEDBACK, "grid": FEEDBACK,
    "callback": EVALUATION, "supervision": EVALUATION, "quality": EVALUATION, "approval": EVALUATION,
    "review": EVALUATION, "hold": EVALUATION,
}  # fmt: skip
KINDS: Final = {
    "transfer.received": INTELLIGENCE,
    "incident.overdue": WARNING, "incident.late": WARNING, "incident.at_risk": WARNING, "incident.risk_eased": WARNING,
    "incident.reprioritised": COMMAND, "incident.mode_switched": COMMAND, "incident.told": COMMAND,
    "incident.needs_no_attendance": COMMAND, "incident.merged": COMMAND, "incident.took_in": COMMAND,
    "incident.gave_back": COMMAND, "incident.split": COMMAND, "incident.handed_over": COMMAND,
    "incident.cancelled": COMMAND, "incident.invalidated": COMMAND, "incident.reopened": COMMAND,
    "incident.notice_received": FEEDBACK, "incident.case_numbered": FEEDBACK,
    "incident.submitted": EVALUATION, "incident.closed": EVALUATION, "incident.returned": EVALUATION,
    "incident.archived": EVALUATION, "incident.class_set": EVALUATION, "incident.redacted": EVALUATION,
    "incident.printed": EVALUATION,
    "assignment.sent": COMMAND, "assignment.withdrawn": COMMAND, "assignment.urged": COMMAND,
    "assignment.undelivered": WARNING, "assignment.unaccepted": WARNING, "assignment.not_departed": WARNING,
    "assignment.late": WARNING, "assignment.unreported": WARNING, "assignment.swap_proposed": WARNING,
    "unit.went_silent": WARNING, "unit.called_emergency": WARNING, "unit.asked_backup": WARNING,
    "unit.registered": "", "alert.shelved": "", "position.renewed": ANALYSIS,
}  # fmt: skip


def chapter_of(kind: str) -> str:
    """Return the chapter that a kind of entry belongs to, or "" when it tells of no incident."""
    return KINDS.get(kind, FAMILIES.get(kind.split(".", maxsplit=1)[0], ""))
