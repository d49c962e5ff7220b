// A reader picks a policy, a population and a baseline: what is shown is what the table of the run has.

/** A number of the page, as a number: "1.24 bn", "1,24 Md", "15 060". */
function read(text) {
  const units = { mn: 1e6, bn: 1e9, tn: 1e12, M: 1e6, Md: 1e9, Bn: 1e12 };
  const [number, unit] = text.trim().split("\u00a0");
  const comma = /,\d{1,2}$/.test(number) && unit;
  const digits = number.replaceAll("\u202f", "").replaceAll("−", "-");
  return Number(comma ? digits.replace(",", ".") : digits.replaceAll(",", "")) * (units[unit] ?? 1);
}

/** Whether a number is another to three digits, which is how the page writes what is large. */
const alike = (shown, exact) => Math.abs(shown - exact) <= Math.max(0.51, Math.abs(exact) * 0.0051);

export async function checkChoices(tab, page, rows, check) {
  const figure = (policy, metric, purpose, population, jurisdiction) => {
    const found = rows.find((row) => row.policy === policy && row.metric === metric && row.purpose === purpose
      && row.population === population && row.jurisdiction === jurisdiction && row.category === "all");
    if (!found) throw new Error(`tables/exposure.csv has no ${metric} of ${policy}, ${purpose}, ${population}, ${jurisdiction}`);
    return { value: Number(found.value), lo: Number(found.lo), hi: Number(found.hi) };
  };
  const policies = [...new Set(rows.map((row) => row.policy))];
  const [first, second] = policies;

  // By keyboard: the choice of population is reached and changed without a pointer.
  await tab.locator("#pick-population").focus();
  await tab.keyboard.press("ArrowDown");
  check((await tab.locator("#pick-population").inputValue()) === "not_objecting", `${page.lang}: the keyboard does not choose`);

  const compare = async (purpose, population, place, baseline, shown) => {
    const about = `${page.lang}: ${purpose}, ${population}, ${place} against ${baseline}`;
    const lines = tab.locator("#explorer-table tbody tr");
    check((await lines.count()) === shown.length, `${about}: ${await lines.count()} policies are shown, not ${shown.length}`);
    for (const policy of shown) {
      for (const metric of ["disclosed_values", "people_exposed", "distinct_facts"]) {
        const cell = tab.locator(`#explorer-table tr[data-policy="${policy}"] td[data-metric="${metric}"]`);
        const text = async (part) => (await cell.locator(part).textContent()) ?? "";
        if ((await cell.locator(".main").count()) === 0) {
          check(place !== "all", `${about}: no ${metric} of ${policy}`);
          continue;
        }
        const exact = figure(policy, metric, purpose, population, place);
        const main = (await text(".main")).replace(/ \(.*/, "");
        check(alike(read(main), exact.value), `${about}: ${metric} of ${policy} is ${exact.value}, the page shows ${main}`);
        const range = await text(".range");
        if (range) {
          const [lo, hi] = range.split(page.lang === "fr" ? " à " : " to ").map(read);
          check(alike(lo, exact.lo) && alike(hi, exact.hi), `${about}: ${metric} of ${policy} lies from ${exact.lo} to ${exact.hi}, the page shows ${range}`);
        }
        const base = figure(baseline, metric, purpose, population, place).value;
        const change = await text(".change");
        if (policy !== baseline && base > 0 && /\d/.test(change)) {
          const written = Number(change.replace(/[\u202f%+]/g, "").replace("−", "-").replace(",", "."));
          const percent = (100 * (exact.value - base)) / base;
          check(Math.abs(written - percent) <= 0.06, `${about}: ${metric} of ${policy} changes by ${percent} %, the page shows ${change}`);
        }
      }
    }
  };

  await compare("all", "not_objecting", "all", first, policies);
  await tab.selectOption("#pick-purpose", "business_intelligence");
  await tab.selectOption("#pick-population", "objecting");
  await tab.selectOption("#pick-baseline", second);
  await tab.locator('#explorer-form input').first().uncheck();
  await compare("business_intelligence", "objecting", "all", second, policies.slice(1));
  if (await tab.locator("#pick-place").count()) {
    await tab.selectOption("#pick-purpose", "all");
    await tab.selectOption("#pick-place", { index: 1 });
    await compare("all", "objecting", await tab.locator("#pick-place").inputValue(), second, policies.slice(1));
  }

  // The address shows the same to somebody else.
  const address = tab.url();
  check(address.includes("#explorer?") && address.includes(`baseline=${second}`), `${page.lang}: the address does not keep the choice: ${address.slice(-120)}`);
  const other = await tab.context().newPage();
  await other.goto(address);
  const same = await Promise.all([tab, other].map((one) => one.locator("#explorer-table").innerText()));
  check(same[0] === same[1] && same[0] !== "", `${page.lang}: the address shows something else`);
  await other.close();

  // The button changes the ground.
  const ground = () => tab.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const before = await ground();
  await tab.locator("#theme").click();
  check((await ground()) !== before, `${page.lang}: the button for dark changes nothing`);
}
