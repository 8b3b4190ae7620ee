// Charts as inline SVG. Each has a text that says the same.

// One bar cut into shares; the legend under it is its text.
function shares(title, parts, titleClass) {
  const all = parts.reduce((sum, part) => sum + part.value, 0);
  let x = 0;
  const rects = parts.filter((part) => part.value > 0).map((part) => {
    const width = (1000 * part.value) / all;
    const rect = s("rect", { x, y: 0, width: Math.max(width - 3, 1), height: 20, rx: 3, class: part.kind }, s("title", {}, `${part.label}: ${(part.show || number)(part.value)}`));
    x += width;
    return rect;
  });
  return h("div", { class: "shares" },
    h("h3", { class: titleClass }, title),
    s("svg", { viewBox: "0 0 1000 20", preserveAspectRatio: "none", "aria-hidden": "true", focusable: "false" }, rects),
    h("ul", { class: "legend" }, parts.map((part) => h("li", { class: part.value ? "" : "none" },
      h("span", { class: `dot ${part.kind}`, "aria-hidden": "true" }), h("strong", {}, (part.show || number)(part.value)), " ", part.label))));
}

const ticks = (most) => [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].filter((t) => t <= most * 1.05);

// Steps of 1, 2 or 5 that cut a range into about five.
function steps(least, most) {
  const rough = (most - least) / 5 || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough);
  const out = [];
  for (let at = Math.ceil(least / step) * step; at <= most + step / 1e6; at += step) out.push(Math.abs(at) < step / 1e6 ? 0 : at);
  return out;
}

// What the upward axis may show. Money is the better measure where it is known.
const READINESS = { name: "readiness", of: (unit) => unit.readiness, show: (unit) => `readiness ${unit.readiness}`, tick: String };
const SAVING = { name: "saving, USD a month", of: saving, show: (unit) => `${money(saving(unit))} saved a month`, tick: money };

// Effort to the right, the other measure up. A root scale keeps many small services apart.
function scatter(units) {
  const priced = units.filter((unit) => saving(unit) !== null);
  if (priced.length < 2) return scatterOf(units, READINESS);
  const place = h("div", {});
  const note = (n) => (n ? `${plural(n, "service has", "services have")} no traffic in the report and ${n === 1 ? "is" : "are"} not shown.` : "");
  const draw = (up) => place.replaceChildren(scatterOf(up === SAVING ? priced : units, up), ...(up === SAVING ? [h("p", { class: "note" }, note(units.length - priced.length))] : []));
  const choose = h("select", { id: "scatter-up" }, h("option", { value: "saving" }, "saving a month"), h("option", { value: "readiness" }, "readiness"));
  choose.addEventListener("input", () => draw(choose.value === "saving" ? SAVING : READINESS));
  draw(SAVING);
  return h("div", {}, h("form", { class: "filters", onsubmit: (event) => event.preventDefault() }, h("div", { class: "field" }, h("label", { for: "scatter-up" }, "Effort against"), choose)), place);
}

function scatterOf(units, up) {
  const [width, height, left, right, top, bottom] = [960, 380, up === READINESS ? 52 : 78, 24, 18, 46];
  const most = Math.max(2, ...units.map((unit) => unit.effort.person_days)) * 1.06;
  const values = units.map(up.of);
  const spread = Math.max(...values) - Math.min(...values) || 1;
  const least = up === READINESS ? Math.max(0, Math.floor((Math.min(...values) - 5) / 10) * 10) : Math.min(0, Math.min(...values) - spread * 0.06);
  const highest = up === READINESS ? 100 : Math.max(0, Math.max(...values) + spread * 0.06);
  const px = (d) => left + Math.sqrt(d / most) * (width - left - right);
  const py = (r) => top + (1 - (r - least) / (highest - least)) * (height - top - bottom);
  const grid = [];
  for (const t of ticks(most)) {
    grid.push(s("line", { class: "grid", x1: px(t), x2: px(t), y1: top, y2: height - bottom }));
    grid.push(s("text", { class: "tick", x: px(t), y: height - bottom + 17, "text-anchor": "middle" }, t));
  }
  for (const r of steps(least, highest)) {
    grid.push(s("line", { class: r === 0 && least < 0 ? "grid zero" : "grid", x1: left, x2: width - right, y1: py(r), y2: py(r) }));
    grid.push(s("text", { class: "tick", x: left - 8, y: py(r) + 4, "text-anchor": "end" }, up.tick(r)));
  }
  grid.push(s("text", { class: "axis", x: (left + width - right) / 2, y: height - 8, "text-anchor": "middle" }, "effort in person-days (root scale) →"));
  grid.push(s("text", { class: "axis", x: 14, y: (top + height - bottom) / 2, "text-anchor": "middle", transform: `rotate(-90 14 ${(top + height - bottom) / 2})` }, `${up.name} →`));
  // Names where there is room for them, the dearest first.
  const taken = units.map((unit) => [px(unit.effort.person_days) - 6, py(up.of(unit)) - 6, px(unit.effort.person_days) + 6, py(up.of(unit)) + 6]);
  const labels = [];
  const dots = [...units].sort((a, b) => b.effort.person_days - a.effort.person_days).map((unit) => {
    const [x, y] = [px(unit.effort.person_days), py(up.of(unit))];
    const name = unit.name.length > 26 ? `${unit.name.slice(0, 25)}…` : unit.name;
    const box = [x + 8, y - 10, x + 12 + name.length * 6.6, y + 6];
    const flip = box[2] > width - right;
    if (flip) box.splice(0, 4, x - 12 - name.length * 6.6, y - 10, x - 8, y + 6);
    const free = taken.every((o) => box[2] < o[0] || box[0] > o[2] || box[3] < o[1] || box[1] > o[3]);
    if (free && labels.length < 30 && box[0] > left) {
      taken.push(box);
      labels.push(s("text", { class: "label", x: flip ? x - 10 : x + 10, y: y + 4, "text-anchor": flip ? "end" : "start" }, name));
    }
    const tip = `${unit.name}: ${days(unit.effort.person_days)} days, ${up.show(unit)}, ${unit.verdict}`;
    return s("circle", { class: `point tier-${unit.effort.tier}`, cx: x, cy: y, r: units.length > 300 ? 4 : 6, onclick: () => { location.hash = `service/${encodeURIComponent(unit.key)}`; } }, s("title", {}, tip));
  });
  const dearest = [...units].sort((a, b) => b.effort.person_days - a.effort.person_days).slice(0, 3);
  const easy = units.filter((unit) => unit.effort.tier === "T1").length;
  const words = `${plural(easy, "service needs", "services need")} less than two days (top left). The dearest are ` +
    `${dearest.map((unit) => `${unit.name} with ${days(unit.effort.person_days)} days at ${up.show(unit)}`).join(", ")}. The table of services holds all values.`;
  return h("figure", {},
    s("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `Scatter of effort against ${up.name}. ${words}`, class: "scatter" }, grid, dots, labels),
    h("figcaption", {}, words));
}
