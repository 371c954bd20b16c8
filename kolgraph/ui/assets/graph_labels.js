/* Names on the map: groups as HTML over the canvas, people as canvas labels that never cover a label, a name or a dot. */
(() => {
  const G = window.dash_clientside.graph;
  const OVERVIEW = 20, FOCUS = 25, TRIES = 140, FS = 12, LINE = 15, GAP = 3;
  const L = (G.labels = { boxes: [], groups: [], badge: null });
  const pen = document.createElement("canvas").getContext("2d");
  const widths = new Map();
  const font = () => getComputedStyle(document.body).fontFamily;
  L.wide = (text, weight = 600, size = FS) => {
    const key = `${weight}${size}${text}`;
    if (!widths.has(key)) {
      pen.font = `${weight} ${size}px ${font()}`;
      widths.set(key, pen.measureText(text).width);
    }
    return widths.get(key);
  };

  let timer = null, frame = null;
  L.soon = (after = 110) => {
    clearTimeout(timer);
    timer = setTimeout(() => { if (G.cy && !G.cy.destroyed() && G.map) L.place(); }, after);
  };
  let zoomed = 1;
  L.moved = () => {
    if (!frame) frame = requestAnimationFrame(() => { frame = null; follow(); });
    L.soon();
  };
  /* the names of groups keep to their anchors while the camera moves */
  function follow() {
    if (!G.cy || G.cy.destroyed()) return;
    const zoom = G.cy.zoom(), pan = G.cy.pan();
    [...L.groups, ...(L.badge ? [L.badge] : [])].forEach((g) => {
      g.node.style.transform = `translate(${g.ax * zoom + pan.x + g.dx}px, ${g.ay * zoom + pan.y + g.dy}px)`;
    });
  }

  const hits = (a, b) => a.x1 < b.x2 && a.x2 > b.x1 && a.y1 < b.y2 && a.y2 > b.y1;

  L.place = () => {
    if (zoomed !== G.cy.zoom()) { zoomed = G.cy.zoom(); G.show.rescale(); }
    const room = G.cy.container(), w = room.clientWidth, h = room.clientHeight;
    const dots = [];
    G.nodes.forEach((node) => {
      if (node.hasClass("off")) return;
      const p = node.renderedPosition(), r = (node.data("s") * zoomed) / 2;
      if (p.x > -r && p.x < w + r && p.y > -r && p.y < h + r) dots.push({ node, id: node.id(), x: p.x, y: p.y, r });
    });
    placeGroups(dots, w, h);
    placePeople(dots, w, h);
    G.root.dataset.labels = L.boxes.length;
  };

  /* ---- groups ---- */
  function placeGroups(dots, w, h) {
    const host = G.$("explore-names"), byGroup = new Map();
    dots.forEach((dot) => {
      const slot = dot.node.data("g");
      if (slot >= 0) byGroup.set(slot, [...(byGroup.get(slot) || []), dot]);
    });
    L.groups = [];
    const taken = [], cores = new Map([...byGroup].map(([slot, members]) => [slot, core(members)]));
    /* on a small screen there is room for few names: the largest groups, or those of the picked person's ties */
    const lit = G.show.lit, few = w < 560;
    const tied = (members) => (few && lit ? members.some((m) => lit.has(m.id)) : true);
    const order = [...byGroup].filter(([, members]) => members.length > 1 && tied(members)).sort((a, b) => b[1].length - a[1].length);
    order.slice(0, few ? 5 : 8).forEach(([slot, members]) => {
      const group = G.map.groups.find((g) => g.slot === slot);
      if (!group) return;
      const width = Math.min(L.wide(group.name, 700, 14) + 8, 220), lines = L.wide(group.name, 700, 14) + 8 > 220 ? 2 : 1;
      const box = cores.get(slot), high = 18 * lines + 2, cx = (box.x1 + box.x2) / 2, cy = (box.y1 + box.y2) / 2;
      const spots = [];
      for (const off of [-8, 4, 12, 22, 36, 54]) {
        spots.push([cx, box.y1 - high / 2 - off], [cx, box.y2 + high / 2 + off], [box.x1 - width / 2 - off, cy], [box.x2 + width / 2 + off, cy],
          [box.x1 + width / 4, box.y1 - high / 2 - off], [box.x2 - width / 4, box.y1 - high / 2 - off]);
      }
      let best = null;
      spots.forEach(([x, y], i) => {
        const px = Math.max(width / 2 + 6, Math.min(w - width / 2 - 6, x)), py = Math.max(high / 2 + 6, Math.min(h - high / 2 - 6, y));
        const spot = { x1: px - width / 2, x2: px + width / 2, y1: py - high / 2, y2: py + high / 2 };
        /* a name may stand at the rim of its own group, less so on others, least on the ground of another named one */
        const far = Math.max(0, spot.y1 - box.y2, box.y1 - spot.y2) + Math.max(0, spot.x1 - box.x2, box.x1 - spot.x2);
        const over = dots.reduce((sum, d) => sum + (touches(d, spot) ? (d.node.data("g") === slot ? 24 : d.node.data("g") < 0 ? 20 : 36) : 0), 0);
        const foreign = [...cores].filter(([other, c]) => other !== slot && hits(c, spot)).length;
        const cost = 1000 * taken.filter((t) => hits(t, spot)).length + over + 20 * foreign + i / 4 + far / 2;
        if (!best || cost < best.cost) best = { cost, px, py, spot };
      });
      if (best.cost >= 1000) return;
      taken.push(best.spot);
      const node = G.el("div", "x-group", group.name);
      node.style.width = `${Math.ceil(width)}px`;
      node.style.setProperty("--group", `var(--k-g${slot})`);
      const zoom = G.cy.zoom(), pan = G.cy.pan();
      const ax = (cx - pan.x) / zoom, ay = (cy - pan.y) / zoom;
      L.groups.push({ node, ax, ay, dx: best.spot.x1 - cx, dy: best.spot.y1 - cy, box: best.spot, slot, name: group.name });
    });
    L.badge = badge(w, h);
    host.replaceChildren(...L.groups.map((g) => g.node), ...(L.badge ? [L.badge.node] : []));
    follow();
  }
  /* how many ties of the picked person are not drawn; a click draws the strongest of them */
  function badge(w, h) {
    const id = G.view.pick, node = id && G.nodes.get(id);
    if (!node || node.hasClass("off")) return null;
    const left = G.show.left(id), n = left.coauthor + left.coinvestigator, text = `+${n}`;
    const p = node.renderedPosition(), r = (node.data("s") * G.cy.zoom()) / 2 + 8, wide = L.wide(text, 700, 12) + 14;
    if (!n || p.x < 0 || p.x > w || p.y < 0 || p.y > h) return null;
    const made = G.el("button", "x-badge", text), x = p.x + 0.7 * r, y = p.y - 0.7 * r - 20;
    made.type = "button";
    made.dataset.act = "expand";
    made.title = `${G.many(n, "tie")} not drawn: expand by the 25 strongest (E)`;
    made.setAttribute("aria-label", made.title);
    const zoom = G.cy.zoom(), pan = G.cy.pan();
    return { node: made, ax: (p.x - pan.x) / zoom, ay: (p.y - pan.y) / zoom, dx: x - p.x, dy: y - p.y, box: { x1: x, x2: x + wide, y1: y, y2: y + 20 } };
  }
  const touches = (d, b) => d.x + d.r > b.x1 && d.x - d.r < b.x2 && d.y + d.r > b.y1 && d.y - d.r < b.y2;
  /* where most of the drawn members stand, without stragglers */
  function core(members) {
    const xs = members.map((m) => m.x).sort((a, b) => a - b), ys = members.map((m) => m.y).sort((a, b) => a - b);
    const at = (list, q) => list[Math.round(q * (list.length - 1))];
    const cut = members.length > 8 ? 0.06 : 0;
    return { x1: at(xs, cut) - 8, x2: at(xs, 1 - cut) + 8, y1: at(ys, cut) - 8, y2: at(ys, 1 - cut) + 8 };
  }

  /* ---- people ---- */
  function placePeople(dots, w, h) {
    const lit = G.show.lit, pick = G.view.pick, most = lit ? FOCUS : OVERVIEW;
    const solid = lit ? dots.filter((d) => lit.has(d.id)) : dots;
    const strength = new Map();
    if (lit && pick) G.tiesOf(pick).forEach((tie) => strength.set(G.other(tie, pick), (strength.get(G.other(tie, pick)) || 0) + tie.n));
    const rank = (d) => (d.id === pick ? Infinity : lit ? strength.get(d.id) || 0 : d.node.data("g") < 0 ? d.r * 0.5 : d.r);
    const wanted = [...solid].filter((d) => d.x > 0 && d.x < w && d.y > 0 && d.y < h)
      .sort((a, b) => rank(b) - rank(a) || (a.id < b.id ? -1 : 1)).slice(0, TRIES);
    const boxes = [], chosen = new Map();
    const names = [...L.groups, ...(L.badge ? [L.badge] : [])].map((g) => g.box);
    for (const dot of wanted) {
      if (boxes.length >= most) break;
      const wide = L.wide(dot.node.data("n"), dot.id === pick ? 700 : 600, FS) + 4;
      const spots = sides(dot, wide);
      const free = spots.find((s) => s.x1 > 2 && s.x2 < w - 2 && s.y1 > 2 && s.y2 < h - 2
        && !boxes.some((b) => hits(b, s)) && !names.some((b) => hits(b, s)) && !solid.some((d) => d !== dot && touches(d, s)));
      const spot = free || (dot.id === pick ? spots[0] : null);
      if (spot) { boxes.push(spot); chosen.set(dot.id, spot); }
    }
    L.boxes = boxes;
    const z = G.cy.zoom();
    G.cy.batch(() => {
      G.nodes.forEach((node) => {
        const spot = chosen.get(node.id());
        if (!spot) { if (node.data("lab")) { node.removeData("lab"); node.removeClass("named"); } return; }
        const snap = (v) => Math.round(v) - v; // letters on whole pixels stay sharp
        G.show.put(node, { lab: 1, fs: FS / z, ha: spot.ha, va: spot.va, mx: (spot.mx + snap(spot.ax)) / z, my: (spot.my + snap(spot.ay)) / z, ow: 2 / z });
        G.show.mark(node, "named", true);
      });
    });
  }
  function sides(d, wide) {
    const x = d.x, y = d.y, r = d.r + GAP, half = wide / 2, tall = LINE / 2, left = half - 2;
    return [
      { ha: "center", va: "bottom", mx: 0, my: GAP, ax: x - left, ay: y + d.r, x1: x - half, x2: x + half, y1: y + r, y2: y + r + LINE },
      { ha: "right", va: "center", mx: GAP, my: 0, ax: x + d.r, ay: y, x1: x + r, x2: x + r + wide, y1: y - tall, y2: y + tall },
      { ha: "center", va: "top", mx: 0, my: -GAP, ax: x - left, ay: y - d.r, x1: x - half, x2: x + half, y1: y - r - LINE, y2: y - r },
      { ha: "left", va: "center", mx: -GAP, my: 0, ax: x - d.r - 2 * left, ay: y, x1: x - r - wide, x2: x - r, y1: y - tall, y2: y + tall },
      ...[["right", "top"], ["right", "bottom"], ["left", "top"], ["left", "bottom"]].map(([ha, va]) => {
        const x1 = ha === "right" ? x + d.r : x - d.r - wide, y1 = va === "top" ? y - d.r - LINE : y + d.r;
        return { ha, va, mx: 0, my: 0, ax: x1 + 2, ay: y1, x1, x2: x1 + wide, y1, y2: y1 + LINE };
      }),
    ];
  }

  /* ---- the ground under each named community: where its drawn members stand ---- */
  L.discs = () => {
    const byGroup = new Map();
    G.nodes.forEach((node) => {
      const key = node.data("m");
      if (key && node.data("x") !== null) byGroup.set(key, [...(byGroup.get(key) || []), node.position()]);
    });
    const made = [];
    byGroup.forEach((spots, key) => {
      if (spots.length < 3) return;
      const x = spots.reduce((sum, p) => sum + p.x, 0) / spots.length, y = spots.reduce((sum, p) => sum + p.y, 0) / spots.length;
      const far = spots.map((p) => Math.hypot(p.x - x, p.y - y)).sort((a, b) => a - b);
      const radius = far[Math.floor(0.96 * (far.length - 1))] + 16;
      const group = G.map.groups.find((g) => g.id === key);
      made.push({ group: "nodes", classes: "disc", position: { x, y }, data: { id: `disc ${key}`, slot: group ? group.slot : -1, s: 2 * radius, col: "#999" } });
    });
    G.cy.add(made);
  };
  L.paintDiscs = () => {
    const c = G.show.colours, off = new Set(G.view.off);
    G.cy.nodes(".disc").forEach((node) => {
      const slot = node.data("slot");
      node.data("col", slot >= 0 && G.view.colour === "community" ? c.groups[slot] : c.line);
      node.toggleClass("off", off.has(slot >= 0 ? String(slot) : "other") || Boolean(G.view.focus));
    });
  };
})();
