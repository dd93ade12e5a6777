/**
 * One canvas over the map's view with a margin, kept in place while the map is dragged and zoomed.
 *
 * It is drawn anew when the map has moved further than its margin, has come to rest, or when asked; in between the
 * browser moves and scales the drawn picture, which costs no script.
 */

/**
 * Make a canvas layer.
 * @param {object} L Leaflet
 * @param {{pane: string, margin: number, draw: function(CanvasRenderingContext2D, object): void}} options
 *   `margin` as a share of the view's size on each side; `opaque` spares the browser what lies below; `draw` gets the context in CSS pixels and the view
 *   `{zoom, left, top, width, height, scale}`: left and top of the canvas in world pixels of `zoom`
 * @returns {object} a Leaflet layer with `redraw()`, `view()` and `canvas()`
 */
export function makeSheet(L, { pane, margin, opaque = false, draw }) {
  const Sheet = L.Layer.extend({
    onAdd(map) {
      this._canvas = L.DomUtil.create("canvas", "zz-map-sheet leaflet-zoom-animated", map.getPane(pane));
      this._context = this._canvas.getContext("2d", { alpha: !opaque });
      this.redraw();
    },

    onRemove() {
      this._canvas.remove();
      this._canvas = null;
    },

    getEvents() {
      const events = { moveend: this._settle, viewreset: this.redraw, resize: this.redraw, move: this._follow, zoom: this._stretch };
      if (this._map.options.zoomAnimation) events.zoomanim = (event) => this._stretchTo(event.center, event.zoom);
      return events;
    },

    /** Draw the whole canvas for where the map is now. */
    redraw() {
      const map = this._map;
      if (!map || !this._canvas) return;
      const size = map.getSize();
      if (!size.x || !size.y) return;
      const pad = size.multiplyBy(margin).round();
      const corner = map.containerPointToLayerPoint([-pad.x, -pad.y]).round();
      const width = size.x + 2 * pad.x;
      const height = size.y + 2 * pad.y;
      const dense = window.devicePixelRatio || 1;
      if (this._canvas.width !== Math.round(width * dense) || this._canvas.height !== Math.round(height * dense)) {
        this._canvas.width = Math.round(width * dense);
        this._canvas.height = Math.round(height * dense);
        this._canvas.style.width = `${width}px`;
        this._canvas.style.height = `${height}px`;
      }
      L.DomUtil.setPosition(this._canvas, corner);
      const zoom = map.getZoom();
      const world = corner.add(map.getPixelOrigin());
      this._view = { zoom, left: world.x, top: world.y, width, height, dense, pad };
      this._corner = map.layerPointToLatLng(corner);
      this._context.setTransform(dense, 0, 0, dense, 0, 0);
      this._context.clearRect(0, 0, width, height);
      draw(this._context, this._view);
    },

    /** The view that is drawn, `null` before the first drawing. */
    view() {
      return this._view ?? null;
    },

    canvas() {
      return this._canvas;
    },

    /** While it is dragged: draw anew only when the view leaves what is drawn. */
    _follow() {
      if (this._view && this._map.getZoom() === this._view.zoom && this._used() > 1) this.redraw();
    },

    /** At rest: draw anew after a zoom, or when little of the margin is left for the next drag. */
    _settle() {
      if (!this._view || this._map.getZoom() !== this._view.zoom || this._used() > 0.5) this.redraw();
    },

    /** Say how much of the margin the view has moved into: 0 none, 1 all of it. */
    _used() {
      const { left, top, pad } = this._view;
      const corner = this._map.containerPointToLayerPoint([0, 0]).add(this._map.getPixelOrigin());
      return Math.max(Math.abs(corner.x - pad.x - left) / Math.max(pad.x, 1), Math.abs(corner.y - pad.y - top) / Math.max(pad.y, 1));
    },

    _stretch() {
      this._stretchTo(this._map.getCenter(), this._map.getZoom());
    },

    _stretchTo(centre, zoom) {
      if (!this._view) return;
      const map = this._map;
      const pane_at = L.DomUtil.getPosition(map.getPane("mapPane")) ?? L.point(0, 0);
      const origin = map.project(centre, zoom).subtract(map.getSize().divideBy(2)).add(pane_at).round();
      const at = map.project(this._corner, zoom).subtract(origin);
      L.DomUtil.setTransform(this._canvas, at, map.getZoomScale(zoom, this._view.zoom));
    },
  });
  return new Sheet();
}
