// The reader's choices. Without this script the page says all that it says with it: tables of every policy and population stand beside.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const lang = document.documentElement.lang;
  const root = document.documentElement;

  // Light or dark, whatever the system prefers.
  const button = byId("theme");
  const systemDark = window.matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : systemDark.matches);
  const label = () => { button.textContent = isDark() ? button.dataset.light : button.dataset.dark; };
  button.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; label(); });
  systemDark.addEventListener("change", label);
  button.hidden = false;
  label();

  // What a link leads to is seen, though it be folded.
  const unfold = () => {
    const target = location.hash.length > 1 && !location.hash.includes("?") ? byId(location.hash.slice(1)) : null;
    const folded = target && target.closest("details");
    if (folded) { folded.open = true; target.scrollIntoView(); }
  };
  window.addEventListener("hashchange", unfold);
  window.addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
  unfold();

  const holder = byId("explorer-data");
  if (!holder) return;
  const data = JSON.parse(holder.textContent);
  const words = data.words;
  const fill = (text, ...parts) => text.replace(/\{(\d)\}/g, (_, i) => parts[i] ?? "");

  // Numbers as the rest of the page writes them.
  const french = lang === "fr";
  const decimals = (text) => (french ? text.replace(".", ",") : text);
  const grouped = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, french ? "\u202f" : ",");
  const units = french ? ["M", "Md", "Bn", "Bd"] : ["mn", "bn", "tn", "qn"];
  const threeDigits = (x) => (x >= 99.95 ? grouped(Math.round(x)) : decimals(x.toFixed(x >= 9.995 ? 1 : 2)));
  const count = (x) => {
    if (Math.round(x) < 1e6) return x > 0 && x < 0.5 ? "<1" : grouped(Math.round(x));
    let scaled = x / 1e6;
    let unit = 0;
    while (scaled >= 999.5 && unit < 3) { scaled /= 1e3; unit += 1; }
    return `${threeDigits(scaled)}\u00a0${units[unit]}`;
  };
  const sign = french ? "\u202f%" : "%";
  const percent = (share) => {
    const p = share * 100;
    if (p === 0 || p === 100) return p + sign;
    if (p < 0.1) return `<${decimals("0.1")}${sign}`;
    if (p > 99.9) return `>${decimals("99.9")}${sign}`;
    return decimals(p < 9.95 || p > 90.05 ? p.toFixed(1) : p.toFixed(0)) + sign;
  };
  const range = ([, lo, hi], write) => {
    if (lo === undefined || write(lo) === write(hi)) return "";
    return fill(words.range, write(lo), write(hi));
  };
  const change = (value, base) => {
    if (!base) return "";
    const p = Math.round(((value - base) / base) * 1000) / 10;
    if (p === 0) return value === base ? words.none : `≈ ${words.none}`;
    return (p > 0 ? "+" : "\u2212") + decimals(Math.abs(p).toFixed(1)) + sign;
  };

  const pick = (name) => byId(`pick-${name}`);
  const names = ["purpose", "population", "place", "baseline"];
  const boxes = [...byId("explorer-form").querySelectorAll("input")];
  const at = (name, ids) => Math.max(0, pick(name) ? ids.indexOf(pick(name).value) : 0);

  const figure = (metric, policy) => {
    const index = ((policy * data.purposes.length + at("purpose", data.purposes)) * data.places.length
      + at("place", data.places)) * data.populations.length + at("population", data.populations);
    return data.figures[metric][index];
  };

  const make = (tag, className, text) => {
    const one = document.createElement(tag);
    if (className) one.className = className;
    if (text !== undefined) one.textContent = text;
    return one;
  };

  // A number, its interval, a bar up to the most of the column, and the change against the baseline.
  const cell = (name, of, base, most, extra, isBaseline) => {
    const td = make("td", "num");
    td.dataset.label = name;
    const inner = td.appendChild(make("span", "cell"));
    if (!of) { inner.textContent = "–"; return td; }
    inner.append(make("span", "main", count(of[0]) + extra), make("span", "range", range(of, count)));
    const bar = inner.appendChild(make("span", "bar"));
    bar.setAttribute("aria-hidden", "true");
    const part = (from, to) => {
      const piece = bar.appendChild(make("i"));
      piece.style.left = `${most > 0 ? (100 * from) / most : 0}%`;
      piece.style.width = `${most > 0 ? (100 * (to - from)) / most : 0}%`;
    };
    part(0, of[1] ?? of[0]);
    if (of[2] !== undefined) part(of[1], of[2]);
    const mean = bar.appendChild(make("b"));
    mean.style.left = `${most > 0 ? (100 * of[0]) / most : 0}%`;
    const said = isBaseline ? words.is_baseline : base ? change(of[0], base[0]) : "";
    inner.append(make("span", "change", said));
    return td;
  };

  const draw = () => {
    const shown = boxes.map((box, i) => (box.checked ? i : -1)).filter((i) => i >= 0);
    const baseline = at("baseline", data.policies);
    const metrics = ["disclosed_values", "people_exposed", "distinct_facts"];
    const chosen = (name) => { const select = pick(name); return select ? select.selectedOptions[0].textContent : ""; };
    const said = fill(words.shown, ...["purpose", "population", "place"].map(chosen)).replace(/[ ;\u00a0]+\.$/, ".");
    const holds = byId("explorer-table");
    holds.replaceChildren();
    const known = shown.some((policy) => metrics.some((metric) => figure(metric, policy)));
    byId("explorer-said").textContent = shown.length === 0 ? words.no_policy : known ? said : words.missing;
    if (shown.length === 0 || !known) return;
    const table = make("table", "cards picked");
    table.append(make("caption", "", words.table));
    const head = table.appendChild(make("thead")).appendChild(make("tr"));
    [data.policy, ...data.columns].forEach((name, i) => {
      const th = head.appendChild(make("th", i ? "num" : "", name));
      th.scope = "col";
    });
    const body = table.appendChild(make("tbody"));
    const most = metrics.map((metric) => Math.max(0, ...shown.map((policy) => figure(metric, policy)).map((of) => (of ? of[2] ?? of[0] : 0))));
    for (const policy of shown) {
      const row = body.appendChild(make("tr"));
      row.dataset.policy = data.policies[policy];
      const th = row.appendChild(make("th"));
      th.scope = "row";
      th.dataset.label = data.policy;
      const title = boxes[policy].labels[0].textContent;
      th.appendChild(make("span", "cell")).appendChild(make("span", "main", title));
      metrics.forEach((metric, i) => {
        const share = i === 1 ? figure("coverage_of_group", policy) : null;
        const extra = share ? ` (${percent(share[0])})` : "";
        const td = cell(data.columns[i], figure(metric, policy), figure(metric, baseline), most[i], extra, policy === baseline);
        td.dataset.metric = metric;
        row.append(td);
      });
    }
    holds.append(table);
  };

  // The choice is part of the address: a link shows the same.
  const keep = () => {
    const parts = new URLSearchParams();
    if (boxes.some((box) => !box.checked)) parts.set("policies", boxes.filter((box) => box.checked).map((box) => box.value).join(","));
    names.filter((name) => pick(name)).forEach((name) => parts.set(name, pick(name).value));
    history.replaceState(null, "", `#explorer?${parts}`);
  };
  const restore = () => {
    const [id, query] = location.hash.slice(1).split("?");
    if (id !== "explorer" || query === undefined) return;
    const parts = new URLSearchParams(query);
    names.forEach((name) => {
      const select = pick(name);
      const wanted = parts.get(name);
      if (select && [...select.options].some((option) => option.value === wanted)) select.value = wanted;
    });
    const policies = parts.has("policies") ? parts.get("policies").split(",") : data.policies;
    boxes.forEach((box) => { box.checked = policies.includes(box.value); });
    draw();
    byId("explorer").scrollIntoView();
  };
  byId("explorer-form").addEventListener("change", () => { draw(); keep(); });
  window.addEventListener("hashchange", restore);
  byId("explorer-form").hidden = false;
  byId("explorer-shown").hidden = false;
  draw();
  restore();
})();
