import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { axeEverywhere, close, launch, openConsole, payment, startProduct } from "./product.mjs";

const strategy = await readFile(join(import.meta.dirname, "../../shared/Decisions/Starters/retail-bank-cards.strategy.json"), "utf8");
const address = "documents/strategies/retail-bank-cards";
const record = () => product.ask("GET", "documents/strategies/retail-bank-cards/history");
let product, browser;

before(async () => {
  [product, browser] = await Promise.all([startProduct(), launch()]);
  await product.ask("POST", "transactions", ["ann", "bob", "eve"].map((customer) => payment(customer, `${customer}-1`, new Date().toISOString())));
});
after(async () => Promise.all([browser?.close(), product?.end()]));

test("a strategy is written, checked as it is typed, saved, submitted, and approved by somebody else", async () => {
  const writer = await openConsole(browser, product, address, { name: "ann@bank.example", roles: ["analyst"] });
  const text = writer.getByLabel("The document as JSON");
  await text.fill(strategy.replace("features.tenure_days >= 60", "features.tenure_dais >= 60"));
  await writer.getByText("tenure_dais").nth(1).waitFor();
  await axeEverywhere(writer);
  await text.fill(strategy);
  await writer.getByText("It is valid.").waitFor();
  await writer.getByLabel("Why (for the history)").fill("to begin with");
  await writer.getByRole("button", { name: "Save the draft" }).click();
  await writer.getByText("The draft is saved.").waitFor();
  await writer.getByRole("tab", { name: "Difference and approval" }).click();
  await writer.getByRole("button", { name: "Submit" }).click();
  await writer.getByRole("button", { name: "Approve" }).waitFor();
  assert.ok(await writer.getByRole("button", { name: "Approve" }).isDisabled());
  await axeEverywhere(writer);
  await close(writer);

  const author = await openConsole(browser, product, `${address}?part=difference`, { name: "ann@bank.example" });
  await author.getByRole("button", { name: "Approve" }).click();
  await author.getByRole("alert").waitFor();
  await close(author);

  const approver = await openConsole(browser, product, `${address}?part=difference`, { name: "ben@bank.example", roles: ["approver"] });
  await approver.getByRole("button", { name: "Approve" }).click();
  await approver.getByText("Nothing is open").waitFor();
  assert.deepEqual((await record()).history.map((each) => `${each.step} ${each.by}`), ["Saved ann@bank.example", "Submitted ann@bank.example", "Approved ben@bank.example"]);
  await close(approver);
});

test("a new version is tried on real customers before anybody decides by it", async () => {
  const page = await openConsole(browser, product, address);
  const text = page.getByLabel("The document as JSON");
  assert.equal(JSON.parse(await text.inputValue()).version, 2);
  await text.fill((await text.inputValue()).replace('"revenue": 1', '"revenue": 2'));
  await page.getByText("It is valid.").waitFor();
  await page.getByRole("button", { name: "Save the draft" }).click();
  await page.getByText("The draft is saved.").waitFor();
  await page.getByRole("tab", { name: "What if" }).click();
  await page.getByRole("button", { name: "Simulate" }).click();
  await page.getByText(/3 sampled of about/).waitFor();
  await axeEverywhere(page);
  await page.getByRole("tab", { name: "Difference and approval" }).click();
  await page.getByText("$.objectives.revenue").waitFor();
  await close(page);
});

test("of two who write one draft the second sees both texts, and neither is lost", async () => {
  const page = await openConsole(browser, product, address);
  const text = page.getByLabel("The document as JSON");
  await text.waitFor();
  const mine = (await text.inputValue()).replace('"revenue": 2', '"revenue": 3');
  await text.fill(mine);
  const open = (await record()).versions.at(-1);
  const other = await fetch(`${product.url}/api/documents/strategies/retail-bank-cards`, {
    method: "PUT", body: mine.replace('"revenue": 3', '"revenue": 4'),
    headers: { "x-functions-key": "browser-key", "content-type": "application/json", "x-ms-client-principal-name": "eve@bank.example", "if-match": `"${open.digest}"` },
  });
  assert.equal(other.status, 200);
  await page.getByRole("button", { name: "Save the draft" }).click();
  await page.getByText("Somebody else has saved this draft meanwhile").waitFor();
  assert.match(await page.getByLabel("Theirs, as saved").inputValue(), /"revenue": 4/);
  assert.equal(await page.getByLabel("Mine").inputValue(), mine);
  await axeEverywhere(page);
  await page.getByRole("button", { name: "Save mine in its place" }).click();
  await page.getByText("The draft is saved.").waitFor();
  assert.equal((await record()).versions.at(-1).version, 2);
  assert.match(JSON.stringify(await product.ask("GET", "documents/strategies/retail-bank-cards?version=2")), /"revenue":3/);
  await close(page);
});

test("what is typed outlives a reload, and a document that is refused says where", async () => {
  const page = await openConsole(browser, product, "documents/strategies");
  await page.getByRole("link", { name: "retail-bank-cards" }).waitFor();
  await axeEverywhere(page);
  await page.getByLabel("Id").fill("another");
  await page.getByRole("button", { name: "Open" }).click();
  const text = page.getByLabel("The document as JSON");
  await text.fill('{ "id": "another", "version": 1, "surprise": true }');
  await page.getByText("surprise").nth(1).waitFor();
  await page.reload();
  assert.equal(await text.inputValue(), '{ "id": "another", "version": 1, "surprise": true }');
  await page.getByRole("button", { name: "Save the draft" }).click();
  await page.getByRole("alert").waitFor();
  assert.equal(await text.inputValue(), '{ "id": "another", "version": 1, "surprise": true }');
  await close(page);
});
