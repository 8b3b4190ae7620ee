// The fleet at a glance.
function overview() {
  const { summary, workspace } = DATA;
  const tiers = count(ASSESSED, (unit) => unit.effort.tier);
  const verdicts = count(ASSESSED, (unit) => unit.verdict);
  const assessed = count(ASSESSED, (unit) => unit.kind);
  const kinds = (n, word) => (n ? plural(n, word) : "");
  const fleet = [kinds(assessed.get("service"), "service"), kinds(assessed.get("job"), "job")].filter(Boolean).join(" and ") || "no service";
  const found = [...SEVERITIES].reverse().filter((severity) => summary.findings[severity]);
  return [
    h("h1", { tabindex: "-1" }, `${days(summary.person_days)} person-days`, h("span", { class: "beside" }, ` to move ${fleet} to ${targetName(TARGET)}`)),
    h("p", { class: "lead" }, `Between ${days(summary.low)} and ${days(summary.high)} days, shared libraries counted once. Read from ${plural(workspace.files, "file")}, ${number(workspace.lines)} lines, with ${plural(DATA.tool.rules, "rule")}.`),
    h("dl", { class: "figures" },
      figure(days(summary.person_days), "Person-days", range(summary)),
      figure(number(ASSESSED.length), "Assessed", OTHERS.length > 0 && `${number(OTHERS.length)} other units`),
      figure(number(verdicts.get("move") || 0), "Ready to move", "after small changes"),
      figure(number(DATA.findings.length), "Findings", found.map((severity) => `${number(summary.findings[severity])} ${severity}`).join(" · ")),
      summary.suppressed > 0 && figure(number(summary.suppressed), "Left out", "suppressed or in the baseline")),
    ASSESSED.length > 0 && h("div", { class: "pair" },
      shares("Tiers", TIERS.map((tier) => ({ label: `${tier} ${TIER_TEXT[tier]}`, value: tiers.get(tier) || 0, kind: `tier-${tier}` }))),
      shares(`Verdicts for ${targetName(TARGET)}`, VERDICTS.map((verdict) => ({ label: verdict, value: verdicts.get(verdict) || 0, kind: `verdict-${verdict}` })))),
    ASSESSED.length > 1 && section("Effort and readiness", "scatter", scatter(ASSESSED)),
    fleetCost(),
    section("Where the days go", "levers-top", leverTable(DATA.parts.slice(0, 10)), h("p", { class: "note" }, h("a", { href: "#levers" }, "All levers"))),
    ASSESSED.length > 0 && section("Services by category", "heat", h("p", { class: "note" }, "Findings in the service and in the libraries it uses."), heatMap(ASSESSED)),
    ASSESSED.length > 0 && section("Services", "services", serviceTable()),
    OTHERS.length > 0 && section("Other units", "others", plainTable("Units that are not assessed", [["Unit"], ["Kind"], ["Directory"], ["Findings", "num"], ["Days, once", "num"]],
      OTHERS.map((unit) => [unitLink(unit), unit.kind, breaking(unit.dir), number(unit.findings.length), unit.effort ? days(unit.effort.person_days) : "–"]))),
  ];
}

function leverTable(levers) {
  const most = Math.max(0, ...levers.map((lever) => lever.person_days));
  const label = (lever) => (RULES.has(lever.what) ? ruleLink(lever.what, RULES.get(lever.what).title) : byName.has(lever.what) && lever.kind === "library" ? nameLink(lever.what) : lever.what);
  return plainTable("Levers by days", [["Lever"], ["Days", "num"], ["", "wide bars"], ["Range", "num"], ["Services", "num"], ["Sites", "num"]],
    levers.map((lever) => [label(lever), days(lever.person_days), bar(lever.person_days, most, lever.kind), range(lever), number(lever.units.length), lever.sites ? number(lever.sites) : "–"]));
}

function leversPage() {
  return [
    h("h1", { tabindex: "-1" }, "Levers"),
    h("p", { class: "lead" }, "What one decision takes away from the whole fleet: a pattern replaced everywhere, a shared library made fit."),
    section("By pattern", "by-pattern", h("p", { class: "note" }, `These lines sum up to the fleet's ${days(DATA.summary.person_days)} days.`), leverTable(DATA.parts)),
    section("By shared library", "by-library", DATA.libraries.length
      ? [h("p", { class: "note" }, "Fixed once, each helps all services that use it. Their days are part of the patterns above."), leverTable(DATA.libraries)]
      : h("p", { class: "note" }, "No shared library needs work.")),
  ];
}
