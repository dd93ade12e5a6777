"""Pages: each says whose it is; the data comes over the API."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie

from incidents.models import Centre, Gateway, Seat
from incidents.roles import (
    ADMINISTRATOR,
    ANALYST,
    CALL_TAKER,
    CALLBACK_AGENT,
    DESK,
    DISPATCHER,
    FOLLOWING_UP,
    GRID_WORKER,
    INSPECTOR,
    LEADER,
    OFFICER,
    OVERVIEW,
    PARTNER,
    PLANS_REPORTS,
    REVIEWER,
    STATION_DUTY,
    SUPERVISING,
    TODAYS_FIGURES,
    VIDEO,
    WATCH_COMMANDER,
    WATCHING,
)

View = Callable[..., HttpResponseBase]
ON_SHIFT = (*DESK, STATION_DUTY, INSPECTOR)
ON_GRID = (GRID_WORKER, PARTNER, OFFICER, STATION_DUTY, *DESK, INSPECTOR, LEADER, REVIEWER)
ON_FUSION = (ANALYST, VIDEO, *DESK, INSPECTOR)
ON_VIDEO = (VIDEO, ANALYST, *DESK, STATION_DUTY, INSPECTOR)
SURFACES: list[tuple[str, tuple[str, ...]]] = [
    ("/console/", (*DESK, STATION_DUTY)),
    ("/m/", (OFFICER,)),
    ("/dashboard/", TODAYS_FIGURES),
    ("/statistics/", SUPERVISING),
    ("/wallboard/", SUPERVISING),
    ("/bulletin/", SUPERVISING),
    ("/leader/", SUPERVISING),
    ("/catchup/", DESK),
    ("/followup/", (*FOLLOWING_UP, CALL_TAKER, DISPATCHER, ANALYST, VIDEO)),
    ("/fusion/", ON_FUSION),
    ("/video/", ON_VIDEO),
    ("/shift/", (*ON_SHIFT, LEADER, REVIEWER)),
    ("/prevention/", (*SUPERVISING, DISPATCHER, STATION_DUTY, ANALYST)),
    ("/deployment/", SUPERVISING),
    ("/review/", WATCHING),
    ("/search/", WATCHING),
    ("/grid/", ON_GRID),
    ("/manage/", (ADMINISTRATOR,)),
]


def surfaces_of(user: Any) -> list[str]:
    """Return the surfaces that a person may open, the usual one first."""
    return [path for path, roles in SURFACES if not user.role_names.isdisjoint(roles)]


def page(template: str, path: str, more: Callable[[Any], dict[str, Any]] = lambda user: {}) -> View:
    """Make a page's view: signed in, with a role of the surface; others go to the login or get 403."""
    allowed = next(roles for surface, roles in SURFACES if surface == path)

    @never_cache
    @ensure_csrf_cookie
    def view(request: HttpRequest) -> HttpResponseBase:
        user: Any = request.user
        if not user.is_authenticated:
            return redirect(f"{settings.LOGIN_URL}?next={path}")
        if user.role_names.isdisjoint(allowed):
            return render(request, "403.html", status=403)
        context = {"centre": user.centre, "person": user, "surfaces": surfaces_of(user), **more(user)}
        return render(request, template, context)

    return view


console = page("dispatch/console.html", "/console/")
phone = page("patrol/phone.html", "/m/")
dashboard = page("dispatch/dashboard.html", "/dashboard/")
wallboard = page("dispatch/wallboard.html", "/wallboard/")


def bulletin_rights(user: Any) -> dict[str, Any]:
    """Say whether a person plans standing reports; who inspects or reviews reads them."""
    return {"plans": not user.role_names.isdisjoint(PLANS_REPORTS)}


bulletin = page("dispatch/bulletin.html", "/bulletin/", bulletin_rights)
leader = page("dispatch/leader.html", "/leader/")
manage = page("incidents/manage.html", "/manage/")
search = page("dispatch/search.html", "/search/")
catchup = page("dispatch/catchup.html", "/catchup/")
FOLLOWUP = [
    ("callbacks", gettext_lazy("Callbacks"), (CALLBACK_AGENT, WATCH_COMMANDER, LEADER, INSPECTOR, REVIEWER)),
    ("supervision", gettext_lazy("Supervision orders"), FOLLOWING_UP),
    ("quality", gettext_lazy("Quality sample"), SUPERVISING),
    ("transfers", gettext_lazy("Transfers"), (*DESK, INSPECTOR, LEADER)),
    ("series", gettext_lazy("Series"), (*DESK, *OVERVIEW)),
    ("overdue", gettext_lazy("Overdue"), (*DESK, *FOLLOWING_UP)),
    ("approvals", gettext_lazy("Approvals"), (WATCH_COMMANDER, INSPECTOR)),
    ("holds", gettext_lazy("Legal holds"), (WATCH_COMMANDER, INSPECTOR, LEADER, REVIEWER)),
    ("retention", gettext_lazy("Retention"), (WATCH_COMMANDER, INSPECTOR, LEADER)),
]


def followup_sections(user: Any) -> dict[str, Any]:
    """Return the sections of the follow-up page that a person may read."""
    mine = [(name, label) for name, label, roles in FOLLOWUP if not user.role_names.isdisjoint(roles)]
    return {"sections": [{"name": name, "label": label} for name, label in mine]}


STATISTICS = [
    ("trends", pgettext_lazy("statistics", "Trends")),
    ("pairs", gettext_lazy("Four pairs")),
    ("stations", pgettext_lazy("statistics", "Stations")),
    ("heat", gettext_lazy("Hours of the week")),
    ("cells", pgettext_lazy("statistics", "Map")),
    ("funnel", gettext_lazy("From step to step")),
    ("worst", gettext_lazy("Slowest and missed")),
    ("voice", gettext_lazy("Satisfaction")),
    ("trust", gettext_lazy("Trust in the times")),
    ("delays", gettext_lazy("Causes of delay")),
    ("single", gettext_lazy("Figure by figure")),
]
STATISTICS_KEYS = "1234567890-"  # as they lie beside one another


def statistics_sections(user: Any) -> dict[str, Any]:
    """Return the sections of the statistics page: whoever may open it may read all of them."""
    keyed = [(name, label, key) for (name, label), key in zip(STATISTICS, STATISTICS_KEYS, strict=True)]
    return {"sections": [{"name": name, "label": label, "key": key} for name, label, key in keyed]}


PLANS = (WATCH_COMMANDER, DISPATCHER, STATION_DUTY, INSPECTOR)
SHIFT = [
    ("roster", gettext_lazy("Roster"), PLANS),
    ("on_duty", gettext_lazy("On duty"), PLANS),
    ("checks", gettext_lazy("Post checks"), PLANS),
    ("hand_overs", gettext_lazy("Hand-overs"), ON_SHIFT),
    ("seats", gettext_lazy("Seats"), (*DESK, INSPECTOR)),
    ("level", gettext_lazy("Duty level"), ON_SHIFT),
    ("qualifications", gettext_lazy("Qualifications"), (WATCH_COMMANDER, INSPECTOR)),
    ("merit", gettext_lazy("Merit ledger"), SUPERVISING),
    ("merit_totals", gettext_lazy("Merit totals"), SUPERVISING),
]


def shift_sections(user: Any) -> dict[str, Any]:
    """Return the sections of the duty page that a person may read."""
    mine = [(name, label) for name, label, roles in SHIFT if not user.role_names.isdisjoint(roles)]
    return {"sections": [{"name": name, "label": label} for name, label in mine]}


FUSION = [
    ("requests", gettext_lazy("Fusion requests"), ON_FUSION),
    ("entries", gettext_lazy("Watch entries"), ON_FUSION),
    ("hits", gettext_lazy("Watch hits"), ON_FUSION),
    ("links", gettext_lazy("Links"), (ANALYST, VIDEO, DISPATCHER, WATCH_COMMANDER, INSPECTOR)),
    ("directives", gettext_lazy("Directives"), ON_FUSION),
    ("suspects", gettext_lazy("Suspects"), ON_FUSION),
    ("property", gettext_lazy("Property"), ON_FUSION),
]


def fusion_sections(user: Any) -> dict[str, Any]:
    """Return the sections of the fusion desk that a person may read."""
    mine = [(name, label) for name, label, roles in FUSION if not user.role_names.isdisjoint(roles)]
    return {"sections": [{"name": name, "label": label} for name, label in mine]}


statistics = page("dispatch/statistics.html", "/statistics/", statistics_sections)
ON_OPERATIONS = (DISPATCHER, WATCH_COMMANDER, LEADER, INSPECTOR, STATION_DUTY, OFFICER)
COUNTS_GRID = (STATION_DUTY, *DESK, INSPECTOR, LEADER, REVIEWER)
GRID = [
    ("partner", gettext_lazy("Attached"), (PARTNER,)),
    ("tasks", gettext_lazy("Tasks"), (GRID_WORKER, OFFICER, *COUNTS_GRID)),
    ("reports", gettext_lazy("Grid reports"), ON_GRID),
    ("grids", gettext_lazy("Grids"), (GRID_WORKER, OFFICER, STATION_DUTY, *DESK, INSPECTOR)),
    ("operations", gettext_lazy("Joint operations"), ON_OPERATIONS),
    ("figures", gettext_lazy("Figures"), COUNTS_GRID),
    ("register", gettext_lazy("Grids and teams"), (WATCH_COMMANDER,)),
]


def grid_sections(user: Any) -> dict[str, Any]:
    """Return the sections of the grid page that a person may read."""
    mine = [(name, label) for name, label, roles in GRID if not user.role_names.isdisjoint(roles)]
    return {"sections": [{"name": name, "label": label} for name, label in mine]}


grid = page("incidents/grid.html", "/grid/", grid_sections)
REVIEW = [
    ("reviews", gettext_lazy("Reviews"), SUPERVISING),
    ("tasks", gettext_lazy("Tasks"), WATCHING),
]


def review_sections(user: Any) -> dict[str, Any]:
    """Return the sections of the review page that a person may read: who supervises, reviews; everybody his tasks."""
    mine = [(name, label) for name, label, roles in REVIEW if not user.role_names.isdisjoint(roles)]
    return {"sections": [{"name": name, "label": label} for name, label in mine]}


prevention = page("dispatch/prevention.html", "/prevention/")
deployment = page("dispatch/deployment.html", "/deployment/")
review = page("dispatch/review.html", "/review/", review_sections)
fusion = page("incidents/fusion.html", "/fusion/", fusion_sections)
video = page("incidents/video.html", "/video/")
shift = page("patrol/shift.html", "/shift/", shift_sections)
followup = page("incidents/followup.html", "/followup/", followup_sections)


@never_cache
def home(request: HttpRequest) -> HttpResponseBase:
    """Send everybody to the own surface; who has several chooses."""
    user: Any = request.user
    if not user.is_authenticated:
        return redirect(settings.LOGIN_URL)
    surfaces = surfaces_of(user)
    if len(surfaces) == 1 or (surfaces and not user.role_names.isdisjoint((*DESK, WATCH_COMMANDER, OFFICER))):
        return redirect(surfaces[0])
    return render(request, "home.html", {"surfaces": surfaces, "centre": user.centre, "person": user})


@never_cache
@ensure_csrf_cookie
def login(request: HttpRequest) -> HttpResponse:
    """Show the sign-in page; signing in itself is POST /api/session/."""
    centre = Centre.objects.order_by("id").first()
    seats = Seat.objects.filter(centre=centre, ended_at__isnull=True).order_by("code")
    return render(request, "login.html", {"centre": centre, "seats": seats})


@never_cache
@ensure_csrf_cookie
def report(request: HttpRequest, token: str = "") -> HttpResponse:
    """Show the public report page, or how one's report stands; whether the link is known, the API tells."""
    centre = Centre.objects.filter(pk__in=Gateway.objects.filter(kind=Gateway.Kind.WEB, active=True).values("centre"))
    found = centre.order_by("id").first()
    if found is None:
        raise Http404
    return render(request, "incidents/report.html", {"centre": found})


@never_cache
@ensure_csrf_cookie
def where(request: HttpRequest, token: str) -> HttpResponse:
    """Show the page of a location link; whether the link is known, the API tells."""
    return render(request, "incidents/where.html", {"centre": Centre.objects.order_by("id").first()})


def service_worker(request: HttpRequest) -> HttpResponse:
    """Serve the phone's service worker below /m/, the scope that it may control."""
    script = (settings.BASE_DIR / "static" / "phone_worker.js").read_text(encoding="utf-8")
    return HttpResponse(script, content_type="text/javascript", headers={"Service-Worker-Allowed": "/m/"})


def page_worker(request: HttpRequest) -> HttpResponse:
    """Serve the service worker of the console or the grid page below that page, the scope that it may control."""
    script = (settings.BASE_DIR / "static" / "page_worker.js").read_text(encoding="utf-8")
    scope = request.path.removesuffix("sw.js")
    return HttpResponse(script, content_type="text/javascript", headers={"Service-Worker-Allowed": scope})


def manifest(request: HttpRequest) -> HttpResponse:
    """Serve the phone page's manifest in the user's language."""
    return render(request, "patrol/manifest.webmanifest", content_type="application/manifest+json")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuse a write without its token, in the API's shape."""
    return JsonResponse({"error": "forbidden", "message": _("Your session has changed; reload the page.")}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an unknown path: JSON below /api/, else the page."""
    if request.path.startswith("/api/"):
        return JsonResponse({"error": "not_found", "message": _("There is no such record.")}, status=404)
    return render(request, "404.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """Answer a fault: 503 and "try again" when the database did not answer, else 500 with the trace's number."""
    error = sys.exc_info()[1]
    trace = str(getattr(request, "trace_id", ""))
    if isinstance(error, OperationalError):
        message = _("The database does not answer; please try again.")
        return JsonResponse({"error": "try_again", "message": message}, status=503, headers={"Retry-After": "1"})
    if request.path.startswith("/api/"):
        message = _("Something is broken; please give this number to your administrator: %(trace)s")
        return JsonResponse({"error": "broken", "message": message % {"trace": trace}}, status=500)
    return render(request, "500.html", {"trace": trace}, status=500)
