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

  // Two hundred nodes: a message, a wait and a branch, again and again.
  const nodes = { end: { end: "completed" } };
  for (let n = 198; n >= 0; n--) {
    const next = n === 198 ? "end" : `n${n + 1}`;
    nodes[`n${n}`] = n % 3 === 0 ? { message: "first-purchase-tips", channel: "email", next, refused: "end" } : n % 3 === 1 ? { wait: "P1D", next } : { branch: [{ when: "flags.vulnerable", next: "end" }], else: next };
  }
  await product.ask("PUT", "documents/journeys/large", { id: "large", version: 1, stage: "activate", sector: "card", purpose: "service", entry: { call: true }, goal: { signal: "purchase" }, start: "n0", nodes });
  const canvas = await openConsole(browser, product, "journeys/large?part=edit", { width: 1600, height: 1000 });
  await canvas.locator(".react-flow__node").nth(199).waitFor({ state: "attached" });
  await canvas.evaluate(() => {
    window.frames_ = [];
    let before = performance.now();
    requestAnimationFrame(function frame(now) {
      window.frames_.push(now - before);
      before = now;
      requestAnimationFrame(frame);
    });
  });
  const box = await canvas.locator(".react-flow__node").first().boundingBox();
  await canvas.mouse.move(box.x + box.width / 2, box.y + 2);
  await canvas.mouse.down();
  await canvas.evaluate(() => void (window.frames_.length = 0));
  for (let step = 1; step <= 90; step++) await canvas.mouse.move(box.x + 3 * step, box.y + 2 * step);
  const dragged = await canvas.evaluate(() => window.frames_);
  await canvas.mouse.up();
  console.log(`a frame while a node of 200 is dragged ${median(dragged).toFixed(0)} ms, nine tenths within ${dragged.toSorted((a, b) => a - b)[Math.floor(dragged.length * 0.9)].toFixed(0)} ms`);

  const text = canvas.getByLabel("The document as JSON");
  await text.focus();
  await text.evaluate((area) => area.setSelectionRange(area.value.indexOf("P1D") + 1, area.value.indexOf("P1D") + 1));
  const keys = [];
  for (let key = 0; key < 30; key++) {
    keys.push(await text.evaluate(async (area) => {
      const began = performance.now();
      document.execCommand("insertText", false, "1");
      await new Promise((drawn) => requestAnimationFrame(drawn));
      return performance.now() - began;
    }));
  }
  console.log(`a key in its text, until it is drawn ${median(keys).toFixed(0)} ms, nine tenths within ${keys.toSorted((a, b) => a - b)[26].toFixed(0)} ms`);
  await close(canvas);
} finally {
  await Promise.all([browser.close(), product.end()]);
}
