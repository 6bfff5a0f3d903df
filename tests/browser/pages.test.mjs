import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { axeEverywhere, axeNow, close, launch, openConsole, payment, startProduct } from "./product.mjs";

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
  await product.approve(path, 1);
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

test("a model's card draws what its figures tell of", async () => {
  const page = await openConsole(browser, product, "models");
  await page.getByRole("link", { name: "propensity_savings", exact: true }).click();
  await page.getByText("auc_out_of_time", { exact: true }).waitFor();
  const { metrics, curves } = await product.ask("GET", "models/propensity_savings/card");
  const points = (name) => page.getByRole("img", { name, exact: true }).locator("circle");
  assert.equal(await points("ROC curve").count(), curves.ranked.length + 1);
  assert.equal(await points("Lift").count(), curves.ranked.length);
  assert.equal(await points("Calibration").count(), curves.calibration.length);
  await page.getByText(`AUC ${Number(metrics.auc.value.toPrecision(3))} (95%:`).waitFor();
  await page.getByRole("rowheader", { name: curves.importance[0].name, exact: true }).waitFor();
  await page.getByText("The figures", { exact: true }).first().click();
  await page.getByRole("region", { name: "By score, from the highest down" }).getByRole("cell", { name: curves.ranked[0].rows.toLocaleString("en"), exact: true }).first().waitFor();
  await axeEverywhere(page);
  await close(page);
});

test("a model without events to rank says so, and draws its importance", async () => {
  const page = await openConsole(browser, product, "models/lifetime_value");
  await page.getByText("ROC, lift and calibration are for models that predict whether something happens").waitFor();
  await page.getByRole("table", { name: "Importance" }).waitFor();
  await close(page);
});

test("a challenger that the gates hold back is promoted for a reason, and rolled back; both stand in the history", async () => {
  const { curves, ...shipped } = await product.ask("GET", "models/churn");
  await product.ask("POST", "models/churn/challengers", { ...shipped, version: 2 });
  const page = await openConsole(browser, product, "models/churn");
  await page.getByLabel("Shown:").selectOption("2");
  await page.getByText("This version was made before cards had curves.").waitFor();

  await page.getByRole("button", { name: "Promote version 2" }).click();
  const promotion = page.getByRole("dialog", { name: "Promote version 2" });
  await promotion.getByText("takes the place of version 1").waitFor();
  await promotion.getByRole("button", { name: "Yes, do it" }).click();
  await promotion.getByText(/^evidence: /).waitFor();
  await axeNow(page, "the dialog");
  await promotion.getByLabel("Promote against the gates").check();
  assert.equal(await promotion.getByRole("button", { name: "Yes, do it" }).isEnabled(), false);
  await promotion.getByLabel("Why").fill("a rehearsal");
  await promotion.getByRole("button", { name: "Yes, do it" }).click();
  await page.getByRole("status").getByText("Done.").waitFor();
  await page.getByRole("option", { name: "version 2, champion" }).waitFor({ state: "attached" });

  await page.getByRole("button", { name: "Roll back" }).click();
  const rollback = page.getByRole("dialog", { name: "Roll back" });
  await rollback.getByText("Version 1 takes the place of version 2 again.").waitFor();
  await rollback.getByLabel("Why").fill("the rehearsal is over");
  await rollback.getByRole("button", { name: "Yes, do it" }).click();
  await page.getByRole("option", { name: "version 1, champion" }).waitFor({ state: "attached" });
  await page.getByRole("cell", { name: "rolled back to" }).waitFor();
  await page.getByRole("cell", { name: "the rehearsal is over" }).waitFor();
  assert.equal(await page.getByRole("img", { name: "Champion and challengers" }).locator("rect").count(), 4);
  assert.equal((await product.ask("GET", "models/churn/history")).champion, 1);

  await page.getByRole("button", { name: "Roll back" }).click();
  await page.getByRole("dialog").getByText("No version was live before this one").waitFor();
  assert.equal(await page.getByRole("dialog").getByRole("button", { name: "Yes, do it" }).isEnabled(), false);
  await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await axeEverywhere(page);
  await close(page);
});

test("an experiment shows its arms, intervals and guardrails, and what was found day by day", async () => {
  await product.ask("POST", "experiments/self-cure/exposures", { customerId: "ann" });
  const experiment = () => product.ask("GET", "experiments/self-cure");
  await product.until(experiment, ({ arms }) => arms?.some((arm) => arm.exposed === 1));
  const fired = await fetch(`${product.url}/admin/functions/EvaluateExperiments`, { method: "POST", headers: { "x-functions-key": "browser-master", "content-type": "application/json" }, body: "{}" });
  assert.ok(fired.ok, await fired.text());
  await product.until(experiment, ({ course }) => course.length === 1);
  const page = await openConsole(browser, product, "experiments");
  await page.getByRole("link", { name: "self-cure", exact: true }).click();
  await page.getByText("Sample ratio: p = 1.").waitFor();
  await page.getByRole("region", { name: "Guardrails", exact: true }).waitFor();
  await page.getByRole("img", { name: /^Sample ratio: evidence/ }).waitFor();
  await page.getByText("No interval yet").waitFor();
  const saved = page.waitForEvent("download");
  await page.getByRole("region", { name: "Day by day" }).getByRole("button", { name: "Save as CSV" }).click();
  const rows = (await readFile(await (await saved).path(), "utf8")).trim().split("\r\n");
  assert.match(rows[0], /Day,Arm,Exposed,Difference,From,To,Sample ratio p,Status$/);
  assert.equal(rows.slice(1).map((row) => Number(row.split(",")[2])).reduce((sum, exposed) => sum + exposed), 1);
  await axeEverywhere(page);
  await close(page);
});

test("an agent sees what waits and what came of promises, takes a case and says what came of it", async () => {
  const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString();
  await product.ask("POST", "events", {
    specversion: "1.0", type: "clm.lifecycle.v1", source: "/browser", id: "due-1", subject: "ann", time: day(0),
    data: { event: "instalment_due", details: { debt: "card-1", amount: 120, currency: "EUR", dueDate: day(5).slice(0, 10), balance: 480 } },
  });
  await product.until(() => product.ask("GET", "customers/ann/debts"), ({ debts }) => debts?.length === 1);
  await product.ask("POST", "customers/ann/debts/card-1/promise", { amount: "100.00", by: day(3).slice(0, 10) });
  await product.until(() => product.ask("GET", "collections/figures"), ({ days }) => days.at(-1).promisesMade === 1);
  const page = await openConsole(browser, product, "collections");
  await page.getByRole("table", { name: "Cases that wait" }).getByRole("row", { name: "collections 1" }).waitFor();
  await page.getByRole("img", { name: "What came of promises" }).waitFor();
  await page.getByRole("button", { name: /^Look at/ }).click();
  await page.getByRole("button", { name: "Take the case" }).click();
  await page.getByRole("button", { name: "Complete", exact: true }).waitFor();
  await axeEverywhere(page);
  await page.getByRole("button", { name: "Complete", exact: true }).click();
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
