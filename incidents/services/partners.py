"""Partner teams (M48, M50): the typed list of teams, and their attachment to an incident for a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incidents.actor import Actor
from incidents.alerts import end_causes, raise_alert
from incidents.commands import command
from incidents.journal import record
from incidents.models import Alert, Area, Incident, PartnerAttachment, PartnerTeam, User
from incidents.models.incidents import ENDED
from incidents.refusals import BadInput, Forbidden, NotFound, WrongTurn
from incidents.roles import PARTNER, WATCH_COMMANDER
from incidents.row import Json, stamp

State = PartnerAttachment.State
USUAL = dt.timedelta(hours=12)
LONGEST = dt.timedelta(days=7)
COLUMNS = ("name", "call_sign", "kind", "leader", "phone", "members", "view_level")


@command
def register_team(*, by: Actor | None, centre_id: int, facts: Json) -> PartnerTeam:
    """Enter a team into the list."""
    now = timezone.now()
    faults = faults_of(centre_id, [facts])
    if faults:
        raise BadInput(**{fault["field"]: fault["says"] for fault in faults})
    if PartnerTeam.objects.filter(centre_id=centre_id, name=facts["name"], ended_at__isnull=True).exists():
        raise BadInput(name=_("There is a team of this name."))
    return written(None, by=by, centre_id=centre_id, facts=facts, now=now)


@command
def describe_team(*, by: Actor, team_id: int, version: int, facts: Json) -> PartnerTeam:
    """Write what has changed of a team; another level of view holds at once, also where it is attached."""
    now = timezone.now()
    team = PartnerTeam.locked(team_id, by.centre_id, version)
    if team.ended_at is not None:
        raise WrongTurn(team)
    faults = faults_of(by.centre_id, [{**{name: getattr(team, name) for name in COLUMNS}, **facts}])
    if faults:
        raise BadInput(**{fault["field"]: fault["says"] for fault in faults})
    return written(team, by=by, centre_id=by.centre_id, facts=facts, now=now)


@command
def end_team(*, by: Actor, team_id: int) -> PartnerTeam:
    """Take a team off the list: its attachments end and its people see nothing more."""
    now = timezone.now()
    running = PartnerAttachment.objects.filter(
        team_id=team_id, centre_id=by.centre_id, state__in=[State.ASKED, State.ATTACHED]
    )
    incidents = {
        one.incident_id: Incident.locked(one.incident_id, by.centre_id) for one in running.order_by("incident_id")
    }
    team = PartnerTeam.locked(team_id, by.centre_id)
    if team.ended_at is not None:
        return team
    for row in running.order_by("id"):
        row.incident = incidents[row.incident_id]
        let_go(row, by=by, now=now, reason=str(_("the team was taken off the list")))
    User.objects.filter(on_team=team.pk).update(on_team=None, access_version=F("access_version") + 1)
    team.change(by=by, now=now, ended_at=now)
    record("team.ended", team, team=team.name)
    return team


@command
def man_team(*, by: Actor | None, centre_id: int, team_id: int, badges: list[str]) -> PartnerTeam:
    """Say which accounts belong to a team; they, and nobody else, read what the team may see."""
    now = timezone.now()
    team = PartnerTeam.locked(team_id, centre_id)
    people = list(User.objects.filter(centre_id=centre_id, badge__in=badges, is_active=True, groups__name=PARTNER))
    if len(people) != len(set(badges)):
        raise BadInput(people=_("A badge number belongs to no partner's account."))
    wanted, present = {one.pk for one in people}, set(User.objects.filter(on_team=team.pk).values_list("pk", flat=True))
    User.objects.filter(pk__in=present - wanted).update(on_team=None, access_version=F("access_version") + 1)
    User.objects.filter(pk__in=wanted - present).update(on_team=team.pk, access_version=F("access_version") + 1)
    if wanted != present:
        team.touch(by=by, now=now)
        record("team.manned", team, team=team.name, badges=sorted(one.badge for one in people))
    return team


def faults_of(centre_id: int, teams: Sequence[Json]) -> list[Json]:
    """Return what is wrong with lines of the list: each fault with its line (from 0), column and sentence."""
    grids = set(Area.objects.filter(centre_id=centre_id, kind=Area.Kind.GRID).values_list("code", flat=True))
    faults: list[Json] = []
    for number, team in enumerate(teams):
        wrong: dict[str, Any] = {
            name: _("Some fields hold what they may not hold.")
            for name in ("name", "leader", "phone")
            if not str(team.get(name) or "").strip()
        }
        if team.get("kind") not in PartnerTeam.Kind.values:
            wrong["kind"] = _("This code is not in the table.")
        if team.get("view_level", PartnerTeam.View.PLATE) not in PartnerTeam.View.values:
            wrong["view_level"] = _("This code is not in the table.")
        if team.get("grid") and team["grid"] not in grids:
            wrong["grid"] = _("There is no such grid.")
        faults += [{"list": "teams", "line": number, "field": name, "says": says} for name, says in wrong.items()]
    return faults


def brought_in(*, by: Actor | None, centre_id: int, teams: Sequence[Json], now: dt.datetime) -> int:
    """Write the teams of a file inside a command, found by name; returns how many."""
    for facts in teams:
        known = PartnerTeam.objects.filter(centre_id=centre_id, name=facts["name"], ended_at__isnull=True)
        written(known.select_for_update(no_key=True).first(), by=by, centre_id=centre_id, facts=facts, now=now)
    return len(teams)


def written(
    team: PartnerTeam | None, *, by: Actor | None, centre_id: int, facts: Json, now: dt.datetime
) -> PartnerTeam:
    """Insert a team or write it anew, inside a command."""
    fields: dict[str, Any] = {name: facts[name] for name in COLUMNS if name in facts}
    if "grid" in facts:
        found = Area.objects.filter(centre_id=centre_id, kind=Area.Kind.GRID, code=facts["grid"]).first()
        fields["area"] = found
    if team is None:
        team = PartnerTeam.make(by=by, now=now, centre_id=centre_id, **fields)
        record("team.registered", team, team=team.name)
        return team
    changes = team.change(by=by, now=now, **fields)
    if changes:
        retold = shown_again(team, by=by, now=now) if {"view_level", "name", "call_sign"} & set(changes) else []
        record("team.described", team, *retold, team=team.name, fields=sorted(changes))
    return team


def shown_again(team: PartnerTeam, *, by: Actor | None, now: dt.datetime) -> list[Incident]:
    """Write the team's name and level anew on the incidents that it is attached to."""
    attached = PartnerAttachment.objects.filter(team=team, state=State.ATTACHED).order_by("incident_id")
    rows = [Incident.locked(one, team.centre_id) for one in attached.values_list("incident_id", flat=True)]
    for incident in rows:
        kept = [{**one, **shown_on(team)} if one["team"] == team.pk else one for one in incident.partners]
        incident.change(by=by, now=now, partners=kept)
    return rows


def shown_on(team: PartnerTeam) -> Json:
    """Return what an incident keeps of a team."""
    return {"team": team.pk, "name": team.name, "call_sign": team.call_sign, "level": team.view_level}


# --- attachment to an incident ---


@command
def ask_attachment(
    *, by: Actor, incident_id: int, team_id: int, reason: str, brief: str, until_at: dt.datetime | None
) -> PartnerAttachment:
    """Ask that a team joins an incident, with the words that it will read. The watch commander approves; asked by the
    watch commander it is approved in the same act. A complaint is nobody's but the inspectors' (R1)."""
    now = timezone.now()
    incident = Incident.locked(incident_id, by.centre_id)
    if incident.is_complaint:
        raise NotFound()
    if not incident.is_open:
        raise WrongTurn(incident)
    team = PartnerTeam.objects.filter(pk=team_id, centre_id=by.centre_id, ended_at__isnull=True).first()
    if team is None:
        raise BadInput(team=_("There is no such team."))
    until = until_at or now + USUAL
    if not now < until <= now + LONGEST:
        raise BadInput(until_at=_("A team is attached for seven days at most."))
    known = PartnerAttachment.objects.filter(
        team=team, incident=incident, state__in=[State.ASKED, State.ATTACHED]
    ).first()
    if known is not None:
        raise WrongTurn(known, _("This team is attached, or asked for, already."))
    incident.change(by=by, now=now, partner_brief=brief or incident.partner_brief)
    row = PartnerAttachment.make(
        by=by, now=now, centre_id=by.centre_id, team=team, incident=incident, reason=reason, from_at=now, until_at=until,
        asked_by_no=by.badge,
    )  # fmt: skip
    if by.has(WATCH_COMMANDER):
        attach(row, incident, by=by, now=now)
        record("partner.attached", row, incident, team=team.name, until=stamp(until))
    else:
        alert = raise_alert(
            "partner_asked",
            centre_id=by.centre_id,
            by=by,
            now=now,
            incident_id=incident.pk,
            attachment=row.pk,
            team=team.name,
        )
        record("partner.asked", row, incident, alert, team=team.name)
    return row


@command
def approve_attachment(*, by: Actor, attachment_id: int) -> PartnerAttachment:
    """Approve it: from this moment on the team sees its part of the incident. Nobody approves what one has asked for."""
    now = timezone.now()
    row = locked_attachment(attachment_id, by.centre_id)
    if row.state == State.ATTACHED:
        return row
    if row.state != State.ASKED or not row.incident.is_open or row.until_at <= now:
        raise WrongTurn(row)
    if row.created_by_id == by.user_id:
        raise Forbidden(_("Nobody approves what one has asked for."))
    attach(row, row.incident, by=by, now=now)
    record("partner.attached", row, row.incident, *answered(row, now), team=row.team.name, until=stamp(row.until_at))
    return row


@command
def refuse_attachment(*, by: Actor, attachment_id: int, reason: str) -> PartnerAttachment:
    """Refuse it with a reason."""
    now = timezone.now()
    row = locked_attachment(attachment_id, by.centre_id)
    if row.state != State.ASKED:
        raise WrongTurn(row)
    row.change(by=by, now=now, state=State.REFUSED, ended_at=now, end_reason=reason)
    record("partner.refused", row, *answered(row, now), team=row.team.name, reason=reason)
    return row


@command
def end_attachment(*, by: Actor | None, attachment_id: int, reason: str = "") -> PartnerAttachment:
    """Detach a team: by a person with a reason, by the clock at its end, or because the incident has ended. In the same
    moment it sees nothing more."""
    now = timezone.now()
    centre_id = (
        by.centre_id if by else PartnerAttachment.objects.values_list("centre_id", flat=True).get(pk=attachment_id)
    )
    row = locked_attachment(attachment_id, centre_id)
    if row.state in (State.ENDED, State.REFUSED) or (by is None and row.until_at > now and row.incident.is_open):
        return row
    let_go(
        row,
        by=by,
        now=now,
        reason=reason or str(_("its time is over") if row.until_at <= now else _("the incident has ended")),
    )
    return row


def run_out(now: dt.datetime) -> list[int]:
    """Return the attachments whose time is over, or whose incident has ended."""
    live = PartnerAttachment.objects.filter(state__in=[State.ASKED, State.ATTACHED])
    over = live.filter(until_at__lte=now) | live.filter(incident__stage__in=ENDED)
    return list(over.order_by("until_at").values_list("pk", flat=True)[:200])


def locked_attachment(attachment_id: int, centre_id: int) -> PartnerAttachment:
    """Lock an incident and one of its attachments, in this order. Raises NotFound."""
    incident_id = (
        PartnerAttachment.objects.filter(pk=attachment_id, centre_id=centre_id)
        .values_list("incident_id", flat=True)
        .first()
    )
    if incident_id is None:
        raise NotFound()
    incident = Incident.locked(incident_id, centre_id)
    row = PartnerAttachment.locked(attachment_id, centre_id)
    row.incident = incident
    return row


def attach(row: PartnerAttachment, incident: Incident, *, by: Actor, now: dt.datetime) -> None:
    """Let a team see its part of an incident."""
    row.change(
        by=by,
        now=now,
        state=State.ATTACHED,
        from_at=now,
        approved_at=now,
        approved_by_no=by.badge,
        approved_by_name=by.name,
    )
    others = [one for one in incident.partners if one["team"] != row.team_id]
    incident.change(
        by=by, now=now, partners=[*others, {**shown_on(row.team), "attachment": row.pk, "until": stamp(row.until_at)}]
    )


def let_go(row: PartnerAttachment, *, by: Actor | None, now: dt.datetime, reason: str) -> None:
    """End an attachment inside a command, its incident locked."""
    row.change(by=by, now=now, state=State.ENDED, ended_at=now, end_reason=reason)
    kept = [one for one in row.incident.partners if one["team"] != row.team_id]
    row.incident.change(by=by, now=now, partners=kept)
    record("partner.ended", row, row.incident, *answered(row, now), team=row.team.name, reason=reason)


def answered(row: PartnerAttachment, now: dt.datetime) -> list[Alert]:
    """End the alert that asked for the approval."""
    return end_causes(now, "partner_asked", centre_id=row.centre_id, **{"data->>'attachment'": str(row.pk)})
