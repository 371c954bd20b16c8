// Rows of a checked list: one opens by click or Enter, is settled by keys, and the next one comes by itself.
(() => {
  const byId = (id) => document.getElementById(id);
  const choices = () => [...document.querySelectorAll("#check-detail .check-this")];

  function open(event) {
    const row = event.target.closest && event.target.closest("#check-grid .ag-row");
    if (!row || event.target.closest("a")) return;
    window.dash_clientside.set_props("check-open", { data: { line: Number(row.getAttribute("row-id")), t: Date.now() } });
  }

  document.addEventListener("click", open);

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" && event.target.closest && event.target.closest("#check-grid .ag-cell")) open(event);
    const box = byId("check-detail");
    if (!box || !box.offsetParent) return;
    if (event.key === "n" || event.key === "N") {
      box.querySelector(".check-none")?.click();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const all = [...choices(), box.querySelector(".check-none")].filter(Boolean);
      const at = all.indexOf(document.activeElement);
      const next = event.key === "ArrowDown" ? Math.min(all.length - 1, at + 1) : Math.max(0, at - 1);
      all[next]?.focus();
      all[next]?.closest(".check-person")?.scrollIntoView({ block: "nearest" });
      event.preventDefault();
    }
  });

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.lists_check = {
    // the first candidate has the focus as soon as its row is on the screen: Enter takes it
    ready: () => {
      let left = 40;
      const look = () => {
        const first = choices()[0] || document.querySelector("#check-detail .check-none");
        if (first && first.offsetParent) first.focus({ preventScroll: true });
        if ((!first || document.activeElement !== first) && left--) setTimeout(look, 25);
      };
      look();
    },
  };
})();
