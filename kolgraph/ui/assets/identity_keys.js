// Identity by keyboard and by button; the records of one person, of which some are picked and split off.
(() => {
  const I = window.dash_clientside.identity;
  const byId = (id) => document.getElementById(id);
  const set = (id, props) => window.dash_clientside.set_props(id, props);
  const boxes = () => [...document.querySelectorAll("#identity-mentions .ident-mention")];
  const box = (one) => one.querySelector("[role='checkbox']");
  const picked = () => boxes().filter((one) => box(one).getAttribute("aria-checked") === "true");
  const inside = () => I.here() && !byId("identity-mentions").hidden;

  // the records of a person take the place of the pair
  I.open = (person, order) => {
    byId("identity-mentions").classList.add("waits");
    byId("identity-mentions").hidden = false;
    byId("identity-pairs").hidden = true;
    set("identity-open", { data: { person, order: order || "weakest", t: I.turn() } });
  };
  I.opened = (trees) => {
    requestAnimationFrame(() => {
      const view = I.here() && byId("identity-mentions");
      if (!view || !trees) return;
      window.dash_clientside.native.paint(view, trees);
      view.classList.remove("waits");
      view.hidden = false;
      byId("identity-pairs").hidden = true;
      I.say(view.querySelector("h2")?.textContent || "");
      count();
      (boxes()[0] && box(boxes()[0]))?.focus();
    });
  };
  I.close = () => {
    if (!inside()) return;
    byId("identity-mentions").hidden = true;
    byId("identity-pairs").hidden = false;
  };

  function count() {
    const many = picked().length, all = boxes().length;
    const words = byId("identity-picked");
    if (!words) return;
    words.textContent = many ? `${many} of ${all} picked` : "Pick what does not belong: space";
    document.querySelector("[data-act='split']").disabled = !many || many === all;
    document.querySelector("[data-act='weigh']").disabled = many !== 2;
  }

  function walk(by) {
    const all = boxes(), at = all.findIndex((one) => one.contains(document.activeElement));
    const next = all[Math.min(all.length - 1, Math.max(0, at + by))];
    if (!next) return;
    box(next).focus();
    next.scrollIntoView({ block: "nearest" });
  }

  function split() {
    const out = picked().map((one) => one.dataset.mention);
    const name = document.querySelector("#identity-mentions [data-name]").dataset.name;
    if (!out.length || out.length === boxes().length) return;
    const done = { verb: "split", pairs: [], entries: [], names: `${out.length} of ${name}`, whole: true };
    const person = document.querySelector("#identity-mentions [data-person]").dataset.person;
    const why = I.why();
    I.tell(() => ({ verb: "split", person, out, why }), done);
    I.leave();
  }

  function weigh(a, b) {
    if (a && b) set("identity-weigh", { data: { a, b, t: I.turn() } });
  }

  I.chosen = (person) => { if (person && I.here()) I.open(person); };
  I.leave = () => { I.close(); I.resume(); };

  // opens the larger of the two candidates, from which there is something to split off
  function openBig() {
    const one = I.current();
    if (one) I.open(one.dataset.big === "b" ? one.dataset.personB : one.dataset.personA);
  }

  const ACTS = {
    same: () => I.decide("same"), apart: () => I.decide("apart"), later: () => I.decide("later"),
    open: (d) => I.open(d.person), big: openBig, order: (d) => I.open(d.person, d.order),
    undo: () => I.undo(), next: () => I.step(1), previous: () => I.step(-1),
    why: () => byId("identity-why").focus(), keys: () => set("identity-keys", { opened: true }),
    history: () => set("identity-past", { data: I.turn() }), apply: () => set("identity-apply", { data: I.turn() }),
    leave: () => I.leave(), split: () => split(),
    weigh: () => weigh(...picked().map((one) => one.dataset.mention)), held: (d) => weigh(d.a, d.b),
    "undo-entry": (d) => I.tell(() => ({ verb: "undo", entries: [Number(d.entry)] }), { verb: "old", pairs: [], entries: [], names: `entry ${d.entry}`, whole: true, past: true }),
    bulk: (d) => {
      const done = { verb: "bulk", pairs: [], entries: [], names: `${d.seen} pairs`, whole: true };
      const why = I.why();
      set("identity-bulk", { opened: false });
      I.tell(() => ({ verb: "bulk", least: Number(d.least), seen: Number(d.seen), why }), done);
    },
  };

  document.addEventListener("click", (event) => {
    if (!I.here()) return;
    const tick = event.target.closest("[role='checkbox']");
    if (tick) tick.setAttribute("aria-checked", String(tick.getAttribute("aria-checked") !== "true"));
    if (tick) count();
    const row = event.target.closest("[data-pair]:not(article)");
    const act = event.target.closest("[data-act]");
    if (row) I.show(row.dataset.pair);
    else if (act && !act.disabled && ACTS[act.dataset.act]) ACTS[act.dataset.act](act.dataset);
  });

  const PAIR = {
    m: "same", a: "apart", s: "later", x: "big", j: "next", k: "previous", ArrowRight: "next", ArrowLeft: "previous",
    ArrowDown: "next", ArrowUp: "previous",
  };
  const PERSON = { x: "split", e: "weigh", Enter: "split", Escape: "leave" };
  const STEPS = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };

  // a dialog hears its keys alone; it may be gone by the time that the key comes here, so this looks first
  let dialog = false;
  window.addEventListener("keydown", () => {
    dialog = Boolean(document.querySelector(".mantine-Modal-content, .mantine-Drawer-content"));
  }, true);

  document.addEventListener("keydown", (event) => {
    if (!I.here() || event.altKey || dialog) return;
    const at = document.activeElement, key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (at === byId("identity-why") && (key === "Enter" || key === "Escape")) {
      if (at.getAttribute("aria-expanded") !== "true") at.blur();
      return;
    }
    if (I.typing(at)) return;
    if (key === "z" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); I.undo(); return; }
    if (event.ctrlKey || event.metaKey) return;
    const button = /^(BUTTON|A|SUMMARY)$/.test(at.tagName);
    let act = { u: "undo", r: "why", "?": "keys" }[key] || (inside() ? PERSON : PAIR)[key];
    if (key === "Enter" && button) act = undefined; // a button that has the focus is pressed
    if (inside() && STEPS[key]) { event.preventDefault(); walk(STEPS[key]); return; }
    if (!act) return;
    event.preventDefault();
    ACTS[act]({});
  });
})();
