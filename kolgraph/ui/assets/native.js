// Plain elements from a tree that the server sends: [tag, attributes, style, child, ...]; text is only ever text.
(() => {
  function make(tree) {
    if (typeof tree === "string") return document.createTextNode(tree);
    const [tag, attributes, style, ...children] = tree;
    const one = document.createElement(tag);
    Object.entries(attributes).forEach(([name, value]) => one.setAttribute(name, value));
    Object.entries(style).forEach(([name, value]) => { name.startsWith("--") ? one.style.setProperty(name, value) : (one.style[name] = value); });
    one.append(...children.map(make));
    return one;
  }
  const paint = (into, trees) => into.replaceChildren(...trees.map(make));
  window.dash_clientside = Object.assign({}, window.dash_clientside, { native: { paint } });
})();
