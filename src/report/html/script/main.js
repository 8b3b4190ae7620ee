// Which page is shown, and in which colours.
const SCHEMES = ["auto", "light", "dark"];
const app = document.getElementById("app");
const main = h("main", { id: "content" });
const PAGES = [["overview", "Fleet"], ["levers", "Levers"], ["rules", "Rules"], ["skipped", "Not looked at"]];
const nav = h("nav", { "aria-label": "Pages" }, h("ul", {}, PAGES.map(([id, name]) => h("li", {}, h("a", { href: `#${id}` }, name)))));

function decoded(part) {
  try { return decodeURIComponent(part); } catch { return part; }
}

// The page that the address names: [page, title, content].
function page() {
  const [name, ...rest] = location.hash.slice(1).split("/");
  const wanted = decoded(rest.join("/"));
  if (name === "service" && byKey.has(wanted)) return ["overview", wanted, servicePage(byKey.get(wanted))];
  if (name === "rule" && RULES.has(wanted)) return ["rules", RULES.get(wanted).title, rulePage(wanted, RULES.get(wanted))];
  if (name === "service" || name === "rule") return ["", "Not found", [h("h1", { tabindex: "-1" }, "Not found"), h("p", { class: "lead" }, `There is no ${name} "${wanted}" in this report. `, h("a", { href: "#overview" }, "Back to the fleet"))]];
  if (name === "levers") return ["levers", "Levers", leversPage()];
  if (name === "rules") return ["rules", "Rules", rulesPage()];
  if (name === "skipped") return ["skipped", "Not looked at", skippedPage()];
  // A fleet of one needs no overview.
  if (!name && ASSESSED.length === 1) return ["overview", ASSESSED[0].name, servicePage(ASSESSED[0])];
  return ["overview", "", overview()];
}

function show(moved) {
  const [current, title, content] = page();
  main.replaceChildren();
  fill(main, {}, content);
  document.title = [title, DATA.workspace.root, DATA.tool.name].filter(Boolean).join(" · ");
  nav.querySelectorAll("a").forEach((link, ix) => {
    if (PAGES[ix][0] === current) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  });
  if (moved) {
    window.scrollTo(0, 0);
    // A screen reader reads the new page's heading.
    const heading = main.querySelector("h1");
    if (heading) heading.focus({ preventScroll: true });
  }
}

// Storage may be forbidden for files.
const remember = (scheme) => { try { localStorage.setItem("faasible-scheme", scheme); } catch { /* not kept */ } };
const remembered = () => { try { return localStorage.getItem("faasible-scheme"); } catch { return null; } };
const toggle = h("button", { type: "button", class: "scheme", onclick: () => {
  const next = SCHEMES[(SCHEMES.indexOf(document.documentElement.dataset.scheme) + 1) % SCHEMES.length];
  remember(next);
  paint(next);
} });

function paint(scheme) {
  document.documentElement.dataset.scheme = scheme;
  toggle.textContent = `Colours: ${scheme}`;
}

paint(SCHEMES.includes(remembered()) ? remembered() : "auto");
const skip = h("a", { class: "skip", href: "#content", onclick: (event) => { event.preventDefault(); const heading = main.querySelector("h1"); if (heading) heading.focus(); } }, "Skip to content");
app.append(skip, h("header", {}, h("div", { class: "brand" }, h("strong", {}, DATA.tool.name), h("span", {}, breaking(DATA.workspace.root))), nav, toggle), main,
  h("footer", {}, `${DATA.tool.name} ${DATA.tool.version} · report schema ${DATA.schema_version} · target ${targetName(TARGET)}`));
window.addEventListener("hashchange", () => show(true));
window.addEventListener("beforeprint", () => main.querySelectorAll("details").forEach((one) => { one.open = true; }));
show(false);
