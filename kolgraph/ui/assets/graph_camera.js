/* The camera: fit, zoom, glide to a neighbourhood in 380 ms; at once where motion is not wanted. */
(() => {
  const G = window.dash_clientside.graph;

  G.camera = (ids, pad, most) => {
    const box = G.cy.container(), edge = Math.min(pad, 0.15 * Math.min(box.clientWidth, box.clientHeight));
    const spots = ids.map((id) => G.nodes.get(id)).filter((node) => node && !node.hasClass("off")).map((n) => n.position());
    if (!spots.length) return null;
    const xs = spots.map((p) => p.x), ys = spots.map((p) => p.y);
    const x1 = Math.min(...xs), x2 = Math.max(...xs), y1 = Math.min(...ys), y2 = Math.max(...ys);
    const zoom = Math.min((box.clientWidth - 2 * edge) / Math.max(x2 - x1, 1), (box.clientHeight - 2 * edge) / Math.max(y2 - y1, 1), most);
    const z = Math.max(zoom, G.cy.minZoom());
    return { zoom: z, pan: { x: box.clientWidth / 2 - (z * (x1 + x2)) / 2, y: box.clientHeight / 2 - (z * (y1 + y2)) / 2 } };
  };
  G.fly = (to, slowly = true) => {
    if (!to) return;
    G.cy.stop();
    G.room = G.size(); // the target is meant for the room as it is now
    if (!slowly || G.calm()) G.cy.viewport(to);
    else G.cy.animate(to, { duration: 380, easing: "ease-in-out-cubic", complete: () => G.labels.soon() });
    G.labels.soon();
  };
  G.fit = (slowly = true) => G.fly(G.camera(G.known(), 48, 1.6), slowly);
  G.glideTo = (ids) => G.fly(G.camera(ids, G.view.focus ? 60 : 90, 2.6));
  G.glide = (id) => G.glideTo([id, ...G.show.near(id)]);
  G.zoom = (factor) => {
    const box = G.cy.container(), level = G.cy.zoom() * factor;
    G.cy.zoom({ level, renderedPosition: { x: box.clientWidth / 2, y: box.clientHeight / 2 } });
  };
})();
