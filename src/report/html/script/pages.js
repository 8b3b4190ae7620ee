// The rules that were met, and what was not looked at.
function rulesPage() {
  const cost = new Map(DATA.parts.filter((part) => part.kind === "rule").map((part) => [part.what, part]));
  const rows = [...RULES].sort((a, b) => ((cost.get(b[0]) || {}).person_days || 0) - ((cost.get(a[0]) || {}).person_days || 0) || b[1].findings - a[1].findings);
  return [
    h("h1", { tabindex: "-1" }, "Rules"),
    h("p", { class: "lead" }, `${number(RULES.size)} of ${plural(DATA.tool.rules, "rule")} were met.`),
    plainTable("Rules that were met", [["Rule"], ["Category"], ["Severity"], ["Findings", "num"], ["Days", "num"]],
      rows.map(([id, rule]) => [[ruleLink(id, rule.title), h("small", { class: "id" }, ` ${id}`)], rule.category, severityBadge(rule.severity), number(rule.findings), cost.has(id) ? days(cost.get(id).person_days) : "–"])),
  ];
}

function rulePage(id, rule) {
  const places = DATA.findings.filter((finding) => ruleId(finding) === id);
  const by = [...count(places, (finding) => text(finding.u))].sort((a, b) => b[1] - a[1]);
  return [
    h("p", { class: "crumbs" }, h("a", { href: "#rules" }, "Rules"), " / ", rule.category),
    h("h1", { tabindex: "-1" }, rule.title),
    h("p", { class: "lead" }, severityBadge(rule.severity), ` confidence ${rule.confidence} · `, h("code", {}, id)),
    whyAndFix(rule),
    Object.keys(rule.targets).length > 0 && section("On each target", "fits", plainTable("How each target takes it", [["Target"], ["Fit"]], TARGETS.filter((target) => rule.targets[target]).map((target) => [targetName(target), rule.targets[target]]))),
    section("Where", "where", plainTable("Units with this pattern", [["Unit"], ["Findings", "num"]], by.map(([name, n]) => [name ? nameLink(name) : "outside all units", number(n)]))),
  ];
}

function skippedPage() {
  const all = DATA.skipped.reduce((sum, [, paths]) => sum + paths.length, 0);
  return [
    h("h1", { tabindex: "-1" }, "Not looked at"),
    h("p", { class: "lead" }, all ? `${plural(all, "path")} could not be read in full, or are in languages that are not analysed. What is in them is missing from every number here.` : "Everything was read."),
    DATA.skipped.map(([reason, paths]) => {
      const list = h("ul", { class: "paths" });
      const more = inSteps(paths, 50, (path) => h("li", {}, h("code", {}, breaking(path))), list);
      return h("section", {}, h("h2", {}, reason, h("span", { class: "meta" }, ` ${plural(paths.length, "path")}`)), list, more);
    }),
    outside.length > 0 && section("Findings outside all units", "outside", h("p", { class: "note" }, "They burden no service."), findingsByRule({ name: "", findings: outside })),
  ];
}
