// Puts the smallest functions of a module into those that call them: `node tools/inline.mjs FILE`, in place, names kept.
//
// asc leaves them alone when it shrinks, although a getter is shorter than its call, and much faster. What many
// functions have in common goes the other way (outline.mjs).
import binaryen from "binaryen";
import { readFileSync, writeFileSync } from "node:fs";
import { outlined } from "./outline.mjs";
import { squeezedModule } from "./squeeze.mjs";

/** The most expressions that such a function has: 7 make the smallest module, and one that V8 runs faster than 4 do. */
const MOST = 7;

const { MutableGlobals, SignExt, NontrappingFPToInt, BulkMemory } = binaryen.Features;
const FEATURES = MutableGlobals | SignExt | NontrappingFPToInt | BulkMemory;

function inlineSmallest(bytes) {
  const module = binaryen.readBinary(bytes);
  module.setFeatures(FEATURES);
  binaryen.setOptimizeLevel(3);
  binaryen.setShrinkLevel(2);
  binaryen.setAlwaysInlineMaxSize(MOST);
  binaryen.setDebugInfo(true);
  module.runPasses(["inlining-optimizing"]);
  module.optimize();
  // Parameters that nobody varies go, like ends are shared, and the functions called most get the shortest numbers.
  module.runPasses(["local-cse"]);
  module.optimize();
  module.runPasses(["dae-optimizing", "code-folding", "reorder-functions", "reorder-locals"]);
  module.optimize();
  // Long constants that a function needs again and again stay in a local; optimize() would undo it.
  module.runPasses(["const-hoisting", "reorder-locals"]);
  // Uses of one local that have nothing to do with each other stand in the way of sharing code.
  module.runPasses(["ssa-nomerge"]);
  const shared = binaryen.parseText(outlined(module.emitText()));
  shared.setFeatures(FEATURES);
  shared.runPasses(["coalesce-locals", "reorder-locals", "reorder-functions"]);
  const smaller = binaryen.parseText(squeezedModule(shared.emitText()));
  smaller.setFeatures(FEATURES);
  if (!smaller.validate()) throw new Error("the module is not valid after inlining");
  return smaller.emitBinary();
}

try {
  const file = process.argv[2];
  writeFileSync(file, inlineSmallest(readFileSync(file)));
} catch (error) {
  // An uncaught error inside binaryen would print its whole minified source.
  console.error(`inline: ${String(error?.message ?? error).slice(0, 2000)}`);
  process.exit(1);
}
