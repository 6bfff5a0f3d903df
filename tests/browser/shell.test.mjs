import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { axeEverywhere, axeNow, close, key, launch, openConsole, startProduct } from "./product.mjs";

let product, browser;
before(async () => [product, browser] = await Promise.all([startProduct(), launch()]));
after(async () => Promise.all([browser?.close(), product?.end()]));

test("a person signs in by key at the root and comes back to the address they asked for", async () => {
  const page = await openConsole(browser, product, "operations?hub=events", { signedIn: false });
  await page.getByLabel("Function key").fill("not-the-key");
  await page.getByLabel("Your name").fill("ann@bank.example");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").waitFor();
  await page.getByLabel("Function key").fill(key);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Operations" }).waitFor();
  assert.equal(await page.getByLabel("Stream").inputValue(), "events");
  await close(page);
});

test("the sign-in dialog has no violation in either language and colour scheme", async () => {
  for (const [language, dark] of [["en", false], ["de", true]]) {
    const page = await openConsole(browser, product, "", { signedIn: false, language, dark });
    await page.getByRole("dialog").getByRole("textbox").first().waitFor();
    await axeNow(page);
    await close(page);
  }
});

test("the first view takes under 300 KB and stands within the page's own policy", async () => {
  const page = await openConsole(browser, product, "", { signedIn: false });
  await page.getByRole("dialog").waitFor();
  const bytes = await page.evaluate(() => performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation")).reduce((sum, each) => sum + each.transferSize, 0));
  assert.ok(bytes > 20_000 && bytes < 300_000, `${bytes} bytes`);
  await close(page);
});

test("a person goes by keyboard from the skip link to the page and through the navigation", async () => {
  const page = await openConsole(browser, product, "operations");
  await page.getByRole("heading", { name: "Operations" }).waitFor();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the page");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "page");
  await page.getByRole("link", { name: "Overview" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  assert.match(await page.title(), /^Overview/);
  assert.equal(await page.evaluate(() => document.activeElement.id), "page");
  await close(page);
});

test("a person signs in at an issuer in a window of its own, by code and proof key, and the token goes with each request", async () => {
  const issuer = "https://issuer.example";
  const bank = await startProduct({ args: [`--Clm:Console:Key=${key}`, `--Clm:Identity:Authority=${issuer}/v2.0`, "--Clm:Identity:Audience=the-app"] });
  try {
    let challenge, redeemed, told;
    const page = await openConsole(browser, bank, "overview", {
      signedIn: false, issuer,
      async prepare(context) {
        const cors = { "access-control-allow-origin": "*" };
        await context.route(`${issuer}/**`, (route) => {
          const url = new URL(route.request().url());
          if (url.pathname.endsWith("openid-configuration"))
            return route.fulfill({ headers: cors, json: { authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` } });
          if (url.pathname === "/authorize") {
            challenge = url.searchParams.get("code_challenge");
            return route.fulfill({ status: 302, headers: { location: `${url.searchParams.get("redirect_uri")}?code=the-code&state=${url.searchParams.get("state")}` } });
          }
          redeemed = new URLSearchParams(route.request().postData());
          return route.fulfill({ headers: cors, json: { access_token: "the-token" } });
        });
        // What the product makes of a token is tested without a browser; here it is the page that is looked at.
        await context.route("**/api/sign-in", (route) => (route.request().method() === "POST" ? route.fulfill({ json: { key } }) : route.continue()));
        await context.route("**/api/me", (route) => route.fulfill({ json: { name: "ann@bank.example", roles: ["analyst"], tenant: "bank", operations: {} } }));
        await context.route("**/api/overview", (route) => {
          told = route.request().headers();
          return route.fulfill({ status: 503, json: { title: "later" } });
        });
      },
    });
    await page.getByRole("button", { name: "Sign in with Entra ID" }).click();
    await page.getByRole("alert").getByText("later").waitFor();
    assert.equal(told.authorization, "Bearer the-token");
    assert.equal(redeemed.get("code"), "the-code");
    assert.equal(createHash("sha256").update(redeemed.get("code_verifier")).digest("base64url"), challenge);
    await close(page);
  } finally {
    await bank.end();
  }
});

test("an address that is no page says so, and the page stands on a narrow screen", async () => {
  const page = await openConsole(browser, product, "nowhere", { width: 360 });
  await page.getByText("There is no page at this address").waitFor();
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page scrolls sideways");
  await axeEverywhere(page);
  await close(page);
});

test("what a person's roles do not allow is told with the roles that may", async () => {
  const page = await openConsole(browser, product, "operations", { roles: ["agent"] });
  await page.getByText("Your roles do not allow this.").waitFor();
  await page.getByText("auditor or administrator; the caller is agent").waitFor();
  await close(page);
});
