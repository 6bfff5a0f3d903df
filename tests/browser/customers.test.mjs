import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { axeEverywhere, close, launch, openConsole, payment, startProduct } from "./product.mjs";

const hostile = `<img src=x onerror="alert('name')">`;
const customer = "ann-1";
let product, browser;

before(async () => {
  [product, browser] = await Promise.all([startProduct(), launch()]);
  const now = Date.now();
  const day = (ago) => new Date(now - ago * 86_400_000).toISOString();
  const payments = Array.from({ length: 60 }, (_, ago) => payment(customer, `p${ago}`, day(120 - 2 * ago), { merchant: `<script>alert("merchant")</script> ${ago}`, amount: -20 - ago }));
  await product.ask("POST", "transactions", [...payments, payment("bob-2", "b1", day(200))]);
  await product.ask("POST", "events", [
    { specversion: "1.0", type: "clm.lifecycle.v1", source: "/browser", id: "l1", subject: customer, time: day(1), data: { event: "complaint", details: { what: `<script>alert('memo')</script>` } } },
  ]);
  await product.until(() => product.ask("GET", `customers/${customer}`, undefined, { expect: [200, 404] }), (view) => view?.lifecycle?.length > 0 && view.features.payments_90d > 30);
  await product.ask("PUT", `customers/${customer}/profile`, { givenName: hostile, familyName: "=cmd()", country: "DE", language: "de", timeZone: "Europe/Berlin", products: { currentAccount: "A" } });
  await product.ask("POST", `customers/${customer}/decisions`, { strategy: "journey-offers", channel: "app" });
  await product.ask("POST", "overview/stages");
});
after(async () => Promise.all([browser?.close(), product?.end()]));

test("the overview shows customers by stage, and each figure opens who is behind it", async () => {
  const page = await openConsole(browser, product, "overview");
  await page.getByRole("row", { name: "Lapsed 1" }).first().waitFor();
  await page.getByText("decisions today").waitFor();
  const picture = page.getByRole("group", { name: "The flow between stages, 30 days" });
  await picture.getByRole("link", { name: "new here to Lapsed: 1" }).waitFor();
  await axeEverywhere(page);
  await picture.getByRole("link", { name: "Lapsed 1" }).click();
  await page.getByRole("link", { name: "bob-2" }).waitFor();
  assert.equal(await page.getByRole("link", { name: customer }).count(), 0);
  assert.match(page.url(), /customers\?stage=lapsed$/);
  await close(page);
});

test("an analyst finds a customer, and asks a decision why and whether it comes out again", async () => {
  const page = await openConsole(browser, product, "customers");
  await page.getByLabel("Customer id starts with").fill("ann");
  await page.getByRole("link", { name: customer }).click();
  await page.getByText("complaint").first().waitFor();
  await axeEverywhere(page);
  await page.getByRole("table").getByRole("button").filter({ hasNotText: /When|Kind|What|Detail/ }).first().click();
  await page.getByText("What was left of the actions").waitFor();
  await page.getByLabel("Why, or why not:").waitFor();
  await page.getByRole("button", { name: "Make it again from its record" }).click();
  await page.getByText("Identical: the same bytes came out.").waitFor();
  assert.match(page.url(), /decision=/);
  await axeEverywhere(page);
  await page.reload();
  await page.getByText("What was left of the actions").waitFor();
  await close(page);
});

test("scores show their course and their reasons as bars", async () => {
  const page = await openConsole(browser, product, `customers/${customer}?part=scores&score=churn`);
  await page.getByText("What moved it").waitFor();
  await page.getByRole("img", { name: "churn over time" }).waitFor();
  await axeEverywhere(page);
  await close(page);
});

test("names and memos that are scripts stay text, in the page and in the CSV", async () => {
  const page = await openConsole(browser, product, `customers/${customer}?part=profile`);
  await page.getByText(hostile).first().waitFor();
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("region", { name: "Profile and consents" }).first().getByRole("button", { name: "Save as CSV" }).click()]);
  const text = await readFile(await file.path(), "utf8");
  assert.match(text, /familyName,'=cmd\(\)/);
  await page.getByRole("tab", { name: "Timeline" }).click();
  await page.getByText(`<script>alert('memo')</script>`).first().waitFor();
  assert.equal(await page.locator("main script, main img").count(), 0);
  await axeEverywhere(page);
  await close(page);
});

test("a table of a hundred thousand rows scrolls to its end, sorts, and keeps its order in the address", async () => {
  const page = await openConsole(browser, product, "");
  await page.route("**/api/customers?*", (route) => route.fulfill({
    json: { after: null, customers: Array.from({ length: 100_000 }, (_, n) => ({ customerId: `c-${n}`, stage: "onboarding", since: "2026-01-01T00:00:00Z" })) },
  }));
  await page.getByRole("link", { name: "Customers", exact: true }).click();
  await page.getByRole("link", { name: "c-0", exact: true }).waitFor();
  const table = page.getByRole("region", { name: "Customers found, scrollable" });
  await table.evaluate((each) => each.scrollTo(0, each.scrollHeight));
  await page.getByRole("link", { name: "c-99999", exact: true }).waitFor();
  assert.ok((await table.locator("tbody tr").count()) < 100);
  assert.equal(await table.getByRole("table").getAttribute("aria-rowcount"), "100001");
  await table.getByRole("button", { name: "Customer", exact: true }).click();
  await table.getByRole("button", { name: /^Customer/ }).click();
  await table.evaluate((each) => each.scrollTo(0, 0));
  await page.getByRole("link", { name: "c-99999", exact: true }).waitFor();
  assert.match(page.url(), /customers\.sort=id\.desc/);
  await close(page);
});

test("an unknown customer is told in words", async () => {
  const page = await openConsole(browser, product, "customers/nobody-here");
  await page.getByText("nothing is known of the customer").waitFor();
  await close(page);
});
