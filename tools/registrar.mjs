// The registrar of examples/registered.cfg: `npm run registrar`.
import path from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./files.mjs";
import { makeFresh } from "./fresh.mjs";

await makeFresh();
const { main } = await import(pathToFileURL(path.join(root, "build/js/examples/registrar.js")).href);
await main();
