import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { axeEverywhere, axeNow, close, launch, openConsole, payment, startProduct } from "./product.mjs";

const strategy = await readFile(join(import.meta.dirname, "../../shared/Decisions/Starters/retail-bank-cards.strategy.json"), "utf8");
const path = "documents/strategies/retail-bank-cards";
let product, browser;

before(async () => {
  [product, browser] = await Promise.all([startProduct({ args: ["--virtual-clock"] }), launch()]);
  await product.ask("PUT", path, strategy);
  await product.approve(path, 1);
  await product.ask("POST", "transactions", ["ann", "eve"].map((customer) => payment(customer, `${customer}-1`, new Date().toISOString())));
  await product.until(() => product.ask("GET", "customers/ann", undefined, { expect: [200, 404] }), (view) => view?.features);
  await pass("PT2M");
});
after(async () => Promise.all([browser?.close(), product?.end()]));

/** Moves the virtual clock on, so that what was approved is in force. */
async function pass(by) {
  const answer = await fetch(`${product.url}/admin/clock`, { method: "POST", headers: { "x-functions-key": "browser-master" }, body: JSON.stringify({ by }) });
  assert.equal(answer.status, 200, await answer.text());
}

/** Decides for ann: the strategy's version, and what became of one action. */
async function decide() {
  const { decisionId } = await product.ask("POST", "customers/ann/decisions", { channel: "app" });
  const { strategy: used, actions } = await product.ask("GET", `decisions/${decisionId}`);
  return { decisionId, version: used.version, verdict: actions.find((each) => each.id === "spending-overview").verdict };
}

test("a rule is edited in its panel, checked where it stands, tried, approved by somebody else, and then decides", async () => {
  const before = await decide();
  assert.deepEqual({ version: before.version, verdict: before.verdict }, { version: 1, verdict: "ranked" });

  const page = await openConsole(browser, product, path, { name: "ann@bank.example", roles: ["analyst"] });
  const text = page.getByLabel("The document as JSON");
  await page.getByRole("region", { name: "Actions", exact: true }).getByText("8 rows").waitFor();
  const begun = await text.inputValue();
  await page.getByLabel("Sample customer").fill("ann");
  await page.getByRole("button", { name: "Look", exact: true }).click();
  await page.getByRole("button", { name: "Edit spending-overview" }).click();
  const panel = page.getByRole("region", { name: "Action spending-overview" });
  const rule = panel.getByLabel("Applicability", { exact: true });
  await panel.getByText("For ann: true.").waitFor();

  // What is wrong stands at its place as one types, in the panel, in the table and in the document's findings.
  await rule.fill("features.tenure_days >= 0.0 && features.purchase_30d < 1.0");
  const wrong = panel.getByRole("list", { name: "Findings in Applicability" });
  await wrong.getByText("features.purchases_30d").waitFor();
  assert.equal(await wrong.locator("mark").textContent(), "features.purchase_30d");
  await wrong.getByRole("button", { name: "Position 32" }).click();
  assert.equal(await rule.evaluate((field) => field.value.slice(field.selectionStart, field.selectionEnd)), "features.purchase_30d");
  await panel.getByRole("list", { name: "Findings at this action" }).waitFor();
  await axeEverywhere(page);

  // It is mended by completion, by keyboard alone.
  await wrong.getByRole("button", { name: "Position 32" }).press("Enter");
  await page.keyboard.type("features.purchases_3");
  const offers = panel.getByRole("listbox");
  await offers.getByRole("option", { name: "features.purchases_30d double" }).waitFor();
  await axeNow(page, "with the list of names");
  await rule.press("ArrowDown");
  assert.equal(await rule.getAttribute("aria-activedescendant"), await offers.getByRole("option", { selected: true }).getAttribute("id"));
  await rule.press("Enter");
  assert.equal(await rule.inputValue(), "features.tenure_days >= 0.0 && features.purchases_30d < 1.0");
  await panel.getByText("For ann: false.").waitFor();
  await page.getByText("It is valid.").waitFor();
  assert.equal(await text.inputValue(), begun.replace('"features.purchases_30d < 5.0"', '"features.tenure_days >= 0.0 && features.purchases_30d < 1.0"'));
  await page.getByRole("region", { name: "Decision tree" }).getByText("ann: no").waitFor();

  await page.getByRole("button", { name: "Save the draft" }).click();
  await page.getByText("The draft is saved.").waitFor();
  await page.getByRole("tab", { name: "What if" }).click();
  await page.getByRole("button", { name: "Simulate" }).click();
  await page.getByText("2 sampled of about 2; 2 would be offered something else.").waitFor();
  const forecast = page.getByRole("region", { name: "What if", exact: true }).getByRole("row", { name: /^spending-overview/ });
  assert.deepEqual(await forecast.getByRole("cell").allTextContents(), ["spending-overview", "2", "0", "-2"]);
  await page.getByRole("tab", { name: "Difference and approval" }).click();
  await page.getByText("applicability").waitFor();
  await page.getByRole("button", { name: "Submit" }).click();
  await page.getByText("Submitted", { exact: true }).waitFor();
  await close(page);

  const approver = await openConsole(browser, product, `${path}?part=difference`, { name: "ben@bank.example", roles: ["approver"] });
  await approver.getByRole("button", { name: "Approve" }).click();
  await approver.getByText("Nothing is open").waitFor();
  await approver.getByRole("tab", { name: "History" }).click();
  await approver.getByText("Version 2 against 1").waitFor();
  await approver.getByText("features.purchases_30d < 5.0").waitFor();
  await approver.getByRole("combobox", { name: "Before" }).selectOption("2");
  await approver.getByText("Nothing differs.").waitFor();
  await close(approver);

  await pass("PT2M");
  const now = await decide();
  assert.deepEqual({ version: now.version, verdict: now.verdict }, { version: 2, verdict: "notApplicable" });
  const seen = await openConsole(browser, product, `customers/ann?decision=${now.decisionId}`);
  await seen.getByRole("region", { name: "Decision", exact: true }).getByText("retail-bank-cards@2").waitFor();
  await close(seen);
});

test("half a text leaves the table as it was, what is emptied goes from the text, and an unknown customer hides no finding", async () => {
  const page = await openConsole(browser, product, `${path}?action=travel-insurance&sample=nobody`);
  const panel = page.getByRole("region", { name: "Action travel-insurance" });
  const text = page.getByLabel("The document as JSON");
  await panel.getByLabel("Suitability", { exact: true }).fill("");
  const { actions } = JSON.parse(await text.inputValue());
  assert.ok(!("suitability" in actions.find((each) => each.id === "travel-insurance")));
  await panel.getByLabel("Margin", { exact: true }).fill("profile.country");
  await panel.getByRole("list", { name: "Findings in Margin" }).getByText("a number").waitFor();
  await panel.getByText("nothing is known of the customer").first().waitFor();
  await text.fill((await text.inputValue()).slice(0, -20));
  await page.getByText("The text is not JSON yet").waitFor();
  await page.getByRole("button", { name: "Edit travel-insurance" }).waitFor();
  await close(page);
});
