"""Routes of the review (要案复盘, M62)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dispatch.api.incident import visible_incident
from dispatch.review import export, seen, services
from dispatch.review.models import Review, ReviewTask
from incidents.actor import Actor
from incidents.api_tools import actor, carried_out, parsed
from incidents.fields import Ident, Input, Moment, Text
from incidents.refusals import BadInput, NotFound
from incidents.roles import EVERYBODY, PARTNER, SUPERVISING
from incidents.row import Json
from incidents.services.exporting import let_out
from patrol.track import moment

NEWEST = 100
# A review tells of incidents: a partner team reads four facts of them and nothing here (M48).
OWNING = tuple(role for role in EVERYBODY if role != PARTNER)
DONE_SHOWN = 50


class NewReview(Input):
    """What is looked at again, and why."""

    incident = Ident(required=False, allow_null=True, default=None)
    incident_no = Text(32, required=False, code=True, default="")
    since = Moment(required=False, allow_null=True, default=None)
    until = Moment(required=False, allow_null=True, default=None)
    name = Text(100, required=False, default="")
    purpose = Text(200)


class PurposeInput(Input):
    """Why a review is read."""

    purpose = Text(200)


class NewReviewNote(Input):
    """What was seen at a moment."""

    at = Moment()
    text = Text(1_000)


class NewReviewTask(Input):
    """What somebody must do, until when."""

    text = Text(400)
    owner = Text(12, code=True)
    due_at = Moment()
    at = Moment(required=False, allow_null=True, default=None)


class DoneInput(Input):
    """How a task was done."""

    words = Text(400)


class ReviewsView(APIView):
    """Every review, and a new one."""

    roles = {"GET": SUPERVISING, "POST": SUPERVISING}

    @extend_schema(operation_id="reviews_newest", responses=dict)
    def get(self, request: Request) -> Response:
        """Return the newest reviews that one may see, with the numbers of their notes and open tasks."""
        by: Any = request.auth
        open_task = Q(tasks__done_at__isnull=True, tasks__isnull=False)
        counted = Review.objects.filter(centre_id=by.centre_id).annotate(
            note_count=Count("notes", distinct=True), open_tasks=Count("tasks", filter=open_task, distinct=True)
        )
        found = counted.select_related("incident").order_by("-id")[:NEWEST]
        return Response({"reviews": [row for one in found if (row := listed(by, one)) is not None]})

    @extend_schema(request=NewReview, responses={201: dict})
    def post(self, request: Request) -> Response:
        """Open one."""
        by, said = actor(request), parsed(NewReview, request)
        said["incident_id"] = said.pop("incident")
        return carried_out(services.open_review, by=by, **said)


def listed(by: Actor, one: Any) -> Json | None:
    """Return a review as a line of the list, or None when its incident is not to be known."""
    if one.incident_id is not None:
        try:
            shown = visible_incident(by, one.incident_id)[1]
        except NotFound:
            return None
    else:
        shown = {}
    told = {name: shown.get(name) for name in ("incident_no", "type_reported", "address_text", "stage")}
    return {**one.row(), **told, "notes": one.note_count, "open_tasks": one.open_tasks}


class ReviewView(APIView):
    """One review."""

    roles = {"GET": SUPERVISING}

    @extend_schema(responses=dict)
    def get(self, request: Request, review_id: int) -> Response:
        """Return it with notes, tasks, recordings and marks in pictures."""
        by: Any = request.auth
        review = seen.review_of(by, review_id)
        return Response(
            {
                "review": review.row(),
                "notes": [row.row() for row in review.notes.order_by("at", "id")],
                "tasks": [row.row() for row in review.tasks.select_related("review").order_by("id")],
                **seen.records(by, review),
            }
        )


class ReadReviewView(APIView):
    """Say why."""

    roles = {"POST": SUPERVISING}

    @extend_schema(request=PurposeInput, responses=dict)
    def post(self, request: Request, review_id: int) -> Response:
        """Open it for twelve hours."""
        by, said = actor(request), parsed(PurposeInput, request)
        return carried_out(services.read_review, by=by, review_id=review_id, **said)


def query_number(request: Request, name: str, lowest: int, highest: int, usual: int) -> int:
    """Read a whole number of the query. Raises BadInput."""
    text = request.query_params.get(name, str(usual))
    if not text.isascii() or not text.isdigit() or len(text) > 18 or not lowest <= int(text) <= highest:
        raise BadInput(**{name: _("Some fields hold what they may not hold.")})
    return int(text)


def query_moment(request: Request, name: str, review: Review) -> dt.datetime:
    """Read a moment of the query that lies in a review; its end when it is missing."""
    found = moment(request.query_params, name)
    if found is None:
        return review.since if name == "since" else review.until
    services.must_lie_in(review, found)
    return found


class LinesView(APIView):
    """The timeline."""

    roles = {"GET": SUPERVISING}

    @extend_schema(parameters=[OpenApiParameter("after", OpenApiTypes.INT)], responses=dict)
    def get(self, request: Request, review_id: int) -> Response:
        """Return a page of it after a number."""
        by: Any = request.auth
        review = seen.review_of(by, review_id)
        return Response(seen.timeline(by, review, query_number(request, "after", 0, 2**53, 0)))


class BoardView(APIView):
    """The board at a second."""

    roles = {"GET": SUPERVISING}

    @extend_schema(parameters=[OpenApiParameter("at", OpenApiTypes.DATETIME)], responses=dict)
    def get(self, request: Request, review_id: int) -> HttpResponse:
        """Return it in the shape of a snapshot."""
        by: Any = request.auth
        review = seen.review_of(by, review_id)
        asked = query_moment(request, "at", review)
        # A moment on the wire is a whole millisecond: what happened within it is meant too.
        meant = asked.replace(microsecond=asked.microsecond // 1_000 * 1_000 + 999)
        return HttpResponse(seen.board_text(by, meant), content_type="application/json")


class FramesView(APIView):
    """What the live feed told."""

    roles = {"GET": SUPERVISING}

    @extend_schema(
        parameters=[OpenApiParameter("after", OpenApiTypes.INT), OpenApiParameter("until", OpenApiTypes.DATETIME)],
        responses=dict,
    )
    def get(self, request: Request, review_id: int) -> Response:
        """Return a page of entries after a number."""
        by: Any = request.auth
        review = seen.review_of(by, review_id)
        after = query_number(request, "after", 0, 2**53, 0)
        return Response(seen.frames_between(by, after, review.since, query_moment(request, "until", review)))


class ReviewTracksView(APIView):
    """Where the units drove."""

    roles = {"GET": SUPERVISING}

    @extend_schema(
        parameters=[
            OpenApiParameter("since", OpenApiTypes.DATETIME),
            OpenApiParameter("until", OpenApiTypes.DATETIME),
            OpenApiParameter("step", OpenApiTypes.INT),
        ],
        responses=dict,
    )
    def get(self, request: Request, review_id: int) -> Response:
        """Return the positions of a span of at most an hour, at most one of a unit in `step` seconds."""
        by: Any = request.auth
        review = seen.review_of(by, review_id)
        since, until = query_moment(request, "since", review), query_moment(request, "until", review)
        if not dt.timedelta(0) <= until - since <= seen.LONGEST_TRACK:
            raise BadInput(until=_("At most one hour, and since before until."))
        step = query_number(request, "step", 1, 600, 5)
        return Response({"positions": seen.positions_between(by, since, until, step)})


class ReviewNotesView(APIView):
    """Notes at a moment."""

    roles = {"POST": SUPERVISING}

    @extend_schema(request=NewReviewNote, responses={201: dict})
    def post(self, request: Request, review_id: int) -> Response:
        """Write one."""
        by, said = actor(request), parsed(NewReviewNote, request)
        return carried_out(services.note_moment, by=by, review_id=review_id, **said)


class ReviewTasksView(APIView):
    """Tasks of a review."""

    roles = {"POST": services.GIVING}

    @extend_schema(request=NewReviewTask, responses={201: dict})
    def post(self, request: Request, review_id: int) -> Response:
        """Give one."""
        by, said = actor(request), parsed(NewReviewTask, request)
        return carried_out(services.give_task, by=by, review_id=review_id, **said)


class TasksView(APIView):
    """Tasks of all reviews."""

    roles = {"GET": OWNING}

    @extend_schema(responses=dict)
    def get(self, request: Request) -> Response:
        """Return one's own tasks, to supervisors everybody's: the open ones by date, then those done last."""
        by: Any = request.auth
        mine = ReviewTask.objects.filter(centre_id=by.centre_id).select_related("review")
        if not by.has(*SUPERVISING):
            mine = mine.filter(owner_id=by.user_id)
        opened = mine.filter(done_at__isnull=True).order_by("due_at")
        done = mine.filter(done_at__isnull=False).order_by("-done_at")[:DONE_SHOWN]
        return Response({"review_tasks": [row.row() for row in [*opened, *done]]})


class FinishTaskView(APIView):
    """A task that is done."""

    roles = {"POST": OWNING}

    @extend_schema(request=DoneInput, responses=dict)
    def post(self, request: Request, task_id: int) -> Response:
        """Say how."""
        by, said = actor(request), parsed(DoneInput, request)
        return carried_out(services.finish_task, by=by, task_id=task_id, **said)


class ExportView(APIView):
    """A review taken out."""

    roles = {"GET": SUPERVISING}

    @extend_schema(parameters=[OpenApiParameter("as", OpenApiTypes.STR, enum=["csv", "json"])], responses=dict)
    def get(self, request: Request, review_id: int) -> Any:
        """Return the timeline with notes and tasks as JSON, or timeline and notes as a CSV file; journalled."""
        by: Any = request.auth
        form = request.query_params.get("as", "json")
        if form not in ("csv", "json"):
            raise BadInput(**{"as": _("Some fields hold what they may not hold.")})
        review = seen.review_of(by, review_id)
        found = export.content(by, review)
        let_out(by, "review", form, len(found["lines"]))
        services.note_exported(by=by, review_id=review.pk, form=form)
        if form == "json":
            return Response(found)
        answer = HttpResponse(export.as_csv(found), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="review-{review.pk}.csv"'
        return answer
