// Small parts that several pages use.
const tierBadge = (tier) => h("span", { class: `badge tier-${tier}` }, tier);
const verdictBadge = (verdict) => h("span", { class: `badge verdict-${verdict}` }, verdict);
const severityBadge = (severity) => h("span", { class: `badge severity-${severity}` }, severity);

const figure = (value, label, note) =>
  h("div", { class: "figure" }, h("dt", {}, label), h("dd", {}, h("strong", {}, value), note && h("small", {}, note)));

// Money, where the report has it.
const money = (n) => `${n < 0 ? "−" : ""}$${WHOLE.format(Math.round(Math.abs(n)))}`;

// A length beside a number; the number says it, so the bar is for the eye alone.
const bar = (value, most, kind) =>
  h("span", { class: "track", "aria-hidden": "true" },
    h("span", { class: `bar ${kind || ""}`, style: { "inline-size": `${most > 0 ? Math.max(1, (100 * value) / most) : 0}%` } }));

// A table of plain rows: columns are [heading, kind], kind "num" for numbers.
function plainTable(caption, columns, rows, foot) {
  const cell = (tag, [, kind], content, props) => h(tag, { class: kind, ...props }, content);
  const line = (row) => h("tr", {}, row.map((content, ix) => (ix === 0 ? cell("th", columns[ix], content, { scope: "row" }) : cell("td", columns[ix], content))));
  return scroller(caption, h("table", {},
    h("caption", { class: "unseen" }, caption),
    h("thead", {}, h("tr", {}, columns.map((column) => cell("th", column, column[0], { scope: "col" })))),
    h("tbody", {}, rows.map(line)),
    foot && h("tfoot", {}, line(foot))));
}

// Shows a long list in steps.
function inSteps(items, step, make, into) {
  let shown = 0;
  const more = h("button", { type: "button", class: "more" });
  const next = (n) => {
    into.append(...items.slice(shown, shown + n).map(make));
    shown = Math.min(items.length, shown + n);
    more.textContent = `Show ${number(Math.min(step * 5, items.length - shown))} more of ${number(items.length - shown)}`;
    more.hidden = shown >= items.length;
  };
  more.addEventListener("click", () => next(step * 5));
  next(step);
  return more;
}

function whyAndFix(rule) {
  return h("div", { class: "advice" },
    h("h4", {}, "Why it matters"), h("p", {}, rule.why),
    h("h4", {}, "What to do"), h("p", {}, rule.fix),
    rule.links.some(isWeb) && h("p", { class: "links" }, "Read on: ",
      rule.links.filter(isWeb).map((link, ix) => [ix > 0 && " · ", h("a", { href: link, rel: "noreferrer" }, breaking(link.replace(/^https?:\/\//, "")))])));
}
