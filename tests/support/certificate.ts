// Certificates for tests (RFC 5280), made when they are needed: nothing expires in the repository, and names may be
// as odd as a test wants.

import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";

export interface Certificate {
  cert: string;
  key: string;
}

export interface CertificateOptions {
  commonName?: string;
  uri?: string[];
  dns?: string[];
  /** As the bytes of the address. */
  ip?: number[][];
  /** Who signs; itself without. */
  issuer?: Certificate & { commonName: string };
  isAuthority?: boolean;
  /** Was good until yesterday. */
  isExpired?: boolean;
}

const COMMON_NAME = [0x55, 0x04, 0x03];
const BASIC_CONSTRAINTS = [0x55, 0x1d, 0x13];
const ALTERNATIVE_NAME = [0x55, 0x1d, 0x11];
const ECDSA_WITH_SHA256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];

const DAY_MS = 86_400_000;
let serial = 0;

export function certificateOf(options: CertificateOptions): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const name = options.commonName ?? "";
  const { issuer } = options;
  const from = options.isExpired ? -3 : -1;
  const body = sequence(
    der(0xa0, integer(2)),
    integer(++serial),
    sequence(oid(ECDSA_WITH_SHA256)),
    nameOf(issuer?.commonName ?? name),
    sequence(time(from), time(from + 2)),
    nameOf(name),
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(...extensionsOf(options))),
  );
  return {
    cert: signed(body, issuer ? createPrivateKey(issuer.key) : privateKey),
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

function signed(body: Buffer, key: KeyObject): string {
  const whole = sequence(body, sequence(oid(ECDSA_WITH_SHA256)), bits(sign("sha256", body, key)));
  const lines = whole.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function extensionsOf({ isAuthority, uri = [], dns = [], ip = [] }: CertificateOptions): Buffer[] {
  const names = [
    ...uri.map((text) => der(0x86, Buffer.from(text, "latin1"))),
    ...dns.map((text) => der(0x82, Buffer.from(text, "latin1"))),
    ...ip.map((bytes) => der(0x87, Buffer.from(bytes))),
  ];
  const constraints = sequence(...(isAuthority ? [der(0x01, Buffer.from([0xff]))] : []));
  const extensions = [sequence(oid(BASIC_CONSTRAINTS), der(0x04, constraints))];
  if (names.length > 0) extensions.push(sequence(oid(ALTERNATIVE_NAME), der(0x04, sequence(...names))));
  return extensions;
}

function nameOf(text: string): Buffer {
  if (text === "") return sequence();
  return sequence(der(0x31, sequence(oid(COMMON_NAME), der(0x0c, Buffer.from(text)))));
}

function time(days: number): Buffer {
  const digits = new Date(Date.now() + days * DAY_MS).toISOString().replace(/\D/g, "");
  return der(0x18, Buffer.from(`${digits.slice(0, 14)}Z`));
}

// ---- DER (X.690) ----

function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(content.length)]), content]);
}

function lengthOf(n: number): number[] {
  if (n < 128) return [n];
  return n < 65_536 ? [0x82, n >> 8, n & 255] : [0x83, n >> 16, (n >> 8) & 255, n & 255];
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, ...parts);
}

function integer(value: number): Buffer {
  return der(0x02, Buffer.from([value]));
}

function oid(bytes: number[]): Buffer {
  return der(0x06, Buffer.from(bytes));
}

function bits(bytes: Buffer): Buffer {
  return der(0x03, Buffer.from([0]), bytes);
}
