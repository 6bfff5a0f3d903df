import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { axeEverywhere, close, launch, openConsole, payment, startProduct } from "./product.mjs";

const journey = await readFile(join(import.meta.dirname, "../../shared/Journeys/Catalogue/past-due-nudge.journey.json"), "utf8");
let product, browser;

before(async () => {
  [product, browser] = await Promise.all([startProduct(), launch()]);
  const path = "documents/journeys/past-due-nudge";
  await product.ask("PUT", path, journey);
  await product.ask("POST", `${path}/submission`, { version: 1 });
  const { versions } = await product.ask("GET", `${path}/history`);
  const answer = await fetch(`${product.url}/api/${path}/approval`, {
    method: "POST", body: JSON.stringify({ version: 1, approve: true }),
    headers: { "x-functions-key": "browser-key", "content-type": "application/json", "x-ms-client-principal-name": "ben@bank.example", "if-match": `"${versions[0].digest}"` },
  });
  assert.equal(answer.status, 200, await answer.text());
  // What is approved comes into force everywhere within half a minute; where the product starts, at once.
  await product.stop();
  await product.start();
  await product.ask("POST", "transactions", [payment("ann", "p1", new Date().toISOString())]);
  await product.until(() => product.ask("GET", "customers/ann", undefined, { expect: [200, 404] }), (view) => view?.features);
  await product.ask("POST", "customers/ann/cases", { kind: "call" });
});
after(async () => Promise.all([browser?.close(), product?.end()]));

test("a journey stands as a picture and a table with its figures, and opens its document", async () => {
  const page = await openConsole(browser, product, "journeys");
  await page.getByRole("link", { name: "past-due-nudge" }).click();
  await page.getByRole("group", { name: /^Picture of the journey/ }).waitFor();
  assert.equal(await page.locator(".react-flow__node").count(), Object.keys(JSON.parse(journey).nodes).length);
  await page.locator(".react-flow__edge").first().waitFor({ state: "attached" });
  await axeEverywhere(page);
  await page.getByRole("link", { name: /^The document/ }).click();
  await page.getByLabel("The document as JSON").waitFor();
  await close(page);
});

test("a model shows its card, and says why it cannot be rolled back", async () => {
  const page = await openConsole(browser, product, "models");
  await page.getByRole("link", { name: "churn", exact: true }).click();
  await page.getByText("auc_out_of_time", { exact: true }).waitFor();
  await axeEverywhere(page);
  await page.getByRole("button", { name: "Roll back" }).click();
  await page.getByRole("alert").waitFor();
  await close(page);
});

test("an experiment shows its arms, intervals and guardrails", async () => {
  const page = await openConsole(browser, product, "experiments");
  await page.getByRole("link", { name: "self-cure", exact: true }).click();
  await page.getByText("Sample ratio: p = 1.").waitFor();
  await page.getByRole("region", { name: "Guardrails", exact: true }).waitFor();
  await axeEverywhere(page);
  await close(page);
});

test("an agent takes a case and says what came of it", async () => {
  const page = await openConsole(browser, product, "collections");
  await page.getByRole("button", { name: /^Look at/ }).click();
  await page.getByRole("button", { name: "Take the case" }).click();
  await page.getByRole("button", { name: "Complete" }).waitFor();
  await axeEverywhere(page);
  await page.getByRole("button", { name: "Complete" }).click();
  await page.getByText("No case waits in this queue.").waitFor();
  await close(page);
});

test("nothing waits for approval, and the page says what that means", async () => {
  const page = await openConsole(browser, product, "messages");
  await page.getByText("Nothing waits").waitFor();
  await axeEverywhere(page);
  await close(page);
});
