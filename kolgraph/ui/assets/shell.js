// What the frame does in the browser: title and place after a change of page, keys of the search, the lost connection.
(() => {
  const byId = (id) => document.getElementById(id);
  const nothing = () => window.dash_clientside.no_update;
  let first = true;
  let last = "";

  function arrived(at) {
    if (!at) return nothing();
    document.title = `${at.title} · kolgraph`;
    document.body.dataset.page = at.path;
    document.querySelectorAll(".k-rail a").forEach((link) => {
      const path = new URL(link.href).pathname;
      const here = path === at.path || (path !== "/" && at.path.startsWith(`${path}/`));
      here ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
    });
    label();
    const moved = at.path !== last;
    last = at.path;
    if (!first && moved) {
      window.scrollTo(0, 0);
      byId("shell-main").focus({ preventScroll: true });
    }
    first = false;
    return nothing();
  }

  // to another landscape, or one just made: the whole page anew, since the frame names it
  function go(to) {
    if (to && to.href.startsWith("/")) window.location.assign(to.href);
    return nothing();
  }

  // search: a field and its list are one .k-search; Home has a large one and hides that of the header
  const fieldOf = (box) => box.querySelector("input");
  const listOf = (box) => box.querySelector(".k-hits");
  const options = (box) => [...listOf(box).querySelectorAll("a")];

  function label() {
    document.querySelectorAll(".k-search").forEach((box) => {
      const field = fieldOf(box);
      if (!field) return;
      field.setAttribute("role", "combobox");
      field.setAttribute("aria-controls", listOf(box).id);
      field.setAttribute("aria-autocomplete", "list");
      field.setAttribute("aria-expanded", "false");
      field.setAttribute("aria-label", "Search people, institutions and topics");
    });
  }

  // what is typed goes to the store of the field, after a pause: nothing comes back into the field while somebody types
  let pause = 0;
  document.addEventListener("input", (event) => {
    const box = event.target.closest && event.target.closest(".k-search");
    if (!box || event.target !== fieldOf(box)) return;
    clearTimeout(pause);
    pause = setTimeout(() => {
      window.dash_clientside.set_props(`${event.target.id}-asked`, { data: event.target.value });
    }, 120);
  });

  function choose(box, step) {
    const all = options(box);
    if (!all.length) return;
    const at = all.findIndex((link) => link.classList.contains("on"));
    const next = at < 0 && step < 0 ? all.length - 1 : (at + step + all.length) % all.length;
    all.forEach((link, i) => {
      link.classList.toggle("on", i === next);
      link.id = `${listOf(box).id}-${i}`;
      link.setAttribute("role", "option");
      link.setAttribute("aria-selected", String(i === next));
    });
    all[next].scrollIntoView({ block: "nearest" });
    fieldOf(box).setAttribute("aria-activedescendant", all[next].id);
    fieldOf(box).setAttribute("aria-expanded", "true");
  }

  // Enter before the answer is there opens the first hit as soon as it is
  function enter(box) {
    const field = fieldOf(box);
    const asked = field.value.trim();
    const deadline = Date.now() + 4000;
    const open = () => {
      const pick = listOf(box).querySelector("a.on") || listOf(box).querySelector("a");
      if (pick && listOf(box).dataset.asked === asked) {
        pick.click();
      } else if (asked && Date.now() < deadline && field.value.trim() === asked) {
        setTimeout(open, 30);
      }
    };
    open();
  }

  const typing = (target) => target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);

  document.addEventListener("keydown", (event) => {
    const boxes = [...document.querySelectorAll(".k-search")];
    if (event.key === "/" && !typing(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const box = boxes.filter((one) => getComputedStyle(one).visibility !== "hidden").pop();
      if (!box) return;
      event.preventDefault();
      fieldOf(box).focus();
      fieldOf(box).select();
    }
    const box = boxes.find((one) => fieldOf(one) === event.target);
    if (!box) return;
    if (event.key === "Escape") event.target.blur();
    if (event.key === "Enter") enter(box);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(box, event.key === "ArrowDown" ? 1 : -1);
    }
  });

  document.addEventListener("click", (event) => {
    const hit = event.target.closest && event.target.closest(".k-hits a");
    if (!hit) return;
    document.activeElement.blur();
    fieldOf(hit.closest(".k-search")).blur();
  });

  // the lost connection: a request that cannot reach the server shows the banner; it goes when the server answers
  const ask = window.fetch.bind(window);
  let waiting = 0;
  function lost(yes) {
    const banner = byId("shell-lost");
    if (banner) banner.classList.toggle("on", yes);
    clearTimeout(waiting);
    const again = () => ask("/health", { cache: "no-store" }).then(() => lost(false), () => lost(true));
    if (yes) waiting = setTimeout(again, 3000);
  }
  // what a page asks says for which landscape it was made: one that was opened elsewhere meanwhile is not written into
  function signed(where, how) {
    const shell = document.querySelector(".k-shell");
    if (!shell || !new URL(String(where), location).pathname.endsWith("/_dash-update-component")) return [where, how];
    const headers = new Headers(how && how.headers);
    headers.set("X-Kolgraph-Landscape", shell.dataset.landscape || "");
    return [where, { ...how, headers }];
  }

  window.fetch = async (where, how) => {
    try {
      const answer = await ask(...signed(where, how));
      lost(false);
      if (answer.status === 409) byId("shell-moved")?.classList.add("on");
      return answer;
    } catch (error) {
      if (error.name !== "AbortError") lost(true);
      throw error;
    }
  };
  window.addEventListener("offline", () => lost(true));
  window.addEventListener("online", () => lost(false));

  window.dash_clientside = Object.assign({}, window.dash_clientside, { shell: { arrived, go } });
})();
