/* The bridge between Dash and cytoscape: attaches to the one canvas of Explore, holds what is drawn, sends ids only.

   Leans on the inside of dash-cytoscape 1.0.2: `_cyreg` on the container, `cy.off(type)`, `renderer().textureOnViewport`.
   Siblings: graph_view (what is shown and how), graph_apart, graph_camera, graph_labels, graph_panels, graph_steps,
   graph_tools. */
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.graph = (() => {
  const STOCK = ["resize", "viewport", "tap", "mouseover", "mouseout", "select", "unselect", "add", "remove", "dragfree",
    "tapstart"];
  const HOVER_IN = 90, FADE_MOST = 600, TEXTURE_FROM = 800;
  const G = {
    cy: null, root: null, nodes: new Map(), edges: new Map(), ties: new Map(), by: new Map(), cache: new Map(), map: null, k: 1, t: 0, waiting: null,
    view: null, parts: {},
  };

  G.$ = (id) => document.getElementById(id);
  G.send = (id, data) => window.dash_clientside.set_props(id, { data });
  G.calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  G.many = (n, one, many) => `${n.toLocaleString("en-US")} ${n === 1 ? one : many || one + "s"}`;
  G.el = (tag, cls, text) => {
    const made = document.createElement(tag);
    if (cls) made.className = cls;
    if (text !== undefined) made.textContent = text;
    return made;
  };
  G.fresh = () => ({
    scope: "all", off: [], hidden: [], ties: 1, kind: "any", from: null, to: null, colour: "community",
    size: "influence", pick: null, focus: null, tab: "graph",
  });

  /* ---- attach: a new canvas instance is found by its container, once per mount ---- */
  G.boot = (data) => {
    if (!data) return window.dash_clientside.no_update;
    G.bootData = data;
    const wait = () => {
      const box = G.$("explore-graph");
      const cy = box && box._cyreg && box._cyreg.cy;
      if (!cy || cy.destroyed() || !box.clientWidth) return requestAnimationFrame(wait);
      if (G.cy !== cy) attach(cy);
      if (G.bootData === data && G.loaded !== data) {
        const { open, ...asked } = data.view;
        G.loaded = data;
        G.steps.clear();
        G.view = { ...G.fresh(), ...asked };
        G.load(data.map);
        G.steps.open(open);
      }
    };
    wait();
    return window.dash_clientside.no_update;
  };

  G.size = () => ({ w: G.cy.container().clientWidth, h: G.cy.container().clientHeight });
  function attach(cy) {
    G.cy = cy;
    G.loaded = null;
    G.root = G.$("explore");
    STOCK.forEach((type) => cy.off(type));
    cy.autoungrabify(true);
    G.room = { w: 0, h: 0 };
    cy.on("tap", tapped);
    cy.on("dbltap", "node.p", (event) => { clearTimeout(gliding); G.expand(event.target.id()); });
    cy.on("mouseover", "node.p, edge", hoverIn);
    cy.on("mouseout", "node.p, edge", hoverOut);
    cy.on("pan zoom", () => G.labels.moved());
    cy.on("tapstart", () => G.tip(null));
    const box = cy.container();
    box.setAttribute("role", "img");
    box.tabIndex = 0;
    box.addEventListener("pointerenter", () => cy.resize());
    /* a panel opened or closed: what stood in the middle stays in the middle */
    new ResizeObserver(() => {
      if (G.cy !== cy || !box.clientWidth) return;
      const now = G.size(), { w, h } = G.room;
      cy.resize();
      if (w && G.map && !cy.animated()) cy.panBy({ x: (now.w - w) / 2, y: (now.h - h) / 2 });
      G.room = now;
      if (G.map) G.panels.years();
      G.labels.soon();
    }).observe(box);
    new MutationObserver(() => G.show.undrawn()).observe(G.$("explore-card"), { childList: true });
    G.steps.listen();
    G.tools.listen();
  }

  /* ---- elements ---- */
  const tieOf = (ids, [a, b, k, n, w, y]) => ({ id: `${ids[a]}|${ids[b]}|${k}`, a: ids[a], b: ids[b], k, n, w, y });
  const edgeOf = (t) => ({
    group: "edges", data: { id: t.id, source: t.a, target: t.b, k: t.k, n: t.n, w: t.w, y: t.y, lw: 1, o: 0.3, col: "#999" },
  });

  G.add = (part, around) => {
    const made = [];
    part.dots.filter((dot) => !G.nodes.has(dot.id)).forEach((dot, i, all) => {
      let at = { x: dot.x * G.k, y: dot.y * G.k };
      if (dot.x === null) at = ring(around, i, all.length);
      made.push({ group: "nodes", classes: "p", position: at, data: { ...dot, px: at.x, py: at.y, s: 8, col: "#999", z: 1 } });
    });
    G.put(made);
    part.ties.forEach((row) => G.tie(tieOf(part.ids, row)));
    return made.map((json) => json.data.id);
  };
  /* ties are plain records; only those that can be seen become edges of the canvas (see draw) */
  G.tie = (tie) => {
    if (G.ties.has(tie.id) || !G.nodes.has(tie.a) || !G.nodes.has(tie.b)) return;
    G.ties.set(tie.id, tie);
    G.cache.set(tie.id, tie);
    [tie.a, tie.b].forEach((id) => G.by.set(id, [...(G.by.get(id) || []), tie]));
  };
  G.tiesOf = (id) => G.by.get(id) || [];
  G.other = (tie, id) => (tie.a === id ? tie.b : tie.a);
  G.draw = (ties) => {
    const fresh = ties.filter((tie) => !G.edges.has(tie.id));
    if (fresh.length) G.cy.add(fresh.map(edgeOf)).forEach((edge) => { G.edges.set(edge.id(), edge); });
    return fresh;
  };

  /* people whom the scope does not place stand on a ring around the one they were reached from */
  function ring(parent, i, n) {
    const middle = parent && G.nodes.has(parent) ? G.nodes.get(parent).position() : { x: 0, y: 0 };
    const angle = (2 * Math.PI * i) / n + 0.4, radius = 46 + 10 * (i % 3);
    return { x: middle.x + radius * Math.cos(angle), y: middle.y + radius * Math.sin(angle) };
  }

  G.put = (jsons) => {
    const added = G.cy.add(jsons);
    jsons.forEach((json) => G.cache.set(json.data.id, json));
    added.forEach((node) => { G.nodes.set(node.id(), node); });
  };

  G.drop = (ids) => {
    const gone = new Set(ids);
    if (!gone.size) return;
    G.ties.forEach((tie) => {
      if (!gone.has(tie.id) && !gone.has(tie.a) && !gone.has(tie.b)) return;
      G.ties.delete(tie.id);
      [tie.a, tie.b].forEach((id) => G.by.set(id, G.tiesOf(id).filter((other) => other !== tie)));
      if (G.edges.has(tie.id)) G.edges.get(tie.id).remove();
      G.edges.delete(tie.id);
    });
    gone.forEach((id) => {
      if (G.nodes.has(id)) G.nodes.get(id).remove();
      G.nodes.delete(id);
    });
  };
  G.wipe = () => {
    G.cy.elements().remove();
    [G.nodes, G.edges, G.ties, G.by].forEach((held) => held.clear());
  };

  G.load = (map) => {
    const cy = G.cy;
    G.tip(null);
    cy.batch(() => G.wipe());
    G.cache.clear();
    G.map = map;
    G.view.scope = map.scope;
    G.k = scaleOf(map.dots);
    cy.batch(() => {
      const ids = G.add(map, null);
      G.show.scales();
      G.settle(ids);
      G.respread();
      G.labels.discs();
    });
    cy.renderer().textureOnViewport = G.nodes.size > TEXTURE_FROM;
    G.show.all();
    cy.resize();
    G.fit(false);
    G.root.classList.remove("is-waiting");
    G.root.dataset.ready = "1";
    G.root.classList.toggle("is-empty", !map.dots.length);
  };

  /* model units are chosen so that the opened map fits its window at zoom 1 */
  function scaleOf(dots) {
    const placed = dots.filter((dot) => dot.x !== null);
    if (placed.length < 2) return 1;
    const xs = placed.map((dot) => dot.x), ys = placed.map((dot) => dot.y);
    const wide = Math.max(...xs) - Math.min(...xs) || 1, high = Math.max(...ys) - Math.min(...ys) || 1;
    const box = G.cy.container();
    return Math.min((box.clientWidth - 110) / wide, (box.clientHeight - 90) / high);
  }

  /* ---- messages: each request has a rising t; an older answer is thrown away ---- */
  G.ask = (verb, fields) => {
    G.t += 1;
    G.waiting = G.t;
    G.root.classList.add("is-waiting");
    G.send("explore-req", { verb, scope: G.view.scope, t: G.t, ...fields });
    return G.t;
  };

  G.receive = (answer) => {
    if (!answer || answer.t !== G.waiting) return;
    G.waiting = null;
    G.root.classList.remove("is-waiting");
    if (answer.error) return G.say(answer.error, true);
    if (answer.verb === "scope") {
      const kept = { ...G.fresh(), colour: G.view.colour, size: G.view.size, tab: G.view.tab, ...answer.then };
      G.view = kept;
      G.load(answer.map);
      G.steps.push(`Opened ${answer.map.name}`);
      G.say(`${answer.map.name}: ${G.many(answer.map.dots.length, "person", "people")} drawn of ${answer.map.people.toLocaleString("en-US")}.`);
      return undefined;
    }
    return grow(answer);
  };

  function grow(answer) {
    const fresh = [];
    G.cy.batch(() => {
      fresh.push(...G.add(answer, answer.id));
      G.settle(fresh);
      G.show.all();
    });
    const name = answer.name || (G.nodes.has(answer.id) ? G.nodes.get(answer.id).data("n") : "");
    if (answer.verb === "expand") {
      G.flash(fresh);
      G.pick(answer.id, { quiet: true, glide: fresh.length > 0 });
      G.steps.push(`Expanded ${G.last(name)} +${fresh.length}`);
      G.say(fresh.length ? `${G.many(fresh.length, "person", "people")} added around ${name}.`
        : `Everybody with a tie to ${name} is drawn.`, !fresh.length);
    } else if (answer.verb === "ego") {
      if (!G.nodes.has(answer.id)) return G.say("This person has no place in this scope.", true);
      if (answer.focus) G.view.focus = answer.id;
      G.show.all();
      G.pick(answer.id, { quiet: true, glide: true });
      G.steps.push(answer.focus ? `Only ${G.last(name)}'s network` : `Found ${G.last(name)}`);
    } else {
      G.tools.select(answer.members);
      G.glideTo(answer.members);
      G.steps.push(`People at ${name}`);
      G.say(`${G.many(answer.members.length, "person", "people")} at ${name}.`);
    }
    G.root.dataset.drawn = G.nodes.size;
    return undefined;
  }

  G.last = (name) => name.split(" ").pop();
  G.known = () => [...G.nodes.keys()];

  G.expand = (id, kind, top = 25) => {
    if (!id) return G.say("Pick a person first, then expand.", true);
    return G.nodes.has(id) && G.ask("expand", { id, top, kind: kind || G.view.kind, known: G.known() });
  };
  G.ego = (id, focus) => {
    G.ask("ego", { id, focus: Boolean(focus), top: focus ? 300 : 40, kind: "any", known: G.known() });
  };

  /* ---- pick: the inspector opens at once with the name, the server fills it ---- */
  let pending = null;
  G.pick = (id, options = {}) => {
    const view = G.view, moved = view.pick !== id;
    view.pick = id && G.nodes.has(id) ? id : null;
    G.root.classList.toggle("has-pick", Boolean(view.pick));
    if (view.pick && moved) {
      const data = G.nodes.get(id).data();
      G.frame(data.n, data.o);
      G.send("explore-sel", { id, scope: view.scope, t: ++G.t });
    } else if (!view.pick && moved) G.send("explore-sel", null);
    const draw = () => {
      if (pending !== draw) return;
      pending = null;
      G.cy.resize();
      G.show.fade();
      if (view.pick && options.glide) G.glide(view.pick);
      if (view.pick && moved) announce(view.pick);
      if (!options.quiet && moved) G.steps.push(view.pick ? `Picked ${G.last(G.nodes.get(id).data("n"))}` : "Cleared the pick", true);
      G.steps.url();
    };
    pending = draw;
    /* the card comes first: fading redraws the whole canvas and would keep it waiting */
    if (view.pick && moved && !options.quiet && !options.glide) setTimeout(draw, 160);
    else requestAnimationFrame(draw);
  };

  G.frame = (name, place) => {
    G.root.classList.remove("has-receipt");
    G.root.classList.add("is-filling");
    G.$("explore-frame-name").textContent = name;
    G.$("explore-frame-place").textContent = place || "Institution not known";
  };
  G.filled = (what) => {
    if (what && what.id && G.view && what.id === G.view.pick) {
      G.root.classList.remove("is-filling");
      if (pending) requestAnimationFrame(pending);
    }
    return window.dash_clientside.no_update;
  };

  function announce(id) {
    const d = G.nodes.get(id).data(), seen = G.show.drawnTies(id);
    const ties = [[d.ca, "coauthor", seen.coauthor], [d.ci, "co-investigator", seen.coinvestigator]].filter(([n]) => n);
    const words = ties.map(([n, kind, drawn]) => `${G.many(n, kind)}, ${drawn} drawn`).join("; ") || "no ties";
    G.say(`${d.n}, ${d.o || "institution not known"}: ${words}.`);
  }

  G.say = (text, loud) => {
    G.$("explore-live").textContent = text;
    const toast = G.$("explore-toast");
    toast.textContent = text;
    toast.classList.toggle("is-on", Boolean(loud));
    if (loud) setTimeout(() => toast.classList.remove("is-on"), 4000);
  };

  G.receipt = (a, b) => {
    const names = [a, b].map((id) => (G.nodes.has(id) ? G.nodes.get(id).data("n") : "")).filter(Boolean);
    G.root.classList.add("has-receipt", "has-pick", "is-filling-receipt");
    G.$("explore-receipt-title").textContent = names.join(" and ");
    G.send("explore-edge", { a, b, t: ++G.t });
    G.show.line(a, b);
    requestAnimationFrame(() => G.cy.resize());
  };
  G.receiptFilled = (what) => {
    if (what) G.root.classList.remove("is-filling-receipt");
    return window.dash_clientside.no_update;
  };
  G.closeReceipt = () => {
    G.root.classList.remove("has-receipt");
    G.root.classList.toggle("has-pick", Boolean(G.view.pick));
    G.show.line(null);
  };

  let gliding = null;
  function tapped(event) {
    const target = event.target;
    if (target === G.cy || target.hasClass("disc")) {
      if (G.view.pick) G.pick(null);
      G.tools.clear();
      return G.closeReceipt();
    }
    if (target.isEdge()) return G.receipt(target.data("source"), target.data("target"));
    if (event.originalEvent && event.originalEvent.shiftKey) return G.tools.toggle(target.id());
    G.closeReceipt();
    const id = target.id();
    G.pick(id);
    clearTimeout(gliding); // a second click may follow: the person must not move away under it
    gliding = setTimeout(() => { if (G.view.pick === id && G.nodes.has(id)) G.glide(id); }, 330);
    return undefined;
  }

  /* ---- hover: tooltip, and the neighbourhood when nobody is picked ---- */
  let timer = null;
  function hoverIn(event) {
    clearTimeout(timer);
    const target = event.target;
    G.cy.container().style.cursor = "pointer";
    timer = setTimeout(() => {
      G.tip(target);
      if (target.isNode() && !G.view.pick && G.nodes.size < FADE_MOST) G.show.fade(target.id());
    }, HOVER_IN);
  }
  function hoverOut() {
    clearTimeout(timer);
    G.cy.container().style.cursor = "";
    timer = setTimeout(() => {
      G.tip(null);
      if (!G.view.pick) G.show.fade();
    }, HOVER_IN + 30);
  }

  G.tip = (target) => {
    const box = G.$("explore-tip");
    if (!box) return;
    box.hidden = !target || (target.isNode() && target.id() === G.view.pick);
    if (box.hidden) return;
    const lines = target.isNode() ? G.show.nodeTip(target.data()) : G.show.edgeTip(target.data());
    box.replaceChildren(...lines.map((line, i) => G.el("div", i ? "" : "x-tip-name", line)));
    const at = target.isNode() ? target.renderedPosition() : target.renderedMidpoint();
    const room = G.cy.container(), right = at.x + 18 + box.offsetWidth < room.clientWidth;
    const top = Math.max(6, Math.min(at.y - box.offsetHeight - 12, room.clientHeight - box.offsetHeight - 6));
    box.style.transform = `translate(${right ? at.x + 18 : at.x - box.offsetWidth - 18}px, ${top}px)`;
  };

  G.flash = (ids) => {
    ids.forEach((id) => G.nodes.get(id).addClass("flash"));
    setTimeout(() => G.cy.batch(() => ids.forEach((id) => G.nodes.has(id) && G.nodes.get(id).removeClass("flash"))), 900);
  };
  return G;
})();
