/* What buttons do: one listener for every `data-act`, the lasso and its bar, the list twin, picture and table to keep. */
(() => {
  const G = window.dash_clientside.graph;
  const X = (G.tools = { chosen: new Set() });
  const view = (change, name) => { Object.assign(G.view, change); G.panels.changed(name); };

  const ACTS = {
    fit: () => G.fit(), in: () => G.zoom(1.3), out: () => G.zoom(1 / 1.3), undo: () => G.steps.undo(), redo: () => G.steps.redo(),
    step: (d) => G.steps.go(Number(d.n)), lasso: () => X.lasso(),
    expand: (d) => G.expand(d.id || G.view.pick, d.kind, Number(d.top || 25)),
    focus: (d) => { const id = d.id || G.view.pick; if (id) G.ego(id, true); else G.say("Pick a person first, then show only that network.", true); },
    unfocus: () => view({ focus: null }, "Everybody again"),
    pick: (d) => (G.nodes.has(d.id) ? G.pick(d.id, { glide: true }) : G.ego(d.id, false)),
    receipt: (d) => G.receipt(d.a, d.b), "close-receipt": () => G.closeReceipt(),
    close: () => { G.closeReceipt(); G.pick(null); },
    ties: (d) => view({ ties: Number(d.n) }, d.n === "1" ? "All ties" : `At least ${d.n} shared`), "ties-all": () => view({ ties: 1 }, "All ties"),
    "kind-any": () => view({ kind: "any" }, "Both kinds of tie"), "years-all": () => G.panels.setYears(null, null), recent: () => G.panels.recent(),
    "all-groups": () => view({ off: [] }, "All communities"), unhide: () => view({ hidden: [] }, "Nobody hidden by hand"),
    "only-group": (d) => {
      const keys = [...G.map.groups.map((g) => String(g.slot)), ...(G.map.others.many ? ["other"] : [])].filter((key) => key !== d.group);
      view({ off: keys }, "One community");
    },
    reset: () => view({ off: [], hidden: [], ties: 1, kind: "any", from: null, to: null, focus: null }, "Reset all filters"),
    facets: () => { G.root.classList.toggle("is-narrow"); G.root.classList.toggle("has-drawer"); },
    legend: () => G.root.classList.toggle("has-legend"),
    share: () => navigator.clipboard.writeText(G.steps.share()).then(
      () => G.say("The address of this view is on the clipboard.", true), () => G.say(`Copy the address of this page: ${G.steps.share()}`, true)),
    png: () => G.send("explore-export", { what: "png", n: G.show.drawn, scope: G.view.scope, t: ++G.t }),
    csv: () => X.csv(drawnIds()), "csv-chosen": () => X.csv([...X.chosen]),
    "only-chosen": () => { const keep = X.chosen; view({ hidden: [...G.nodes.keys()].filter((id) => !keep.has(id)) }, `Only ${keep.size} chosen`); },
    "hide-chosen": () => { const gone = [...X.chosen]; X.clear(); view({ hidden: [...new Set([...G.view.hidden, ...gone])] }, `Hid ${gone.length}`); },
    "clear-chosen": () => X.clear(), help: () => X.help(true), "help-close": () => X.help(false),
    twin: () => X.setTab(G.view.tab === "graph" ? "list" : "graph"),
  };
  X.act = (name, data) => ACTS[name] && G.view && ACTS[name](data || {});
  const drawnIds = () => [...G.nodes.values()].filter((n) => !n.hasClass("off")).sort((a, b) => (b.data("v") ?? -1) - (a.data("v") ?? -1)).map((n) => n.id());

  X.listen = () => {
    G.root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-act]");
      if (button && !button.disabled) X.act(button.dataset.act, button.dataset);
      const menu = event.target.closest("details.x-menu");
      G.root.querySelectorAll("details.x-menu[open]").forEach((open) => { if (open !== menu || button) open.open = false; });
    });
    G.root.addEventListener("change", (event) => {
      const key = event.target.dataset && event.target.dataset.group;
      if (!key) return;
      const off = new Set(G.view.off);
      if (event.target.checked) off.delete(key); else off.add(key);
      view({ off: [...off] }, event.target.checked ? "Community shown" : "Community hidden");
      const again = G.root.querySelector(`input[data-group="${key}"]`);
      if (again) again.focus();
    });
  };

  /* ---- Dash controls -> view; a value that is already shown is an echo ---- */
  const change = (key, id, name) => (value) => {
    if (G.view && value && G.map && G.view[key] !== value) {
      G.panels.remember(id, value);
      if (key === "size") { G.view.size = value; G.show.scales(); }
      view({ [key]: value }, name(value));
    }
    return window.dash_clientside.no_update;
  };
  const KIND = { any: "Both kinds of tie", coauthor: "Coauthors only", coinvestigator: "Co-investigators only" };
  G.setColour = change("colour", "explore-colour", (v) => `Coloured by ${v}`);
  G.setSize = change("size", "explore-size", (v) => `Sized by ${v}`);
  G.setKind = change("kind", "explore-kind", (v) => KIND[v]);
  G.setScope = (value) => {
    if (G.view && G.map && value && value !== G.view.scope) { G.panels.remember("explore-scope", value); G.closeReceipt(); G.pick(null, { quiet: true }); G.ask("scope", { scope: value }); }
    return window.dash_clientside.no_update;
  };
  X.setTab = (value) => {
    if (!G.view || !value || (value === G.view.tab && G.root.dataset.tab === value)) return window.dash_clientside.no_update;
    G.view.tab = value;
    G.root.dataset.tab = value;
    if (value === "list") X.list(); else requestAnimationFrame(() => { G.cy.resize(); G.labels.soon(0); });
    G.panels.draw();
    G.steps.url();
    return window.dash_clientside.no_update;
  };
  G.setTab = X.setTab;

  /* ---- the same people as a table ---- */
  X.list = () => {
    const rowData = drawnIds().map((id) => {
      const d = G.nodes.get(id).data();
      return { id, name: d.n, place: d.o, country: d.c, community: d.w, identity: d.i, influence: d.v, rank: d.r, papers: d.p, trials: d.t, coauthors: d.ca, coinvestigators: d.ci };
    });
    if (!X.mounted) return; // listed() follows
    G.root.dataset.rows = rowData.length;
    window.dash_clientside.set_props("explore-grid", { rowData });
  };
  G.listed = (grid) => {
    X.mounted = Boolean(grid);
    if (grid && G.view && G.map && G.view.tab === "list") X.list();
    return window.dash_clientside.no_update;
  };
  G.rowPicked = (cell) => {
    if (cell && cell.rowId && G.nodes.has(cell.rowId)) G.pick(cell.rowId);
    return window.dash_clientside.no_update;
  };
  X.csv = (ids) => {
    if (ids.length) G.send("explore-export", { what: "csv", ids, scope: G.view.scope, t: ++G.t });
    else G.say("Nobody is drawn: there is nothing to export.", true);
  };

  /* ---- lasso and shift-click ---- */
  X.toggle = (id) => { X.select(X.chosen.has(id) ? [...X.chosen].filter((other) => other !== id) : [...X.chosen, id]); };
  X.select = (ids) => {
    X.chosen = new Set(ids.filter((id) => G.nodes.has(id)));
    G.cy.batch(() => G.nodes.forEach((node) => node.toggleClass("sel", X.chosen.has(node.id()))));
    G.root.classList.toggle("has-chosen", X.chosen.size > 0);
    G.$("explore-chosen").textContent = `${G.many(X.chosen.size, "person", "people")} chosen`;
  };
  X.clear = () => { if (X.chosen.size) X.select([]); };
  X.lasso = () => {
    const stage = G.cy.container().parentElement, sheet = G.el("canvas", "x-lasso");
    sheet.width = stage.clientWidth;
    sheet.height = stage.clientHeight;
    stage.append(sheet);
    X.sheet = sheet;
    G.say("Draw around the people to choose.", true);
    const ink = sheet.getContext("2d"), path = [];
    sheet.onpointerdown = (event) => { sheet.setPointerCapture(event.pointerId); path.length = 0; path.push([event.offsetX, event.offsetY]); };
    sheet.onpointermove = (event) => {
      if (!path.length) return;
      path.push([event.offsetX, event.offsetY]);
      ink.clearRect(0, 0, sheet.width, sheet.height);
      ink.beginPath();
      path.forEach(([x, y], i) => (i ? ink.lineTo(x, y) : ink.moveTo(x, y)));
      ink.closePath();
      ink.strokeStyle = G.show.colours.link;
      ink.lineWidth = 1.5;
      ink.globalAlpha = 1;
      ink.stroke();
      ink.globalAlpha = 0.1;
      ink.fillStyle = G.show.colours.link;
      ink.fill();
    };
    sheet.onpointerup = () => {
      const inside = [...G.nodes.values()].filter((n) => !n.hasClass("off") && within(n.renderedPosition(), path)).map((n) => n.id());
      X.unlasso();
      X.select(inside);
      G.say(`${G.many(inside.length, "person", "people")} chosen.`, !inside.length);
    };
  };
  X.unlasso = () => { if (X.sheet) X.sheet.remove(); X.sheet = null; };
  function within(p, path) {
    let odd = false;
    for (let i = 0, j = path.length - 1; i < path.length; j = i, i += 1) {
      const [xi, yi] = path[i], [xj, yj] = path[j];
      if (yi > p.y !== yj > p.y && p.x < ((xj - xi) * (p.y - yi)) / (yj - yi) + xi) odd = !odd;
    }
    return odd;
  }

  X.help = (on) => {
    const box = G.$("explore-help");
    if (on) box.showModal(); else box.close();
  };
  X.escape = () => {
    if (X.sheet) return X.unlasso();
    if (X.chosen.size) return X.clear();
    if (G.root.classList.contains("has-receipt")) return G.closeReceipt();
    return G.view.pick ? G.pick(null) : undefined;
  };

  /* words of a group's name on lines no wider than on screen */
  const wrapped = (name, width) => name.split(" ").reduce((lines, word) => {
    const longer = `${lines[lines.length - 1]} ${word}`.trim();
    return G.labels.wide(longer, 700, 14) <= width ? [...lines.slice(0, -1), longer] : [...lines, word];
  }, [""]).filter(Boolean);

  /* ---- picture: what is seen, twice as sharp, with title, date, filters and legend; drawn once its export is recorded ---- */
  G.picture = async (allowed) => {
    if (!allowed || !G.cy) return window.dash_clientside.no_update;
    const c = G.show.colours, scale = 2, w = G.cy.container().clientWidth, h = G.cy.container().clientHeight, top = 58, foot = 64;
    const shot = await createImageBitmap(await G.cy.png({ output: "blob-promise", full: false, scale, bg: c.canvas }));
    const sheet = G.el("canvas");
    sheet.width = w * scale;
    sheet.height = (h + top + foot) * scale;
    const ink = sheet.getContext("2d"), face = getComputedStyle(document.body).fontFamily;
    ink.scale(scale, scale);
    ink.fillStyle = c.canvas;
    ink.fillRect(0, 0, w, h + top + foot);
    ink.drawImage(shot, 0, top, w, h);
    const write = (text, x, y, font, fill) => { ink.font = `${font} ${face}`; ink.fillStyle = fill; ink.fillText(text, x, y); };
    const muted = getComputedStyle(document.documentElement).getPropertyValue("--k-muted").trim();
    write(`${allowed.landscape}: ${G.map.name}`, 20, 28, "700 18px", c.text);
    write(`${G.many(G.show.drawn, "person", "people")} drawn of ${G.map.people.toLocaleString("en-US")} · ${[...G.$("explore-chips").children].map((chip) => chip.firstChild.textContent).join(" · ") || "no filters"} · ${allowed.date}`, 20, 48, "400 13px", muted);
    G.labels.groups.forEach((g) => {
      ink.globalAlpha = G.root.classList.contains("is-faded") ? 0.5 : 1;
      ink.textAlign = "center";
      const lines = wrapped(g.name, g.box.x2 - g.box.x1), y0 = top + (g.box.y1 + g.box.y2) / 2 + 5 - 9 * (lines.length - 1);
      lines.forEach((line, i) => write(line, (g.box.x1 + g.box.x2) / 2, y0 + 18 * i, "700 14px", c.groups[g.slot]));
      ink.textAlign = "left";
      ink.globalAlpha = 1;
    });
    const { lo, hi, measure, most } = G.show, by = measure[G.view.size];
    write(`Area: ${by.name}, ${by.unit(lo)} to ${by.unit(hi)} · colour: ${G.view.colour} · line width: shared papers or trials, 1 to ${most}`, 20, top + h + 26, "400 13px", muted);
    write(G.$("explore-hidden").textContent, 20, top + h + 46, "400 13px", muted);
    sheet.toBlob((blob) => {
      const link = G.el("a");
      link.href = URL.createObjectURL(blob);
      link.download = allowed.file;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 5000);
    });
    shot.close();
    return window.dash_clientside.no_update;
  };
})();
