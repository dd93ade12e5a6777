"""The rows of dispatch; those that hang on orders and reports lie beside their subjects."""

from dispatch.deployment.models import DeploymentTrial, TrialDay
from dispatch.directives.models import Directive, DirectiveLine  # they hang on orders
from dispatch.imported.models import History, HistoryResponse  # beside, never among, our own rows
from dispatch.merit.models import LedgerEntry, MeritHead  # what events say of units and officers
from dispatch.models.orders import Assignment, RankRecord
from dispatch.models.reports import Photo, Report, Tick
from dispatch.prevention.models import PreventionWarning
from dispatch.quality.models import QualityMark, SampleDraw  # their rows hang on reports
from dispatch.review.models import BoardMark, Review, ReviewNote, ReviewReading, ReviewTask
from dispatch.standing.models import Edition, StandingReport  # questions that are answered again and again

__all__ = [
    "Assignment",
    "BoardMark",
    "DeploymentTrial",
    "Directive",
    "DirectiveLine",
    "Edition",
    "History",
    "HistoryResponse",
    "LedgerEntry",
    "MeritHead",
    "Photo",
    "PreventionWarning",
    "QualityMark",
    "RankRecord",
    "Report",
    "Review",
    "ReviewNote",
    "ReviewReading",
    "ReviewTask",
    "SampleDraw",
    "StandingReport",
    "Tick",
    "TrialDay",
]
