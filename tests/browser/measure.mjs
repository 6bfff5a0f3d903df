// How fast the console is: node measure.mjs, after dotnet build -c Release. Medians of seven, each in a browser context without a cache.
import { close, launch, openConsole, payment, startProduct } from "./product.mjs";

const times = 7;
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

async function measured(open, ready) {
  const took = [];
  for (let time = 0; time <= times; time++) {
    const began = performance.now();
    const page = await open();
    await ready(page);
    // The first one warms the product up.
    if (time > 0) took.push(performance.now() - began);
    await close(page);
  }
  return `${median(took).toFixed(0)} ms`;
}

const [product, browser] = await Promise.all([startProduct(), launch()]);
try {
  await product.ask("POST", "transactions", [payment("ann-1", "p1", new Date().toISOString())]);
  await product.until(() => product.ask("GET", "customers/ann-1", undefined, { expect: [200, 404] }), (view) => view?.features);
  await product.ask("POST", "overview/stages");

  const first = await openConsole(browser, product, "overview");
  await first.getByRole("table").first().waitFor();
  const bytes = await first.evaluate(() => performance.getEntries().filter((each) => /\/api\/console/.test(each.name)).reduce((sum, each) => sum + (each.transferSize ?? 0), 0));
  await close(first);
  console.log(`first view, over the wire        ${(bytes / 1000).toFixed(0)} KB`);
  console.log(`sign-in dialog                   ${await measured(() => openConsole(browser, product, "", { signedIn: false }), (page) => page.getByRole("dialog").waitFor())}`);
  console.log(`overview with its figures        ${await measured(() => openConsole(browser, product, "overview"), (page) => page.getByRole("table").first().waitFor())}`);

  const rows = JSON.stringify({ after: null, customers: Array.from({ length: 100_000 }, (_, n) => ({ customerId: `c-${n}`, stage: "onboarding", since: "2026-01-01T00:00:00Z" })) });
  const page = await openConsole(browser, product, "customers", { prepare: (context) => context.route("**/api/customers?*", (route) => route.fulfill({ contentType: "application/json", body: rows })) });
  await page.getByRole("link", { name: "c-0", exact: true }).waitFor();
  const frames = await page.getByRole("region", { name: /scrollable/ }).evaluate(async (table) => {
    const took = [];
    let before = performance.now();
    for (let step = 1; step <= 120; step++) {
      table.scrollTop = (step / 120) * table.scrollHeight;
      await new Promise((drawn) => requestAnimationFrame(drawn));
      took.push(performance.now() - before);
      before = performance.now();
    }
    return took;
  });
  console.log(`a frame while 100,000 rows scroll ${median(frames).toFixed(0)} ms`);
  await close(page);
} finally {
  await Promise.all([browser.close(), product.end()]);
}
