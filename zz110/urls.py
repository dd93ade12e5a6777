"""Every route. What is not named here does not exist."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import JavaScriptCatalog

import dispatch.urls
import incidents.urls
import patrol.urls
from dispatch import files, paper
from dispatch.review import export as review_export
from incidents import hand_over_page
from zz110 import health, metrics, schema, surfaces, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("login/", views.login, name="login"),
    path("console/", views.console, name="console"),
    path("console/sw.js", views.page_worker, name="console_worker"),
    path("catchup/", views.catchup, name="catchup"),
    path("catchup/kit/<id:block_id>/", paper.kit, name="paper_kit"),
    path("catchup/state/", paper.state, name="paper_state"),
    path("m/", views.phone, name="phone"),
    path("m/sw.js", views.service_worker, name="service_worker"),
    path("m/manifest.webmanifest", views.manifest, name="manifest"),
    path("dashboard/", views.dashboard, name="dashboard"),
    path("statistics/", views.statistics, name="statistics"),
    path("wallboard/", views.wallboard, name="wallboard"),
    path("bulletin/", views.bulletin, name="bulletin"),
    path("leader/", views.leader, name="leader"),
    path("followup/", views.followup, name="followup"),
    path("fusion/", views.fusion, name="fusion"),
    path("grid/", views.grid, name="grid"),
    path("grid/sw.js", views.page_worker, name="grid_worker"),
    path("video/", views.video, name="video"),
    path("shift/", views.shift, name="shift"),
    path("shift/hand-over/<id:hand_over_id>/", hand_over_page.hand_over_sheet, name="hand_over"),
    path("incidents/<id:incident_id>/file/", files.incident_file, name="incident_file"),
    path("prevention/", views.prevention, name="prevention"),
    path("deployment/", views.deployment, name="deployment"),
    path("review/", views.review, name="review"),
    path("review/<id:review_id>/print/", review_export.print_page, name="review_print"),
    path("search/", views.search, name="search"),
    path("manage/", views.manage, name="manage"),
    path("report/", views.report, name="report"),
    path("report/<str:token>/", views.report, name="report_follow"),
    path("where/<str:token>/", views.where, name="where"),
    path("jsi18n/", JavaScriptCatalog.as_view(domain="djangojs"), name="jsi18n"),
    *(
        path(f"jsi18n/{name}/", JavaScriptCatalog.as_view(domain=surfaces.domain_of(name)), name=f"jsi18n_{name}")
        for name in surfaces.SURFACES
    ),
    path("api/schema/", schema.view, name="schema"),
    path("api/", include([*incidents.urls.urlpatterns, *patrol.urls.urlpatterns, *dispatch.urls.urlpatterns])),
    path("livez", health.livez),
    path("readyz", health.readyz),
    path("metrics", metrics.metrics),
]
handler404 = "zz110.views.not_found"
handler500 = "zz110.views.failed"
