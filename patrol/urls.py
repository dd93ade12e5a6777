"""Routes of the patrol app, below /api/."""

from django.urls import path

from incidents import converters  # noqa: F401  registers <id:…>
from patrol import api
from patrol.duty import api as duty
from patrol.joint import api as joint
from patrol.roads import api as roads

urlpatterns = [
    path("units/", api.UnitsView.as_view()),
    path("units/<id:unit_id>/track/", api.TrackView.as_view()),
    path("units/<id:unit_id>/status/", api.UnitStatusView.as_view()),
    path("units/<id:unit_id>/emergency/end/", api.EndEmergencyView.as_view()),
    path("units/status/", duty.BulkStatusView.as_view()),
    path("roster/", duty.RosterView.as_view()),
    path("roster/import/", duty.ImportRosterView.as_view()),
    path("roster/<id:planned_id>/", duty.PlannedView.as_view()),
    path("roster/<id:planned_id>/cancel/", duty.CancelPlannedView.as_view()),
    path("on-duty/", duty.OnDutyView.as_view()),
    path("post-checks/", duty.PostChecksView.as_view()),
    path("post-answers/<id:answer_id>/answer/", duty.AnswerCheckView.as_view()),
    path("duty-level/", duty.DutyLevelView.as_view()),
    path("operations/", joint.OperationsView.as_view()),
    path("operations/mine/", joint.MyOperationsView.as_view()),
    path("operations/<id:operation_id>/members/", joint.MembersView.as_view()),
    path("operations/<id:operation_id>/roll.csv", joint.RollFileView.as_view()),
    path("operations/<id:operation_id>/close/", joint.CloseOperationView.as_view()),
    path("operation-members/<id:member_id>/roll/", joint.RollView.as_view()),
    path("positions/", api.PositionsView.as_view()),
    path("coverage/", roads.CoverageView.as_view()),
    path("isochrone/", roads.IsochroneView.as_view()),
    path("closures/", roads.ClosuresView.as_view()),
    path("closures/<id:closure_id>/end/", roads.EndClosureView.as_view()),
    path("my-unit/shift/", api.ShiftView.as_view()),
    path("my-unit/shift/end/", api.EndShiftView.as_view()),
    path("my-unit/status/", api.OwnStatusView.as_view()),
    path("my-unit/position/", api.OwnPositionView.as_view()),
    path("my-unit/emergency/", api.EmergencyView.as_view()),
]
