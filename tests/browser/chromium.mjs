// Where Chromium is: named in CLM_CHROMIUM, on the path, or installed by playwright. As a command: status 1 when there is none.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome.exe"];

export function findChromium() {
  const onPath = (process.env.PATH ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return [process.env.CLM_CHROMIUM, ...onPath, chromium.executablePath()].find((path) => path && existsSync(path));
}

if (process.argv[1] === import.meta.filename) process.exitCode = findChromium() ? 0 : 1;
