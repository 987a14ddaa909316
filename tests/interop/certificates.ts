// Certificates for a test, made by openssl in its own folder.

import { spawnSync } from "node:child_process";
import path from "node:path";

export interface Certificate {
  /** Files, PEM. */
  certificate: string;
  key: string;
}

/** Signed by itself: whoever is to trust it takes the file `certificate` as a trusted one. `names`: "DNS:..." or "IP:...". */
export function selfSigned(folder: string, name: string, names: string[]): Certificate {
  const made = {
    certificate: path.join(folder, "certificate.pem"),
    key: path.join(folder, "key.pem"),
  };
  openssl(
    ...["req", "-x509", "-nodes", "-days", "2", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"],
    ...["-subj", `/CN=${name}`, "-addext", `subjectAltName=${names.join(",")}`],
    ...["-keyout", made.key, "-out", made.certificate],
  );
  return made;
}

function openssl(...words: string[]): void {
  const ran = spawnSync("openssl", words, { encoding: "utf8" });
  if (ran.status !== 0) throw new Error(`openssl ${words[0]} failed: ${ran.stderr ?? ran.error?.message}`);
}
