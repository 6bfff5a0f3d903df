import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { axeEverywhere, close, launch, openConsole, payment, startProduct } from "./product.mjs";

const shared = join(import.meta.dirname, "../../shared");
const journey = await readFile(join(shared, "Journeys/Catalogue/past-due-nudge.journey.json"), "utf8");
// A template whose every message is looked at, and that tells a merchant's name.
const template = JSON.parse(await readFile(join(shared, "Messages/Templates/Shipped/payment-due.template.json"), "utf8"));
template.approval = { sample: 1 };
template.facts.merchant = { kind: "quoted", sample: "Grocer 12" };
template.texts.en.app.body = "{{amount_due}} for {{merchant}} is due on {{due}}. Call us on {{hotline}}.";
const hostile = "<script>window.stolen = 1</script>";
let product, browser;

before(async () => {
  [product, browser] = await Promise.all([startProduct(), launch()]);
  await inForce("journeys/past-due-nudge", journey);
  await inForce("templates/payment-due", JSON.stringify(template));
  // What is approved comes into force everywhere within half a minute; where the product starts, at once.
  await product.stop();
  await product.start();
  await product.ask("POST", "transactions", [payment("ann", "p1", new Date().toISOString())]);
  await product.until(() => product.ask("GET", "customers/ann", undefined, { expect: [200, 404] }), (view) => view?.features);
  await product.ask("POST", "customers/ann/cases", { kind: "call" });
  for (const id of ["m-1", "m-2"]) {
    await product.ask("POST", `customers/ann/messages/${id}`, {
      template: "payment-due", channel: "app",
      facts: [
        { kind: "money", name: "amount_due", amount: 120, currency: "EUR" }, { kind: "date", name: "due", date: "2027-03-12" },
        { kind: "contact", name: "hotline", text: "+49 30 1234567" }, { kind: "quoted", name: "merchant", text: hostile },
      ],
    });
  }
});

/** Puts a document in force as two people do. */
async function inForce(document, text) {
  const path = `documents/${document}`;
  await product.ask("PUT", path, text);
  await product.ask("POST", `${path}/submission`, { version: 1 });
  const { versions } = await product.ask("GET", `${path}/history`);
  const answer = await fetch(`${product.url}/api/${path}/approval`, {
    method: "POST", body: JSON.stringify({ version: 1, approve: true }),
    headers: { "x-functions-key": "browser-key", "content-type": "application/json", "x-ms-client-principal-name": "ben@bank.example", "if-match": `"${versions[0].digest}"` },
  });
  assert.equal(answer.status, 200, await answer.text());
}
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

test("a message that waits shows what proves it, and is approved or turned down by somebody else", async () => {
  const asked = await openConsole(browser, product, "messages?message=m-1");
  await asked.getByLabel("Why").fill("kind enough");
  await asked.getByRole("button", { name: "Approve" }).click();
  await asked.getByRole("alert").getByText("somebody else must decide").waitFor();
  await close(asked);

  const page = await openConsole(browser, product, "messages", { name: "ben@bank.example" });
  await page.getByRole("button", { name: "Look at m-1" }).click();
  const draft = page.getByRole("region", { name: "m-1", exact: true });
  assert.deepEqual(await draft.locator("pre mark").allTextContents(), ["{{amount_due}}", "{{merchant}}", "{{due}}", "{{hotline}}"]);
  assert.equal(await draft.locator("mark", { hasText: "amount_due" }).getAttribute("title"), "Proven by facts.amount_due: EUR 120.00");
  await draft.getByRole("cell", { name: hostile, exact: true }).waitFor();
  await axeEverywhere(page);
  for (const [id, decision] of [["m-1", "Approve"], ["m-2", "Reject"]]) {
    await page.getByRole("button", { name: `Look at ${id}` }).click();
    await page.getByLabel("Why").fill("looked at it");
    await page.getByRole("button", { name: decision }).click();
    await page.getByRole("button", { name: `Look at ${id}` }).waitFor({ state: "detached" });
  }
  await page.getByText("Nothing waits").waitFor();
  assert.equal(await page.evaluate(() => window.stolen), undefined);
  await close(page);
  const [approved, rejected] = await Promise.all(["m-1", "m-2"].map((id) => product.ask("GET", `customers/ann/messages/${id}`)));
  assert.deepEqual([approved.approval.status, approved.approval.by, rejected.approval.status, rejected.source], ["Approved", "ben@bank.example", "Rejected", "None"]);
});

test("a text that was refused shows where and why, and its script is text", async () => {
  await product.ask("POST", "messages/drafts", {
    customerId: "ann", template: { body: `You owe EUR 99 to ${hostile}, see www.evil.example.` },
    brief: { messageId: "m-3", purpose: "service", channel: "app", language: "en", sendDate: "2027-03-10", facts: [{ kind: "money", name: "amount_due", amount: 120, currency: "EUR" }] },
  });
  const page = await openConsole(browser, product, "messages?of=ann&id=m-3");
  await page.getByRole("button", { name: "Prove it again" }).click();
  await page.getByText("Every verdict is what it was.").waitFor();
  const attempt = page.getByRole("region", { name: "All attempts, proven again" });
  assert.equal(await attempt.locator("mark.refused", { hasText: "EUR 99" }).getAttribute("title"), "99 EUR is no amount of the brief");
  assert.equal(await attempt.locator("mark.refused", { hasText: "www.evil.example" }).getAttribute("title"), "leads to a host that is not allowed");
  assert.match(await attempt.locator("pre").textContent(), /<script>window\.stolen = 1<\/script>/);
  await axeEverywhere(page);
  assert.equal(await page.evaluate(() => window.stolen), undefined);
  await close(page);
});
