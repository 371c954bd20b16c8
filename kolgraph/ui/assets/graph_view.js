/* What is shown and how: filters by class, colour and size by data, fade and focus. Nothing here asks the server. */
(() => {
  const G = window.dash_clientside.graph;
  const CALM = 900, CALM_FOCUS = 400; // lines drawn; weaker ones show around a picked person
  const SMALL = 6, LARGE = 34, THIN = 0.6, THICK = 5, SHRINK = -0.55;
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const S = (G.show = { lo: 0, hi: 1, most: 1, colours: null, hiddenBy: {}, lines: 0, drawn: 0 });

  S.dark = () => document.documentElement.dataset.mantineColorScheme === "dark";
  S.palette = () => {
    const dark = S.dark();
    S.colours = {
      groups: [0, 1, 2, 3, 4, 5, 6, 7].map((i) => css(`--k-g${i}`)), other: dark ? "#495162" : "#c3c9d4",
      line: dark ? "#8d97aa" : "#8891a3", canvas: css("--k-canvas"), text: css("--k-text"), link: css("--k-link"),
      ramp: dark ? ["#2b3f8f", "#3f5cc4", "#6a86ee", "#a3b7ff", "#e3eaff"] : ["#c5d2f7", "#93aaf0", "#6280e2", "#3a56c4", "#1b2f8a"],
      none: dark ? "#3a4150" : "#dfe3ea", planned: css("--k-g6"), met: css("--k-g4"),
    };
    return S.colours;
  };

  /* a change that changes nothing costs as much in cytoscape as one that does: ask first */
  S.put = (ele, values) => {
    const data = ele.data();
    if (Object.keys(values).some((key) => data[key] !== values[key])) ele.data(values);
  };
  S.mark = (ele, name, on) => { if (ele.hasClass(name) !== on) ele.toggleClass(name, on); };

  /* ---- measures ---- */
  S.measure = {
    influence: { of: (d) => d.v, name: "influence", unit: (v) => v.toFixed(0) },
    papers: { of: (d) => d.p, name: "papers", unit: (v) => v.toLocaleString("en-US") },
    trials: { of: (d) => d.t, name: "trials", unit: (v) => v.toLocaleString("en-US") },
    ties: { of: (d) => d.ca + d.ci, name: "ties", unit: (v) => v.toLocaleString("en-US") },
  };
  const values = (of) => [...G.nodes.values()].map((node) => of(node.data())).filter((v) => v !== null && v !== undefined);

  /* the scale of sizes and widths is that of the map as opened: expanding does not resize who is there */
  S.scales = () => {
    const size = G.view.size, all = values(S.measure[size].of);
    S.hi = Math.max(1, ...all);
    S.lo = size === "influence" ? Math.min(S.hi - 1, ...all) : 0;
    const room = G.cy.container(), each = Math.sqrt((room.clientWidth * room.clientHeight) / Math.max(1, G.nodes.size));
    S.large = Math.max(11, Math.min(LARGE, 0.58 * each - 1)); // a crowd on a small screen is drawn smaller, and the legend says so
    S.small = Math.min(SMALL, 0.45 * S.large);
    S.most = 2;
    G.ties.forEach((tie) => { S.most = Math.max(S.most, tie.n); });
    const acts = values((d) => d.a).sort((a, b) => a - b), infl = values((d) => d.v).sort((a, b) => a - b);
    S.cuts = { score: cuts(infl), activity: cuts(acts) };
  };
  const cuts = (sorted) => (sorted.length ? [0.2, 0.4, 0.6, 0.8].map((q) => sorted[Math.floor(q * (sorted.length - 1))]) : []);
  S.diameter = (value) => {
    if (value === null || value === undefined) return S.small;
    const share = Math.max(0, Math.min(1, (value - S.lo) / (S.hi - S.lo)));
    return Math.sqrt(S.small ** 2 + (S.large ** 2 - S.small ** 2) * share);
  };
  S.width = (n) => THIN + (THICK - THIN) * Math.sqrt((n - 1) / Math.max(1, S.most - 1));
  const bin = (v, at) => at.filter((cut) => v > cut).length;

  S.colour = (d) => {
    const c = S.colours;
    if (G.view.colour === "community") return d.g >= 0 ? c.groups[d.g] : c.other;
    if (G.view.colour === "score") return d.v === null ? c.none : c.ramp[bin(d.v, S.cuts.score)];
    if (G.view.colour === "activity") return d.a === null ? c.none : c.ramp[bin(d.a, S.cuts.activity)];
    return d.s0 === "met" ? c.met : d.s0 === "planned" ? c.planned : c.other;
  };

  S.paint = () => {
    const c = S.palette(), by = S.measure[G.view.size], dark = S.dark();
    const grow = G.cy.zoom() ** SHRINK;
    G.cy.batch(() => {
      G.nodes.forEach((node) => {
        const d = node.data(), px = S.diameter(by.of(d)), grey = G.view.colour === "community" && d.g < 0;
        S.put(node, { col: S.colour(d), d0: px, s: px * grow, bc: c.canvas, z: Math.round(px) + (grey ? 0 : 40) });
        S.mark(node, "dk", dark);
      });
      G.edges.forEach(S.paintEdge);
      G.labels.paintDiscs();
    });
  };
  S.paintEdge = (edge) => {
    const d = edge.data(), a = G.nodes.get(d.source).data(), b = G.nodes.get(d.target).data(), c = S.colours;
    const same = a.m && a.m === b.m, strong = Math.sqrt((d.n - 1) / Math.max(1, S.most - 1));
    const inside = same && G.view.colour === "community" && a.g >= 0;
    S.put(edge, {
      col: inside ? c.groups[a.g] : c.line, lw0: S.width(d.n), lw: S.width(d.n) * G.cy.zoom() ** -0.4,
      o: (same ? 0.2 : 0.12) + (same ? 0.6 : 0.4) * strong,
    });
  };
  /* sizes follow the zoom a little, so that a dense disc opens up */
  S.rescale = () => {
    const zoom = G.cy.zoom(), grow = zoom ** SHRINK, thin = zoom ** -0.4;
    G.cy.batch(() => {
      G.nodes.forEach((node) => node.data("s", node.data("d0") * grow));
      G.edges.forEach((edge) => edge.data("lw", edge.data("lw0") * thin));
    });
  };

  /* ---- filter: people and lines are hidden by one class; the reasons are counted ---- */
  S.groupOf = (d) => (d.g >= 0 ? String(d.g) : "other");
  const within = (years, from, to) => years.some((year) => year >= from && year <= to);
  S.passes = (d) => {
    const view = G.view;
    return d.n >= view.ties && (view.kind === "any" || view.kind === (d.k ? "coinvestigator" : "coauthor"))
      && (view.from === null || !d.y.length || within(d.y, view.from, view.to));
  };
  const reason = (d, ego, hidden) => {
    const view = G.view;
    if (ego && !ego.has(d.id)) return "focus";
    if (view.off.includes(S.groupOf(d))) return "community";
    if (view.from !== null && d.f !== null && (d.l < view.from || d.f > view.to)) return "years";
    return hidden.has(d.id) ? "you" : "";
  };
  S.filter = () => {
    const view = G.view, hidden = new Set(view.hidden), ego = view.focus ? new Set([view.focus]) : null;
    if (ego) G.tiesOf(view.focus).forEach((tie) => { if (S.passes(tie)) ego.add(G.other(tie, view.focus)); });
    const counts = { focus: 0, community: 0, years: 0, you: 0 };
    let drawn = 0;
    G.cy.batch(() => {
      G.nodes.forEach((node) => {
        const why = reason(node.data(), ego, hidden);
        if (why) counts[why] += 1; else drawn += 1;
        S.mark(node, "off", Boolean(why));
      });
      const kept = [...G.ties.values()].filter(S.shown).sort((a, b) => b.n - a.n || b.w - a.w || (a.id < b.id ? -1 : 1));
      const calm = ego ? CALM_FOCUS : CALM, best = kept.slice(0, calm);
      G.draw(best);
      const strong = new Set(best.map((tie) => tie.id)), all = new Set(kept.map((tie) => tie.id));
      G.edges.forEach((edge, id) => {
        S.mark(edge, "off", !all.has(id));
        S.mark(edge, "weak", !strong.has(id));
        /* at overview one line per pair; in the neighbourhood of a pick both kinds are drawn apart */
        if (edge.data("k")) S.mark(edge, "dup", strong.has(id.slice(0, -1) + "0"));
      });
      Object.assign(S, { hiddenBy: counts, drawn, lines: kept.length, weak: Math.max(0, kept.length - calm) });
    });
    G.root.dataset.shown = S.drawn;
    G.root.dataset.lines = S.lines;
  };
  S.shown = (tie) => S.passes(tie) && !G.nodes.get(tie.a).hasClass("off") && !G.nodes.get(tie.b).hasClass("off");

  S.near = (id) => [...new Set(G.tiesOf(id).filter(S.shown).map((tie) => G.other(tie, id)))];
  const byKind = (ties) => {
    const seen = { coauthor: 0, coinvestigator: 0 };
    ties.forEach((tie) => { seen[tie.k ? "coinvestigator" : "coauthor"] += 1; });
    return seen;
  };
  S.drawnTies = (id) => byKind(G.tiesOf(id).filter(S.shown));

  /* ---- fade: the neighbourhood of the picked (or hovered) person stands out, the rest stays, pale ---- */
  S.lit = null;
  S.fade = (hovered) => {
    const id = hovered || G.view.pick, centre = id && G.nodes.get(id);
    S.lit = null;
    G.cy.batch(() => {
      const own = centre && !centre.hasClass("off") ? G.tiesOf(id).filter(S.shown) : null;
      if (own) {
        S.lit = new Set([id, ...own.map((tie) => G.other(tie, id))]);
        G.draw(own).forEach((tie) => S.paintEdge(G.edges.get(tie.id).addClass("weak")));
      }
      const lit = new Set(own ? own.map((tie) => tie.id) : []);
      G.nodes.forEach((node, other) => {
        S.mark(node, "near", Boolean(own) && S.lit.has(other));
        S.mark(node, "dim", Boolean(own) && !S.lit.has(other));
        S.mark(node, "pick", Boolean(own) && other === id && !hovered);
      });
      G.edges.forEach((edge, other) => {
        S.mark(edge, "lit", lit.has(other));
        S.mark(edge, "dim", Boolean(own) && !lit.has(other));
      });
    });
    G.root.classList.toggle("is-faded", Boolean(S.lit) && !hovered && S.lit.size < S.drawn);
    S.undrawn();
    G.labels.soon(hovered ? 0 : 30);
  };
  /* what an expansion could add, said before it is asked for */
  S.undrawn = () => {
    const note = G.root.querySelector(".x-undrawn"), id = G.view.pick;
    if (!note || !id || !G.nodes.has(id)) return;
    const left = S.left(id), bits = [];
    if (left.coauthor) bits.push(G.many(left.coauthor, "coauthor"));
    if (left.coinvestigator) bits.push(G.many(left.coinvestigator, "co-investigator"));
    note.textContent = bits.length ? `Not drawn yet: ${bits.join(" and ")}.` : "Every tie is drawn.";
  };
  S.left = (id) => {
    const d = G.nodes.get(id).data(), seen = byKind(G.tiesOf(id));
    return { coauthor: Math.max(0, d.ca - seen.coauthor), coinvestigator: Math.max(0, d.ci - seen.coinvestigator) };
  };
  S.line = (a, b) => {
    G.cy.edges(".read").removeClass("read");
    if (a) [0, 1].forEach((k) => [`${a}|${b}|${k}`, `${b}|${a}|${k}`].forEach((id) => G.edges.has(id) && G.edges.get(id).addClass("read")));
  };

  S.all = () => {
    S.filter();
    S.paint();
    G.spread();
    S.fade();
    G.panels.draw();
    G.labels.soon(0);
    if (G.view.tab === "list") G.tools.list();
    G.root.dataset.drawn = G.nodes.size;
    G.root.dataset.colour = G.view.colour;
  };

  S.nodeTip = (d) => [d.n, d.o || "Institution not known",
    `${d.v === null ? "Influence not measured" : `Influence ${d.v.toFixed(0)}`} · ${G.many(d.ca, "coauthor")}`];
  S.edgeTip = (d) => {
    const what = d.k ? G.many(d.n, "shared trial") : G.many(d.n, "shared paper");
    const years = d.y.length ? ` · ${Math.min(...d.y)}${d.y.length > 1 ? `–${Math.max(...d.y)}` : ""}` : "";
    return [what + years, `Click to see ${d.n === 1 ? "it" : "them"}`];
  };
  S.legendColour = () => {
    const c = S.colours, view = G.view, n0 = (v) => v.toFixed(0);
    if (view.colour === "community") return null;
    if (view.colour === "stage") {
      return { title: "Engagement", items: [[c.met, "Contact logged"], [c.planned, "Contact planned"], [c.other, "None logged"]] };
    }
    const at = S.cuts[view.colour];
    if (!at.length) return { title: "Not measured in this scope", items: [[c.none, "not measured"]] };
    const f = view.colour === "score" ? n0 : (v) => v.toFixed(1);
    const items = c.ramp.map((col, i) => [col, i === 0 ? `≤ ${f(at[0])}` : i === 4 ? `> ${f(at[3])}` : ""]);
    const none = [...G.nodes.values()].some((n) => (view.colour === "score" ? n.data("v") : n.data("a")) === null);
    return { title: view.colour === "score" ? "Influence, fifths" : "Recent activity, fifths", items, none: none && [c.none, "not measured"] };
  };

  new MutationObserver(() => G.cy && G.map && !G.cy.destroyed() && S.all())
    .observe(document.documentElement, { attributes: true, attributeFilter: ["data-mantine-color-scheme"] });
})();
