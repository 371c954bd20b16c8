/* Room for everybody: people who would stand on each other step apart, as little as it takes; who stands already stays. */
(() => {
  const G = window.dash_clientside.graph;
  const GAP = 2.5, ROUNDS = 70;

  /* spots {x, y, r, fixed}: pairs closer than their radii are pushed apart; sweep along x, so near pairs only */
  G.apart = (spots) => {
    const widest = 2 * Math.max(...spots.map((spot) => spot.r));
    for (let round = 0; round < ROUNDS; round += 1) {
      let moved = 0;
      spots.sort((a, b) => a.x - b.x || a.y - b.y);
      for (let i = 0; i < spots.length; i += 1) {
        for (let j = i + 1; j < spots.length && spots[j].x - spots[i].x < widest; j += 1) {
          const a = spots[i], b = spots[j];
          if (a.fixed && b.fixed) continue;
          const dx = b.x - a.x || 0.01 * (j - i), dy = b.y - a.y || 0.01, far = Math.hypot(dx, dy), lack = a.r + b.r - far;
          if (lack <= 0.05) continue;
          const push = lack / far, mine = a.fixed ? 0 : b.fixed ? 1 : 0.5;
          a.x -= dx * push * mine; a.y -= dy * push * mine;
          b.x += dx * push * (1 - mine); b.y += dy * push * (1 - mine);
          moved += 1;
        }
      }
      if (!moved) return;
    }
  };

  const radius = (node) => G.show.diameter(G.show.measure[G.view.size].of(node.data())) / 2;
  /* new people take their places among those who are drawn; the place is theirs as long as they are drawn */
  G.settle = (ids) => {
    const fresh = new Set(ids);
    if (!fresh.size) return;
    const spots = [...G.nodes.values()].map((node) => ({ node, ...node.position(), r: radius(node) + GAP, fixed: !fresh.has(node.id()) }));
    G.apart(spots);
    spots.filter((spot) => !spot.fixed).forEach(({ node, x, y }) => {
      node.position({ x, y });
      node.data({ px: x, py: y });
      const kept = G.cache.get(node.id());
      kept.position = { x, y };
      Object.assign(kept.data, { px: x, py: y });
    });
  };

  /* focus: only one network is left, and it takes all the room; everybody goes back to the place on the map afterwards */
  let around = "";
  G.spread = () => {
    const id = G.view.focus, key = id ? `${id} ${G.show.drawn}` : "";
    if (around === key) return;
    around = key;
    const all = [...G.nodes.values()];
    G.cy.batch(() => {
      all.forEach((node) => node.position({ x: node.data("px"), y: node.data("py") }));
      if (!id) return;
      const spots = all.filter((node) => !node.hasClass("off")).map((node) => ({ node, ...node.position(), r: radius(node) + 7 }));
      G.apart(spots);
      spots.forEach(({ node, x, y }) => node.position({ x, y }));
    });
  };
  G.respread = () => { around = "?"; };
})();
