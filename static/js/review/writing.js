/**
 * What people write at a moment of a review: notes, and tasks with owner and date.
 */

import { formatMoment, formatTime } from "../clock.js";
import { el, setText } from "../console/dom.js";
import { makeField, tellFields } from "../manage/form.js";
import { fill, gettext } from "../words.js";

const GIVING = ["watch_commander", "reviewer", "leader"];

/**
 * Bring the forms to life.
 * @param {{note: HTMLElement, task: HTMLElement, tasks: HTMLElement}} parts
 * @param {{api: object, id: number, me: object, at: () => number, onWritten: () => Promise<void>}} means
 */
export function makeWriting({ note, task, tasks }, { api, id, me, at, onWritten }) {
  const noteField = makeField({ name: "text", kind: "text", label: gettext("Note at this moment"), value: "", required: true, limit: 1000 });
  const noteWhen = el("span.digits");
  const noteForm = bindForm(note, [noteField], el("button.manage-verb.is-main", { type: "submit" }, el("span", { text: gettext("Note") }), noteWhen), () => ({ path: `/api/reviews/${id}/notes/`, body: { text: noteField.read(), at: moment() } }));
  const taskFields = [
    makeField({ name: "text", kind: "text", label: gettext("Task that follows"), value: "", required: true, limit: 400 }),
    makeField({ name: "owner", kind: "text", label: gettext("Owner (badge number)"), value: "", required: true, limit: 12 }),
    makeField({ name: "due_at", kind: "moment", label: gettext("Due"), value: "", required: true }),
  ];
  const mayGive = me.roles.some((role) => GIVING.includes(role));
  task.hidden = !mayGive;
  const taskForm = bindForm(task, taskFields, el("button.manage-verb", { type: "submit", text: gettext("Give the task") }), () => {
    const [text, owner, due_at] = taskFields.map((field) => field.read());
    return { path: `/api/reviews/${id}/tasks/`, body: { text, owner, due_at: due_at || null, at: moment() } };
  });

  // The moment that is written down is the one that was looked at.
  const moment = () => new Date(at()).toISOString();

  function bindForm(form, fields, send, said) {
    const told = el("p.panel-told", { role: "status" });
    form.replaceChildren(...fields.map(({ node }) => node), told, send);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const { path, body } = said();
      try {
        await api.post(path, body);
        tellFields(fields, null);
        for (const field of fields) field.input.value = "";
        told.textContent = gettext("Saved.");
        document.activeElement?.blur();
        await onWritten();
      } catch (error) {
        told.textContent = tellFields(fields, error);
      }
    });
    return form;
  }

  /** List the tasks of the review. */
  function showTasks(rows) {
    tasks.replaceChildren(...rows.map((row) => {
      const state = row.done_at ? gettext("✓ done") : row.overdue_at ? gettext("◆ overdue") : gettext("□ open");
      return el("li", { data: { task: row.id, state: row.done_at ? "done" : row.overdue_at ? "overdue" : "open" } }, el("b", { text: state }), el("span", { text: row.text }), el("span.review-by", { text: fill(gettext("%(owner)s until %(due)s"), { owner: row.owner_name, due: formatMoment(row.due_at, 0) }) }));
    }));
  }

  return {
    showTasks,
    draw: (ms) => setText(noteWhen, formatTime(ms)),
    focusNote: () => noteForm.querySelector("input")?.focus(),
    focusTask: () => taskForm.querySelector("input")?.focus(),
  };
}
