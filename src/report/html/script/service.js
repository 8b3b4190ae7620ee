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
  return plainTable("Verdicts by target", [["Target"], ["Verdict"], ["Tier"], ["Days", "num"], ["Reasons", "most"]],
    known.map((target) => [targetName(target), verdictBadge(unit.verdicts[target].verdict), unit.verdicts[target].tier || "", unit.verdicts[target].person_days === undefined ? "–" : days(unit.verdicts[target].person_days), h("ul", { class: "reasons" }, unit.verdicts[target].reasons.map((reason) => h("li", {}, reason)))]));
}

const duration = (n) => (n < 1000 ? `${number(n)} ms` : `${TENTHS.format(n / 1000)} s`);
const PARTS = { runtime: "runtime", framework: "framework", library: "libraries", own: "own classes and beans", "first-call": "first request", "": "other" };

// The sum of a cold start as one bar, its lines below it.
function coldStart(unit) {
  const cold = unit.cold_start;
    const all = cold.terms.reduce((sum, term) => sum + term.ms, 0);
  const by = count(cold.terms, (term) => term.part || "");
  for (const part of by.keys()) by.set(part, cold.terms.filter((term) => (term.part || "") === part).reduce((sum, term) => sum + term.ms, 0));
  const snap = cold.snapstart_p50_ms;
  const most = Math.max(...cold.terms.map((term) => term.ms));
  return [
    h("p", { class: "note" }, `${duration(cold.p50_ms)} at the median, ${duration(cold.p99_ms)} at p99, estimated within a factor of about 1.4.`,
      snap !== null && snap !== undefined && ` With SnapStart ${duration(snap)} and ${duration(cold.snapstart_p99_ms)}.`),
    shares("Before the first answer", Object.keys(PARTS).filter((part) => by.get(part)).map((part) => ({ label: PARTS[part], value: by.get(part), kind: `part-${part || "other"}`, show: duration })), "unseen"),
    snap !== null && snap !== undefined && h("div", { class: "shares" }, s("svg", { viewBox: "0 0 1000 8", preserveAspectRatio: "none", "aria-hidden": "true", focusable: "false", class: "thin" },
      s("rect", { x: 0, y: 0, height: 8, width: Math.min(1000, (1000 * snap) / all), rx: 3, class: "part-snap" })), h("ul", { class: "legend" }, h("li", {}, h("span", { class: "dot part-snap", "aria-hidden": "true" }), h("strong", {}, duration(snap)), " with SnapStart, to the same scale"))),
    cold.warning && h("p", { class: "beware" }, cold.warning),
    h("details", {}, h("summary", {}, `The ${plural(cold.terms.length, "line")} of this sum`),
      plainTable("Terms of the cold start", [["For"], ["Time", "num"], ["", "wide bars"], ["How", "how"]],
        [...cold.terms].sort((a, b) => b.ms - a.ms).map((term) => [term.what, duration(term.ms), bar(term.ms, most, `part-${term.part || "other"}`), term.how || "–"]), ["Sum", duration(all), "", ""])),
    cold.obstacles.length > 0 && h("div", {}, h("h3", {}, "Against SnapStart"), h("ul", {}, cold.obstacles.map((obstacle) => h("li", {}, obstacle)))),
  ];
}

// Whom it talks to and who talks to it: one line for each other unit, with the places that say so.
function talkTable(unit) {
  const rows = [];
  const line = (other, how, talks) => rows.push([nameLink(other), how,
    h("ul", { class: "reasons" }, talks.slice(0, 5).map((talk) => h("li", {}, talk.how === "queue" ? "topic " : "", talk.what, " ", h("code", {}, breaking(`${talk.path}:${talk.line}`)))), talks.length > 5 && h("li", {}, `and ${number(talks.length - 5)} more`))]);
  const words = { http: ["calls", "is called by"], queue: ["sends to", "receives from"] };
  for (const how of ["http", "queue"]) {
    for (const other of new Set((unit.talks_to || []).filter((t) => t.how === how).map((t) => t.unit))) line(other, words[how][0], unit.talks_to.filter((t) => t.how === how && t.unit === other));
    for (const other of UNITS) {
      const talks = (other.talks_to || []).filter((t) => t.how === how && t.unit === unit.name);
      if (talks.length > 0) line(other.name, words[how][1], talks);
    }
  }
  return rows.length > 0 && plainTable("Services that it talks to", [["Service"], ["How"], ["By", "most"]], rows);
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
      unit.cold_start && figure(duration(unit.cold_start.p50_ms), "Cold start", "median, estimated"),
      saving(unit) !== null && figure(money(saving(unit)), "Saved a month", unit.cost.decision),
      figure(number(unit.findings.length), "Findings")),
    Object.keys(unit.verdicts).length > 0 && section("Verdicts", "verdicts", verdictTable(unit)),
    effort && effort.terms.length > 0 && section("The sum", "sum", termTable(unit)),
    unit.cold_start && section("Cold start", "cold", coldStart(unit)),
    unit.boosters.length > 0 && section("What helps", "helps", h("ul", {}, unit.boosters.map((booster) => h("li", {}, booster)))),
    section("Findings", "findings", unit.findings.length ? findingsByRule(unit) : h("p", { class: "note" }, "Nothing found.")),
    section("Ties", "ties", talkTable(unit) || h("p", { class: "note" }, "No other service is named in its code and settings, and none names it."),
      unit.libraries.length > 0 && h("p", {}, "Uses ", unit.libraries.map((name, ix) => [ix > 0 && ", ", nameLink(name)])),
      users.length > 0 && h("p", {}, "Used by ", users.map((user, ix) => [ix > 0 && ", ", unitLink(user)]))),
    unit.evidence.length > 0 && section("Why it is a " + unit.kind, "evidence", h("ul", {}, unit.evidence.map((one) => h("li", {}, one.what, one.path && [" ", h("code", {}, breaking(one.line ? `${one.path}:${one.line}` : one.path))])))),
  ];
}
