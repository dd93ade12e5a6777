"""Routes of the incidents app, below /api/."""

from django.urls import path

from incidents import converters  # noqa: F401  registers <id:…>
from incidents.api import administration, calls, events, gateway, incidents, reference, session, texts

urlpatterns = [
    path("session/", session.SessionView.as_view()),
    path("me/", session.MeView.as_view()),
    path("ticket/", session.TicketView.as_view()),
    path("events/", events.events),
    path("codes/", administration.CodesView.as_view()),
    path("codes/<slug:table>/<slug:code>/", administration.CodeView.as_view()),
    path("users/", administration.UsersView.as_view()),
    path("users/<id:user_id>/", administration.UserView.as_view()),
    path("map/", reference.MapView.as_view()),
    path("areas/", reference.AreasView.as_view()),
    path("places/at/", reference.PlaceAtView.as_view()),
    path("places/", reference.PlacesView.as_view()),
    path("calls/", calls.CallsView.as_view()),
    path("calls/<id:call_id>/", calls.CallView.as_view()),
    path("calls/<id:call_id>/answer/", calls.AnswerView.as_view()),
    path("calls/<id:call_id>/hang-up/", calls.HangUpView.as_view()),
    path("calls/<id:call_id>/lose/", calls.LoseView.as_view()),
    path("calls/<id:call_id>/call-back/", calls.CallBackView.as_view()),
    path("calls/<id:call_id>/supplement/", calls.SupplementView.as_view()),
    path("calls/<id:call_id>/incident/", calls.IncidentOfCallView.as_view()),
    path("calls/<id:call_id>/join/", calls.JoinView.as_view()),
    path("calls/<id:call_id>/finish/", calls.FinishCallView.as_view()),
    path("calls/<id:call_id>/reopen/", calls.ReopenCallView.as_view()),
    path("calls/<id:call_id>/texts/", texts.WriteTextView.as_view()),
    path("messages/<id:message_id>/picture/", texts.MessagePictureView.as_view()),
    path("number-flags/", texts.NumberFlagsView.as_view()),
    path("number-flags/<id:flag_id>/approve/", texts.ApproveFlagView.as_view()),
    path("number-flags/<id:flag_id>/end/", texts.EndFlagView.as_view()),
    path("gateway/exchange/", gateway.ExchangeView.as_view()),
    path("gateway/text/", gateway.TextInView.as_view()),
    path("gateway/device/", gateway.DeviceInView.as_view()),
    path("incidents/<id:incident_id>/place/", incidents.PlaceView.as_view()),
    path("incidents/<id:incident_id>/priority/", incidents.PriorityView.as_view()),
    path("incidents/<id:incident_id>/note/", incidents.NoteView.as_view()),
    path("incidents/<id:incident_id>/mode/", incidents.ModeView.as_view()),
    path("alerts/<id:alert_id>/acknowledge/", incidents.AcknowledgeView.as_view()),
]
