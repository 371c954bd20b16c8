// New landscape: gathers the form; a moment after the last change sources are asked, and the address holds it.
(() => {
  const PAUSE = 600; // milliseconds
  let pending = 0;
  let last = "";

  function gather(names, ticked, own, since, until, countries, checked, title, sources) {
    const form = {
      title: title || "",
      topics: names.map((name, i) => ({ name: name || "", terms: [...(ticked[i] || []), ...(own[i] || [])] })),
      since: since ? String(since) : "",
      until: until ? String(until) : "",
      countries: countries || [],
      sources: sources.filter((_, i) => checked[i]).map((id) => id.source),
    };
    clearTimeout(pending);
    pending = setTimeout(() => {
      const said = JSON.stringify(form);
      if (!location.pathname.startsWith("/landscapes/new") || !document.getElementById("new-topics")) return;
      history.replaceState(history.state, "", `/landscapes/new?form=${encodeURIComponent(said)}`);
      last = said;
      window.dash_clientside.set_props("new-wanted", { data: form });
    }, last ? PAUSE : 0);
    return form;
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest && event.target.closest("[data-close]")) {
      window.dash_clientside.set_props("shell-toast", { children: null });
    }
  });

  window.dash_clientside = Object.assign({}, window.dash_clientside, { landscapes: { gather } });
})();
