import { after, before, beforeEach, test } from "node:test";
import assert from "node:assert/strict";
import { axeEverywhere, close, key, launch, openConsole, payment, startProduct } from "./product.mjs";

let product, browser;
let number = 0;

before(async () => {
  [product, browser] = await Promise.all([startProduct(), launch()]);
  await product.ask("POST", "transactions", [payment("eve", "first", new Date().toISOString())]);
  await product.until(() => product.ask("GET", "customers/eve", undefined, { expect: [200, 404] }), (view) => view?.features !== undefined);
});
after(async () => Promise.all([browser?.close(), product?.end()]));

// A currency without a rate can only be found out in the stream.
beforeEach(async () => {
  const before = (await letters()).length;
  await product.ask("POST", "transactions", [payment("eve", `bad-${++number}`, new Date().toISOString(), { currency: "USD", merchant: `<b>${number}</b>` })]);
  await product.until(letters, (found) => found.length > before);
});

const letters = async () => (await product.ask("GET", "dead-letters/transactions")).deadLetters;

async function openLetter() {
  const [newest] = await letters();
  const page = await openConsole(browser, product, `operations?letter=${encodeURIComponent(newest.id)}`);
  const editor = page.getByLabel("The event, as it came");
  await editor.waitFor();
  return { page, editor, id: newest.id };
}

test("an operator corrects an event that was set aside and sends it again", async () => {
  const { page, editor, id } = await openLetter();
  await axeEverywhere(page);
  const text = await editor.inputValue();
  await editor.fill("{ not json");
  await page.getByText("Not JSON yet").waitFor();
  assert.ok(await page.getByRole("button", { name: "Send it again" }).isDisabled());
  await editor.fill(text.replace("USD", "EUR"));
  await page.getByRole("button", { name: "Send it again" }).click();
  await page.getByText("It is in the stream again").first().waitFor();
  assert.ok(!(await letters()).some((letter) => letter.id === id));
  await close(page);
});

test("what is wrong with a correction is told at its field, and the text stays", async () => {
  const { page, editor } = await openLetter();
  const text = (await editor.inputValue()).replace(/"amount":\s*-?[\d.]+/, '"amount":"a lot"');
  await editor.fill(text);
  await page.getByRole("button", { name: "Send it again" }).click();
  await page.getByText(/Wrong field: .*amount/).waitFor();
  assert.equal(await editor.inputValue(), text);
  await close(page);
});

test("a session that ends in the middle of an edit asks over the page, and the refused request goes on", async () => {
  const { page, editor } = await openLetter();
  await editor.fill((await editor.inputValue()).replace("USD", "EUR"));
  let refused = 0;
  await page.route("**/resend", (route) => (refused++ === 0 ? route.fulfill({ status: 401, json: { title: "expired" } }) : route.continue()));
  await page.getByRole("button", { name: "Send it again" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Your session has ended").waitFor();
  await dialog.getByLabel("Function key").fill(key);
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("It is in the stream again").first().waitFor();
  assert.equal(refused, 2);
  await close(page);
});

test("a server that goes away in the middle of an edit takes nothing with it, and neither does a reload", async () => {
  const { page, editor } = await openLetter();
  const text = (await editor.inputValue()).replace("USD", "EUR");
  await editor.fill(text);
  await product.stop();
  await page.getByRole("button", { name: "Send it again" }).click();
  await page.getByText("The server cannot be reached. Nothing you typed is lost").first().waitFor();
  assert.equal(await editor.inputValue(), text);
  await page.getByText("Not live:").first().waitFor();
  await product.start();
  await page.reload();
  assert.equal(await editor.inputValue(), text);
  await page.getByRole("button", { name: "Send it again" }).click();
  await page.getByText("It is in the stream again").first().waitFor();
  await close(page);
});

test("a slow server is waited for, and the page says that it loads", async () => {
  const page = await openConsole(browser, product, "overview");
  await page.getByText("Customers by lifecycle stage").waitFor();
  let answer;
  const asked = new Promise((resolve) => page.route("**/api/dead-letters/**", (route) => {
    answer = () => route.continue();
    resolve();
  }, { times: 1 }));
  await page.getByRole("link", { name: "Operations" }).click();
  await asked;
  await page.getByText("Loading…").waitFor();
  await answer();
  await page.getByRole("table").waitFor();
  await close(page);
});

test("who may not send again sees the button off, with the roles that may", async () => {
  const page = await openConsole(browser, product, "operations", { roles: ["auditor"] });
  await page.getByRole("table").waitFor();
  await page.getByRole("tab", { name: "Timers" }).click();
  await page.getByText("RelayIntents").waitFor();
  await axeEverywhere(page);
  await page.getByRole("tab", { name: "Timers" }).press("ArrowRight");
  await page.getByLabel("Master key of the emulator").fill("browser-master");
  await page.getByRole("button", { name: "Ask the clock" }).click();
  await page.getByText("Start the emulator with --virtual-clock").waitFor();
  await page.goto(`${product.url}/api/console/audit`);
  await page.getByRole("button", { name: "Verify" }).click();
  await page.getByText("Whole: no entry was altered").waitFor();
  await page.getByRole("button", { name: "Replay decisions" }).click();
  await page.getByText("came out the same").waitFor();
  await axeEverywhere(page);
  await close(page);
});

test("a button for other roles is off with the reason", async () => {
  const page = await openConsole(browser, product, "overview", { roles: ["auditor"] });
  const count = page.getByRole("button", { name: "Count now" });
  await count.waitFor();
  assert.ok(await count.isDisabled());
  assert.match(await count.getAttribute("title"), /analyst, administrator/);
  await close(page);
});
