// Findings with their source lines, by rule.
const SITES = 12;

function site(finding, unit) {
  const place = `${text(finding.p)}:${finding.l}`;
  const about = [];
  if (text(finding.u) !== unit.name && finding.u !== undefined) about.push(["in ", nameLink(text(finding.u))]);
  if (finding.x !== undefined) about.push(h("code", {}, text(finding.x)));
  if (finding.d) about.push("nobody reaches it: costs nothing");
  else if (finding.h) about.push(`reached by ${finding.h.map(text).join(", ")}`);
  if (CONFIDENCES[finding.c] !== "high") about.push(`confidence ${CONFIDENCES[finding.c]}`);
  if (finding.a) about.push(["also ", finding.a.map((ix, n) => [n > 0 && ", ", text(ix)])]);
  const burdened = (finding.b || []).filter((ix) => text(ix) !== unit.name);
  return h("li", { class: "site" },
    h("div", { class: "place" }, severityBadge(SEVERITIES[finding.s]), " ", h("code", { class: "path" }, breaking(place)), finding.m && h("span", { class: "message" }, " ", finding.m)),
    finding.t && h("pre", { tabindex: "0", role: "group", "aria-label": `Source of ${place}` }, h("span", { class: "gutter", "aria-hidden": "true" }, finding.l), h("code", {}, finding.t[0], finding.t[1] && h("mark", {}, finding.t[1]), finding.t[2])),
    about.length > 0 && h("p", { class: "about" }, about.map((part, ix) => [ix > 0 && " · ", part])),
    burdened.length > 0 && h("p", { class: "about" }, `burdens ${plural(burdened.length, "unit")}: `, burdened.slice(0, 8).map((ix, n) => [n > 0 && ", ", nameLink(text(ix))]), burdened.length > 8 && " …"),
    finding.f && h("details", { class: "flow" }, h("summary", {}, `How a request comes here, in ${plural(finding.f.length, "step")} `, h("span", { class: "unseen" }, `(${place})`)),
      h("ol", {}, finding.f.map(([path, line, note]) => h("li", {}, text(note), " ", h("code", {}, breaking(`${text(path)}:${line}`)))), h("li", {}, "here"))),
    finding.n && h("ul", { class: "related" }, finding.n.slice(0, 10).map(([path, line, note]) => h("li", {}, text(note), ": ", h("code", {}, breaking(`${text(path)}:${line}`)))),
      finding.n.length > 10 && h("li", {}, `and ${number(finding.n.length - 10)} more`)));
}

// Rules by what they cost here, then by severity.
function findingsByRule(unit) {
  const cost = new Map((unit.effort ? unit.effort.terms : []).filter((term) => term.kind === "rule").map((term) => [term.what, term.person_days]));
  const groups = new Map();
  for (const finding of unit.findings) {
    const id = ruleId(finding);
    if (!groups.has(id)) groups.set(id, []);
    groups.get(id).push(finding);
  }
  const worst = (list) => Math.max(...list.map((finding) => finding.s));
  const order = [...groups].sort((a, b) => (cost.get(b[0]) || 0) - (cost.get(a[0]) || 0) || worst(b[1]) - worst(a[1]) || (a[0] < b[0] ? -1 : 1));
  return order.map(([id, list]) => {
    const rule = RULES.get(id);
    const sites = h("ul", { class: "sites" });
    const more = inSteps(list, SITES, (finding) => site(finding, unit), sites);
    const price = cost.get(id);
    return h("details", { class: "rule", open: true, id: `at-${id}` },
      h("summary", {}, h("h3", {}, rule ? rule.title : id), h("span", { class: "meta" }, `${plural(list.length, "site")}${price ? ` · ${price < 0.05 ? "< 0.1" : days(price)} days` : ""} · ${rule ? rule.category : ""}`)),
      rule && h("details", { class: "why" }, h("summary", {}, "Why, and what to do ", h("span", { class: "unseen" }, `about ${rule.title}`)), whyAndFix(rule), h("p", {}, ruleLink(id, "All places of this rule"))),
      sites, more);
  });
}
