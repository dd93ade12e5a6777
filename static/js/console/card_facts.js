/**
 * The facts of an incident and every call about it, in the callers' words.
 */

import { formatMoment } from "../clock.js";
import { callWord, fill, gettext, pgettext, threeFourFour } from "../words.js";
import { makeArchiveBlock } from "./archive_block.js";
import { callActs } from "./call_acts.js";
import { caseworkBlock } from "./casework.js";
import { gridBlock } from "./grid_block.js";
import { directiveBlock } from "./directives.js";
import { button, el } from "./dom.js";
import { makeForm } from "./inline_form.js";
import { noticeBlock } from "./notices.js";
import { outcomeBlock } from "./outcomes.js";
import { partyBlock } from "./parties.js";
import { makeSurroundings } from "./surroundings.js";
import { answerBlock } from "./question_card.js";
import { makeSeries } from "./series.js";

/** Make the page of facts. */
export function makeFacts(page, desk) {
  const series = makeSeries(desk);
  let shown = null;
  const archive = makeArchiveBlock(desk);
  let present = null;
  const known = makeSurroundings(desk, () => ({
    point: present?.point ?? null,
    number: present?.contact_phone ?? "",
    incident: present?.id ?? null,
    name: present?.address_text ?? "",
  }));

  /** Paint the facts of an incident, if they changed. */
  function paint(incident) {
    const calls = desk.store.ofIncident("call", incident.id);
    const told = desk.store.ofIncident("notice", incident.id);
    const parties = desk.store.ofIncident("party", incident.id);
    const answers = desk.store.ofIncident("card_answer", incident.id);
    const casework = ["fusion_request", "clue", "bookmark", "search_area", "locked_position", "directive", "suspect", "grid_task"].flatMap((name) => desk.store.ofIncident(name, incident.id));
    const wanted = [incident.id, incident.version, desk.interception?.at ?? "", casework.some((row) => row.valid_until) ? Math.floor(desk.now() / 60_000) : 0, ...[...calls, ...told, ...parties, ...answers, ...casework].map((row) => `${row.id}.${row.version}`)].join();
    series.show(incident);
    if (shown === wanted) return;
    shown = wanted;
    archive.show(incident);
    present = incident;
    known.ask();
    const slot = el("div.party-form");
    const callSlot = el("div.party-form");
    const directiveSlot = el("div.party-form");
    const outcomeSlot = el("div.party-form");
    page.replaceChildren(
      incident.narrative
        ? el("p.narrative", { text: incident.narrative })
        : el("p.empty", { text: gettext("No narrative yet.") }),
      ...caseworkBlock(incident, desk),
      ...gridBlock(incident, desk),
      ...directiveBlock(incident, desk, directiveSlot),
      directiveSlot,
      el(
        "dl.facts",
        {},
        ...pairs(incident).flatMap(([name, value, level]) => [
          el("dt", { text: name }),
          el(`dd${level ? `.level-${level}` : ""}`, { text: value }),
        ]),
      ),
      known.node,
      el("p.file-link", {}, el("a", { href: `/incidents/${incident.id}/file/`, target: "_blank", rel: "noopener", text: gettext("Incident file (to print)") })),
      ...answerBlock(incident, desk),
      archive.node,
      ...outcomeBlock(incident, desk, outcomeSlot),
      outcomeSlot,
      ...partyBlock(incident, desk, slot),
      slot,
      ...noticeBlock(incident, desk),
      el("h4", { text: fill(gettext("Calls (%(count)s)"), { count: calls.length }) }),
      callSlot,
      ...calls.map((call) => callBlock(call, verbsOf(call, incident, calls.length, callSlot))),
      series.node,
    );
  }

  /** A call that was attached may be given back, one of several split off. */
  function verbsOf(call, incident, count, slot) {
    const acts = callActs(call, incident, { calls: count, me: desk.store.me, now: desk.now() });
    const open = (act) => slot.replaceChildren(makeForm(act, incident, desk, () => slot.replaceChildren()));
    return acts.map((act) => button(act.label, () => open(act), { data: { act: act.id } }));
  }

  function pairs(incident) {
    const { codes } = desk;
    const now = desk.now();
    const answer = (value) => [
      codes.word("weapon_answer", value),
      value === "yes" ? "critical" : value === "unknown" ? "off" : null,
    ];
    const list = [
      [pgettext("console", "Number"), incident.incident_no],
      [pgettext("console", "Class"), codes.word("intake_class", incident.intake_class)],
      [gettext("Type as taken"), typeWords(incident.type_reported)],
      [gettext("Type verified"), typeWords(incident.type_verified)],
      [pgettext("console", "Answered"), formatMoment(incident.answered_at, now)],
      [
        gettext("Occurred"),
        [incident.occurred_from, incident.occurred_to]
          .filter(Boolean)
          .map((at) => formatMoment(at, now))
          .join(" – "),
      ],
      [gettext("Weapon"), ...answer(incident.weapon)],
      [gettext("Hazmat"), ...answer(incident.hazmat)],
      [gettext("Explosion or leak"), ...answer(incident.explosion_leak)],
      [gettext("Suspects"), number(incident.offenders_reported)],
      [gettext("Injured"), number(incident.injured)],
      [gettext("Trapped"), number(incident.trapped)],
      [gettext("Dead"), number(incident.dead)],
      [pgettext("console", "Vehicle"), [incident.vehicle_plate, incident.vehicle_note].filter(Boolean).join(" ")],
      [pgettext("console", "Position"), pointWords(incident.point), incident.point_status === "unverified" ? "caution" : null],
      [gettext("Place checked"), incident.point ? statusWord(incident.point_status) : ""],
      [gettext("Beat"), incident.beat?.name],
      [gettext("Grid"), incident.grid?.name],
      [gettext("Response ring"), incident.ring ? fill(gettext("%(name)s (%(minutes)s min)"), incident.ring) : ""],
      [pgettext("console", "Result"), codes.word("result", incident.result_code)],
      [gettext("Left out of figures"), codes.word("exclusion", incident.exclusion)],
      [gettext("Case number"), incident.case_no],
      [pgettext("console", "Reason"), incident.reason],
    ];
    return list.filter(([, value]) => value);
  }

  function typeWords(code) {
    return code ? `${code} ${desk.codes.word("incident_type", code)}` : "";
  }

  function callBlock(call, verbs) {
    const { codes } = desk;
    const now = desk.now();
    const words = [
      [pgettext("console", "Number"), threeFourFour(call.caller_number)],
      [pgettext("console", "Subscriber"), [call.subscriber, call.subscriber_address].filter(Boolean).join(" · ")],
      [pgettext("console", "Caller"), [call.caller_name, threeFourFour(call.contact_phone)].filter(Boolean).join(" ")],
      [gettext("From another city"), call.remote_city],
      [gettext("Taken by"), [call.agent_name, call.agent_no, call.seat_no].filter(Boolean).join(" ")],
    ].filter(([, value]) => value);
    return el(
      "section.call-block",
      {},
      el(
        "p.call-head",
        {},
        el("b", { text: codes.word("channel", call.channel) }),
        el("span", { text: codes.word("call_kind", call.kind) }),
        el("span.digits.soft", { text: formatMoment(call.answered_at ?? call.ring_at, now) }),
        el("span.soft", { text: callWord(call.state) }),
        call.joined_at ? el("span.flag", { text: gettext("attached") }) : null,
        ...verbs,
      ),
      el("dl.facts", {}, ...words.flatMap(([name, value]) => [el("dt", { text: name }), el("dd", { text: value })])),
      call.narrative ? el("p.narrative", { text: call.narrative }) : null,
      ...(call.supplements ?? []).map((one) =>
        el(
          "p.narrative",
          {},
          el("span.digits.soft", { text: `${formatMoment(one.at, now)} ${one.by ?? ""} ` }),
          one.text,
        ),
      ),
    );
  }

  return { paint };
}

function statusWord(status) {
  return status === "verified" ? gettext("verified") : gettext("NOT VERIFIED");
}

function number(value) {
  return value === null || value === undefined ? "" : String(value);
}

function pointWords(point) {
  if (!point) return "";
  const accuracy = point.accuracy_m ? ` ±${Math.round(point.accuracy_m)} m` : "";
  const from = point.crs_in && point.crs_in !== "WGS84" ? ` ← ${point.crs_in}` : "";
  return `${point.lng.toFixed(5)}, ${point.lat.toFixed(5)} WGS-84${accuracy}${from}`;
}
