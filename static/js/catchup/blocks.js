/**
 * What became of the numbers: used, missing, voided, still open; a spoilt card is accounted for with its reason.
 */

import { el } from "../console/dom.js";
import { gettext } from "../words.js";

/** Paint the blocks. */
export function paintBlocks(root, page) {
  if (root.contains(document.activeElement)) return;
  const heads = [gettext("For"), gettext("Numbers"), gettext("used"), gettext("missing"), gettext("voided"), gettext("not used yet"), ""];
  const rows = page.now.blocks.map((block) => blockRow(block, page));
  root.replaceChildren(
    el("table", {}, el("thead", {}, el("tr", {}, ...heads.map((text) => (text ? el("th", { scope: "col", text }) : el("td"))))), el("tbody", {}, ...rows)),
  );
}

function blockRow(block, page) {
  const isPaper = block.purpose === "paper";
  const missing = block.missing.length
    ? el("td.digits.level-caution", { text: block.missing.join(" ") })
    : el("td.digits", { text: "0" });
  return el(
    "tr",
    {},
    el("td", { text: isPaper ? gettext("cards") : `${gettext("seat")} ${block.seat_no || block.holder_no}` }),
    el("td.code", { text: `${block.numbers[0]}–${block.numbers.at(-1)}` }),
    el("td.digits", { text: String(block.used.length) }),
    isPaper ? missing : el("td.digits", { text: "–" }),
    el("td.digits", { text: String(block.void.length) }),
    el("td.digits", { text: String(block.open.length + (isPaper ? 0 : block.missing.length)) }),
    el("td", {}, isPaper ? paperActs(block, page) : null),
  );
}

function paperActs(block, page) {
  const number = el("input", { type: "text", size: 8, "aria-label": gettext("Serial of the spoilt card") });
  const reason = el("input", { type: "text", size: 10, placeholder: gettext("why"), "aria-label": gettext("Reason") });
  const void_ = async () => {
    try {
      await page.api.post(`/api/number-blocks/${block.id}/void/`, { number: Number(number.value), reason: reason.value.trim() });
      document.activeElement.blur();
      await page.load();
    } catch (error) {
      page.tell(error);
    }
  };
  return el(
    "div.catchup-acts",
    {},
    el("a.manage-verb", { href: `/catchup/kit/${block.id}/`, target: "_blank", text: gettext("Print the kit") }),
    number,
    reason,
    el("button.manage-verb", { type: "button", text: gettext("Spoilt"), on: { click: void_ } }),
  );
}
