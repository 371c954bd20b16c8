// Identity: the pair that is seen and those after it, ready beforehand; decisions and the way back. The next pair is
// there at once; a decision counts as made when the ledger has it.
(() => {
  const byId = (id) => document.getElementById(id);
  const set = (id, props) => window.dash_clientside.set_props(id, props);
  const paint = (into, trees) => window.dash_clientside.native.paint(into, trees);
  const I = {};
  window.dash_clientside = Object.assign({}, window.dash_clientside, { identity: I });
  const SLOTS = 3; // the pair that is seen and two that are ready
  const LOW = 20; // rows left from which on more are asked for
  const PATIENCE = 15000; // milliseconds
  const SAID = { same: "Merged", apart: "Kept apart", later: "Put off", split: "Split off", bulk: "Merged in bulk", old: "Decided" };
  const begin = (deck) => ({ deck, now: "", slots: Array(SLOTS).fill(""), past: [], queue: [], busy: null, told: "", later: [], turn: 0, held: [] });
  let S = begin(null);

  I.here = () => Boolean(byId("identity-deck"));
  I.say = (words) => { byId("identity-say").textContent = words; };
  I.turn = () => ++S.turn;
  const slots = () => [...byId("identity-deck").children];
  const article = (n) => slots()[n].querySelector("article");
  const ready = (n) => n >= 0 && article(n)?.dataset.pair === S.slots[n];
  I.current = () => { const n = S.slots.indexOf(S.now); return S.now && ready(n) && !slots()[n].hidden ? article(n) : null; };
  const rows = () => [...document.querySelectorAll("#identity-list .ident-row")];
  const item = (pair) => rows().find((row) => row.dataset.pair === pair)?.parentElement;
  const open = () => rows().filter((row) => !row.parentElement.hidden).sort((a, b) => put(a) - put(b));
  const put = (row) => S.later.indexOf(row.dataset.pair); // what was put off stands at the end, in that order
  const more = () => Number(byId("identity-list").dataset.more || 0);

  // the deck: each slot holds one pair; what comes next is asked for while somebody reads
  function ask(pair) {
    let n = S.slots.indexOf(pair);
    if (n >= 0) return n;
    const kept = new Set([S.now, ...ahead()]);
    n = S.slots.findIndex((one) => !kept.has(one));
    if (n < 0) n = S.slots.findIndex((one) => one !== S.now);
    S.slots[n] = pair;
    const [a, b] = pair.split(" ");
    set({ type: "identity-ask", n }, { data: { a, b, t: I.turn() } });
    return n;
  }

  function ahead() {
    const all = open().map((row) => row.dataset.pair);
    const at = all.indexOf(S.now);
    return [...all.slice(at + 1), ...all.slice(0, Math.max(at, 0)).reverse()].slice(0, SLOTS - 1);
  }

  I.show = (pair) => {
    I.close?.();
    S.now = pair;
    const n = pair ? ask(pair) : -1;
    slots().forEach((one, i) => { one.hidden = i !== n; one.classList.toggle("waits", i === n && !ready(n)); });
    byId("identity-none").hidden = Boolean(pair);
    byId("identity-acts").hidden = !pair;
    rows().forEach((row) => row.setAttribute("aria-current", String(row.dataset.pair === pair)));
    inView(item(pair));
    const all = open(), at = all.findIndex((row) => row.dataset.pair === pair);
    byId("identity-place").textContent = at < 0 ? "" : `${at + 1} of ${(all.length + more()).toLocaleString("en")}`;
    if (!pair) I.say(`${S.told} No pair is left here.`.trim());
    else if (ready(n)) read();
    setTimeout(prepare);
  };

  // within the list alone: the page stays where it is
  function inView(row) {
    if (!row) return;
    const box = byId("identity-list"), frame = box.getBoundingClientRect(), own = row.getBoundingClientRect();
    if (own.top < frame.top) box.scrollTop -= frame.top - own.top;
    else if (own.bottom > frame.bottom) box.scrollTop += own.bottom - frame.bottom;
  }

  // a decision under way goes first
  function prepare() {
    if (I.here() && !S.busy) ahead().forEach(ask);
  }

  function read() {
    const one = I.current();
    I.say(`${S.told} ${one.getAttribute("aria-label")}`.trim());
    S.told = "";
    const top = one.getBoundingClientRect().top;
    if (top < 120) window.scrollBy(0, top - 140); // a pair is read from its head, below what is stuck to the top
    const at = document.activeElement;
    if (!I.typing(at) && !(at?.closest("#identity-list") && !at.closest("[hidden]"))) one.focus({ preventScroll: true });
  }

  I.step = (by) => {
    const all = open(), at = all.findIndex((row) => row.dataset.pair === S.now);
    const next = all[at < 0 ? 0 : at + by];
    if (next) I.show(next.dataset.pair);
    else I.say(by > 0 ? "This is the last pair." : "This is the first pair.");
  };

  // a decision: its row goes, the next pair comes, the ledger is told; in order, one at a time
  I.decide = (verb) => {
    const one = I.current();
    if (!one) return;
    const { a, b, names, pair } = one.dataset;
    const done = { verb, pairs: [pair], entries: [], names };
    const all = open(), at = all.findIndex((row) => row.dataset.pair === pair);
    const next = (all[at + 1] || all[at - 1])?.dataset.pair || "";
    const words = verb === "later" ? "" : I.why();
    if (verb === "later") put_off(pair, true);
    else if (item(pair)) item(pair).hidden = true;
    S.past.push(done);
    S.told = `${SAID[verb]}: ${names}.`;
    if (verb !== "later") I.tell(() => ({ verb, a, b, why: words }), done);
    I.show(next);
  };

  function put_off(pair, yes) {
    S.later = S.later.filter((one) => one !== pair);
    if (yes) S.later.push(pair);
    rows().forEach((row) => { row.parentElement.style.order = put(row) + 1; row.classList.toggle("later", put(row) >= 0); });
  }

  I.why = () => {
    const words = byId("identity-why").value.trim().slice(0, 300);
    if (words) { // the field tells what it holds late: only a change of what was told empties it
      set("identity-why", { value: words });
      setTimeout(() => set("identity-why", { value: "" }));
    }
    return words;
  };

  I.tell = (what, done) => { S.queue.push({ what, done }); next(); };

  function next() {
    if (S.busy || !S.queue.length) return;
    S.busy = S.queue.shift();
    S.busy.asked = { ...S.busy.what(), t: I.turn() };
    S.busy.timer = setTimeout(() => I.did({ t: S.busy.asked.t, error: "kolgraph does not answer. Load the page again to see what stands." }), PATIENCE);
    set("identity-do", { data: S.busy.asked });
  }

  I.did = (answer) => {
    if (!answer || !S.busy || answer.t !== S.busy.asked.t) return;
    const { asked, done, timer } = S.busy;
    clearTimeout(timer);
    S.busy = null;
    byId("identity-trouble").hidden = !answer.error;
    if (answer.error) failed(asked, done, answer.error);
    else if (asked.verb === "undo") back(done, answer.reopened);
    else made(done, answer);
    byId("identity").dataset.made = String(Number(byId("identity").dataset.made || 0) + 1);
    next();
    prepare();
  };

  function made(done, answer) {
    done.entries = answer.entries;
    const late = answer.settled.filter((pair) => item(pair) && !item(pair).hidden);
    const passing = late.includes(S.now);
    const at = open().findIndex((row) => row.dataset.pair === S.now);
    late.forEach((pair) => { item(pair).hidden = true; });
    done.pairs.push(...late);
    if (!S.past.includes(done)) S.past.push(done);
    if (passing) I.show((open()[at] || open().at(-1))?.dataset.pair || "");
    if (done.whole || (more() && open().length < LOW)) I.refresh();
  }

  // nothing was decided: the pair comes back, with the reason in its place
  function failed(asked, done, words) {
    if (asked.verb === "undo") S.past.push(done);
    else {
      S.past = S.past.filter((one) => one !== done);
      done.pairs.forEach((pair) => { if (item(pair)) item(pair).hidden = false; });
      if (done.pairs[0]) I.show(done.pairs[0]);
    }
    byId("identity-trouble").textContent = `${asked.verb === "undo" ? "Not undone" : "Not decided"}: ${words}`;
  }

  I.undo = () => {
    const last = S.past.pop();
    if (!last) return I.say("Nothing was decided since this page was opened. History undoes what is older.");
    if (last.verb !== "later") return I.tell(() => ({ verb: "undo", entries: last.entries }), last);
    put_off(last.pairs[0], false);
    return back(last, []);
  };

  function back(done, reopened) {
    const pairs = [...new Set([...done.pairs, ...reopened])];
    pairs.forEach((pair) => { if (item(pair)) item(pair).hidden = false; });
    S.told = `Undone: ${SAID[done.verb].toLowerCase()}, ${done.names}.`;
    if (done.pairs[0]) I.show(done.pairs[0]);
    else I.say(S.told);
    if (done.whole || !pairs.every(item)) I.refresh();
    if (done.past) set("identity-past", { data: I.turn() });
  }

  // the list anew: after a filter, when it runs low, when a build has ended
  I.refresh = () => set("identity-again", { data: I.turn() });
  I.listed = (data) => {
    requestAnimationFrame(() => {
      if (!data || !I.here()) return;
      paint(byId("identity-list"), data.rows);
      byId("identity-list").dataset.more = String(data.more);
      byId("identity-count").textContent = data.count;
      const fresh = S.deck !== byId("identity-deck");
      if (fresh) {
        S = begin(byId("identity-deck"));
        if (data.first) paint(slots()[0], data.first);
        S.slots = slots().map((_, n) => article(n)?.dataset.pair || "");
      }
      const told = new Set([...S.queue, ...(S.busy ? [S.busy] : [])].flatMap(({ done }) => (done.entries.length ? [] : done.pairs)));
      rows().forEach((row) => { row.parentElement.hidden = told.has(row.dataset.pair); });
      put_off("", false);
      byId("identity").dataset.made ||= "0"; // from here on keys are heard
      if (fresh && data.person) return I.opened(data.person);
      const wanted = fresh ? S.slots[0] : S.now;
      I.show(wanted && (fresh || item(wanted)) ? wanted : open()[0]?.dataset.pair || "");
    });
    return true;
  };
  I.resume = () => I.show(item(S.now) && !item(S.now).hidden ? S.now : open()[0]?.dataset.pair || "");

  // pairs from the server, each for the slot that asked for it; an answer to an older question is left
  I.drawn = (all) => {
    if (!I.here()) return;
    all.forEach((trees, n) => {
      if (!trees || trees === S.held[n]) return;
      S.held[n] = trees;
      const article = trees[0];
      if (article[1]["data-pair"] === S.slots[n]) paint(slots()[n], trees);
    });
    const n = S.slots.indexOf(S.now);
    if (n < 0 || !ready(n) || !slots()[n].classList.contains("waits")) return;
    slots()[n].classList.remove("waits");
    read();
  };

  I.typing = (target) => Boolean(target) && (target.isContentEditable || (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !/^(checkbox|button|radio|range)$/.test(target.type)));
})();
