// Pictures of the console with the demo's data, for docs/console.md: node screenshots.mjs [folder [names]], after dotnet build -c Release.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { axeNow, close, launch, openConsole, startProduct } from "./product.mjs";

const folder = process.argv[2] ?? join(import.meta.dirname, "../../docs/console");
const wanted = process.argv.slice(3);
const customer = "demo-000001";

// Address, and what is there when the page is ready.
const pages = {
  overview: { path: "overview", ready: (page) => page.getByRole("table").first().waitFor() },
  customers: { path: "customers?prefix=demo-0000", ready: (page) => page.getByRole("link", { name: customer }).waitFor() },
  timeline: { path: `customers/${customer}`, ready: (page) => page.getByRole("table").first().waitFor() },
  scores: { path: `customers/${customer}?part=scores&score=churn`, ready: (page) => page.getByRole("img").waitFor() },
  decision: { path: `customers/${customer}?kind=decision`, ready: decision },
  journeys: { path: "journeys/past-due-nudge", ready: (page) => page.locator(".react-flow__edge").first().waitFor({ state: "attached" }) },
  "journey-canvas": { path: "journeys/past-due-nudge?part=edit", ready: drawn },
  "journey-dry-run": { path: "journeys/past-due-nudge?part=edit", ready: ranDry },
  models: { path: "models/propensity_savings", ready: (page) => page.getByText("auc_out_of_time", { exact: true }).waitFor() },
  experiments: { path: "experiments/self-cure", ready: (page) => page.getByText(/Sample ratio/).waitFor() },
  collections: { path: "collections", ready: (page) => page.getByRole("heading", { name: "Collections" }).waitFor() },
  messages: { path: `messages?of=${customer}&id=demo-payment-due`, ready: proven },
  documents: { path: "documents/strategies/retail-bank-cards", ready: (page) => page.getByText("It is valid.").waitFor() },
  strategy: { path: `documents/strategies/retail-bank-cards?action=credit-card&sample=${customer}`, ready: edited },
  audit: { path: "audit", ready: verify },
  operations: { path: "operations?part=timers", ready: (page) => page.getByText("RelayIntents").waitFor() },
};

async function decision(page) {
  await page.locator("tbody button").first().click();
  await page.getByLabel("Why, or why not:").waitFor();
  await page.getByRole("button", { name: "Make it again from its record" }).click();
  await page.getByRole("status").getByText("Identical").waitFor();
}

async function proven(page) {
  await page.getByRole("button", { name: "Prove it again" }).click();
  await page.getByText("Every verdict is what it was.").waitFor();
}

async function drawn(page) {
  await page.locator(".react-flow__edge").first().waitFor({ state: "attached" });
  await page.locator('.react-flow__node[data-id="days"]').click();
  await page.getByText("It is valid.").waitFor();
}

async function ranDry(page) {
  await page.locator(".react-flow__edge").first().waitFor({ state: "attached" });
  await page.locator('.react-flow__node[data-id="days"]').click();
  await page.getByRole("region", { name: "The selected node" }).getByLabel("timeout").fill("P2D");
  await page.locator("summary", { hasText: "What they do" }).click();
  await page.locator("details textarea").fill('{ "entry": { "debt": "D-1", "amount": 120.5, "currency": "EUR" } }');
  await page.getByRole("button", { name: "Run dry" }).click();
  await page.getByRole("region", { name: "By node, scrollable" }).waitFor();
  await page.getByRole("region", { name: "Dry run", exact: true }).evaluate((section) => section.scrollIntoView());
}

async function edited(page) {
  const panel = page.getByRole("region", { name: "Action credit-card" });
  await panel.getByText(/^For /).first().waitFor();
  await page.getByRole("region", { name: "Actions", exact: true }).evaluate((section) => section.scrollIntoView());
}

async function verify(page) {
  await page.getByRole("button", { name: "Verify" }).click();
  await page.getByText("Whole").waitFor();
}

await mkdir(folder, { recursive: true });
const [product, browser] = await Promise.all([startProduct({ args: ["--demo"] }), launch()]);
try {
  process.stderr.write("waiting for the demo's data, about a minute\n");
  await product.said("Look at some of them");
  for (const [name, { path, ready }] of Object.entries(pages).filter(([name]) => wanted.length === 0 || wanted.includes(name))) {
    for (const dark of [false, true]) {
      const page = await openConsole(browser, product, path, { dark, height: 860 });
      await ready(page);
      await axeNow(page, `${name}, with the demo's data`);
      await page.screenshot({ path: join(folder, dark ? `${name}-dark.png` : `${name}.png`), fullPage: name === "decision" });
      await close(page);
      if (name !== "overview") break;
    }
    process.stderr.write(`${name}\n`);
  }
} finally {
  await Promise.all([browser.close(), product.end()]);
}
