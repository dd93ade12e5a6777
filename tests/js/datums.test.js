import assert from "node:assert/strict";
import test from "node:test";

import { bd09FromGcj02, bd09FromWgs84, gcj02FromWgs84, metresBetween } from "../../static/js/datums.js";

const VECTORS = [
  [[117.6475, 24.5131], [117.652287, 24.510122], [117.658874, 24.515802]],
  [[117.6525, 24.51], [117.657295, 24.507031], [117.663887, 24.512686]],
  [[117.7, 24.5], [117.70488, 24.497119], [117.711344, 24.503371]],
];

function near(point, [lng, lat]) {
  assert.ok(Math.abs(point.lng - lng) <= 0.0000006, `longitude ${point.lng} is not ${lng}`);
  assert.ok(Math.abs(point.lat - lat) <= 0.0000006, `latitude ${point.lat} is not ${lat}`);
}

test("the vectors of the domain reference are met in both datums", () => {
  for (const [[lng, lat], gcj02, bd09] of VECTORS) {
    near(gcj02FromWgs84({ lat, lng }), gcj02);
    near(bd09FromWgs84({ lat, lng }), bd09);
  }
});

test("the published checks are met", () => {
  near(gcj02FromWgs84({ lng: 116.404, lat: 39.915 }), [116.410244, 39.916404]);
  near(bd09FromGcj02({ lng: 116.404, lat: 39.915 }), [116.410369, 39.921337]);
});

test("an unconverted point would be about six blocks off", () => {
  const place = { lng: 117.6525, lat: 24.51 };
  const away = metresBetween(place, gcj02FromWgs84(place));
  assert.ok(away > 585 && away < 590, `${away} m`);
});
