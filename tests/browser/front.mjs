// Serves a page that was just built (npm run build in dashboard) in front of a running product, under the product's own policy, so that a
// change of the page is tried without building the function app: CLM_DIST=../../dashboard/dist node --test customers.test.mjs
import { readFile } from "node:fs/promises";
import { createServer, request as ask } from "node:http";
import { extname, join, resolve } from "node:path";

const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

export async function putInFront(product, folder) {
  const policy = (await fetch(`${product}/api/console/`)).headers.get("content-security-policy");
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, product).pathname;
    if (path.startsWith("/api/console")) {
      const name = path.includes("/assets/") ? path.slice("/api/console/".length) : "index.html";
      const bytes = await readFile(join(resolve(folder), name)).catch(() => null);
      response.writeHead(bytes ? 200 : 404, { "content-type": types[extname(name)] ?? "application/octet-stream", "content-security-policy": policy });
      response.end(bytes ?? "");
      return;
    }
    const onward = ask(new URL(request.url, product), { method: request.method, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  server.unref();
  return `http://127.0.0.1:${server.address().port}`;
}
