// Azurite for the tests: in memory, on free ports, gone when the test run that holds our standard input is gone.
import { createRequire } from "node:module";

process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
process.argv.push(
  "--silent", "--inMemoryPersistence", "--disableTelemetry", "--skipApiVersionCheck",
  "--blobPort", "0", "--queuePort", "0", "--tablePort", "0");
createRequire(import.meta.url)("azurite/dist/src/azurite.js");
