/* The islands that follow the drawing: communities with counts, ties by strength, papers per year, legend, chips. */
(() => {
  const G = window.dash_clientside.graph;
  const P = (G.panels = {});
  P.years = () => years();
  const num = (n) => n.toLocaleString("en-US");
  const TIE_STEPS = [1, 2, 3, 5, 8, 12];

  P.draw = () => { groups(); ties(); years(); legend(); chips(); controls(); };

  /* ---- communities: drawn of in scope, every bar on the scale of the largest ---- */
  function groups() {
    const rows = new Map();
    G.map.groups.forEach((g) => rows.set(String(g.slot), { key: String(g.slot), name: g.name, size: g.size, drawn: 0, topics: g.topics }));
    const { many, size } = G.map.others;
    if (many) rows.set("other", { key: "other", name: G.many(many, "smaller community", "smaller communities"), size, drawn: 0 });
    let loose = 0;
    G.nodes.forEach((node) => {
      const d = node.data();
      if (node.hasClass("off") && !G.view.off.includes(G.show.groupOf(d))) return;
      const row = d.m ? rows.get(G.show.groupOf(d)) : null;
      if (row) row.drawn += 1; else if (!d.m) loose += 1;
    });
    if (!many && loose) rows.set("other", { key: "other", name: "No community", size: 0, drawn: loose });
    const most = Math.max(1, ...[...rows.values()].map((r) => r.size));
    const order = [...rows.values()].sort((a, b) => (a.key === "other") - (b.key === "other") || b.size - a.size);
    G.$("explore-groups").replaceChildren(...order.map((row) => {
      const on = !G.view.off.includes(row.key);
      const item = G.el("div", "x-facet");
      const label = G.el("label", "x-check");
      const box = G.el("input");
      box.type = "checkbox";
      box.checked = on;
      box.dataset.group = row.key;
      const name = G.el("span", "x-facet-name", row.name);
      name.title = row.name + (row.topics && row.topics.length && row.key !== "other" ? ` – ${row.topics.join(", ")}` : "");
      const only = G.el("button", "x-only", "only");
      only.type = "button";
      Object.assign(only.dataset, { act: "only-group", group: row.key });
      only.setAttribute("aria-label", `Only ${row.name}`);
      const count = G.el("span", "x-facet-count");
      count.append(G.el("b", "", num(on ? row.drawn : 0)), ` / ${num(row.size)}`);
      const track = G.el("span", "x-track");
      track.append(bar("x-track-all", row.size / most), bar("x-track-on", (on ? row.drawn : 0) / most));
      item.style.setProperty("--group", row.key === "other" ? "var(--k-gx)" : `var(--k-g${row.key})`);
      label.append(box, name);
      item.append(label, only, count, track);
      return item;
    }));
    const badge = G.$("explore-count");
    badge.textContent = `${num(G.show.drawn)} of ${num(G.map.people)}`;
    badge.title = `${G.many(G.show.drawn, "person", "people")} drawn of ${num(G.map.people)} in this scope`;
  }
  const bar = (cls, share) => {
    const made = G.el("span", cls);
    made.style.width = `${share > 0 ? Math.max(1.5, 100 * share) : 0}%`;
    return made;
  };

  /* ---- ties: how many lines would be left at each threshold ---- */
  function ties() {
    const view = G.view, counts = TIE_STEPS.map(() => 0);
    G.ties.forEach((d) => {
      if (G.nodes.get(d.a).hasClass("off") || G.nodes.get(d.b).hasClass("off")) return;
      if (view.kind !== "any" && view.kind !== (d.k ? "coinvestigator" : "coauthor")) return;
      TIE_STEPS.forEach((step, i) => { if (d.n >= step) counts[i] += 1; });
    });
    const most = Math.max(1, ...counts);
    G.$("explore-ties").replaceChildren(...TIE_STEPS.map((step, i) => {
      const item = G.el("button", `x-step${view.ties === step ? " is-on" : ""}`);
      item.type = "button";
      Object.assign(item.dataset, { act: "ties", n: step });
      item.setAttribute("aria-pressed", String(view.ties === step));
      item.setAttribute("aria-label", `At least ${step} shared: ${G.many(counts[i], "line")}`);
      item.title = `${G.many(counts[i], "line")} with at least ${step} shared`;
      const stick = G.el("span", "x-stick");
      stick.append(G.el("i"));
      stick.firstChild.style.height = `${counts[i] ? Math.max(6, 100 * Math.sqrt(counts[i] / most)) : 0}%`;
      item.append(stick, G.el("span", "", step === 1 ? "all" : `≥ ${step}`));
      return item;
    }));
    G.$("explore-lines").textContent = G.many(G.show.lines, "line");
  }

  /* ---- papers per year with a brush ---- */
  function years() {
    const host = G.$("explore-years"), rows = G.map.years, view = G.view;
    G.$("explore-dock").classList.toggle("no-years", rows.length < 2);
    if (rows.length < 2) return host.replaceChildren();
    const most = Math.max(...rows.map(([, n]) => n)), first = rows[0][0], last = rows[rows.length - 1][0];
    const from = view.from ?? first, to = view.to ?? last;
    const plot = G.el("div", "x-years");
    plot.tabIndex = 0;
    plot.setAttribute("role", "group");
    plot.setAttribute("aria-label", `Years ${from} to ${to}; arrow keys move the end, with Shift the beginning`);
    rows.forEach(([year, n]) => {
      const column = G.el("span", `x-year${year >= from && year <= to ? " is-on" : ""}`);
      column.dataset.year = year;
      column.title = `${year}: ${G.many(n, "paper")}`;
      const stick = G.el("i");
      stick.style.height = `${n ? Math.max(3, (100 * n) / most) : 0}%`;
      column.append(stick);
      plot.append(column);
    });
    const scale = G.el("div", "x-years-scale");
    scale.append(G.el("span", "", num(most)), G.el("span", "", "0"));
    const axis = G.el("div", "x-years-axis");
    const every = Math.ceil(rows.length / Math.max(2, Math.floor((host.clientWidth - 40) / 42)));
    rows.forEach(([year], i) => axis.append(G.el("span", "", (rows.length - 1 - i) % every === 0 ? String(year) : "")));
    host.replaceChildren(scale, plot, axis);
    G.$("explore-span").textContent = view.from === null ? `${first}–${last}` : from === to ? String(from) : `${from}–${to}`;
    G.$("explore-years-all").hidden = view.from === null;
    G.root.querySelector("[data-act=recent]").hidden = view.from !== null;
    brush(plot, first, last);
    return undefined;
  }
  function brush(plot, first, last) {
    const yearAt = (event) => {
      const box = plot.getBoundingClientRect();
      const share = Math.max(0, Math.min(0.9999, (event.clientX - box.left) / box.width));
      return first + Math.floor(share * (last - first + 1));
    };
    let start = null;
    const mark = (a, b) => [...plot.children].forEach((c) => c.classList.toggle("is-on", c.dataset.year >= a && c.dataset.year <= b));
    plot.onpointerdown = (event) => { start = yearAt(event); plot.setPointerCapture(event.pointerId); mark(start, start); };
    plot.onpointermove = (event) => {
      if (start === null) return;
      const now = yearAt(event);
      mark(Math.min(start, now), Math.max(start, now));
    };
    plot.onpointerup = (event) => {
      const now = yearAt(event), a = Math.min(start, now), b = Math.max(start, now);
      start = null;
      P.setYears(a === first && b === last ? null : a, a === first && b === last ? null : b);
    };
    plot.onkeydown = (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) return;
      event.preventDefault();
      event.stopPropagation();
      const from = G.view.from ?? first, to = G.view.to ?? last;
      if (event.shiftKey) P.setYears(Math.max(first, Math.min(to, from + step)), to);
      else P.setYears(from, Math.min(last, Math.max(from, to + step)));
      G.$("explore-years").querySelector(".x-years").focus();
    };
  }
  P.setYears = (from, to) => {
    Object.assign(G.view, { from, to });
    P.changed(from === null ? "All years" : `Years ${from}–${to}`);
  };
  P.recent = () => {
    const last = G.map.years[G.map.years.length - 1][0];
    P.setYears(last - 4, last);
  };

  /* a filter changed: draw, remember the step, tell */
  P.changed = (name) => {
    G.show.all();
    G.steps.push(name);
    G.say(`${name}: ${G.many(G.show.drawn, "person", "people")} and ${G.many(G.show.lines, "line")} drawn.`);
  };

  /* ---- legend ---- */
  function legend() {
    const by = G.show.measure[G.view.size], c = G.show.colours, row = G.el("div", "x-legend-row");
    const colour = part("Colour: community"), look = G.show.legendColour();
    if (look) {
      colour.querySelector("b").textContent = look.title;
      const strip = G.el("div", "x-ramp");
      look.items.forEach(([col, text]) => strip.append(swatch(col, text)));
      if (look.none) strip.append(swatch(look.none[0], look.none[1]));
      colour.append(strip);
    } else {
      const named = G.map.groups.length, strip = G.el("div", "x-ramp tight");
      for (let i = 0; i < named; i += 1) strip.append(swatch(c.groups[i], ""));
      strip.append(G.el("span", "x-wide", "named"));
      const grey = G.el("div", "x-ramp");
      if (G.map.others.many) grey.append(swatch(c.other, G.many(G.map.others.many, "smaller one")));
      colour.append(strip, grey);
    }
    const size = part(`Area: ${by.name}`), circles = G.el("div", "x-circles");
    sizes().forEach(([value, text]) => {
      const item = G.el("span", "x-circle"), dot = G.el("i"), px = G.show.diameter(value);
      Object.assign(dot.style, { width: `${px}px`, height: `${px}px` });
      item.append(dot, G.el("span", "", text));
      circles.append(item);
    });
    size.append(circles);
    const lines = part("Width: shared records"), strokes = G.el("div", "x-strokes");
    [1, Math.max(2, Math.round(G.show.most / 3)), G.show.most].filter((n, i, all) => all.indexOf(n) === i).forEach((n) => {
      const item = G.el("span", "x-stroke"), stroke = G.el("i");
      stroke.style.height = `${Math.max(1, G.show.width(n))}px`;
      item.append(stroke, G.el("span", "", num(n)));
      strokes.append(item);
    });
    const kinds = G.el("div", "x-strokes x-kinds");
    [["solid", "coauthor"], ["dashed", "co-investigator"]].forEach(([style, text]) => {
      const item = G.el("span", "x-stroke"), stroke = G.el("i");
      stroke.style.height = "2px";
      if (style === "dashed") stroke.style.background = "repeating-linear-gradient(90deg, currentColor 0 6px, transparent 6px 10px)";
      item.append(stroke, G.el("span", "", text));
      kinds.append(item);
    });
    kinds.title = "Kinds of tie are drawn apart around a picked person; elsewhere one line stands for both";
    lines.append(strokes, kinds);
    row.append(colour, size, lines);
    G.$("explore-legend").replaceChildren(row);
    hidden();
  }
  const part = (title) => { const made = G.el("div", "x-legend-part"); made.append(G.el("b", "", title)); return made; };
  const swatch = (col, text) => {
    const made = G.el("span", "x-swatch"), dot = G.el("i");
    dot.style.background = col;
    made.append(dot);
    if (text) made.append(G.el("span", "", text));
    return made;
  };
  function sizes() {
    const { lo, hi } = G.show, by = G.show.measure[G.view.size], mid = (lo + hi) / 2;
    return [[lo, `${lo > 0 ? "≤ " : ""}${by.unit(lo)}`], [mid, by.unit(Math.round(mid))], [hi, by.unit(hi)]];
  }
  function hidden() {
    const by = G.show.hiddenBy, why = [];
    if (by.focus) why.push(`${num(by.focus)} outside the focus`);
    if (by.community) why.push(`${num(by.community)} by community`);
    if (by.years) why.push(`${num(by.years)} not active in these years`);
    if (by.you) why.push(`${num(by.you)} by you`);
    const all = by.focus + by.community + by.years + by.you;
    const lines = G.ties.size - G.show.lines, left = G.map.left || 0, bits = [];
    if (why.length === 1) bits.push(why[0].replace(num(all), G.many(all, "person", "people")));
    else if (all) bits.push(`${G.many(all, "person", "people")} (${why.join(", ")})`);
    if (lines) bits.push(`${G.many(lines, "line")} filtered`);
    if (G.show.weak) bits.push(`${G.many(G.show.weak, "weak line")} until a person is picked`);
    if (left) bits.push(`${G.many(left, "weakest line")} left out`);
    const text = bits.length ? `Hidden: ${bits.join("; ")}.` : "Nothing is hidden.";
    G.$("explore-hidden").textContent = text;
    G.$("explore-hidden").title = `${text} Papers with more than 100 authors count for their authors but make no ties.`;
  }

  /* ---- active filters and focus as chips that take themselves away ---- */
  function chips() {
    const view = G.view, made = [];
    const chip = (text, act, title) => {
      const item = G.el("button", "x-chip", text);
      item.type = "button";
      item.dataset.act = act;
      item.title = title;
      item.append(G.el("span", "x-cross", "×"));
      made.push(item);
    };
    if (view.focus && G.nodes.has(view.focus)) chip(`Only ${G.nodes.get(view.focus).data("n")}`, "unfocus", "Show everybody again");
    if (view.off.length) chip(G.many(view.off.length, "community", "communities") + " off", "all-groups", "Show all communities");
    if (view.ties > 1) chip(`≥ ${view.ties} shared`, "ties-all", "Show all ties");
    if (view.kind !== "any") chip(view.kind === "coauthor" ? "Coauthors only" : "Co-investigators only", "kind-any", "Show both kinds of tie");
    if (view.from !== null) chip(view.from === view.to ? `${view.from}` : `${view.from}–${view.to}`, "years-all", "Show all years");
    if (view.hidden.length) chip(`${G.many(view.hidden.length, "person", "people")} hidden`, "unhide", "Show them again");
    G.$("explore-chips").replaceChildren(...made);
    G.root.querySelectorAll("[data-act=reset]").forEach((button) => { button.disabled = !made.length; });
  }

  /* Dash's own controls follow when undo, the address or a chip changes what they stand for */
  const shown = {};
  function controls() {
    const view = G.view;
    [["explore-scope", view.scope], ["explore-colour", view.colour], ["explore-size", view.size], ["explore-kind", view.kind], ["explore-tab", view.tab]]
      .forEach(([id, value]) => {
        if (shown[id] === value) return;
        shown[id] = value;
        window.dash_clientside.set_props(id, { value });
      });
  }
  P.remember = (id, value) => { shown[id] = value; };
})();
