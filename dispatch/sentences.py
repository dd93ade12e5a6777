"""Journal entries as sentences: one function makes them, through gettext (style rule 32)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from incidents import codebook
from incidents.row import Json

SENTENCES = {
    "call.rang": gettext_lazy("A call rang"),
    "call.answered": gettext_lazy("Call answered"),
    "call.described": gettext_lazy("Call record written"),
    "call.supplemented": gettext_lazy("Caller's words added"),
    "call.hung_up": gettext_lazy("Caller hung up"),
    "call.lost": gettext_lazy("Call lost"),
    "call.called_back": gettext_lazy("Caller rung back"),
    "call.joined": gettext_lazy("Another caller's report joined"),
    "call.detached": gettext_lazy("Call %(call_no)s detached again: %(reason)s"),
    "call.finished": gettext_lazy("Call finished"),
    "call.reopened": gettext_lazy("Call reopened: %(reason)s"),
    "call.where_asked": gettext_lazy("Location link sent"),
    "call.where_told": gettext_lazy("The contact's position came by the link"),
    "call.coded": gettext_lazy("The caller cannot speak freely: yes and no alone"),
    "call.listened": gettext_lazy("Recording of the coded call listened to"),
    "card.answered": gettext_lazy("%(question)s: %(answer)s"),
    "cards.loaded": gettext_lazy("Question cards loaded, version %(version)s"),
    "text.received": gettext_lazy("The contact wrote"),
    "text.written": gettext_lazy("The desk wrote to the contact"),
    "text.sent": gettext_lazy("Text sent"),
    "text.failed": gettext_lazy("Text could not be sent"),
    "number.flag_asked": gettext_lazy("Flag asked for number %(number)s"),
    "number.flag_approved": gettext_lazy("Flag of number %(number)s approved"),
    "number.flag_ended": gettext_lazy("Flag of number %(number)s ended: %(reason)s"),
    "transfer.made": gettext_lazy("Passed on to %(to_body)s"),
    "transfer.sent": gettext_lazy("Sent to %(to_body)s"),
    "transfer.accepted": gettext_lazy("%(to_body)s has accepted it"),
    "transfer.finished": gettext_lazy("%(to_body)s has settled it"),
    "transfer.returned": gettext_lazy("%(to_body)s has returned it"),
    "transfer.unanswered": gettext_lazy("%(to_body)s has not confirmed in time"),
    "transfer.not_sent": gettext_lazy("Could not be sent to %(to_body)s"),
    "transfer.received": gettext_lazy("Received from %(to_body)s"),
    "callback.planned": gettext_lazy("Callback planned"),
    "callback.asked": gettext_lazy("Caller asked how it went"),
    "callback.handed_on": gettext_lazy("No reply: an agent rings"),
    "callback.tried": gettext_lazy("Callback tried, nobody answered"),
    "callback.settled": gettext_lazy("Callback settled: %(outcome)s"),
    "supervision.issued": gettext_lazy("Supervision order to %(to)s"),
    "supervision.signed": gettext_lazy("%(to)s has signed the supervision order"),
    "supervision.replied": gettext_lazy("%(to)s has replied to the supervision order"),
    "supervision.closed": gettext_lazy("Supervision order to %(to)s closed"),
    "supervision.returned": gettext_lazy("Reply of %(to)s sent back: %(reason)s"),
    "supervision.urged": gettext_lazy("%(to)s reminded of the supervision order"),
    "supervision.overdue": gettext_lazy("Supervision order to %(to)s overdue, passed up to %(above)s"),
    "transfer.urged": gettext_lazy("%(to_body)s reminded of the missing receipt (%(channel)s)"),
    "callback.urged": gettext_lazy("Agents reminded of the callback (%(channel)s)"),
    "approval.asked": gettext_lazy("Approval asked for: %(reason)s"),
    "approval.approved": gettext_lazy("Approved: what %(asked_by)s asked for"),
    "approval.refused": gettext_lazy("Not approved: %(reason)s"),
    "hold.placed": gettext_lazy("Legal hold %(hold_no)s placed: %(reason)s"),
    "hold.end_asked": gettext_lazy("End of legal hold %(hold_no)s asked for: %(reason)s"),
    "hold.ended": gettext_lazy("Legal hold %(hold_no)s ended: %(reason)s"),
    "hold.end_refused": gettext_lazy("Legal hold %(hold_no)s stays: %(reason)s"),
    "archive.searched": gettext_lazy("Searched, %(found)s found; purpose: %(purpose)s"),
    "call.redacted": gettext_lazy("Personal data of call %(call_no)s redacted"),
    "gateway.registered": gettext_lazy("Gateway %(code)s registered"),
    "devices.loaded": gettext_lazy("Devices loaded: %(made)s new, %(changed)s changed"),
    "incident.created": gettext_lazy("Incident opened"),
    "party.added": gettext_lazy("Person, vehicle or property added"),
    "party.described": gettext_lazy("Person, vehicle or property described"),
    "party.voided": gettext_lazy("Person, vehicle or property voided: %(reason)s"),
    "party.identity_read": gettext_lazy("Identity read; purpose: %(purpose)s"),
    "incident.printed": gettext_lazy("File taken out by %(badge)s"),
    "incident.told": gettext_lazy("Told in parallel: %(to)s"),
    "incident.notice_received": gettext_lazy("%(to)s has received the notice"),
    "incident.placed": gettext_lazy("Place accepted"),
    "incident.described": gettext_lazy("Facts written: %(fields)s"),
    "incident.reprioritised": gettext_lazy("Priority changed from %(before)s; %(reason)s"),
    "incident.note_added": gettext_lazy("Note: %(text)s"),
    "incident.mode_switched": gettext_lazy("Mode switched from %(before)s to %(after)s; %(reason)s"),
    "incident.broken_off": gettext_lazy("Pursuit broken off, %(units)s units told: %(reason)s"),
    "incident.clearing_undone": gettext_lazy("No longer cleared along by the arrest of %(incident_no)s: %(reason)s"),
    "incident.cleared_along": gettext_lazy("Cleared along by the arrest of %(incident_no)s: %(reason)s"),
    "incident.overdue": gettext_lazy("No order in time (limit passed at %(passed_at)s); proposed: %(proposed)s"),
    "incident.late": gettext_lazy("Arrival limit %(limit)s missed (passed at %(passed_at)s)"),
    "incident.at_risk": gettext_lazy("Limit %(limit)s will probably be missed; best: %(who)s"),
    "incident.risk_eased": gettext_lazy("A warning or proposal has ended"),
    "assignment.swap_proposed": gettext_lazy("%(proposed)s would be there %(gain_s)s s before %(call_sign)s"),
    "assignment.position_departed": gettext_lazy("%(call_sign)s has driven off, by position"),
    "assignment.position_arrived": gettext_lazy("%(call_sign)s is there, by position"),
    "incident.needs_no_attendance": gettext_lazy("No attendance needed: %(code)s %(reason)s"),
    "incident.submitted": gettext_lazy("Handed to review"),
    "incident.closed": gettext_lazy("Closed"),
    "incident.returned": gettext_lazy("Returned by the reviewer: %(reason)s"),
    "incident.archived": gettext_lazy("Archived"),
    "incident.class_set": gettext_lazy("Retention class set: %(retention_class)s; %(reason)s"),
    "incident.redacted": gettext_lazy("Personal data redacted after the period of its class (%(retention_class)s)"),
    "incident.learned": gettext_lazy("New from another caller, told to the units: %(text)s"),
    "incident.split": gettext_lazy("Call %(call_no)s split off as %(into)s: %(reason)s"),
    "incident.merged": gettext_lazy("Merged into %(into)s: %(reason)s"),
    "incident.took_in": gettext_lazy("%(other)s was merged into this incident: %(reason)s"),
    "incident.gave_back": gettext_lazy("%(other)s is an incident of its own again: %(reason)s"),
    "incident.case_numbered": gettext_lazy("Case %(case_no)s opened by the case records system"),
    "incident.handed_over": gettext_lazy("Handed over to %(to)s: %(reason)s"),
    "incident.cancelled": gettext_lazy("Cancelled: %(code)s %(reason)s"),
    "incident.invalidated": gettext_lazy("Declared invalid: %(reason)s"),
    "incident.reopened": gettext_lazy("Reopened: %(reason)s"),
    "assignment.sent": gettext_lazy("Order sent to %(call_sign)s"),
    "assignment.delivered": gettext_lazy("Order delivered to %(call_sign)s"),
    "assignment.accepted": gettext_lazy("%(call_sign)s accepted"),
    "assignment.refused": gettext_lazy("%(call_sign)s refused: %(code)s"),
    "assignment.en_route": gettext_lazy("%(call_sign)s en route"),
    "assignment.on_scene": gettext_lazy("%(call_sign)s on scene"),
    "assignment.finished": gettext_lazy("%(call_sign)s finished: %(code)s"),
    "assignment.withdrawn": gettext_lazy("Order to %(call_sign)s withdrawn: %(code)s"),
    "assignment.withdrawal_confirmed": gettext_lazy("%(call_sign)s confirmed the withdrawal"),
    "assignment.delayed": gettext_lazy("%(call_sign)s reports a delay: %(code)s"),
    "assignment.caller_told": gettext_lazy("Caller told that %(call_sign)s is held up"),
    "assignment.undelivered": gettext_lazy("Order not delivered to %(call_sign)s: call by radio %(radio_channel)s"),
    "assignment.unaccepted": gettext_lazy("%(call_sign)s has not accepted in time; proposed: %(proposed)s"),
    "assignment.not_departed": gettext_lazy("%(call_sign)s has not departed in time"),
    "assignment.late": gettext_lazy("%(call_sign)s has not arrived in time"),
    "assignment.prompted": gettext_lazy("%(call_sign)s asked how it stands"),
    "assignment.status_told": gettext_lazy("%(call_sign)s tells how it stands: %(text)s"),
    "assignment.prompt_unanswered": gettext_lazy("%(call_sign)s has not answered the status prompt"),
    "assignment.relief_sent": gettext_lazy("%(relief)s comes to relieve %(call_sign)s"),
    "assignment.unreported": gettext_lazy("%(call_sign)s has not reported in time"),
    "assignment.urged": gettext_lazy("%(call_sign)s urged (%(channel)s): %(text)s"),
    "report.filed": gettext_lazy("%(kind)s of %(call_sign)s"),
    "report.asked_again": gettext_lazy("%(call_sign)s must correct its report: %(reason)s"),
    "assignment.ticked": gettext_lazy("%(call_sign)s: %(step)s"),
    "assignment.handed_on": gettext_lazy("%(call_sign)s hands the scene over to %(to)s; responsible until it is taken"),
    "assignment.hand_over_received": gettext_lazy("%(to)s has taken the scene over: %(received_by)s"),
    "quality.drawn": gettext_lazy("Quality sample of %(month)s drawn: %(size)s of %(population)s reports"),
    "quality.marked": gettext_lazy("Report %(report_no)s marked in the quality sample"),
    "unit.asked_backup": gettext_lazy("%(call_sign)s asks for backup: %(text)s"),
    "series.opened": gettext_lazy("Series %(series_no)s opened: %(name)s"),
    "series.described": gettext_lazy("Series %(series_no)s described anew"),
    "series.joined": gettext_lazy("Taken into series %(series_no)s: %(reason)s"),
    "series.left": gettext_lazy("Taken out of series %(series_no)s: %(reason)s"),
    "series.closed": gettext_lazy("Series %(series_no)s closed: %(reason)s"),
    "grids.loaded": gettext_lazy("Directory of the grids loaded: %(posts)s posts, %(teams)s teams"),
    "grid.appointed": gettext_lazy("Grid %(grid)s: worker %(worker)s, officer %(officer)s"),
    "grid.task_made": gettext_lazy("Grid task %(task_no)s for grid %(grid)s: %(duty)s"),
    "grid.task_started": gettext_lazy("Grid task %(task_no)s begun"),
    "grid.task_done": gettext_lazy("Grid task %(task_no)s done"),
    "grid.task_returned": gettext_lazy("Grid task %(task_no)s returned: %(reason)s"),
    "grid.task_rechecked": gettext_lazy("Grid task %(task_no)s: looked at again, calm"),
    "grid.task_reopened": gettext_lazy("Grid task %(task_no)s opened again: %(how)s"),
    "grid.task_repeated": gettext_lazy("The dispute of grid task %(task_no)s broke out again: %(how)s"),
    "grid.task_urged": gettext_lazy("Worker and officer reminded of grid task %(task_no)s"),
    "grid.task_overdue": gettext_lazy("Grid task %(task_no)s overdue"),
    "grid.report_filed": gettext_lazy("Report %(report_no)s came in from the grid"),
    "grid.report_taken": gettext_lazy("Report %(report_no)s of the grid taken on by %(badge)s"),
    "grid.report_settled": gettext_lazy("Report %(report_no)s of the grid settled: %(outcome)s"),
    "grid.report_waited": gettext_lazy("Nobody has taken report %(report_no)s of the grid on"),
    "team.registered": gettext_lazy("Partner team %(team)s registered"),
    "team.described": gettext_lazy("Partner team %(team)s written anew"),
    "team.manned": gettext_lazy("Accounts of partner team %(team)s set"),
    "team.ended": gettext_lazy("Partner team %(team)s taken off the list"),
    "partner.asked": gettext_lazy("Partner team %(team)s asked for"),
    "partner.attached": gettext_lazy("Partner team %(team)s attached"),
    "partner.refused": gettext_lazy("Partner team %(team)s not approved: %(reason)s"),
    "partner.ended": gettext_lazy("Partner team %(team)s detached: %(reason)s"),
    "operation.opened": gettext_lazy("Joint operation “%(name)s” opened"),
    "operation.joined": gettext_lazy("Others joined the joint operation “%(name)s”"),
    "operation.signed_in": gettext_lazy("%(member)s signed in (joint operation “%(operation)s”)"),
    "operation.signed_out": gettext_lazy("%(member)s signed out (joint operation “%(operation)s”)"),
    "operation.closed": gettext_lazy("Joint operation “%(name)s” closed"),
    "fusion.asked": gettext_lazy("Fusion request %(request_no)s asked for"),
    "fusion.accepted": gettext_lazy("Fusion request %(request_no)s taken on by %(badge)s"),
    "fusion.handed_over": gettext_lazy("Fusion request %(request_no)s handed over from %(giver)s to %(receiver)s"),
    "fusion.ended": gettext_lazy("Fusion request %(request_no)s ended: %(state)s"),
    "clue.added": gettext_lazy("Clue noted"),
    "clue.pushed": gettext_lazy("Clue pushed to %(units)s units"),
    "clue.voided": gettext_lazy("Clue taken back: %(reason)s"),
    "cameras.loaded": gettext_lazy("Cameras loaded: %(made)s new, %(changed)s changed, %(ended)s ended"),
    "camera.described": gettext_lazy("Camera %(name)s corrected"),
    "camera.ended": gettext_lazy("Camera %(name)s taken out of the register: %(reason)s"),
    "camera.opened": gettext_lazy("Camera %(name)s opened by %(badge)s: %(purpose)s"),
    "bookmark.voided": gettext_lazy("Bookmark in the pictures of camera %(name)s taken back: %(reason)s"),
    "bookmark.made": gettext_lazy("Bookmark in the pictures of camera %(name)s"),
    "search.opened": gettext_lazy("Search area opened: %(cameras)s cameras"),
    "search.widened": gettext_lazy("Search area widened: %(cameras)s cameras, %(checked)s checked"),
    "search.shared": gettext_lazy("Search area shared with %(branch)s"),
    "search.checked": gettext_lazy("Camera %(name)s looked through: %(checked)s of %(cameras)s"),
    "search.unchecked": gettext_lazy("Camera %(name)s is to be looked through again"),
    "search.ended": gettext_lazy("Search area ended: %(checked)s of %(cameras)s cameras looked through"),
    "position.locked": gettext_lazy("Position locked, radius %(radius_m)s m (%(request_no)s)"),
    "position.renewed": gettext_lazy("Locked position renewed, radius %(radius_m)s m (%(request_no)s)"),
    "position.lapsed": gettext_lazy("Locked position has run out (%(request_no)s)"),
    "directive.issued": gettext_lazy("Directive %(directive_no)s issued to %(units)s: %(task)s"),
    "directive.accepted": gettext_lazy("%(call_sign)s accepted directive %(directive_no)s"),
    "directive.followed": gettext_lazy("Directive %(directive_no)s: %(call_sign)s goes on"),
    "directive.advanced": gettext_lazy("Directive %(directive_no)s: %(state)s"),
    "directive.moved": gettext_lazy("Directive %(directive_no)s points at the renewed position, radius %(radius_m)s m"),
    "directive.withdrawn": gettext_lazy("Directive %(directive_no)s withdrawn: %(reason)s"),
    "suspect.named": gettext_lazy("Suspect named"),
    "suspect.caught": gettext_lazy("Suspect caught by %(call_sign)s; credit: %(credit)s"),
    "suspect.credited": gettext_lazy("Credit of the arrest: %(credit)s"),
    "suspect.handed_over": gettext_lazy("Suspect handed over to %(to)s"),
    "suspect.released": gettext_lazy("Suspect released: %(reason)s"),
    "suspect.clearing_undone": gettext_lazy("Arrest no longer clears %(other)s along: %(reason)s"),
    "suspect.cleared": gettext_lazy("Arrest cleared %(other)s along: %(reason)s"),
    "watch.asked": gettext_lazy("Watch entry asked for until %(expires_at)s"),
    "watch.approved": gettext_lazy("Watch entry approved until %(expires_at)s"),
    "watch.refused": gettext_lazy("Watch entry refused: %(reason)s"),
    "watch.withdrawn": gettext_lazy("Watch entry withdrawn: %(reason)s"),
    "watch.expired": gettext_lazy("Watch entry has expired"),
    "watch.hit": gettext_lazy("Watch hit: %(source)s"),
    "watch.hit_handled": gettext_lazy("Watch hit handled by %(badge)s"),
    "links.read": gettext_lazy("Links searched; purpose: %(purpose)s"),
    "alert.acknowledged": gettext_lazy("Alert acknowledged"),
    "alert.raised": gettext_lazy("Alert raised"),
    "deadline.urged": gettext_lazy("%(who)s urged before the limit: %(limit)s (%(channel)s)"),
    "alert.shelved": gettext_lazy("Alert shelved for %(minutes)s min: %(reason)s"),
    "deadline.set_aside": gettext_lazy("A limit could not be checked: %(limit)s"),
    "unit.came_on_duty": gettext_lazy("%(call_sign)s came on duty"),
    "unit.went_off_duty": gettext_lazy("%(call_sign)s went off duty"),
    "unit.status_set": gettext_lazy("Unit status set"),
    "unit.called_emergency": gettext_lazy("%(call_sign)s calls emergency"),
    "unit.emergency_ended": gettext_lazy("Emergency of %(call_sign)s ended"),
    "unit.went_silent": gettext_lazy("%(call_sign)s sends no position"),
    "unit.was_heard": gettext_lazy("%(call_sign)s is heard again"),
    "unit.registered": gettext_lazy("Unit registered"),
    "call.entered_late": gettext_lazy("Call entered afterwards, number %(serial)s (%(source)s)"),
    "late_entry.checked": gettext_lazy("Card %(serial)s compared by a second person"),
    "late_entry.told_apart": gettext_lazy("Card %(serial)s is an event of its own"),
    "numbers.issued": gettext_lazy("%(count)s call numbers issued beforehand"),
    "number.voided": gettext_lazy("Number %(number)s voided: %(reason)s"),
    "catch_up.opened": gettext_lazy("Catch-up opened: %(reason)s"),
    "catch_up.ended": gettext_lazy("Catch-up ended"),
    "state.printed": gettext_lazy("State of the world taken out by %(badge)s"),
    "assignment.entered_late": gettext_lazy("Order to %(call_sign)s entered afterwards: %(reason)s"),
    "assignment.times_entered": gettext_lazy("Times of %(call_sign)s entered afterwards: %(reason)s"),
    "duty.level_set": gettext_lazy("Duty level set from %(before)s to %(level)s: %(reason)s"),
    "seat.registered": gettext_lazy("Seats registered: %(seats)s"),
    "seat.allowed": gettext_lazy("%(badge)s allowed on seat %(seat)s for this shift: %(reason)s"),
    "seat.relieved": gettext_lazy("%(by)s took seat %(seat)s over from %(badge)s"),
    "qualification.granted": gettext_lazy("%(badge)s holds the skill %(code)s"),
    "qualification.ended": gettext_lazy("%(badge)s does not hold the skill %(code)s any longer: %(reason)s"),
    "hand_over.drawn_up": gettext_lazy("Hand-over sheet of %(giver)s: %(items)s items"),
    "hand_over.remarked": gettext_lazy("Remark on the hand-over of %(number)s: %(text)s"),
    "hand_over.withdrawn": gettext_lazy("%(giver)s goes on, the hand-over sheet is withdrawn"),
    "hand_over.item_accepted": gettext_lazy("%(receiver)s took %(items)s items over from %(giver)s"),
    "hand_over.accepted": gettext_lazy("%(receiver)s has taken everything over from %(giver)s"),
    "roster.planned": gettext_lazy("%(call_sign)s planned from %(starts_at)s to %(ends_at)s"),
    "roster.changed": gettext_lazy("Plan of %(call_sign)s changed"),
    "roster.cancelled": gettext_lazy("Planned shift of %(call_sign)s cancelled: %(reason)s"),
    "roster.imported": gettext_lazy("Roster loaded: %(made)s new, %(changed)s changed"),
    "roster.signed_on": gettext_lazy(
        "%(call_sign)s signed on %(late_s)s s after the planned start; missing: %(missing)s"
    ),
    "roster.late": gettext_lazy("Not signed on in time: %(units)s"),
    "post_check.asked": gettext_lazy("Post check: %(units)s units asked where they are"),
    "post_check.answered": gettext_lazy("%(call_sign)s answered the post check, %(distance_m)s m from its post"),
    "post_check.published": gettext_lazy(
        "Post check published: %(answered)s answered, %(late)s late, %(no_answer)s without an answer"
    ),
    "unit.return_overdue": gettext_lazy("%(call_sign)s is not back in time (limit passed at %(passed_at)s)"),
    "unit.returned": gettext_lazy("%(call_sign)s is back"),
    "history.begun": gettext_lazy("Loading %(rows)s rows of %(source)s begun: %(file)s"),
    "history.loaded": gettext_lazy("History of %(source)s loaded: %(rows)s rows, %(repeated)s known before"),
    "export.taken": gettext_lazy("File taken out: %(what)s, %(form)s, %(lines)s lines"),
    "export.limited": gettext_lazy("%(badge)s ran into the limit of exports: %(what)s"),
    "standing_report.planned": gettext_lazy("Standing report planned: %(name)s"),
    "standing_report.ended": gettext_lazy("Standing report ended: %(name)s"),
    "edition.asked": gettext_lazy("Edition %(first)s to %(last)s of %(name)s is to be made"),
    "edition.made": gettext_lazy("Edition %(first)s to %(last)s of %(name)s made, SHA-256 %(sha256)s"),
    "edition.failed": gettext_lazy("Edition %(first)s to %(last)s of %(name)s could not be made: %(error)s"),
    "merit.proposed": gettext_lazy("%(count)s entries of the merit ledger proposed"),
    "merit.approved": gettext_lazy("%(count)s entries of the merit ledger approved"),
    "merit.refused": gettext_lazy("%(count)s entries of the merit ledger refused: %(remark)s"),
    "merit.objected": gettext_lazy("Objection to an entry of the merit ledger: %(subject)s"),
    "merit.answered": gettext_lazy("Objection to an entry of the merit ledger answered: %(subject)s"),
    "roads.loaded": gettext_lazy("Road network %(version)s loaded from %(source)s"),
    "road.closed": gettext_lazy("Road closed: %(reason)s"),
    "road.opened": gettext_lazy("Road open again: %(reason)s"),
    "code.edited": gettext_lazy("Code %(table)s %(code)s edited"),
    "codes.loaded": gettext_lazy("Code tables loaded"),
    "places.loaded": gettext_lazy("Organisations, areas and places loaded"),
    "addresses.loaded": gettext_lazy("Address index from %(source)s in use: %(names)s names, %(houses)s ranges"),
    "areas.loaded": gettext_lazy("Areas loaded from %(source)s: %(made)s new, %(changed)s changed, %(ended)s ended"),
    "premise.noted": gettext_lazy("Premise note: %(place)s"),
    "premise.described": gettext_lazy("Premise note written anew: %(place)s"),
    "premise.ended": gettext_lazy("Premise note ended: %(reason)s"),
    "premise.review_due": gettext_lazy("Premise note waits for its review: %(place)s"),
    "premise.review_passed": gettext_lazy("Premise note ran out without a review: %(place)s"),
    "premise.read": gettext_lazy("Sensitive premise note read; purpose: %(purpose)s"),
    "centre.opened": gettext_lazy("Centre opened"),
    "user.created": gettext_lazy("Person %(badge)s created"),
    "user.described": gettext_lazy("Person %(badge)s described anew"),
    "user.roles_set": gettext_lazy("Roles of %(badge)s set"),
    "user.disabled": gettext_lazy("Person %(badge)s disabled"),
    "user.enabled": gettext_lazy("Person %(badge)s enabled"),
    "user.signed_in": gettext_lazy("%(badge)s signed in"),
    "user.signed_out": gettext_lazy("%(badge)s signed out"),
    "user.locked": gettext_lazy("Screen of %(badge)s locked"),
    "user.unlocked": gettext_lazy("Screen of %(badge)s opened again"),
    "user.pin_set": gettext_lazy("%(badge)s set a PIN"),
    "warning.raised": gettext_lazy("Warning raised: %(warning_kind)s"),
    "warning.acknowledged": gettext_lazy("Warning taken on by %(badge)s"),
    "warning.acted": gettext_lazy("Acted on a warning: %(who)s"),
    "warning.ended": gettext_lazy("Warning ended: %(outcome)s"),
    "deployment.asked": gettext_lazy("Trial of another deployment asked for: %(days)s days, %(changes)s changes"),
    "deployment.answered": gettext_lazy("Trial of another deployment answered: %(n)s incidents in %(days)s days"),
    "deployment.failed": gettext_lazy("Trial of another deployment failed: %(failure)s"),
    "deployment.cancelled": gettext_lazy("Trial of another deployment cancelled"),
    "review.opened": gettext_lazy("Review opened; purpose: %(purpose)s"),
    "review.read": gettext_lazy("Review read; purpose: %(purpose)s"),
    "review.noted": gettext_lazy("Noted at a moment of the review"),
    "review.task_given": gettext_lazy("Task from the review given to %(owner)s"),
    "review.task_done": gettext_lazy("Task from the review done"),
    "review.task_overdue": gettext_lazy("Task from the review is overdue"),
    "review.exported": gettext_lazy("Review taken out (%(form)s)"),
}
CODE_TABLE = {
    "assignment.refused": "refusal",
    "assignment.withdrawn": "cancel",
    "assignment.delayed": "delay",
    "assignment.finished": "result",
    "incident.cancelled": "cancel",
    "incident.needs_no_attendance": "result",
    "qualification.granted": "skill",
    "qualification.ended": "skill",
}
# Values that are codes of a table, whatever the sentence.
MODES = ("before", "after")
VALUE_TABLE = {"retention_class": "retention_class", "limit": "deadline_kind", "to_body": "body", "duty": "grid_duty"}
CHANNELS = {
    "terminal": gettext_lazy("terminal"),
    "screen": gettext_lazy("screen"),
    "telephone": gettext_lazy("telephone"),
    "adapter": gettext_lazy("adapter"),
}


ANSWERS = {
    "yes": gettext_lazy("yes"),
    "no": gettext_lazy("no"),
    "unknown": gettext_lazy("unknown"),
    "done": gettext_lazy("read out"),
}
WARNINGS = {
    "repeat_address": gettext_lazy("repeated address"),
    "repeat_caller": gettext_lazy("repeated caller"),
    "series": gettext_lazy("possible series"),
    "hot_spot": gettext_lazy("hot spot"),
    "near_repeat": gettext_lazy("near-repeat"),
}
OUTCOMES = {
    "quiet": gettext_lazy("did not happen again"),
    "again": gettext_lazy("happened again"),
    "caught": gettext_lazy("somebody was caught"),
    "no_matter": gettext_lazy("nothing was to be done"),
    "run_out": gettext_lazy("ran out, nobody saw to it"),
}
ENDS = {
    "done": gettext_lazy("with a result"),
    "no_result": gettext_lazy("without a result"),
}
AGAIN = {
    "place": gettext_lazy("the same place"),
    "party": gettext_lazy("the same people"),
    "recheck": gettext_lazy("found when looked at again"),
}
GRID_OUTCOMES = {
    "premise_note": gettext_lazy("premise note written"),
    "incident": gettext_lazy("incident opened"),
    "task": gettext_lazy("task made"),
    "passed_on": gettext_lazy("passed on"),
    "kept": gettext_lazy("kept on record"),
}
# What a value of an entry is called.
WORDS: dict[tuple[str, str], Json] = {
    ("grid.task_reopened", "how"): AGAIN,
    ("grid.task_repeated", "how"): AGAIN,
    ("grid.report_settled", "outcome"): GRID_OUTCOMES,
    ("fusion.ended", "state"): ENDS,
}
DIRECTIVES = {
    "task": {
        "arrest": pgettext_lazy("directive", "arrest"),
        "stake_out": pgettext_lazy("directive", "stake-out"),
        "track": pgettext_lazy("directive", "track"),
        "intercept": pgettext_lazy("directive", "intercept"),
        "assist": pgettext_lazy("directive", "assist"),
    },
    "state": {
        "issued": pgettext_lazy("directive", "issued"),
        "accepted": pgettext_lazy("directive", "accepted"),
        "under_way": pgettext_lazy("directive", "under way"),
        "done": pgettext_lazy("directive", "done"),
        "withdrawn": pgettext_lazy("directive", "withdrawn"),
    },
}
FAILURES = {
    "too_long": pgettext_lazy("deployment", "not done in its time"),
    "fault": pgettext_lazy("deployment", "a fault came again and again"),
    "nothing": pgettext_lazy("deployment", "nothing was recorded in the period"),
}
# Values of a family of kinds that have words of their own.
OWN_WORDS: dict[str, dict[str, Any]] = {
    "directive": DIRECTIVES,
    "warning": {"warning_kind": WARNINGS, "outcome": OUTCOMES},
    "deployment": {"failure": FAILURES},
}
REPORTS = {
    "arrival": gettext_lazy("Arrival report"),
    "progress": gettext_lazy("Progress report"),
    "handling": gettext_lazy("Handling report"),
    "correction": gettext_lazy("Correction"),
}


class Blank(dict[str, Any]):
    """Values for a sentence; what is missing is a dash, so that old entries stay readable."""

    def __missing__(self, name: str) -> str:
        return "—"


def sentence(kind: str, body: Json, language: str) -> str:
    """Return what an entry says, in the active language; codes are shown with their words."""
    values = Blank({name: value for name, value in body.get("data", {}).items() if value not in ("", None)})
    table = CODE_TABLE.get(kind)
    if table and "code" in values:
        found = codebook.book().get((table, values["code"]))
        values["code"] = (found.zh if language.startswith("zh") else found.en) if found else values["code"]
    for name, of_table in VALUE_TABLE.items():
        if (found := codebook.book().get((of_table, str(values.get(name))))) is not None:
            values[name] = found.zh if language.startswith("zh") else found.en
    if kind in ("incident.mode_switched", "incident.broken_off"):
        values |= {name: word_of("incident_mode", values[name], language) for name in MODES}
    if values.get("channel") in CHANNELS:
        values["channel"] = str(CHANNELS[values["channel"]])
    if kind == "incident.described":
        values["fields"] = ", ".join(sorted(body.get("data", {}).get("changes", {})))
    if kind in ("incident.note_added", "incident.learned"):
        values["text"] = next((note["text"] for note in body["rows"].get("note", [])), "")
    values |= worded(kind, values)
    if kind == "card.answered":
        values |= answered(body, language)
    if kind == "assignment.ticked":
        step = values["zh"] if language.startswith("zh") else values["en"]
        values["step"] = step if body["data"].get("done") else _("%(step)s – taken back") % {"step": step}
    if kind == "report.filed":
        values["kind"] = str(REPORTS.get(values["report_kind"], REPORTS["handling"]))
    return str(SENTENCES.get(kind, _("Unknown entry"))) % values


def worded(kind: str, values: Json) -> Json:
    """Return the values of an entry that have words of their own."""
    named = {name: words for (of_kind, name), words in WORDS.items() if of_kind == kind}
    named |= OWN_WORDS.get(kind.split(".", maxsplit=1)[0], {})
    return {name: str(words[values[name]]) for name, words in named.items() if values.get(name) in words}


def word_of(table: str, code: str, language: str) -> str:
    """Return the word of a code, or the code where there is none."""
    found = codebook.book().get((table, code))
    return code if found is None else found.zh if language.startswith("zh") else found.en


def answered(body: Json, language: str) -> Json:
    """Return question and answer of a card, as they were asked."""
    row: Json = next(iter(body["rows"].get("card_answer", [])), {})
    said = str(row.get("answer", "—"))
    asked = str(row.get("zh" if language.startswith("zh") else "en", "—"))
    return {"question": asked, "answer": str(ANSWERS.get(said, said))}
