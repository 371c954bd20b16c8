// What the frame does in the browser: title and place after a change of page, keys of the search, the lost connection.
(() => {
  const byId = (id) => document.getElementById(id);
  const options = () => [...document.querySelectorAll("#shell-hits a")];
  let first = true;

  function arrived(at) {
    if (!at) return window.dash_clientside.no_update;
    document.title = `${at.title} · kolgraph`;
    document.querySelectorAll(".k-rail a").forEach((link) => {
      const here = new URL(link.href).pathname === at.path;
      here ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
    });
    const search = byId("shell-search");
    if (search && search === document.activeElement) search.blur();
    if (!first) {
      window.scrollTo(0, 0);
      byId("shell-main").focus({ preventScroll: true });
    }
    first = false;
    return window.dash_clientside.no_update;
  }

  function choose(step) {
    const all = options();
    if (!all.length) return;
    const at = all.findIndex((link) => link.classList.contains("on"));
    const next = (at + step + all.length + (at < 0 && step < 0 ? 1 : 0)) % all.length;
    all.forEach((link, i) => {
      link.classList.toggle("on", i === next);
      link.id = `shell-hit-${i}`;
      link.setAttribute("role", "option");
      link.setAttribute("aria-selected", String(i === next));
    });
    all[next].scrollIntoView({ block: "nearest" });
    byId("shell-search").setAttribute("aria-activedescendant", all[next].id);
  }

  function typing(target) {
    return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  }

  document.addEventListener("keydown", (event) => {
    const search = byId("shell-search");
    if (!search) return;
    if (event.key === "/" && !typing(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      search.focus();
      search.select();
    }
    if (event.target !== search) return;
    if (event.key === "Escape") search.blur();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(event.key === "ArrowDown" ? 1 : -1);
    }
    if (event.key === "Enter") enter(search);
  });

  // Enter before the answer is there opens the first hit as soon as it is
  function enter(search) {
    const asked = search.value.trim();
    const deadline = Date.now() + 4000;
    const open = () => {
      const hits = byId("shell-hits");
      const pick = hits.querySelector("a.on") || hits.querySelector("a");
      const waits = hits.closest("[data-dash-is-loading]") || hits.dataset.asked !== asked;
      if (pick && !waits) {
        pick.click();
        search.blur();
      } else if (asked && Date.now() < deadline && search === document.activeElement && search.value.trim() === asked) {
        setTimeout(open, 40);
      }
    };
    open();
  }

  // a page change inside the same page (a query only) closes the list too
  document.addEventListener("click", (event) => {
    if (event.target.closest && event.target.closest("#shell-hits a")) byId("shell-search").blur();
  });

  // the lost connection: any callback that cannot reach the server shows the banner; it goes when the server answers
  const ask = window.fetch.bind(window);
  let waiting = 0;
  function lost(yes) {
    const banner = byId("shell-lost");
    if (banner) banner.classList.toggle("on", yes);
    clearTimeout(waiting);
    if (yes) waiting = setTimeout(() => ask("/health", { cache: "no-store" }).then(() => lost(false), () => lost(true)), 3000);
  }
  window.fetch = async (...request) => {
    try {
      const answer = await ask(...request);
      lost(false);
      return answer;
    } catch (error) {
      if (error.name !== "AbortError") lost(true);
      throw error;
    }
  };
  window.addEventListener("offline", () => lost(true));
  window.addEventListener("online", () => lost(false));

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    shell: { arrived, asked: (hits, text) => {
      const list = byId("shell-hits");
      if (list) list.dataset.asked = (text || "").trim();
      const search = byId("shell-search");
      search.setAttribute("role", "combobox");
      search.setAttribute("aria-controls", "shell-hits");
      search.setAttribute("aria-autocomplete", "list");
      search.setAttribute("aria-label", "Search people, institutions and topics");
      search.setAttribute("aria-expanded", String(options().length > 0));
      search.removeAttribute("aria-activedescendant");
      return window.dash_clientside.no_update;
    } },
  });
})();
