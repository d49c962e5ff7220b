// What the page of a run must hold in a browser: at three widths, light, dark and printed, with and without scripts, in both languages.

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

import axe from "axe-core";
import { HtmlValidate } from "html-validate";
import { chromium } from "playwright-core";

import { checkChoices } from "./choices.mjs";
import { readTable } from "./table.mjs";

const WIDTHS = [390, 768, 1440];
const MOST_BYTES = 3_000_000;

const { values: options } = parseArgs({
  options: {
    outflow: { type: "string", default: "target/debug/outflow" },
    page: { type: "string" },
    french: { type: "string" },
    shots: { type: "string" },
  },
});

const failures = [];
const check = (holds, what) => {
  if (!holds) failures.push(what);
};

/** Makes the run whose page is looked at, and its French page if this outflow can; gives where they are. */
function makePages(folder) {
  const outflow = resolve(options.outflow);
  const run = join(folder, "en");
  execFileSync(outflow, ["run", "cnil-2017", "--people", "4000", "--days", "3", "--replicates", "2", "-o", run], { stdio: "ignore" });
  const pages = [{ lang: "en", folder: run, file: join(run, "report.html") }];
  const french = join(folder, "fr");
  cpSync(run, french, { recursive: true });
  try {
    execFileSync(outflow, ["report", french, "--lang", "fr", "--to", join(folder, "french.html")], { stdio: "ignore" });
    pages.push({ lang: "fr", folder: french, file: join(folder, "french.html") });
  } catch {
    console.log("  not looked at: the French page, which this outflow has no command for");
  }
  return pages;
}

/** The validator's own rules: no error. */
async function checkHtml(page) {
  const html = readFileSync(page.file, "utf8");
  check(Buffer.byteLength(html) < MOST_BYTES, `${page.lang}: the page has ${Buffer.byteLength(html)} bytes`);
  const validator = new HtmlValidate({ extends: ["html-validate:recommended"] });
  const report = await validator.validateString(html);
  for (const message of report.results.flatMap((result) => result.messages).slice(0, 10)) {
    check(message.severity < 2, `${page.lang}: html-validate ${message.ruleId}, line ${message.line}: ${message.message}`);
  }
}

/** Opens a page in a browser of its own settings; nothing may be asked for but the page itself. */
async function open(browser, page, settings) {
  const { printed, ...rest } = settings;
  const context = await browser.newContext({ viewport: { width: settings.width, height: 900 }, bypassCSP: true, ...rest });
  const tab = await context.newPage();
  const name = `${page.lang} ${settings.width} ${settings.colorScheme ?? "light"}${printed ? " print" : ""}`;
  tab.on("request", (request) => {
    const url = request.url();
    check(url.startsWith("data:") || url === page.url, `${name}: the page asks for ${url.slice(0, 80)}`);
  });
  tab.on("pageerror", (error) => check(false, `${name}: ${error.message}`));
  if (printed) await tab.emulateMedia({ media: "print" });
  await tab.goto(page.url);
  return { tab, name, close: () => context.close() };
}

/** Nothing is wider than the screen. */
async function checkWidth(tab, name) {
  const found = await tab.evaluate(() => ({ page: document.documentElement.scrollWidth, screen: document.documentElement.clientWidth }));
  check(found.page <= found.screen, `${name}: ${found.page} px of page on ${found.screen} px of screen`);
}

/** No violation of axe-core's rules, with everything unfolded. */
async function checkAccess(tab, name) {
  await tab.evaluate(() => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
  await tab.evaluate(axe.source);
  const found = await tab.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  for (const violation of found.violations) {
    check(false, `${name}: axe ${violation.id}: ${violation.nodes.length} times, ${violation.nodes[0].html.slice(0, 160)}`);
  }
}

async function shoot(tab, name) {
  if (!options.shots) return;
  mkdirSync(options.shots, { recursive: true });
  await tab.screenshot({ path: join(options.shots, `${name.replaceAll(" ", "-")}.png`), fullPage: true });
}

async function checkPage(browser, page) {
  await checkHtml(page);
  for (const width of WIDTHS) {
    for (const colorScheme of ["light", "dark"]) {
      const { tab, name, close } = await open(browser, page, { width, colorScheme });
      await checkWidth(tab, name);
      await shoot(tab, name);
      await checkAccess(tab, name);
      await close();
    }
  }
  const printed = await open(browser, page, { width: 768, printed: true, colorScheme: "dark" });
  const ground = await printed.tab.evaluate(() => getComputedStyle(document.body).backgroundColor);
  check(ground === "rgb(255, 255, 255)", `${printed.name}: a dark page is printed: ${ground}`);
  check(!(await printed.tab.isVisible("nav")), `${printed.name}: the contents are printed`);
  const unfolded = await printed.tab.locator("details table").first().evaluate((one) => one.checkVisibility({ contentVisibilityAuto: true }));
  check(unfolded, `${printed.name}: what is folded is not printed`);
  if (options.shots) await printed.tab.pdf({ path: join(options.shots, `${page.lang}.pdf`), format: "A4", printBackground: true });
  await printed.close();

  // Without scripts the tables are there, and nothing that does not work.
  const plain = await open(browser, page, { width: 1440, javaScriptEnabled: false });
  check(await plain.tab.locator("#explorer table").first().isVisible(), `${page.lang}: without scripts there is no table of figures`);
  check(!(await plain.tab.locator("#explorer-form").isVisible()), `${page.lang}: without scripts choices are shown that do nothing`);
  check(!(await plain.tab.locator("#theme").isVisible()), `${page.lang}: without scripts a button is shown that does nothing`);
  await plain.close();

  const choosing = await open(browser, page, { width: 1440 });
  await checkChoices(choosing.tab, page, await readTable(join(page.folder, "tables", "exposure.csv")), check);
  await choosing.close();
}

const folder = mkdtempSync(join(tmpdir(), "outflow-page-"));
const browser = await chromium.launch({
  executablePath: process.env.OUTFLOW_CHROMIUM,
  args: ["--disable-gpu", "--disable-background-networking"],
  chromiumSandbox: false,
});
try {
  const given = [["en", options.page], ["fr", options.french]].filter(([, file]) => file);
  const pages = given.length > 0
    ? given.map(([lang, file]) => ({ lang, file: resolve(file), folder: join(resolve(file), "..") }))
    : makePages(folder);
  for (const page of pages) await checkPage(browser, { ...page, url: pathToFileURL(page.file).href });
  if (failures.length > 0) {
    console.error(`${failures.length} faults of the page:\n  ${failures.join("\n  ")}`);
    process.exitCode = 1;
  } else {
    console.log(`  pages in ${pages.map((page) => page.lang).join(", ")}: ${WIDTHS.join(", ")} px, light, dark, printed, without scripts; figures as in the tables`);
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
