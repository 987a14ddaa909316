// The command line: `ringlet run ...`, `ringlet parse ...` and `ringlet replay ...` (README, "The command line").
//
// Exit 2 for a wrong command line, 1 for a file that can't be read or a port that is in use, and only at
// the start. After that the phone goes on until `quit` or a signal, and exits with 0.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { serverOf } from "./dns-client.js";
import { MODULE_FILE } from "./module.js";
import { parseFiles } from "./parse-command.js";
import { replayFiles } from "./replay-command.js";
import { run } from "./run-command.js";

const USAGE = `usage: ringlet run --config FILE [--config FILE]... [--bind ADDRESS] [--model MODEL] [--dns ADDRESS[:PORT]]...
                   [--json] [--trace] [--record FILE [--hide-numbers]] [--state FILE [--media-survived]]
                   [--rollback auto|on|off]
       ringlet parse [--json] FILE...
       ringlet replay [--quiet] FILE...
       ringlet --version
       ringlet            (the demonstration)`;

const COMMANDS = `commands on standard input, one a line:
       call URI [ACCOUNT] | answer [CALL] | reject [CALL] [STATUS] | hangup [CALL] | hold [CALL] | resume [CALL]
       transfer URI [CALL] | transfer CALL CALL | conference CALL CALL
       dtmf DIGITS [CALL] | media ADDRESS PORT [CALL]
       forward URI [ACCOUNT] | forward off [ACCOUNT] | dnd on|off [ACCOUNT]
       register [ACCOUNT] | unregister [ACCOUNT]
       subscribe PACKAGE URI | unsubscribe PACKAGE URI | message URI TEXT
       set KEY = VALUE | get KEY | calls | quit`;

/** Seen from build/js/host/node. */
const PACKAGE_FILE = fileURLToPath(new URL("../../../../package.json", import.meta.url));

class UsageError extends Error {}

/** `words`: the arguments. Options without a verb mean `run`. */
export async function main(words: string[]): Promise<void> {
  try {
    await dispatch(words);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`ringlet: ${error.message}\n${USAGE}`);
    process.exitCode = 2;
  }
}

async function dispatch(words: string[]): Promise<void> {
  const [verb, ...rest] = words;
  if (verb === "--version") return console.log(versionLine());
  if (verb === "--help" || verb === "help" || verb === "-h") return console.log(`${USAGE}\n${COMMANDS}`);
  if (verb === "parse") return runParse(rest);
  if (verb === "replay") return runReplay(rest);
  if (verb === "run") return runPhone(rest);
  if (verb?.startsWith("-")) return runPhone(words);
  throw new UsageError(verb === undefined ? "what is to be done?" : `there is no command "${verb}"`);
}

/** The hash is that of the module's file: the same on every machine that builds the same sources. */
function versionLine(): string {
  const { version } = JSON.parse(readFileSync(PACKAGE_FILE, "utf8")) as { version: string };
  const hash = createHash("sha256").update(readFileSync(MODULE_FILE)).digest("hex");
  return `ringlet ${version} abi 1 module ${hash}`;
}

async function runPhone(words: string[]): Promise<void> {
  const { values } = parsed(words, {
    config: { type: "string", multiple: true },
    bind: { type: "string" },
    model: { type: "string" },
    dns: { type: "string", multiple: true },
    json: { type: "boolean" },
    trace: { type: "boolean" },
    record: { type: "string" },
    "hide-numbers": { type: "boolean" },
    state: { type: "string" },
    "media-survived": { type: "boolean" },
    rollback: { type: "string", default: "auto" },
  });
  const configs = (values["config"] ?? []) as string[];
  if (configs.length === 0) throw new UsageError("run needs --config FILE");
  const nameServers = (values["dns"] ?? []) as string[];
  for (const server of nameServers) checkNameServer(server);
  const rollback = values["rollback"];
  if (rollback !== "auto" && rollback !== "on" && rollback !== "off")
    throw new UsageError(`--rollback takes auto, on or off, not "${String(rollback)}"`);
  if (values["media-survived"] === true && values["state"] === undefined)
    throw new UsageError("--media-survived needs --state FILE");
  if (values["hide-numbers"] === true && values["record"] === undefined)
    throw new UsageError("--hide-numbers needs --record FILE");
  await run({
    configs,
    nameServers,
    bind: values["bind"] as string | undefined,
    model: values["model"] as string | undefined,
    isJson: values["json"] === true,
    isTraced: values["trace"] === true,
    record: (values["record"] as string | undefined) ?? "",
    hidesNumbers: values["hide-numbers"] === true,
    rollback,
    state: values["state"] as string | undefined,
    mediaSurvived: values["media-survived"] === true,
  });
}

function checkNameServer(text: string): void {
  const { address, port } = serverOf(text);
  if (isIP(address) === 0 || port < 1 || port > 65_535)
    throw new UsageError(`--dns takes ADDRESS or ADDRESS:PORT, not "${text}"`);
}

function runParse(words: string[]): void {
  const { values, positionals } = parsed(words, { json: { type: "boolean" } }, true);
  if (positionals.length === 0) throw new UsageError("parse needs FILE...");
  parseFiles(positionals, values["json"] === true);
}

function runReplay(words: string[]): void {
  const { values, positionals } = parsed(words, { quiet: { type: "boolean" } }, true);
  if (positionals.length === 0) throw new UsageError("replay needs FILE...");
  replayFiles(positionals, values["quiet"] === true);
}

type Options = NonNullable<Parameters<typeof parseArgs>[0]>["options"];

function parsed(words: string[], options: Options, allowPositionals = false) {
  try {
    return parseArgs({ args: words, options: options ?? {}, allowPositionals });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
