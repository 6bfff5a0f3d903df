// Runs scenarios.json through the storage SDKs for JavaScript and prints, as JSON, what each step was answered.
// Usage: node scenarios.mjs CONNECTION_STRING
import { readFileSync } from "node:fs";
import { TableClient } from "@azure/data-tables";
import { BlobServiceClient } from "@azure/storage-blob";

const connection = process.argv[2];
const scenarios = JSON.parse(readFileSync(new URL("scenarios.json", import.meta.url)));
const table = TableClient.fromConnectionString(connection, "Scenario", { allowInsecureConnection: true });
const container = BlobServiceClient.fromConnectionString(connection).getContainerClient("scenario");
const kept = {};

// A refusal as the SDK tells it: the status, the service's code, and of a transaction the action at fault.
function refusal(error) {
  const details = error.details ?? {};
  const body = details.odataError ?? details;
  const code = body.code ?? details.errorCode ?? error.code ?? "";
  const message = body.message?.value ?? error.message ?? "";
  const index = /^(\d+):/.exec(message)?.[1];
  return `${error.statusCode} ${code}${index === undefined ? "" : ` at ${index}`}`;
}

const edm = { double: "Double", int64: "Int64", instant: "DateTime", guid: "Guid", binary: "Binary" };

function entityOf(json) {
  return Object.fromEntries(Object.entries(json).map(([name, value]) => {
    if (typeof value !== "object") return [name, value];
    const [[type, literal]] = Object.entries(value);
    return [name, { type: edm[type], value: String(literal) }];
  }));
}

// Values are read with their types, so that none goes through a number that cannot hold it.
function textOf(entity) {
  return Object.keys(entity).filter(name => !/^(partitionKey|rowKey|timestamp|etag|odata.*)$/.test(name)).sort().map(name => {
    const value = entity[name]?.value ?? entity[name];
    return ` ${name}=${value instanceof Uint8Array ? Buffer.from(value).toString("base64") : instantOf(entity[name]) ?? value}`;
  }).join("");
}

const instantOf = property => property?.type === "DateTime" ? new Date(property.value).toISOString() : undefined;

const status = response => `${response._response?.status ?? response.status}`;

async function statusOf(call) {
  let code;
  const response = await call(raw => { code = raw.status; }) ?? {};
  return { text: `${code ?? status(response)}`, etag: response.etag };
}

async function pagesOf(pages, items) {
  const sizes = [];
  for await (const page of pages) sizes.push(items(page).length);
  return { text: `200 ${sizes.join(" ")}` };
}

const tables = {
  // The SDK takes a table that is there for created; what the service said is in the response.
  createTable: () => statusOf(onResponse => table.createTable({ onResponse })),
  deleteTable: () => statusOf(onResponse => table.deleteTable({ onResponse })),
  insert: step => statusOf(onResponse => table.createEntity(entityOf(step.entity), { onResponse })),
  merge: step => statusOf(onResponse => table.updateEntity(entityOf(step.entity), "Merge", { etag: kept[step.etag] ?? step.etag, onResponse })),
  replace: step => statusOf(onResponse => table.updateEntity(entityOf(step.entity), "Replace", { etag: kept[step.etag] ?? step.etag, onResponse })),
  upsertMerge: step => statusOf(onResponse => table.upsertEntity(entityOf(step.entity), "Merge", { onResponse })),
  upsertReplace: step => statusOf(onResponse => table.upsertEntity(entityOf(step.entity), "Replace", { onResponse })),
  delete: step => statusOf(onResponse => table.deleteEntity(...step.key, { etag: kept[step.etag] ?? step.etag, onResponse })),
  async get(step) {
    const queryOptions = step.select && { select: step.select };
    const entity = await table.getEntity(...step.key, { queryOptions, disableTypeConversion: true });
    return { text: `200${textOf(entity)}`, etag: entity.etag };
  },
  async query(step) {
    let text = "200";
    for await (const row of table.listEntities({ queryOptions: { filter: step.filter } })) text += ` ${row.partitionKey}/${row.rowKey}`;
    return { text };
  },
  pages: step => pagesOf(table.listEntities().byPage({ maxPageSize: step.size }), page => page),
  async transaction(step) {
    const kinds = { create: ["create"], upsertMerge: ["upsert", "Merge"], deleteEntity: ["delete"] };
    const response = await table.submitTransaction(step.actions.map(([kind, entity]) => [kinds[kind][0], entityOf(entity), ...kinds[kind].slice(1)]));
    return { text: `${response.status} ${response.subResponses.map(answer => answer.status).join(" ")}` };
  },
};

const conditionsOf = step => ({
  conditions: { ifMatch: kept[step.ifMatch] ?? step.ifMatch, ifNoneMatch: kept[step.ifNoneMatch] ?? step.ifNoneMatch },
});

const described = response => [response.contentType, ...Object.entries(response.metadata ?? {}).map(([name, value]) => `${name}=${value}`)].join(" ");

const blobs = {
  createContainer: () => statusOf(() => container.create()),
  deleteContainer: () => statusOf(() => container.delete()),
  put: step => statusOf(() => container.getBlockBlobClient(step.blob).upload(step.text, Buffer.byteLength(step.text), {
    ...conditionsOf(step), metadata: step.metadata, blobHTTPHeaders: { blobContentType: step.type },
  })),
  setMetadata: step => statusOf(() => container.getBlobClient(step.blob).setMetadata(step.metadata, conditionsOf(step))),
  delete: step => statusOf(() => container.getBlobClient(step.blob).delete(conditionsOf(step))),
  async get(step) {
    const response = await container.getBlobClient(step.blob).download(0, undefined, conditionsOf(step));
    let text = "";
    for await (const part of response.readableStreamBody) text += part;
    return { text: `200 ${text} ${described(response)}`, etag: response.etag };
  },
  async head(step) {
    const response = await container.getBlobClient(step.blob).getProperties(conditionsOf(step));
    return { text: `200 ${response.contentLength} ${described(response)}`, etag: response.etag };
  },
  async list(step) {
    let text = "200";
    for await (const blob of container.listBlobsFlat({ prefix: step.prefix })) text += ` ${blob.name}`;
    return { text };
  },
  pages: step => pagesOf(container.listBlobsFlat().byPage({ maxPageSize: step.size }), page => page.segment.blobItems),
};

async function run(steps, operations) {
  const answers = [];
  for (const step of steps) {
    try {
      const { text, etag } = await operations[step.do](step);
      if (step.keep) kept[step.keep] = etag;
      answers.push(text);
    } catch (error) {
      if (error.statusCode === undefined) throw error;
      answers.push(refusal(error));
    }
  }
  return answers;
}

console.log(JSON.stringify({ tables: await run(scenarios.tables, tables), blobs: await run(scenarios.blobs, blobs) }));
