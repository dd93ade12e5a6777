"""Routes of the dispatch app, below /api/."""

from django.urls import path

from dispatch import statistics_api
from dispatch.api import decisions, foresight, incident, my_unit, orders, photos, reading
from incidents import converters  # noqa: F401  registers <id:…>

urlpatterns = [
    path("snapshot/", reading.SnapshotView.as_view()),
    path("journal/", reading.JournalView.as_view()),
    path("incidents/", reading.IncidentsView.as_view()),
    path("incidents/<id:incident_id>/", incident.IncidentView.as_view()),
    path("incidents/<id:incident_id>/timeline/", reading.TimelineView.as_view()),
    path("incidents/<id:incident_id>/candidates/", reading.CandidatesView.as_view()),
    path("incidents/<id:incident_id>/orders/", orders.OrdersView.as_view()),
    path("incidents/<id:incident_id>/no-attendance/", decisions.NoAttendanceView.as_view()),
    path("incidents/<id:incident_id>/submit/", decisions.SubmitView.as_view()),
    path("incidents/<id:incident_id>/approve/", decisions.ApproveView.as_view()),
    path("incidents/<id:incident_id>/return/", decisions.ReturnView.as_view()),
    path("incidents/<id:incident_id>/merge/", decisions.MergeView.as_view()),
    path("incidents/<id:incident_id>/hand-over/", decisions.HandOverView.as_view()),
    path("incidents/<id:incident_id>/cancel/", decisions.CancelView.as_view()),
    path("incidents/<id:incident_id>/invalidate/", decisions.InvalidateView.as_view()),
    path("incidents/<id:incident_id>/reopen/", decisions.ReopenView.as_view()),
    path("outlook/", foresight.OutlookView.as_view()),
    path("routes/", foresight.RoutesView.as_view()),
    path("proposals/", foresight.ProposalsView.as_view()),
    path("assignments/<id:assignment_id>/route/", foresight.RouteView.as_view()),
    path("assignments/<id:assignment_id>/deliver/", orders.DeliverView.as_view()),
    path("assignments/<id:assignment_id>/accept/", orders.AcceptView.as_view()),
    path("assignments/<id:assignment_id>/refuse/", orders.RefuseView.as_view()),
    path("assignments/<id:assignment_id>/depart/", orders.DepartView.as_view()),
    path("assignments/<id:assignment_id>/arrive/", orders.ArriveView.as_view()),
    path("assignments/<id:assignment_id>/finish/", orders.FinishView.as_view()),
    path("assignments/<id:assignment_id>/withdraw/", orders.WithdrawView.as_view()),
    path("assignments/<id:assignment_id>/swap/", orders.SwapView.as_view()),
    path("assignments/<id:assignment_id>/confirm-withdrawal/", orders.ConfirmWithdrawalView.as_view()),
    path("assignments/<id:assignment_id>/delay/", orders.DelayView.as_view()),
    path("assignments/<id:assignment_id>/caller-told/", orders.CallerToldView.as_view()),
    path("assignments/<id:assignment_id>/reports/", orders.ReportsView.as_view()),
    path("my-unit/", my_unit.MyUnitView.as_view()),
    path("my-unit/backup/", my_unit.BackupView.as_view()),
    path("my-unit/discovery/", my_unit.DiscoveryView.as_view()),
    path("photos/", photos.PhotosView.as_view()),
    path("photos/<id:photo_id>/", photos.PhotoView.as_view()),
    path("statistics/today/", statistics_api.StatisticsToday.as_view()),
    path("statistics/days/", statistics_api.StatisticsDays.as_view()),
    path("statistics/misses/", statistics_api.StatisticsMisses.as_view()),
]
