// A unit on its own page.
function termTable(unit) {
  const { effort } = unit;
  const most = Math.max(...effort.terms.map((term) => term.person_days));
  const label = (term) => (RULES.has(term.what) ? ruleLink(term.what, RULES.get(term.what).title) : term.kind === "library" ? nameLink(term.what) : term.what);
  const exact = (n) => Number(n).toFixed(2);
  return plainTable("The sum of days", [["For"], ["Days", "num"], ["", "wide bars"], ["Range", "num"], ["Sites", "num"], ["How", "how"]],
    effort.terms.map((term) => [[label(term), term.kind === "library" && h("small", {}, " shared library, fixed once")], exact(term.person_days), bar(term.person_days, most, term.kind), `${exact(term.low)}–${exact(term.high)}`, term.sites || "–", term.how]),
    ["Sum", exact(effort.person_days), "", `${exact(effort.low)}–${exact(effort.high)}`, "", `tier ${effort.tier}, ${TIER_TEXT[effort.tier] || ""}`]);
}

function verdictTable(unit) {
  const known = TARGETS.filter((target) => unit.verdicts[target]);
  return plainTable("Verdicts by target", [["Target"], ["Verdict"], ["Reasons", "most"]],
    known.map((target) => [targetName(target), verdictBadge(unit.verdicts[target].verdict), h("ul", { class: "reasons" }, unit.verdicts[target].reasons.map((reason) => h("li", {}, reason)))]));
}

function servicePage(unit) {
  const users = UNITS.filter((other) => other.libraries.includes(unit.name));
  const facts = [unit.kind, unit.languages.join(", "), unit.framework].filter(Boolean);
  const { effort } = unit;
  return [
    h("p", { class: "crumbs" }, h("a", { href: "#overview" }, "Fleet"), " / ", unit.kind),
    h("h1", { tabindex: "-1" }, breaking(unit.name)),
    h("p", { class: "lead" }, facts.join(" · "), " · ", h("code", {}, breaking(unit.dir))),
    h("dl", { class: "figures" },
      effort && figure(days(effort.person_days), unit.readiness === null ? "Person-days, once" : "Person-days", range(effort)),
      effort && unit.readiness !== null && figure(effort.tier, "Tier", TIER_TEXT[effort.tier]),
      unit.readiness !== null && figure(unit.readiness, "Readiness", "of 100"),
      unit.verdict && figure(unit.verdict, targetName(TARGET)),
      figure(number(unit.findings.length), "Findings")),
    Object.keys(unit.verdicts).length > 0 && section("Verdicts", "verdicts", verdictTable(unit)),
    serviceCost(unit),
    effort && effort.terms.length > 0 && section("The sum", "sum", termTable(unit)),
    unit.boosters.length > 0 && section("What helps", "helps", h("ul", {}, unit.boosters.map((booster) => h("li", {}, booster)))),
    section("Findings", "findings", unit.findings.length ? findingsByRule(unit) : h("p", { class: "note" }, "Nothing found.")),
    (unit.libraries.length > 0 || users.length > 0) && section("Ties", "ties",
      unit.libraries.length > 0 && h("p", {}, "Uses ", unit.libraries.map((name, ix) => [ix > 0 && ", ", nameLink(name)])),
      users.length > 0 && h("p", {}, "Used by ", users.map((user, ix) => [ix > 0 && ", ", unitLink(user)]))),
    unit.evidence.length > 0 && section("Why it is a " + unit.kind, "evidence", h("ul", {}, unit.evidence.map((one) => h("li", {}, one.what, one.path && [" ", h("code", {}, breaking(one.line ? `${one.path}:${one.line}` : one.path))])))),
  ];
}
