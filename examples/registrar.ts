// The registrar for examples/registered.cfg: `npm run registrar`. Kamailio on this machine, as the tests have it.
//
// It knows the users 2001 and 2002, both with the password "secret", and forgets all at its end.

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { isInstalled } from "../tests/interop/child.js";
import { Kamailio } from "../tests/interop/kamailio/kamailio.js";

const PORTS = { udp: 5060, tcp: 5060, tls: 5061 };
const NEEDED = ["kamailio", "openssl"];
const MODULES = "kamailio kamailio-tls-modules kamailio-extra-modules openssl";

export async function main(): Promise<void> {
  const missing = NEEDED.filter((program) => !isInstalled(program));
  if (missing.length > 0) return fail(`${missing.join(" and ")} not installed: apt-get install ${MODULES}`);
  const folder = mkdtempSync(path.join(tmpdir(), "ringlet-registrar-"));
  try {
    await serve(await Kamailio.start(folder, { ports: PORTS }), folder);
  } catch (error) {
    fail(`Kamailio does not start: ${(error as Error).message}`);
  } finally {
    if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
  }
}

async function serve(kamailio: Kamailio, folder: string): Promise<void> {
  const { udp, tcp, tls } = kamailio.ports;
  console.log(`A registrar listens at 127.0.0.1, UDP ${udp}, TCP ${tcp}, TLS ${tls}. Its users: 2001 and 2002.
Its certificate and every message that passes: ${folder}
A phone that registers there, in another terminal: npm start -- --config examples/registered.cfg
Ctrl-C ends it.`);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  await kamailio.end();
}

function fail(reason: string): void {
  console.error(`registrar: ${reason}`);
  process.exitCode = 1;
}
