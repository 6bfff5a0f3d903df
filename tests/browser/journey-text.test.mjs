// The journey canvas edits the text of a document: whatever it does and undoes by hand leaves every journey of the catalogue as it was, byte for byte.
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import test from "node:test";
import assert from "node:assert/strict";

const root = join(import.meta.dirname, "../..");
const dashboard = createRequire(join(root, "dashboard/package.json"));
const { build } = await import(pathToFileURL(dashboard.resolve("vite")).href);
const built = await build({
  configFile: false, logLevel: "error", root: join(root, "dashboard"),
  build: { write: false, minify: false, lib: { entry: join(root, "dashboard/src/pages/journeys/model.ts"), formats: ["es"] } },
});
const code = (Array.isArray(built) ? built[0] : built).output[0].code;
const { read, set, remove, rename, removeNode, partsOf, placeOf, waysOf, kindOf, kinds, placesOf, linksOf } = await import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`);

const folder = join(root, "shared/Journeys/Catalogue");
const journeys = await Promise.all((await readdir(folder)).filter((name) => name.endsWith(".journey.json")).map(async (name) => [name, await readFile(join(folder, name), "utf8")]));

test("there are the journeys of the catalogue", () => assert.equal(journeys.length, 64));

test("each way of each journey, led elsewhere and back, leaves the text as it was", () => {
  for (const [name, text] of journeys) {
    const { journey } = read(text);
    for (const [node, each] of Object.entries(journey.nodes)) {
      assert.ok(kindOf(each), `${name}: ${node}`);
      for (const way of waysOf(each)) {
        const path = ["nodes", node, ...way.path];
        const changed = set(text, path, "elsewhere");
        assert.notEqual(changed, text);
        assert.equal(read(changed).journey.nodes[node] && waysOf(read(changed).journey.nodes[node]).find((other) => other.by === way.by).to, "elsewhere");
        assert.equal(way.to === "" ? remove(changed, path) : set(changed, path, way.to), text, `${name}: ${path.join(".")}`);
      }
    }
  }
});

test("a node renamed and named back, and one that is added and removed, leave the text as it was", () => {
  for (const [name, text] of journeys) {
    const { journey } = read(text);
    for (const node of Object.keys(journey.nodes)) {
      const renamed = rename(text, node, "another-name");
      assert.ok(!(node in read(renamed).journey.nodes) && "another-name" in read(renamed).journey.nodes);
      assert.deepEqual(linksOf(read(renamed).journey.nodes).length, linksOf(journey.nodes).length);
      assert.equal(rename(renamed, "another-name", node), text, `${name}: ${node}`);
    }
    for (const kind of kinds) {
      const added = set(text, ["nodes", "new-node"], kind.fresh(journey.start));
      assert.equal(kindOf(read(added).journey.nodes["new-node"]).name, kind.name);
      assert.equal(remove(added, ["nodes", "new-node"]), text, `${name}: ${kind.name}`);
    }
  }
});

test("spelling, order and unknown members stay", () => {
  const text = '{\n  "surprise": 1.50e2, "start": "a",\n  "nodes": {\n    "a": { "wait":"P3D",   "next": "b", "odd": [1.0,  2] },\n    "b": { "end": "done" }\n  }\n}';
  assert.equal(set(text, ["nodes", "a", "wait"], "P4D"), text.replace("P3D", "P4D"));
  assert.equal(set(text, ["nodes", "a", "past"], "b"), text.replace("2] }", '2], "past": "b" }'));
  assert.equal(set(text, ["goal", "signal"], "won"), text.replace("\n  }\n}", '\n  },\n  "goal": { "signal": "won" }\n}'));
  assert.equal(remove(text, ["surprise"]), text.replace('"surprise": 1.50e2, ', ""));
  assert.equal(removeNode(text, "a"), text.replace('    "a": { "wait":"P3D",   "next": "b", "odd": [1.0,  2] },\n    "b"', '    "b"').replace('"start": "a"', '"start": "b"'));
});

test("a finding's path finds its place, and half a text says where it ends", () => {
  assert.deepEqual(partsOf("$.nodes['offer-large'].branch[2].when"), ["nodes", "offer-large", "branch", 2, "when"]);
  const [, text] = journeys[0];
  const [from, to] = placeOf(text, ["start"]);
  assert.equal(JSON.parse(text.slice(from, to)), read(text).journey.start);
  assert.match(read('{ "nodes": {').fault, /, 1:13$/);
});

test("no two nodes lie on each other", () => {
  for (const [name, text] of journeys) {
    const { nodes, start } = read(text).journey;
    const places = [...placesOf(nodes, start, linksOf(nodes)).values()].map(({ x, y }) => `${x} ${y}`);
    assert.equal(new Set(places).size, Object.keys(nodes).length, name);
  }
});
