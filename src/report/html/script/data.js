// The report, and what is looked up in it.
const DATA = JSON.parse(document.getElementById("report").textContent);
const { targets: TARGETS, categories: CATEGORIES, severities: SEVERITIES, confidences: CONFIDENCES } = DATA.words;
const TARGET = DATA.summary.target || TARGETS[0];
const TIERS = ["T1", "T2", "T3", "T4", "T5"];
const TIER_TEXT = { T1: "drop-in", T2: "minor", T3: "moderate", T4: "major", T5: "rewrite" };
const VERDICTS = ["move", "adapt", "refactor", "keep"];
const TARGET_NAMES = {
  lambda: "AWS Lambda",
  "lambda-managed-instances": "Lambda Managed Instances",
  "lambda-microvm": "Lambda MicroVM",
  "azure-flex": "Azure Functions Flex",
  "cloud-run": "Cloud Run",
  workers: "Cloudflare Workers",
};
const targetName = (target) => TARGET_NAMES[target] || target;

const UNITS = DATA.units;
const RULES = new Map(DATA.rules);
const byKey = new Map();
const byName = new Map();
for (const unit of UNITS) {
  let key = unit.name;
  for (let n = 2; byKey.has(key); n += 1) key = `${unit.name}~${n}`;
  unit.key = key;
  unit.findings = [];
  byKey.set(key, unit);
  if (!byName.has(unit.name)) byName.set(unit.name, unit);
  unit.verdict = unit.verdicts[TARGET] ? unit.verdicts[TARGET].verdict : "";
}
const ASSESSED = UNITS.filter((unit) => unit.readiness !== null);
const OTHERS = UNITS.filter((unit) => unit.readiness === null);

// What moving it saves, USD a month; null where the report knows nothing of money.
const saving = (unit) => (unit.cost && typeof unit.cost.saving === "number" ? unit.cost.saving : null);

const text = (ix) => DATA.texts[ix];
const ruleId = (finding) => (typeof finding.r === "number" ? DATA.rules[finding.r][0] : finding.r);
const outside = [];
for (const finding of DATA.findings) {
  const own = byName.get(text(finding.u));
  (own ? own.findings : outside).push(finding);
  for (const ix of finding.b || []) {
    const user = byName.get(text(ix));
    if (user && user !== own) user.findings.push(finding);
  }
}

const unitLink = (unit, label) => h("a", { href: `#service/${encodeURIComponent(unit.key)}` }, label || breaking(unit.name));
const nameLink = (name) => (byName.has(name) ? unitLink(byName.get(name)) : name);
const ruleLink = (id, label) => h("a", { href: `#rule/${encodeURIComponent(id)}` }, label || id);
const count = (list, of) => {
  const counts = new Map();
  for (const one of list) counts.set(of(one), (counts.get(of(one)) || 0) + 1);
  return counts;
};
