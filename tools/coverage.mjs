// What `npm run coverage` promises: in these rooms at least 90 % of as-pect's points were reached.
//
// A file that no spec imports is missing from as-pect's report without a word, so the files are counted here.
// A file without any function (numbers, one class of fields) has no point and can't be missing.
import { readFileSync } from "node:fs";
import path from "node:path";
import { globSync, root } from "./files.mjs";

const LEAST_PERCENT = 90;

/** Room by room; of `session` only what decides about the session timer is pure enough for specs. */
const ROOMS = {
  bytes: ["assembly/bytes/"],
  time: ["assembly/time/"],
  handle: ["assembly/handle/"],
  crypto: ["assembly/crypto/"],
  message: ["assembly/message/"],
  sdp: ["assembly/sdp/"],
  xml: ["assembly/xml/"],
  transaction: ["assembly/transaction/"],
  "session timer": [
    "assembly/session/session-timer",
    "assembly/session/timer-",
    "assembly/session/refresh-outcome",
  ],
  settings: ["assembly/settings/"],
};

/** `points`: [{file, covered}]. Prints a line for each room and answers what is wrong. */
export function checkCoverage(points) {
  const problems = [];
  for (const [room, prefixes] of Object.entries(ROOMS)) {
    const isOfRoom = (file) => prefixes.some((prefix) => file.startsWith(prefix));
    const own = points.filter(({ file }) => isOfRoom(file));
    const covered = own.filter((point) => point.covered).length;
    const percent = own.length === 0 ? 0 : (100 * covered) / own.length;
    console.log(
      `coverage: ${room.padEnd(14)} ${percent.toFixed(1).padStart(5)} %  ${covered} of ${own.length} points`,
    );
    if (percent < LEAST_PERCENT) problems.push(`${room} has less than ${LEAST_PERCENT} %`);
    const reported = new Set(own.map(({ file }) => file));
    const missing = filesWithFunctions().filter((file) => isOfRoom(file) && !reported.has(file));
    if (missing.length > 0) problems.push(`no spec imports ${missing.join(", ")}`);
  }
  return problems;
}

function filesWithFunctions() {
  return globSync(path.join(root, "assembly"), ".ts")
    .map((file) => path.relative(root, file))
    .filter((file) =>
      /^(export )?function |^ {2}\w+\(.*\{$/m.test(readFileSync(path.join(root, file), "utf8")),
    );
}
