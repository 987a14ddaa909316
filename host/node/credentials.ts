// The files of certificates that the settings name.

import { readFileSync } from "node:fs";
import path from "node:path";
import { createSecureContext } from "node:tls";
import type { Credentials } from "./tls.js";

const FILES = {
  cert: "ringlet.tls.certificate",
  key: "ringlet.tls.key",
  ca: "ringlet.tls.trusted",
} as const;

/**
 * Reads them; a relative path starts at `folder`. Throws an Error that names the setting and the file where one can't
 * be read, is no PEM, or where the key belongs to another certificate. Without `ca` those that Node brings count.
 */
export function readCredentials(setting: (key: string) => string, folder: string): Credentials {
  const credentials: Credentials = {};
  for (const part of ["cert", "key", "ca"] as const) {
    const file = setting(FILES[part]);
    if (file !== "") credentials[part] = read(FILES[part], path.resolve(folder, file));
  }
  try {
    createSecureContext(credentials);
  } catch (error) {
    throw new Error(`${Object.values(FILES).join(", ")}: ${(error as Error).message}`);
  }
  return credentials;
}

function read(key: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`${key}: ${(error as Error).message}`);
  }
}
