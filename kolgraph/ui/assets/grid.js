// Cells of the tables: a person as a link, a score as a number beside its bar, dimensions as seven small bars;
// of a checked list what it says, its verdict, whom it means.
(() => {
  const el = (...parts) => window.React.createElement(...parts);
  const cells = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});

  // a link that Dash's own routing follows, so that the page is not loaded anew
  function go(event) {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    window.history.pushState({}, "", event.currentTarget.getAttribute("href"));
    window.dispatchEvent(new PopStateEvent("popstate"));
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }

  cells.Person = (props) => el("span", { className: "cell-person" },
    el("a", { href: `/person/${props.data.id}`, onClick: go }, props.value),
    props.data.place ? el("span", null, props.data.place) : null);

  cells.Score = (props) => {
    const { most, digits } = props.colDef.cellRendererParams || {};
    const share = most ? Math.max(0, Math.min(1, props.value / most)) : 0;
    return el("span", { className: "cell-score" },
      el("span", { className: "k-bar" }, el("span", { style: { width: `${100 * share}%` } })),
      el("b", null, props.value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits })));
  };

  cells.Listed = (props) => el("span", { className: "cell-person" },
    el("b", null, props.value), props.data.listed ? el("span", null, props.data.listed) : null);

  cells.Verdict = (props) => {
    const [label, tone] = props.colDef.cellRendererParams.looks[props.value];
    return el("span", { className: `k-chip ${tone}` }, label);
  };

  // whom a row means is a link; whom it may mean is named as a question
  cells.Meant = (props) => !props.value ? null : props.data.id
    ? cells.Person(props)
    : el("span", { className: "cell-person" }, el("em", null, `${props.value}?`), props.data.place ? el("span", null, props.data.place) : null);

  // the word stands for the colour; where nothing was compared there is a word and no figure
  cells.Identity = (props) => {
    const [kind, short, about] = props.data.sure;
    return el("a", { className: `k-chip ${kind} cell-sure`, href: `/identity?person=${props.data.id}`, title: about, onClick: go }, short);
  };

  cells.Parts = (props) => {
    const names = props.colDef.cellRendererParams.names;
    const said = Object.entries(names).map(([id, name]) => {
      const value = props.value[id];
      return `${name}: ${value === undefined ? "not measured" : Math.round(value)}`;
    });
    return el("span", { className: "cell-parts", role: "img", "aria-label": said.join(", "), title: said.join("\n") },
      ...Object.keys(names).map((id) => {
        const value = props.value[id];
        return value === undefined
          ? el("i", { key: id, className: "none" })
          : el("i", { key: id, style: { height: `${Math.max(4, value)}%` } });
      }));
  };
})();
