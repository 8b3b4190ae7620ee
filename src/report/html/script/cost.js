// Money: what a service costs in each place, and what the fleet saves over the days spent.
const CENTS = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });
const DOLLARS = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD", maximumFractionDigits: 0 });
const usd = (n) => (Math.abs(n) < 99.995 ? CENTS : DOLLARS).format(n || 0).replace("-", "−");
const months = (n) => (n === undefined || n === null ? "–" : n >= 10 ? number(Math.round(n)) : days(n));
const rate = (n) => (n === undefined || n === null ? "–" : `${n >= 10 ? number(Math.round(n)) : n.toPrecision(2)}/s`);

// A table under a heading of its own, where several follow each other.
const titled = (title, ...rest) => h("div", { class: "titled" }, h("h3", { "aria-hidden": "true" }, title), plainTable(title, ...rest));

// Saving a month over person-days, in the order that saves most per day.
function savingCurve(curve) {
  const [width, height, left, right, top, bottom] = [960, 320, 84, 24, 18, 46];
  const last = curve[curve.length - 1];
  const [most, high] = [Math.max(last.cumulative_days, 0.1), Math.max(last.cumulative_saving, 0.01)];
  const px = (d) => left + (d / most) * (width - left - right);
  const py = (v) => top + (1 - v / high) * (height - top - bottom);
  const grid = [];
  for (const d of steps(0, most)) {
    grid.push(s("line", { class: "grid", x1: px(d), x2: px(d), y1: top, y2: height - bottom }));
    grid.push(s("text", { class: "tick", x: px(d), y: height - bottom + 17, "text-anchor": "middle" }, most < 5 ? days(d) : number(d)));
  }
  for (const v of steps(0, high)) {
    grid.push(s("line", { class: "grid", x1: left, x2: width - right, y1: py(v), y2: py(v) }));
    grid.push(s("text", { class: "tick", x: left - 8, y: py(v) + 4, "text-anchor": "end" }, high < 5 ? usd(v) : money(v)));
  }
  grid.push(s("text", { class: "axis", x: 16, y: (top + height - bottom) / 2, "text-anchor": "middle", transform: `rotate(-90 16 ${(top + height - bottom) / 2})` }, "saved a month →"));
  grid.push(s("text", { class: "axis", x: (left + width - right) / 2, y: height - 8, "text-anchor": "middle" }, "person-days →"));
  const points = [[0, 0], ...curve.map((point) => [point.cumulative_days, point.cumulative_saving])];
  const line = s("polyline", { class: "curve", points: points.map(([d, v]) => `${px(d)},${py(v)}`).join(" ") });
  const dots = curve.slice(0, 300).map((point) => s("circle", { class: "point", cx: px(point.cumulative_days), cy: py(point.cumulative_saving), r: 4 },
    s("title", {}, `${point.service}: ${usd(point.saving)} a month for ${days(point.days)} days`)));
  const half = curve.find((point) => point.cumulative_saving >= last.cumulative_saving / 2);
  const words = `All ${plural(curve.length, "service")} that would save money save ${usd(last.cumulative_saving)} a month for ${days(last.cumulative_days)} days; half of that takes ${days(half.cumulative_days)} days. The table below holds all steps.`;
  return h("figure", {},
    s("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `Saving a month over person-days. ${words}`, class: "scatter" }, grid, line, dots),
    h("figcaption", {}, words));
}

function limitTable(quotas) {
  return titled("Limits that the traffic comes near", [["Limit"], ["Severity"], ["What", "most"], ["What to do", "most"]],
    quotas.map((quota) => [quota.id, severityBadge(quota.severity), quota.message, quota.remedy]));
}

// The fleet's money; nothing where no traffic was given.
function fleetCost() {
  const fleet = DATA.cost;
  if (!fleet) return false;
  const named = (name) => (byName.has(name) ? nameLink(name) : name);
  const priced = UNITS.filter((unit) => unit.cost).sort((a, b) => b.cost.saving - a.cost.saving);
  return section("Cost", "cost",
    h("p", { class: "note" }, `USD a month, prices as of ${fleet.as_of}. An estimate from the traffic in ${fleet.files.join(", ")}.`),
    h("dl", { class: "figures" },
      figure(usd(fleet.today), "Today"),
      figure(usd(fleet.target), `All on ${targetName(TARGET)}`),
      figure(usd(fleet.mix), "Best mix", "only those that save money")),
    fleet.curve.length > 0 && savingCurve(fleet.curve),
    fleet.curve.length > 0 && titled("What to move first", [["Service"], ["Days", "num"], ["Saves a month", "num"], ["Sum of days", "num"], ["Sum saved", "num"]],
      fleet.curve.slice(0, 200).map((point) => [named(point.service), days(point.days), usd(point.saving), days(point.cumulative_days), usd(point.cumulative_saving)])),
    priced.length > 0 && titled("Cost by service", [["Service"], ["Today", "num"], [targetName(TARGET), "num"], ["Saves", "num"], ["Dearer from", "num"], ["Months", "num"], ["Decision"], ["Because", "most"]],
      priced.slice(0, 1000).map((unit) => [unitLink(unit), usd(unit.cost.today), usd(unit.cost.target), usd(unit.cost.saving), rate(unit.cost.break_even_rps), months(unit.cost.payback_months), verdictBadge(unit.cost.decision), unit.cost.reason]),
      ["Sum, with what is shared", usd(fleet.today), usd(fleet.target), usd(fleet.saving), "", "", "", ""]),
    fleet.quotas.length > 0 && limitTable(fleet.quotas),
    fleet.unmatched.length > 0 && h("p", { class: "note" }, `In the traffic, but no unit of that name: ${fleet.unmatched.join(", ")}.`),
    fleet.without_traffic.length > 0 && h("p", { class: "note" }, `Without traffic, hence without cost: ${fleet.without_traffic.join(", ")}.`),
    fleet.problems.length > 0 && h("ul", { class: "note" }, fleet.problems.map((problem) => h("li", {}, `${problem.file}:${problem.line}: ${problem.message}`))));
}

// A service's money on its own page.
function serviceCost(unit) {
  const { cost } = unit;
  if (!cost) return false;
  const { traffic } = cost;
  return section("Cost", "cost",
    h("p", {}, verdictBadge(cost.decision), " ", cost.reason),
    h("dl", { class: "figures" },
      figure(usd(cost.today), "Today, a month"),
      figure(usd(cost.target), cost.target_option || "Target", `saves ${usd(cost.saving)}`),
      figure(months(cost.payback_months), "Months to pay back"),
      figure(rate(cost.break_even_rps), "Dearer from", `${rate(traffic.average_rps)} now`),
      figure(`${days(traffic.cold_share * 100)} %`, "Cold requests")),
    titled("What it costs in each place", [["Place"], ["A month", "num"], ["", "wide bars"], ["Sum of", "how"]],
      cost.options.map((option) => [option.name, usd(option.usd), bar(option.usd, Math.max(...cost.options.map((o) => o.usd)), "rule"), [option.terms.map((term) => `${term.what} ${usd(term.usd)} (${term.how})`).join(" + "), option.note && h("small", {}, ` ${option.note}`)]])),
    titled("A month a little different", [["Change"], ["Today", "num"], ["Target", "num"], ["Saves", "num"]],
      cost.sensitivity.map((row) => [row.what, usd(row.today), usd(row.target), usd(row.saving)])),
    cost.quotas && limitTable(cost.quotas),
    cost.assumed && h("p", { class: "note" }, `Assumed: ${cost.assumed.join("; ")}.`));
}
