import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { clockMark, handshake } from "../../static/js/console/board.js";
import { levelShape, statusMark } from "../../static/js/words.js";
import { BLINDNESS, contrast, difference } from "./colour_science.js";

const APART = 15;
const LEVELS = ["critical", "serious", "caution", "normal", "standby", "off"];
const css = readFileSync(new URL("../../static/css/tokens.css", import.meta.url), "utf8");
const themes = read(css);

/** The tokens of each theme; what a theme does not name is the night's. */
function read(text) {
  const found = {};
  for (const [, name, body] of text.matchAll(/:root(?:\[data-theme="(\w+)"\])? \{([^}]*)\}/g)) {
    const tokens = Object.fromEntries([...body.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, key, hex]) => [key, hex]));
    found[name ?? "night"] = { ...found.night, ...found[name ?? "night"], ...tokens };
  }
  return found;
}

/** Pairs of marks that stand in one view: the levels, the units, the hand-shakes, the arrival clocks. */
function views() {
  const statuses = "available on_task assigned en_route on_scene transporting break out_of_service off_duty".split(" ");
  const states = "delivered accepted en_route on_scene refused withdrawn".split(" ");
  const sent = { state: "dispatched", dispatched_at: "2026-01-01T00:00:00.000Z" };
  const at = Date.parse(sent.dispatched_at);
  return {
    levels: LEVELS.map((level) => ({ level, shape: levelShape(level) })),
    units: statuses.map(statusMark),
    orders: [handshake(sent, at), ...states.map((state) => handshake({ state }, at))],
    clocks: "waiting running near missed5 missed10 met5 late".split(" ").map(clockMark),
  };
}

test("the tests see what a protanope sees: caution and normal of the night theme are 3 apart (targets 4.2)", () => {
  assert.equal(Math.round(difference(themes.night.caution, themes.night.normal, "protanopia")), 3);
});

test("marks of one view differ in shape, or their colours are ΔE 15 apart for every eye, in every theme", () => {
  assert.deepEqual(Object.keys(themes), ["night", "day", "okabe"]);
  for (const [theme, tokens] of Object.entries(themes)) {
    for (const [view, marks] of Object.entries(views())) {
      for (const one of marks) {
        for (const other of marks) {
          if (one === other || one.shape !== other.shape || one.level === other.level) continue;
          for (const kind of BLINDNESS) {
            const far = difference(tokens[one.level], tokens[other.level], kind);
            assert.ok(far >= APART, `${theme} ${view} ${one.level}/${other.level} ${kind}: ${far.toFixed(1)}`);
          }
        }
      }
    }
  }
});

test("in the Okabe–Ito theme any two levels and any two priorities are ΔE 15 apart by colour alone", () => {
  for (const names of [LEVELS, ["p1", "p2", "p3", "p4"]]) {
    for (const one of names) {
      for (const other of names.slice(names.indexOf(one) + 1)) {
        for (const kind of [null, ...BLINDNESS]) {
          const far = difference(themes.okabe[one], themes.okabe[other], kind);
          assert.ok(far >= APART, `${one}/${other} ${kind}: ${far.toFixed(1)}`);
        }
      }
    }
  }
});

test("text in the colour of a level is readable on every ground, in every theme", () => {
  for (const [theme, tokens] of Object.entries(themes)) {
    for (const ground of ["panel", "raised", "field"]) {
      for (const name of [...LEVELS, "text", "text-soft", "p1", "p2", "p3", "p4", "accent"]) {
        const found = contrast(tokens[name], tokens[ground]);
        assert.ok(found >= 4.5, `${theme}: ${name} on ${ground} ${found.toFixed(2)}`);
      }
      assert.ok(contrast(tokens.focus, tokens[ground]) >= 3, `${theme}: focus on ${ground}`);
    }
  }
});
