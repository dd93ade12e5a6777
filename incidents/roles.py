"""Roles and the audiences that follow from them (docs/contract.md 2, domain 5). Pure."""

from __future__ import annotations

from incidents.actor import Actor

CALL_TAKER = "call_taker"  # 接警员
DISPATCHER = "dispatcher"  # 派警员
WATCH_COMMANDER = "watch_commander"  # 指挥长
OFFICER = "officer"  # 民警、辅警
STATION_DUTY = "station_duty"  # 派出所值班
VIDEO = "video"  # 图侦员
ANALYST = "analyst"  # 研判员
REVIEWER = "reviewer"  # 审核员
CALLBACK_AGENT = "callback_agent"  # 回访员
INSPECTOR = "inspector"  # 督察
GRID_WORKER = "grid_worker"  # 网格员
PARTNER = "partner"  # 联动力量
LEADER = "leader"  # 局领导
ADMINISTRATOR = "administrator"  # 管理员
ADAPTER = "adapter"  # 接入网关

ROLES = (
    CALL_TAKER,
    DISPATCHER,
    WATCH_COMMANDER,
    OFFICER,
    STATION_DUTY,
    VIDEO,
    ANALYST,
    REVIEWER,
    CALLBACK_AGENT,
    INSPECTOR,
    GRID_WORKER,
    PARTNER,
    LEADER,
    ADMINISTRATOR,
    ADAPTER,
)
DESK = (CALL_TAKER, DISPATCHER, WATCH_COMMANDER)
ORDERING = (DISPATCHER, WATCH_COMMANDER)
OVERVIEW = (LEADER, INSPECTOR, REVIEWER, CALLBACK_AGENT, VIDEO, ANALYST)
WATCHING = (*DESK, *OVERVIEW, STATION_DUTY)
SUPERVISING = (LEADER, WATCH_COMMANDER, INSPECTOR, REVIEWER)
# Who plans standing reports; the others who supervise read them.
PLANS_REPORTS = (LEADER, WATCH_COMMANDER)
TODAYS_FIGURES = (*SUPERVISING, DISPATCHER, CALL_TAKER)
# Who works on what follows an incident: transfers, callbacks, supervision orders.
FOLLOWING_UP = (WATCH_COMMANDER, LEADER, INSPECTOR, REVIEWER, CALLBACK_AGENT, STATION_DUTY)
EVERYBODY = ROLES
# No person may hold two of these: who keeps the system does not use it, who inspects does not act (targets 3.1).
EXCLUSIVE = (
    {ADMINISTRATOR, CALL_TAKER},
    {ADMINISTRATOR, DISPATCHER},
    {ADMINISTRATOR, WATCH_COMMANDER},
    {ADMINISTRATOR, INSPECTOR},
    {INSPECTOR, DISPATCHER},
    {INSPECTOR, WATCH_COMMANDER},
)


def audience_of(by: Actor) -> str:
    """Name the audience of the live feed that a person belongs to; "" is nobody's."""
    claims = (
        (by.has(*DESK), "desk"),
        (by.has(INSPECTOR), "inspector"),
        (by.has(*OVERVIEW), "overview"),
        (by.has(STATION_DUTY) and by.org_id, f"station.{by.org_id}"),
        (by.has(OFFICER) and by.on_unit, f"unit.{by.on_unit}"),
        (by.has(PARTNER) and by.on_team, f"partner.{by.on_team}"),
        (by.has(GRID_WORKER), f"worker.{by.user_id}"),
    )
    return next((name for holds, name in claims if holds), "")
