// Services by categories: a table, so that it reads without eyes too; colour repeats the number.
const HEAT_ROWS = 20;

function heatMap(units) {
  const used = CATEGORIES.filter((category) => units.some((unit) => unit.categories[category]));
  const silent = CATEGORIES.filter((category) => !used.includes(category));
  const most = Math.max(1, ...units.flatMap((unit) => Object.values(unit.categories)));
  const shade = (n) => (n ? `${Math.round(12 + 48 * (Math.log1p(n) / Math.log1p(most)))}%` : "0%");
  const sum = (category) => units.reduce((all, unit) => all + (unit.categories[category] || 0), 0);
  const row = (unit) => h("tr", {},
    h("th", { scope: "row" }, unitLink(unit)),
    used.map((category) => {
      const n = unit.categories[category] || 0;
      return h("td", { class: n ? "hot" : "", style: n ? { "--shade": shade(n) } : {} }, n ? number(n) : h("span", { class: "unseen" }, "none"));
    }));
  const body = h("tbody", {});
  const more = inSteps(units, HEAT_ROWS, row, body);
  return h("div", {},
    scroller("Findings by service and category", h("table", { class: "heat" },
      h("caption", { class: "unseen" }, "Number of findings of each service by category, those of its libraries included"),
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Service"), used.map((category) => h("th", { scope: "col", class: "turned" }, h("span", {}, category))))),
      body,
      h("tfoot", {}, h("tr", {}, h("th", { scope: "row" }, "all"), used.map((category) => h("td", {}, number(sum(category)))))))),
    more,
    silent.length > 0 && h("p", { class: "note" }, `Nothing found of: ${silent.join(", ")}.`));
}
