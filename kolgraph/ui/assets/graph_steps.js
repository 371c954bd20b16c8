/* Steps back and forth, the address of what is seen, keys. A step is a snapshot; removed elements stay in the cache. */
(() => {
  const G = window.dash_clientside.graph;
  const MOST = 50;
  const T = (G.steps = { list: [], at: -1 });
  const snapshot = (name) => ({
    name, view: structuredClone(G.view), map: G.map, k: G.k, ids: [...G.nodes.keys(), ...G.ties.keys()],
    cache: new Map(G.cache), zoom: G.cy.zoom(), pan: { ...G.cy.pan() },
  });

  T.clear = () => { T.list = []; T.at = -1; };
  T.push = (name, minor) => {
    const here = T.list[T.at];
    if (here) Object.assign(here, { zoom: G.cy.zoom(), pan: { ...G.cy.pan() } });
    const now = snapshot(name);
    if (here && same(here, now)) return;
    T.list = [...T.list.slice(0, T.at + 1), now].slice(-MOST);
    T.at = T.list.length - 1;
    history[minor || T.at === 0 ? "replaceState" : "pushState"]({ kol: T.at }, "", address());
    trail();
  };
  const same = (a, b) => a.map === b.map && a.ids.length === b.ids.length && JSON.stringify(a.view) === JSON.stringify(b.view);

  T.go = (at) => {
    if (at < 0 || at >= T.list.length || at === T.at) return;
    const left = T.list[T.at], step = T.list[at];
    Object.assign(left, { zoom: G.cy.zoom(), pan: { ...G.cy.pan() } });
    T.at = at;
    restore(step);
    history.replaceState({ kol: at }, "", address());
    trail();
    G.say(`${at < T.list.indexOf(left) ? "Back to" : "Forward to"}: ${step.name}. ${G.many(G.show.drawn, "person", "people")} drawn.`);
  };
  T.undo = () => T.go(T.at - 1);
  T.redo = () => T.go(T.at + 1);

  function restore(step) {
    const picked = G.view.pick, wanted = new Set(step.ids);
    G.view = structuredClone(step.view);
    G.cy.batch(() => {
      if (step.map !== G.map) {
        G.wipe();
        G.map = step.map; G.k = step.k;
        G.cache = new Map(step.cache);
      }
      G.drop([...G.nodes.keys(), ...G.ties.keys()].filter((id) => !wanted.has(id)));
      const missing = step.ids.filter((id) => !G.nodes.has(id) && !G.ties.has(id)).map((id) => G.cache.get(id) || step.cache.get(id));
      G.put(missing.filter((one) => one.group === "nodes"));
      missing.filter((one) => one.group !== "nodes").forEach(G.tie);
      G.respread();
      if (!G.cy.nodes(".disc").length) G.labels.discs();
      G.show.scales();
    });
    G.fly({ zoom: step.zoom, pan: step.pan });
    const want = G.view.pick;
    G.view.pick = picked && G.nodes.has(picked) ? picked : null;
    G.closeReceipt();
    G.show.all();
    G.pick(want, { quiet: true });
  }

  /* ---- breadcrumb ---- */
  function trail() {
    const host = G.$("explore-trail"), from = Math.max(0, T.at - 2);
    const made = [];
    T.list.slice(from, T.at + 1).forEach((step, i) => {
      const at = from + i, item = G.el("button", at === T.at ? "is-here" : "", step.name);
      item.type = "button";
      Object.assign(item.dataset, { act: "step", n: at });
      if (at === T.at) item.setAttribute("aria-current", "step");
      if (i) made.push(G.el("span", "x-sep", "›"));
      made.push(item);
    });
    host.replaceChildren(...made);
    const set = (act, at, text) => G.root.querySelectorAll(`[data-act=${act}]`).forEach((button) => {
      const step = T.list[at];
      button.disabled = !step;
      button.title = step ? text(step) : act === "undo" ? "Nothing to undo" : "Nothing to redo";
    });
    set("undo", T.at - 1, () => `Undo: ${T.list[T.at].name} (Ctrl+Z)`);
    set("redo", T.at + 1, (step) => `Redo: ${step.name} (Ctrl+Shift+Z)`);
    G.root.dataset.step = T.at;
    G.root.dataset.steps = T.list.length;
  }

  /* ---- the address: ids and settings, only what differs from a fresh page ---- */
  function address() {
    const view = G.view, fresh = G.fresh(), query = new URLSearchParams();
    const put = (key, value, usual) => { if (value !== usual && value !== null) query.set(key, value); };
    put("scope", view.scope, fresh.scope);
    put("ego", view.focus, null);
    put("pick", view.pick, null);
    ["colour", "size", "kind", "from", "to", "tab"].forEach((key) => put(key, view[key], fresh[key]));
    put("ties", view.ties, 1);
    if (view.off.length) query.set("off", view.off.join("."));
    const text = query.toString().replaceAll("%3A", ":");
    return location.pathname + (text ? `?${text}` : "");
  }
  T.url = () => {
    if (T.list[T.at]) T.list[T.at].view = structuredClone(G.view);
    history.replaceState({ kol: T.at }, "", address());
  };
  T.share = () => location.origin + address();
  /* what the address asks for beyond the map itself: a person to focus or to pick */
  T.open = (asked) => {
    const name = G.map.dots.length ? G.map.name : "Empty landscape";
    T.push(name);
    T.visit(asked);
  };
  T.visit = ({ ego, pick, focus, place }) => {
    if (place) return G.ask("place", { id: place, known: G.known() });
    if (ego) return G.ego(ego, true);
    if (focus || (pick && !G.nodes.has(pick))) return G.ego(focus || pick, false);
    return pick ? G.pick(pick, { quiet: true, glide: true }) : undefined;
  };
  /* a hit of the header search that leads to this page is answered in place: the canvas stays */
  function onLink(event) {
    const link = event.target.closest && event.target.closest(".k-hits a[href]");
    if (!link || !G.cy || G.cy.destroyed() || !G.$("explore") || !G.map || event.ctrlKey || event.metaKey) return;
    const to = new URL(link.href);
    if (to.pathname !== location.pathname) return;
    event.preventDefault();
    event.stopPropagation();
    if (document.activeElement) document.activeElement.blur();
    const asked = Object.fromEntries(to.searchParams);
    if (asked.scope) G.setScope(asked.scope); else T.visit(asked);
  }

  /* ---- keys: silent while typing ---- */
  const KEYS = {
    e: () => G.expand(G.view.pick), f: () => G.fit(), l: () => G.tools.lasso(), o: () => G.tools.act("focus"), "+": () => G.zoom(1.3), "=": () => G.zoom(1.3),
    "-": () => G.zoom(1 / 1.3), "?": () => G.tools.help(true), t: () => G.tools.act("twin"),
    Enter: () => G.view.pick && G.$("explore-inspector").focus(), Escape: () => G.tools.escape(),
  };
  const typing = (target) => target.closest && target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]");
  function onKey(event) {
    if (!G.cy || G.cy.destroyed() || !G.$("explore") || !G.view || event.defaultPrevented || typing(event.target)) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
      event.preventDefault();
      return event.shiftKey ? T.redo() : T.undo();
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.startsWith("Arrow")) return walk(event);
    if (event.key === "Enter" && event.target !== document.body && event.target !== G.cy.container()) return;
    const act = KEYS[event.key] || KEYS[event.key.toLowerCase()];
    if (act) { event.preventDefault(); act(); }
  }
  /* an arrow walks to the drawn neighbour that lies most in its direction */
  function walk(event) {
    const on = event.target === document.body || event.target === G.cy.container();
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!on || !way || !G.view.pick || G.view.tab !== "graph") return;
    event.preventDefault();
    const here = G.nodes.get(G.view.pick).position();
    let best = null;
    G.show.near(G.view.pick).forEach((id) => {
      const p = G.nodes.get(id).position(), dx = p.x - here.x, dy = p.y - here.y, far = Math.hypot(dx, dy) || 1;
      const along = (dx * way[0] + dy * way[1]) / far;
      if (along > 0.5 && (!best || along / far > best.value)) best = { id, value: along / far };
    });
    if (best) G.pick(best.id);
  }
  function onPop(event) {
    const at = event.state && event.state.kol;
    if (G.$("explore") && Number.isInteger(at) && T.list[at]) T.go(at);
  }
  let listening = false;
  T.listen = () => {
    if (listening) return;
    listening = true;
    document.addEventListener("keydown", onKey);
    document.addEventListener("click", onLink, true);
    window.addEventListener("popstate", onPop);
  };
})();
