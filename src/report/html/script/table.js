// The table of services: sorted by any column, filtered by words, tier, verdict, language, category.
const COLUMNS = [
  { name: "Service", of: (u) => u.name.toLowerCase(), show: (u) => unitLink(u), row: true },
  { name: "Kind", of: (u) => u.kind, show: (u) => u.kind },
  { name: "Framework", whole: true, of: (u) => (u.framework || u.languages.join()).toLowerCase(), show: (u) => u.framework || u.languages.join(", ") },
  { name: "Tier", of: (u) => u.effort.tier, show: (u) => tierBadge(u.effort.tier) },
  { name: "Days", num: true, of: (u) => u.effort.person_days, show: (u) => days(u.effort.person_days) },
  { name: "Range", num: true, of: (u) => u.effort.high, show: (u) => range(u.effort) },
  { name: "Ready", num: true, of: (u) => u.readiness, show: (u) => u.readiness },
  { name: "Verdict", of: (u) => VERDICTS.indexOf(u.verdict), show: (u) => verdictBadge(u.verdict) },
  ...(ASSESSED.some((u) => saving(u) !== null) ? [{ name: "Saved a month", num: true, of: (u) => saving(u) ?? -Infinity, show: (u) => (saving(u) === null ? "–" : money(saving(u))) }] : []),
  { name: "Findings", num: true, of: (u) => u.findings.length, show: (u) => number(u.findings.length) },
  { name: "Most work in", of: (u) => mainReason(u), show: (u) => mainReason(u), wide: true },
];

function mainReason(unit) {
  const terms = unit.effort.terms.filter((term) => term.kind !== "base");
  const top = terms.reduce((best, term) => (!best || term.person_days > best.person_days ? term : best), null);
  return top ? `${RULES.has(top.what) ? RULES.get(top.what).title : top.what} (${days(top.person_days)} d)` : "";
}

const state = { column: 4, down: true, words: "", tier: "", verdict: "", language: "", category: "" };

function fits(unit) {
  const hay = `${unit.name} ${unit.dir} ${unit.framework} ${unit.kind}`.toLowerCase();
  return state.words.toLowerCase().split(/\s+/).every((word) => hay.includes(word)) &&
    (!state.tier || unit.effort.tier === state.tier) &&
    (!state.verdict || unit.verdict === state.verdict) &&
    (!state.language || unit.languages.includes(state.language)) &&
    (!state.category || unit.categories[state.category] > 0);
}

function chosen() {
  const { of } = COLUMNS[state.column];
  const compare = (a, b) => (of(a) < of(b) ? -1 : of(a) > of(b) ? 1 : a.name < b.name ? -1 : 1);
  const list = ASSESSED.filter(fits).sort(compare);
  return state.down ? list.reverse() : list;
}

function serviceTable() {
  const body = h("tbody", {});
  const status = h("p", { class: "note", role: "status" });
  const rest = h("div", {});
  const heads = COLUMNS.map((column, ix) => h("th", { scope: "col", class: column.num ? "num" : "" },
    h("button", { type: "button", class: "sort", onclick: () => {
      state.down = state.column === ix ? !state.down : Boolean(column.num);
      state.column = ix;
      update();
    } }, column.name)));
  const row = (unit) => h("tr", {}, COLUMNS.map((column) =>
    h(column.row ? "th" : "td", { scope: column.row && "row", class: column.num ? "num" : column.wide ? "wide" : column.whole ? "whole" : "" }, column.show(unit))));
  function update() {
    const list = chosen();
    heads.forEach((head, ix) => {
      if (ix === state.column) head.setAttribute("aria-sort", state.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    body.replaceChildren();
    rest.replaceChildren(inSteps(list, 50, row, body));
    const sum = list.reduce((all, unit) => all + unit.effort.person_days, 0);
    status.textContent = `${number(list.length)} of ${plural(ASSESSED.length, "service")} · ${days(sum)} person-days, shared libraries counted with each`;
  }
  const field = (label, name, control) => {
    control.id = `filter-${name}`;
    control.value = state[name];
    control.addEventListener("input", () => { state[name] = control.value; update(); });
    return h("div", { class: "field" }, h("label", { for: control.id }, label), control);
  };
  const select = (values) => h("select", {}, h("option", { value: "" }, "all"), values.map((value) => h("option", { value }, value)));
  const languages = [...new Set(ASSESSED.flatMap((unit) => unit.languages))].sort();
  const categories = CATEGORIES.filter((category) => ASSESSED.some((unit) => unit.categories[category]));
  const filters = h("form", { class: "filters", role: "search", "aria-label": "Filter services", onsubmit: (event) => event.preventDefault() },
    field("Name or path", "words", h("input", { type: "search", autocomplete: "off" })),
    field("Tier", "tier", select(TIERS)),
    field("Verdict", "verdict", select(VERDICTS)),
    field("Language", "language", select(languages)),
    field("Category", "category", select(categories)));
  update();
  return h("div", {}, filters, status,
    scroller("Services", h("table", { class: "services" }, h("caption", { class: "unseen" }, "Services and jobs; a button in each heading sorts"), h("thead", {}, h("tr", {}, heads)), body)), rest);
}
