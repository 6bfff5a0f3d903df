import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { axeEverywhere, close, launch, openConsole, startProduct } from "./product.mjs";

const path = "documents/journeys/sample";
const written = `{
  "id": "sample", "version": 1, "title": "A sample",
  "stage": "activate", "sector": "card", "purpose": "service", "priority":  50,
  "entry": { "signal": "card_activated" },
  "goal": { "signal": "purchase", "within": "P30D" },
  "start": "end",
  "nodes": {
    "end": { "end": "completed" }
  }
}`;
let product, browser;

before(async () => {
  [product, browser] = await Promise.all([startProduct({ args: ["--virtual-clock"] }), launch()]);
  await product.ask("PUT", "customers/ann/profile", { country: "DE", timeZone: "Europe/Berlin", language: "en", email: "ann@mail.example" });
  await product.ask("PUT", "customers/ann/consents/service/email", { status: "granted", source: "form" });
});
after(async () => Promise.all([browser?.close(), product?.end()]));

/** Moves the virtual clock on, and waits until all that was due has happened. */
async function pass(by) {
  const answer = await fetch(`${product.url}/admin/clock`, { method: "POST", headers: { "x-functions-key": "browser-master" }, body: JSON.stringify({ by }) });
  assert.equal(answer.status, 200, await answer.text());
}

const area = (page) => page.getByLabel("The document as JSON");
const node = (page, name) => page.locator(`.react-flow__node[data-id="${name}"]`);
const nodesIn = async (page) => Object.keys(JSON.parse(await area(page).inputValue()).nodes);

test("a journey is drawn and typed, checked, run dry, approved by somebody else, and then runs", async () => {
  const page = await openConsole(browser, product, "journeys", { name: "ann@bank.example", roles: ["analyst"] });
  await page.getByLabel("Id").fill("sample");
  await page.getByRole("button", { name: "Open or draw" }).click();
  await area(page).fill(written);
  await page.getByText("It is valid.").waitFor();

  // By keyboard: a node is added, its field is wrong, and the finding stands at the node, in the form and in the list.
  await page.getByRole("button", { name: "Add message" }).press("Enter");
  await node(page, "message-1").getByText(/finding/).waitFor();
  await page.locator(".react-flow__pane").click({ position: { x: 10, y: 10 } });
  await page.getByRole("region", { name: "The journey as a whole" }).getByLabel("Start", { exact: true }).first().selectOption("message-1");
  await node(page, "message-1").click();
  const form = page.getByRole("region", { name: "The selected node" });
  await form.getByLabel("message", { exact: true }).fill("first-purchase-tipps");
  await node(page, "message-1").getByText(/finding/).waitFor();
  await form.getByText("there is no template first-purchase-tipps").waitFor();
  await page.getByRole("button", { name: "$.nodes['message-1'].message" }).click();
  assert.equal(await area(page).evaluate((text) => text.value.slice(text.selectionStart, text.selectionEnd)), '"first-purchase-tipps"');
  await axeEverywhere(page);
  await form.getByLabel("message", { exact: true }).fill("first-purchase-tips");
  await form.getByLabel("channel (may be empty)").fill("email");
  await form.getByLabel("channel (may be empty)").press("Enter");
  await page.getByText("It is valid.").waitFor();

  // By mouse: a kind is dropped onto the canvas, and a way is drawn to it.
  await page.getByRole("button", { name: "Add wait", exact: true }).dragTo(page.locator(".react-flow__pane"), { targetPosition: { x: 60, y: 420 } });
  await node(page, "wait-1").waitFor();
  await node(page, "message-1").locator(".react-flow__handle.source").first().dragTo(node(page, "wait-1").locator(".react-flow__handle.target"));
  await page.getByText("It is valid.").waitFor();
  assert.equal(JSON.parse(await area(page).inputValue()).nodes["message-1"].next, "wait-1");
  await node(page, "wait-1").click();
  await form.getByLabel("Name", { exact: true }).fill("pause");
  await form.getByLabel("Name", { exact: true }).press("Enter");
  await node(page, "pause").waitFor();
  const drawn = await area(page).inputValue();
  assert.equal(drawn, written.replace('"start": "end"', '"start": "message-1"').replace('"end": { "end": "completed" }', `"end": { "end": "completed" },
    "message-1": { "message": "first-purchase-tips", "channel": "email", "next": "pause", "refused": "end" },
    "pause": { "wait": "P3D", "next": "end" }`));

  // What is done is undone, and done again.
  await page.getByRole("button", { name: "Add exit" }).click();
  await node(page, "exit-1").press("Delete");
  assert.deepEqual(await nodesIn(page), ["end", "message-1", "pause"]);
  await page.getByRole("button", { name: "Undo" }).click();
  assert.deepEqual(await nodesIn(page), ["end", "message-1", "pause", "exit-1"]);
  await page.getByRole("button", { name: "Undo" }).click();
  assert.equal(await area(page).inputValue(), drawn);

  await page.getByLabel("How many").fill("40");
  await page.getByRole("button", { name: "Run dry" }).click();
  await page.getByRole("region", { name: "By node, scrollable" }).waitFor();
  await node(page, "message-1").getByText("40 in").waitFor();
  await axeEverywhere(page);
  await page.getByRole("button", { name: "Save the draft" }).click();
  await page.getByText("The draft is saved.").waitFor();
  await page.getByRole("tab", { name: "Difference and approval" }).click();
  await page.getByRole("button", { name: "Submit" }).click();
  await page.getByText("Submitted", { exact: true }).waitFor();
  await close(page);

  const approver = await openConsole(browser, product, "journeys/sample?part=approval", { name: "ben@bank.example", roles: ["approver"] });
  await approver.getByRole("button", { name: "Approve" }).click();
  await approver.getByText("Nothing is open").waitFor();
  await close(approver);

  await pass("PT1M");
  await product.ask("POST", "customers/ann/signals/card_activated", {});
  await pass("PT1M");
  const seen = await openConsole(browser, product, "journeys/sample");

  await node(seen, "pause").getByText("1 now").waitFor();
  await axeEverywhere(seen);
  await close(seen);
});

test("a second version is compared with the one that runs, and running customers move when somebody has looked", async () => {
  const page = await openConsole(browser, product, "journeys/sample?part=edit");
  await page.getByText("You write version 2.").waitFor();
  await node(page, "pause").click();
  const form = page.getByRole("region", { name: "The selected node" });
  await form.getByLabel("Length (P7D, PT12H)").fill("P5D");
  await page.getByRole("button", { name: "Add message" }).click();
  await form.getByLabel("message", { exact: true }).fill("first-purchase-tips");
  await page.getByText("It is valid.").waitFor();
  await page.getByLabel("How many").fill("30");
  await page.getByRole("button", { name: "Run dry" }).click();
  await page.getByText("message-2 (new), pause (changed)").waitFor();
  await node(page, "pause").getByText("30 in, in force 30").waitFor();
  await page.getByRole("button", { name: "Save the draft" }).click();
  await page.getByText("The draft is saved.").waitFor();
  await close(page);

  await product.approve(path, 2);
  await pass("PT1M");

  const migration = await openConsole(browser, product, "journeys/sample?part=migration", { name: "ben@bank.example", roles: ["approver"] });
  await migration.getByRole("button", { name: "Look" }).click();
  await migration.getByText("1 would move; 1 could be written to again.").waitFor();
  await migration.getByRole("link", { name: "ann" }).waitFor();
  await axeEverywhere(migration);
  await migration.getByRole("button", { name: "Move them" }).click();
  await migration.getByText(/told to move/).waitFor();
  await pass("PT1M");
  const { journeys } = await product.ask("GET", "customers/ann/journeys");
  assert.equal(journeys[0].version, 2);
  await close(migration);
});

test("of two who draw one journey the second sees both texts, and half a text is no harm", async () => {
  const page = await openConsole(browser, product, "journeys/another?part=edit");
  await page.getByRole("button", { name: "Save the draft" }).click();
  await page.getByText("The draft is saved.").waitFor();
  await page.getByRole("button", { name: "Add exit" }).click();
  const open = (await product.ask("GET", "documents/journeys/another/history")).versions.at(-1);
  const other = await fetch(`${product.url}/api/documents/journeys/another`, {
    method: "PUT", body: (await area(page).inputValue()).replace("completed", "theirs").replace('"left"', '"other"'),
    headers: { "x-functions-key": "browser-key", "content-type": "application/json", "x-ms-client-principal-name": "eve@bank.example", "if-match": `"${open.digest}"` },
  });
  assert.equal(other.status, 400, "a node that nothing leads to is refused");
  const theirs = await fetch(`${product.url}/api/documents/journeys/another`, {
    method: "PUT", body: JSON.stringify({ ...JSON.parse(await area(page).inputValue()), nodes: { end: { end: "theirs" } } }),
    headers: { "x-functions-key": "browser-key", "content-type": "application/json", "x-ms-client-principal-name": "eve@bank.example", "if-match": `"${open.digest}"` },
  });
  assert.equal(theirs.status, 200, await theirs.text());
  await page.getByRole("button", { name: "Undo" }).click();
  const mine = (await area(page).inputValue()).replace("completed", "mine");
  await area(page).fill(mine.slice(0, -8));
  await page.getByText("Not JSON yet").waitFor();
  await node(page, "end").waitFor();
  await area(page).fill(mine);
  await page.getByRole("button", { name: "Save the draft" }).click();
  await page.getByText("Somebody else has saved this draft meanwhile").waitFor();
  assert.match(await page.getByLabel("Theirs, as saved").inputValue(), /"theirs"/);
  assert.equal(await page.getByLabel("Mine").inputValue(), mine);
  await page.getByRole("button", { name: "Save mine in its place" }).click();
  await page.getByText("The draft is saved.").waitFor();
  assert.equal((await product.ask("GET", "documents/journeys/another?version=1")).nodes.end.end, "mine");
  await close(page);
});

test("keys that come fast in the middle of a field are neither lost nor put at its end, and its expressions are checked at their place", async () => {
  const page = await openConsole(browser, product, "journeys/another?part=edit");
  const form = page.getByRole("region", { name: "The journey as a whole" });
  const condition = form.getByLabel("entry.when (may be empty)", { exact: true });
  await condition.fill("signal.amount >= 10 && flag.staff");
  const wrong = form.getByRole("list", { name: "Findings in entry.when (may be empty)" });
  assert.equal(await wrong.locator("mark").textContent(), "flag.staff");
  await condition.evaluate((field) => {
    field.focus();
    field.setSelectionRange(27, 27);
  });
  await page.keyboard.type("s");
  await condition.evaluate((field) => field.setSelectionRange(13, 13));
  await page.keyboard.type("EachKey");
  assert.equal(await condition.inputValue(), "signal.amountEachKey >= 10 && flags.staff");
  await close(page);
});
