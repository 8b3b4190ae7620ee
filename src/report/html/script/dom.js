// Making elements. Text is only ever set as text, so nothing of a scanned tree becomes markup.
const SVG = "http://www.w3.org/2000/svg";

function fill(node, props, children) {
  for (const [key, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "style") for (const [name, v] of Object.entries(value)) node.style.setProperty(name, v);
    else node.setAttribute(key, value === true ? "" : value);
  }
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    node.append(child instanceof Node ? child : String(child));
  }
  return node;
}

const h = (tag, props, ...children) => fill(document.createElement(tag), props, children);
const s = (tag, props, ...children) => fill(document.createElementNS(SVG, tag), props, children);

// Places at which a long path or name may break.
const breaking = (text) => String(text).split(/(?<=[/._-])/).flatMap((part) => [part, h("wbr")]);

// Made once: making one takes longer than all that it formats.
const WHOLE = new Intl.NumberFormat("en-US");
const TENTHS = new Intl.NumberFormat("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const number = (n) => WHOLE.format(n || 0);
const days = (n) => TENTHS.format(n || 0);
const range = (e) => `${days(e.low)}–${days(e.high)}`;
const plural = (n, one, many) => `${number(n)} ${n === 1 ? one : many || one + "s"}`;
// Links come from rules, also a user's own.
const isWeb = (link) => /^https?:\/\//.test(link);

function section(title, id, ...children) {
  return h("section", { "aria-labelledby": id }, h("h2", { id }, title), ...children);
}

// A box that scrolls sideways must be reachable with the keyboard.
const scroller = (label, ...children) => h("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": label }, ...children);
