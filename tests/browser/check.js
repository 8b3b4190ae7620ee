// Opens a report in Chromium and tries what people do with it. Prints what went wrong, one a line.
// Usage: node check.js CHROMIUM REPORT.html [SHOTS_DIR]
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const { chromium } = require("playwright-core");

const AXE = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const [, , executablePath, report, shots] = process.argv;
const url = pathToFileURL(path.resolve(report)).href;
const problems = [];
const check = (holds, what) => { if (!holds) problems.push(what); };

// The text of a column, as the table shows it.
const column = (page, n) => page.$$eval(`.services tbody tr > :nth-child(${n})`, (cells) => cells.map((cell) => cell.textContent));
const numbers = async (page, n) => (await column(page, n)).map((text) => Number(text.replaceAll(",", "")));
const sorted = (list, order) => list.every((one, ix) => ix === 0 || order(list[ix - 1], one));

async function open(browser, hash, scheme, from = url) {
  const page = await browser.newPage({ colorScheme: scheme, viewport: { width: 1280, height: 900 } });
  page.on("console", (message) => { if (message.type() === "error" || message.type() === "warning") problems.push(`console: ${message.text()}`); });
  page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => { problems.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => { if (!/^(file|data|about):/.test(request.url())) problems.push(`request: ${request.url()}`); });
  await page.goto(from + hash);
  await page.waitForSelector("main h1");
  return page;
}

async function accessible(page, what) {
  // The policy of the page forbids scripts from elsewhere, not those that the debugger brings.
  await page.evaluate(AXE);
  const result = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  for (const violation of result.violations.filter((one) => ["serious", "critical"].includes(one.impact))) {
    problems.push(`axe, ${what}: ${violation.id}: ${violation.nodes[0].html.slice(0, 200)} (${violation.nodes.length})`);
  }
}

async function sorting(page) {
  const days = page.locator(".services th button", { hasText: "Days" });
  check(sorted(await numbers(page, 5), (a, b) => a >= b), "the dearest service is not first");
  await days.click();
  check(sorted(await numbers(page, 5), (a, b) => a <= b), "a click does not turn the order of days");
  await page.locator(".services th button", { hasText: "Service" }).focus();
  await page.keyboard.press("Enter");
  check(sorted(await column(page, 1), (a, b) => a.toLowerCase() <= b.toLowerCase()), "names are not sorted with the keyboard");
  check((await page.getAttribute(".services th[aria-sort]", "aria-sort")) === "ascending", "the order is not told");
}

async function filtering(page) {
  const name = (await column(page, 1))[0];
  await page.getByLabel("Name or path").fill(name);
  const names = await column(page, 1);
  check(names.includes(name) && names.length < 500, "the filter by words loses the service");
  check((await page.locator("[role=status]").textContent()).startsWith(`${names.length} of`), "the number of rows is not told");
  await page.getByLabel("Name or path").fill("");
  await page.getByLabel("Tier").selectOption("T1");
  check((await column(page, 4)).every((tier) => tier === "T1"), "the filter by tier lets others through");
  await page.getByLabel("Tier").selectOption("");
  await page.getByLabel("Name or path").fill("no such service");
  check((await column(page, 1)).length === 0, "the filter by words lets others through");
  await page.getByLabel("Name or path").fill("");
  return name;
}

async function deepLink(browser, name) {
  const hash = `#service/${encodeURIComponent(name)}`;
  const page = await open(browser, hash, "dark");
  check((await page.textContent("h1")) === name, `${hash} shows ${await page.textContent("h1")}`);
  check((await page.locator("section", { hasText: "The sum" }).count()) > 0, "the sum of terms is missing");
  await page.locator("details.rule details.why summary").first().click({ timeout: 2000 }).catch(() => {});
  await accessible(page, "service");
  if (shots) await page.screenshot({ path: path.join(shots, "service-dark.png"), fullPage: true });
  await page.goBack().catch(() => {});
  await page.close();
}

// What a narrow window shows scrolls within its box, never the page as a whole.
async function narrow(browser, name) {
  for (const hash of ["", `#service/${encodeURIComponent(name)}`, "#levers", "#rules"]) {
    const page = await open(browser, hash, "light");
    await page.setViewportSize({ width: 390, height: 800 });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    check(over <= 0, `a narrow page ${hash} is ${over} pixels too wide`);
    if (shots) await page.screenshot({ path: path.join(shots, `narrow${hash.slice(0, 8).replace(/\W/g, "-")}.png`) });
    await page.close();
  }
}

// Parts of a service's page that not every service has; some of the fleet must have each.
async function serviceParts(browser) {
  const page = await open(browser, "", "light");
  const seen = await page.evaluate(() => {
    const links = [...document.querySelectorAll(".services tbody th a")].slice(0, 12).map((link) => link.getAttribute("href"));
    return new Promise((done) => {
      const seen = {};
      const next = () => {
        const href = links.shift();
        if (!href) { done(seen); return; }
        window.addEventListener("hashchange", () => setTimeout(() => {
          const main = document.querySelector("main");
          const parts = { cold: "#cold", shares: ".shares rect.part-runtime", terms: "[aria-label='Terms of the cold start'] tfoot", verdicts: "[aria-label='Verdicts by target'] tbody tr:nth-child(6)", flow: ".flow ol li:nth-child(3)" };
          for (const [part, selector] of Object.entries(parts)) seen[part] ||= main.querySelector(selector) !== null;
          next();
        }), { once: true });
        location.hash = href;
      };
      next();
    });
  });
  for (const [part, there] of Object.entries(seen)) check(there, `no service's page shows ${part}`);
  await page.close();
}

// The same report with money in it, as a report has it that knows the traffic.
async function money(browser) {
  const html = fs.readFileSync(report, "utf8");
  const start = html.indexOf('id="report">') + 'id="report">'.length;
  const end = html.indexOf("</script>", start);
  const data = JSON.parse(html.slice(start, end));
  data.units.filter((unit) => unit.readiness !== null).forEach((unit, ix) => { unit.cost = { saving: ix * 37 - 100, decision: "move" }; });
  const copy = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "report-")), "money.html");
  fs.writeFileSync(copy, html.slice(0, start) + JSON.stringify(data).replaceAll("<", "\\u003c") + html.slice(end));
  const page = await open(browser, "", "light", pathToFileURL(copy).href);
  const label = () => page.getAttribute("svg.scatter", "aria-label");
  check((await label()).includes("saving"), "the scatter does not show what is saved");
  await page.locator("#scatter-up").selectOption("readiness");
  check((await label()).includes("readiness"), "the scatter does not turn to readiness");
  check((await page.locator(".services th", { hasText: "Saved a month" }).count()) === 1, "the table does not tell what is saved");
  await accessible(page, "money");
  await page.close();
  fs.rmSync(path.dirname(copy), { recursive: true });
}

async function schemes(browser) {
  const ground = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const [light, dark] = [await open(browser, "", "light"), await open(browser, "", "dark")];
  const [bright, dim] = [await ground(light), await ground(dark)];
  check(bright !== dim, "dark and light look the same");
  await light.locator("button.scheme").click();
  check((await ground(light)) === bright, "the toggle's first step is not light");
  await light.locator("button.scheme").click();
  check((await ground(light)) === dim, "the toggle does not make it dark");
  await accessible(dark, "fleet, dark");
  if (shots) await dark.screenshot({ path: path.join(shots, "fleet-dark.png"), fullPage: true });
  await light.close();
  await dark.close();
}

// Milliseconds until everything is shown; the best of several tells what the page needs, the rest
// what else the machine was doing.
async function loading(page) {
  await page.reload();
  return page.evaluate(() => performance.getEntriesByType("navigation")[0].loadEventEnd);
}

async function main() {
  const browser = await chromium.launch({ executablePath, args: ARGS });
  const page = await open(browser, "#overview", "light");
  const took = Math.min(await loading(page), await loading(page), await loading(page));
  check(took > 0 && took < Number(process.env.MAX_LOAD_MS || 1000), `it takes ${Math.round(took)} ms to open`);
  if (shots) await page.screenshot({ path: path.join(shots, "fleet-light.png"), fullPage: true });
  await accessible(page, "fleet, light");
  await sorting(page);
  const name = await filtering(page);
  for (const hash of ["levers", "rules", "skipped"]) {
    await page.goto(`${url}#${hash}`);
    await page.waitForSelector(`nav a[href="#${hash}"][aria-current]`);
    await accessible(page, hash);
  }
  await page.goto(`${url}#rules`);
  await page.waitForSelector('nav a[href="#rules"][aria-current]');
  await page.locator("main td a, main th a").first().click();
  await page.waitForSelector(".advice", { timeout: 5000 }).catch(() => problems.push("a rule's page does not tell why"));
  await page.goto(`${url}#service/%00nobody`);
  await page.waitForFunction(() => document.querySelector("h1").textContent === "Not found", null, { timeout: 5000 }).catch(() => {});
  check((await page.textContent("h1")) === "Not found", "an unknown service is not told");
  await deepLink(browser, name);
  await schemes(browser);
  await serviceParts(browser);
  await narrow(browser, name);
  await money(browser);
  await browser.close();
  console.log(JSON.stringify({ load_ms: Math.round(took) }));
}

main().catch((error) => problems.push(String(error))).finally(() => {
  problems.forEach((problem) => console.error(problem));
  process.exit(problems.length > 0 ? 1 : 0);
});
