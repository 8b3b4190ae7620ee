// Charts as inline SVG. Each has a text that says the same.

// One bar cut into shares; the legend under it is its text.
function shares(title, parts) {
  const all = parts.reduce((sum, part) => sum + part.value, 0);
  let x = 0;
  const rects = parts.filter((part) => part.value > 0).map((part) => {
    const width = (1000 * part.value) / all;
    const rect = s("rect", { x, y: 0, width: Math.max(width - 3, 1), height: 20, rx: 3, class: part.kind }, s("title", {}, `${part.label}: ${part.value}`));
    x += width;
    return rect;
  });
  return h("div", { class: "shares" },
    h("h3", {}, title),
    s("svg", { viewBox: "0 0 1000 20", preserveAspectRatio: "none", "aria-hidden": "true", focusable: "false" }, rects),
    h("ul", { class: "legend" }, parts.map((part) => h("li", { class: part.value ? "" : "none" },
      h("span", { class: `dot ${part.kind}`, "aria-hidden": "true" }), h("strong", {}, number(part.value)), " ", part.label))));
}

const ticks = (most) => [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].filter((t) => t <= most * 1.05);

// Effort to the right, readiness up. A root scale keeps many small services apart.
function scatter(units) {
  const [width, height, left, right, top, bottom] = [960, 380, 52, 24, 18, 46];
  const most = Math.max(2, ...units.map((unit) => unit.effort.person_days)) * 1.06;
  const least = Math.max(0, Math.floor((Math.min(...units.map((unit) => unit.readiness)) - 5) / 10) * 10);
  const px = (d) => left + Math.sqrt(d / most) * (width - left - right);
  const py = (r) => top + (1 - (r - least) / (100 - least)) * (height - top - bottom);
  const grid = [];
  for (const t of ticks(most)) {
    grid.push(s("line", { class: "grid", x1: px(t), x2: px(t), y1: top, y2: height - bottom }));
    grid.push(s("text", { class: "tick", x: px(t), y: height - bottom + 17, "text-anchor": "middle" }, t));
  }
  const step = 100 - least > 50 ? 20 : 10;
  for (let r = Math.ceil(least / step) * step; r <= 100; r += step) {
    grid.push(s("line", { class: "grid", x1: left, x2: width - right, y1: py(r), y2: py(r) }));
    grid.push(s("text", { class: "tick", x: left - 8, y: py(r) + 4, "text-anchor": "end" }, r));
  }
  grid.push(s("text", { class: "axis", x: (left + width - right) / 2, y: height - 8, "text-anchor": "middle" }, "effort in person-days (root scale) →"));
  grid.push(s("text", { class: "axis", x: 14, y: (top + height - bottom) / 2, "text-anchor": "middle", transform: `rotate(-90 14 ${(top + height - bottom) / 2})` }, "readiness →"));
  // Names where there is room for them, the dearest first.
  const taken = units.map((unit) => [px(unit.effort.person_days) - 6, py(unit.readiness) - 6, px(unit.effort.person_days) + 6, py(unit.readiness) + 6]);
  const labels = [];
  const dots = [...units].sort((a, b) => b.effort.person_days - a.effort.person_days).map((unit) => {
    const [x, y] = [px(unit.effort.person_days), py(unit.readiness)];
    const name = unit.name.length > 26 ? `${unit.name.slice(0, 25)}…` : unit.name;
    const box = [x + 8, y - 10, x + 12 + name.length * 6.6, y + 6];
    const flip = box[2] > width - right;
    if (flip) box.splice(0, 4, x - 12 - name.length * 6.6, y - 10, x - 8, y + 6);
    const free = taken.every((o) => box[2] < o[0] || box[0] > o[2] || box[3] < o[1] || box[1] > o[3]);
    if (free && labels.length < 30 && box[0] > left) {
      taken.push(box);
      labels.push(s("text", { class: "label", x: flip ? x - 10 : x + 10, y: y + 4, "text-anchor": flip ? "end" : "start" }, name));
    }
    const tip = `${unit.name}: ${days(unit.effort.person_days)} days, readiness ${unit.readiness}, ${unit.verdict}`;
    return s("circle", { class: `point tier-${unit.effort.tier}`, cx: x, cy: y, r: units.length > 300 ? 4 : 6, onclick: () => { location.hash = `service/${encodeURIComponent(unit.key)}`; } }, s("title", {}, tip));
  });
  const dearest = [...units].sort((a, b) => b.effort.person_days - a.effort.person_days).slice(0, 3);
  const easy = units.filter((unit) => unit.effort.tier === "T1").length;
  const words = `${plural(easy, "service needs", "services need")} less than two days (top left). The dearest are ` +
    `${dearest.map((unit) => `${unit.name} with ${days(unit.effort.person_days)} days at readiness ${unit.readiness}`).join(", ")}. The table of services holds all values.`;
  return h("figure", {},
    s("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `Scatter of effort against readiness. ${words}`, class: "scatter" }, grid, dots, labels),
    h("figcaption", {}, words));
}
