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
    ASSESSED.length > 1 && section(ASSESSED.filter((unit) => saving(unit) !== null).length > 1 ? "Effort and what it is worth" : "Effort and readiness", "scatter", scatter(ASSESSED)),
    section("Where the days go", "levers-top", partTable(DATA.parts.slice(0, 10)), h("p", { class: "note" }, h("a", { href: "#levers" }, "All levers"))),
    ASSESSED.length > 0 && section("Services by category", "heat", h("p", { class: "note" }, "Findings in the service and in the libraries it uses."), heatMap(ASSESSED)),
    ASSESSED.length > 0 && section("Services", "services", serviceTable()),
    OTHERS.length > 0 && section("Other units", "others", plainTable("Units that are not assessed", [["Unit"], ["Kind"], ["Directory"], ["Findings", "num"], ["Days, once", "num"]],
      OTHERS.map((unit) => [unitLink(unit), unit.kind, breaking(unit.dir), number(unit.findings.length), unit.effort ? days(unit.effort.person_days) : "–"]))),
  ];
}

const leverName = (lever) => (RULES.has(lever.what) ? ruleLink(lever.what, RULES.get(lever.what).title) : byName.has(lever.what) && lever.kind === "library" ? nameLink(lever.what) : lever.what);

function partTable(parts) {
  const most = Math.max(0, ...parts.map((part) => part.person_days));
  return plainTable("What the days are for", [["For"], ["Days", "num"], ["", "wide bars"], ["Range", "num"], ["Services", "num"], ["Sites", "num"]],
    parts.map((part) => [leverName(part), days(part.person_days), bar(part.person_days, most, part.kind), range(part), number(part.units.length), part.sites ? number(part.sites) : "–"]));
}

function leverTable(levers) {
  const most = Math.max(0, ...levers.map((lever) => lever.ratio));
  return plainTable("Levers by days saved per day spent", [["Fix"], ["Kind"], ["Spend", "num"], ["Save", "num"], ["Per day", "num"], ["", "wide bars"], ["Services", "num"]],
    levers.map((lever) => [leverName(lever), lever.kind, days(lever.person_days), days(lever.saves), days(lever.ratio), bar(lever.ratio, most, lever.kind), number(lever.services.length)]));
}

function leversPage() {
  return [
    h("h1", { tabindex: "-1" }, "Levers"),
    h("p", { class: "lead" }, "What one decision takes away from the whole fleet: a pattern replaced everywhere, a shared library made fit."),
    section("Fixed once, saved in many", "by-ratio", DATA.levers.length
      ? [h("p", { class: "note" }, "Days saved in all services together per day spent on the fix. Levers overlap: one fix may take away what another one counts."), leverTable(DATA.levers)]
      : h("p", { class: "note" }, "Nothing is shared by several services.")),
    section("Where the days go", "by-pattern", h("p", { class: "note" }, `These lines sum up to the fleet's ${days(DATA.summary.person_days)} days.`), partTable(DATA.parts)),
  ];
}
