// Drives a running product with autocannon at set rates and reports latency, lag and losses. See bench/load/run.sh.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';

const url = process.env.CLM_URL ?? 'http://127.0.0.1:7078';
const headers = { 'content-type': 'application/json', 'x-functions-key': process.env.CLM_FUNCTION_KEY ?? 'bench' };
const seconds = Number(process.env.SECONDS_EACH ?? 20);
// 4 billion transactions a year are 127 a second; twice and ten times that.
const rates = (process.env.RATES ?? '254 1270').split(' ').map(Number);
const customers = 1000;
const run = randomUUID().slice(0, 8);

let sent = 0;
const name = customer => `L-${run}-${customer}`;

function payment(customer, id) {
  return JSON.stringify({
    specversion: '1.0', id, source: '/load', type: 'clm.transaction.v1', subject: customer, time: new Date().toISOString(),
    data: { accountId: `A-${customer}`, amount: -12.5, currency: 'EUR', kind: 'card', status: 'booked', mcc: '5411', merchant: 'Grocer 12', country: 'DE', balanceAfter: 800 },
  });
}

async function post(customer, id) {
  const answer = await fetch(`${url}/api/transactions`, { method: 'POST', headers, body: payment(customer, id) });
  if (answer.status !== 202) throw new Error(`POST transactions answered ${answer.status}: ${await answer.text()}`);
}

/** Payments that the product has counted for a customer; 0 for one that it does not know. */
async function counted(customer) {
  const answer = await fetch(`${url}/api/customers/${customer}`, { headers });
  if (answer.status === 404) return 0;
  if (!answer.ok) throw new Error(`GET customers answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()).features.payments_7d ?? 0;
}

/** Milliseconds from the answer to a payment until it shows, once a second while the load runs. */
async function watchLag(rate, until) {
  const lags = [];
  const probe = `P-${run}-${rate}`;
  for (let n = 1; Date.now() < until; n++) {
    await post(probe, `${probe}-${n}`);
    const begun = performance.now();
    while ((await counted(probe)) < n) await sleep(5);
    lags.push(performance.now() - begun);
    await sleep(Math.max(0, 1000 - (performance.now() - begun)));
  }
  return lags.sort((a, b) => a - b);
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

let expected = 0;
for (const rate of rates) {
  process.stderr.write(`${rate} requests a second for ${seconds} s, ${new Date(Date.now() + seconds * 1000).toLocaleTimeString()} is the end\n`);
  const lag = watchLag(rate, Date.now() + seconds * 1000);
  const result = await autocannon({
    url: `${url}/api/transactions`, method: 'POST', headers, duration: seconds, overallRate: rate, connections: Math.min(64, Math.ceil(rate / 10)),
    requests: [{ setupRequest: request => ({ ...request, body: payment(name(sent % customers), `${run}-${sent++}`) }) }],
  });
  expected += result['2xx'];
  const { p50, p99, p99_9, max } = result.latency;
  const lags = await lag;
  console.log(`${rate}/s: ${Math.round(result.requests.total / seconds)}/s answered; p50 ${p50} ms, p99 ${p99} ms, p99.9 ${p99_9} ms, at most ${max} ms; `
    + `lag p50 ${at(lags, 0.5).toFixed(0)} ms, at most ${lags.at(-1).toFixed(0)} ms; ${result.non2xx + result.errors + result.timeouts} not answered with 2xx`);
}

// What was on its way when a run ended may have been taken without an answer, so that more may be there, never fewer.
await post(name(0), `${run}-last`);
expected++;
let found = 0;
for (let patience = 0; patience < 60; patience++) {
  found = 0;
  for (let from = 0; from < customers; from += 50)
    found += (await Promise.all(Array.from({ length: Math.min(50, customers - from) }, (_, i) => counted(name(from + i))))).reduce((a, b) => a + b, 0);
  if (found >= expected) break;
  await sleep(1000);
}

const lost = Math.max(0, expected - found);
console.log(`${expected} payments answered with 202, ${found} counted, ${lost} lost, ${Math.max(0, found - expected)} counted whose answer came after the end (of ${sent} sent)`);
process.exit(lost === 0 && found <= sent + 1 ? 0 : 1);
