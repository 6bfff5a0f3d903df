// The product for the browser tests: the emulator's process on a folder of its own, a Chromium, and a page that has signed in.
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import assert from "node:assert/strict";
import { chromium } from "playwright-core";
import { findChromium } from "./chromium.mjs";
import { putInFront } from "./front.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const app = process.env.CLM_APP ?? join(here, "../../functions/bin/Release/net10.0/ServerlessCLM.Functions.dll");
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const key = "browser-key";

/** Starts the product; `stop` keeps its data, so that `start` goes on where it was, at the same address. */
export async function startProduct({ args = [], env = {} } = {}) {
  const data = await mkdtemp(join(tmpdir(), "clm-browser-"));
  let process_, front, port = "0", output = "";
  const product = {
    data,
    async start() {
      process_ = spawn("dotnet", [app, `--CLM_DATA=${data}`, `--CLM_PORT=${port}`, `--CLM_FUNCTION_KEY=${key}`, "--CLM_MASTER_KEY=browser-master", ...args],
        { env: { ...process.env, CLM_DATA: undefined, CLM_PORT: undefined, CLM_FUNCTION_KEY: undefined, ...env }, stdio: ["ignore", "pipe", "pipe"] });
      output = "";
      process_.stderr.on("data", (text) => output += text);
      product.url = await new Promise((resolve, reject) => {
        process_.stdout.on("data", (text) => {
          output += text;
          const address = /functions on (http:\/\/\S+?)\/?,/.exec(output)?.[1];
          if (address) resolve(address);
        });
        process_.on("exit", (code) => reject(new Error(`the product ended with ${code}:\n${output}`)));
      });
      port = new URL(product.url).port;
      if (process.env.CLM_DIST) product.url = front ??= await putInFront(product.url, process.env.CLM_DIST);
    },
    async stop() {
      if (process_.exitCode !== null) return;
      const ended = new Promise((resolve) => process_.on("exit", resolve));
      process_.kill("SIGTERM");
      await ended;
    },
    async end() {
      await product.stop();
      await rm(data, { recursive: true, force: true });
    },
    /** Waits until the product has printed a text. */
    said: (text) => product.until(() => output, (all) => all.includes(text), 240_000),
    /** Asks the API as somebody; throws unless the status is one that is expected. */
    async ask(method, path, body, { name = "ann@bank.example", roles, tag, expect = [200, 201, 202, 204] } = {}) {
      const answer = await fetch(`${product.url}/api/${path}`, {
        signal: AbortSignal.timeout(60_000),
        method,
        headers: {
          "x-functions-key": key, "content-type": "application/json", "x-ms-client-principal-name": name,
          ...(roles ? { "x-ms-client-principal": btoa(JSON.stringify({ claims: roles.map((val) => ({ typ: "roles", val })) })) } : {}),
          ...(tag ? { "if-match": `"${tag}"` } : {}),
        },
        body: body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body),
      });
      const text = await answer.text();
      assert.ok(expect.includes(answer.status), `${method} ${path}: ${answer.status} ${text}`);
      return text.length > 0 ? JSON.parse(text) : null;
    },
    /** Has a document's version approved by somebody else than who wrote it. */
    async approve(path, version) {
      await product.ask("POST", `${path}/submission`, { version });
      const { versions } = await product.ask("GET", `${path}/history`);
      await product.ask("POST", `${path}/approval`, { version, approve: true }, { name: "ben@bank.example", tag: versions.at(-1).digest });
    },
    /** Waits until a question is answered as wanted. */
    async until(question, wanted, patience = 60_000) {
      for (const end = Date.now() + patience; ;) {
        const answer = await question();
        if (wanted(answer)) return answer;
        assert.ok(Date.now() < end, `not within ${patience / 1000} seconds; the last answer: ${JSON.stringify(answer)?.slice(0, 500)}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
  };
  await product.start();
  return product;
}

/** A payment as the API takes it. */
export const payment = (customer, id, time, data = {}) => ({
  specversion: "1.0", type: "clm.transaction.v1", source: "/browser", id, subject: customer, time,
  data: { accountId: `A-${customer}`, amount: -20, currency: "EUR", kind: "card", status: "booked", mcc: "5411", merchant: "Grocer 12", country: "DE", balanceAfter: 800, ...data },
});

/** The system's Chromium, or the one that test.sh has put in place. */
export function launch() {
  const found = findChromium();
  assert.ok(found, "there is no Chromium: run 'npx playwright-core install --with-deps chromium' in tests/browser, as test.sh does, or name one in CLM_CHROMIUM");
  // The sandbox asks for rights that containers do not have; the page under test is our own.
  return chromium.launch({ executablePath: found, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

/**
 * A page of the console, signed in. `trouble` collects what must not be: failures of scripts, refusals by the policy, requests that leave the origin.
 * @param options.signedIn false leaves the sign-in to the test; `dark`, `language`, `width` as a person has them; `issuer` is an origin that may be
 * asked besides the product's; `prepare` is called with the context before the page is opened.
 */
export async function openConsole(browser, product, path, { name = "ann@bank.example", roles, signedIn = true, dark = false, language = "en", width = 1280, height = 800, issuer, prepare } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: dark ? "dark" : "light", locale: language === "de" ? "de-DE" : "en-GB", timezoneId: "Europe/Berlin" });
  context.setDefaultTimeout(Number(process.env.CLM_PATIENCE ?? 30_000));
  const page = await context.newPage();
  page.trouble = [];
  page.on("pageerror", (error) => page.trouble.push(`script: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" && !/^Failed to load resource/.test(message.text())) page.trouble.push(`console: ${message.text()}`);
  });
  page.on("dialog", (dialog) => {
    page.trouble.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    const origin = new URL(request.url()).origin;
    if (origin !== product.url && origin !== issuer && !/^(blob|data):/.test(request.url())) page.trouble.push(`request to ${origin}`);
  });
  if (signedIn) {
    await context.addInitScript((session) => {
      if (!sessionStorage.getItem("clm.session")) sessionStorage.setItem("clm.session", session);
    }, JSON.stringify({ key, name, ...(roles ? { roles } : {}) }));
  }
  await prepare?.(context);
  await page.goto(`${product.url}/api/console/${path}`);
  return page;
}

/** Ends a page, and fails when there was trouble on it. */
export async function close(page) {
  await page.context().close();
  assert.deepEqual(page.trouble, []);
}

const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Fails when axe finds anything on the page as it is. */
export async function axeNow(page, where = "here") {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  // Colours that are still changing would be judged half way.
  await page.evaluate(() => Promise.all(document.getAnimations().map((each) => each.finished)));
  const { violations } = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags }), rules);
  assert.deepEqual(violations.map((each) => `${each.id}: ${each.nodes.map((node) => `${node.target} ${node.failureSummary}`).join(" | ")}`), [], `axe, ${where}`);
}

/** Fails when axe finds anything, in both languages and both colour schemes: no colour depends on the language. The page ends in English and light. */
export async function axeEverywhere(page) {
  for (const [language, scheme] of [["en", "light"], ["de", "dark"]]) {
    await choose(page, language, scheme);
    await axeNow(page, `${language} ${scheme}`);
  }
  await choose(page, "en", "light");
}

/** Chooses language and colours by the buttons of the header. */
export async function choose(page, language, scheme) {
  if ((await page.locator("html").getAttribute("lang")) !== language)
    await page.getByRole("button", { name: language === "de" ? "Deutsch" : "English", exact: true }).click();
  if ((await page.locator("html").getAttribute("data-theme")) !== scheme)
    await page.getByRole("button", { name: scheme === "dark" ? /^(Dark|Dunkel)$/ : /^(Light|Hell)$/ }).click();
}
