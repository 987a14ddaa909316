// Kamailio as a child, with kamailio.cfg: a registrar and proxy on ports of its own. It forgets everything when it stops.

import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { ROOT } from "../../support/files.js";
import { selfSigned } from "../certificates.js";
import { Child, pathOf, whenReady } from "../child.js";
import { freePorts } from "../ports.js";

const CONFIG = path.join(ROOT, "tests/interop/kamailio/kamailio.cfg");
export const DOMAIN = "ringlet.test";
/** Who may register, as kamailio.cfg has it. */
export const PASSWORDS = { alice: "open sesame", bob: "open-barley" };
export type User = keyof typeof PASSWORDS;

const START_MS = 10_000;
const ASK_AGAIN_MS = 50;

export interface Ports {
  udp: number;
  tcp: number;
  tls: number;
}

/** What a test wants to have different; kamailio.cfg tells what each is. */
export interface KamailioOptions {
  ports?: Ports;
  cluster?: string;
  algorithm?: "MD5" | "SHA-256";
  nonceSeconds?: number;
  minExpires?: number;
  maxExpires?: number;
  minSe?: number;
}

/** A message that it received or sent. */
export interface Passed {
  direction: "rcv" | "snd";
  transport: string;
  /** Milliseconds since 1970. */
  at: number;
  text: string;
}

export class Kamailio {
  private child: Child | undefined;

  private constructor(
    private readonly folder: string,
    readonly ports: Ports,
    private readonly options: KamailioOptions,
  ) {}

  /** Its messages, its certificate and its home are in `folder`. */
  static async start(folder: string, options: KamailioOptions = {}): Promise<Kamailio> {
    const ports = options.ports ?? (await portsOfItsOwn());
    const home = path.join(folder, `kamailio-${ports.udp}`);
    mkdirSync(home);
    selfSigned(home, DOMAIN, [`DNS:${DOMAIN}`, "IP:127.0.0.1"]);
    const kamailio = new Kamailio(home, ports, options);
    return whenReady(kamailio, kamailio.restart());
  }

  /** The certificate, for those who are to trust it. */
  get certificate(): string {
    return path.join(this.folder, "certificate.pem");
  }

  /** All at once, as if its power had failed. */
  async stop(): Promise<void> {
    await this.child?.end();
    this.child = undefined;
  }

  /** With the same ports, and nothing in its memory; resolves when it answers. */
  async restart(): Promise<void> {
    await this.stop();
    this.child = new Child(pathOf("kamailio") ?? "kamailio", this.words(), this.folder);
    await this.answers(this.child);
  }

  end(): Promise<void> {
    return this.stop();
  }

  /** Every message so far that was handed to its writer, in order. */
  messages(): Passed[] {
    const files = readdirSync(this.folder).filter((name) => /^messages-.*\.data$/.test(name));
    const text = files
      .sort()
      .map((name) => readFileSync(path.join(this.folder, name), "latin1"))
      .join("");
    return [...text.matchAll(PASSED)].map(([, direction, at, transport, message]) => ({
      direction: direction as Passed["direction"],
      at: Number(at) * 1000,
      transport: transport ?? "",
      text: message ?? "",
    }));
  }

  /** Those whose first line matches, as they came or went. */
  seen(direction: Passed["direction"], startLine: RegExp): Passed[] {
    return this.messages().filter(
      (message) => message.direction === direction && startLine.test(message.text.split("\r\n", 1)[0] ?? ""),
    );
  }

  /** For a test that failed. */
  told(): string {
    const last = this.messages()
      .slice(-30)
      .map(({ direction, transport, text }) => `${direction} ${transport}\n${text}`);
    return [this.child?.told() ?? "---- kamailio was stopped", ...last].join("\n----\n");
  }

  private words(): string[] {
    const { cluster, algorithm, nonceSeconds, minExpires, maxExpires, minSe } = this.options;
    const defined: Record<string, string | number | undefined> = {
      UDP_PORT: this.ports.udp,
      TCP_PORT: this.ports.tcp,
      TLS_PORT: this.ports.tls,
      FOLDER: quoted(this.folder),
      CERTIFICATE: quoted(this.certificate),
      KEY: quoted(path.join(this.folder, "key.pem")),
      CLUSTER: cluster && quoted(cluster),
      ALGORITHM: algorithm && quoted(algorithm),
      NONCE_SECONDS: nonceSeconds,
      MIN_EXPIRES: minExpires,
      MAX_EXPIRES: maxExpires,
      MIN_SE: minSe,
    };
    const words = ["-f", CONFIG, "-w", this.folder, "-Y", this.folder, "-DD", "-E"];
    for (const [name, value] of Object.entries(defined))
      if (value !== undefined) words.push("-A", `${name}=${value}`);
    return words;
  }

  private async answers(child: Child): Promise<void> {
    const deadline = Date.now() + START_MS;
    const asking = new AskingSocket(this.ports.udp);
    try {
      while (!(await asking.ask())) {
        if (Date.now() > deadline) throw new Error(`Kamailio does not answer\n${child.told()}`);
        await Promise.race([pause(ASK_AGAIN_MS), child.exited]);
      }
    } finally {
      asking.close();
    }
  }
}

/** What sipdump writes: a head of "name: value" lines, the message, a line of bars. */
const PASSED =
  /^={20}\ntag: (rcv|snd)\n(?:.*\n)*?time: ([\d.]+)\n(?:.*\n)*?proto: (\w+) .*\n(?:.*\n)*?~{20}\n([^]*?)\|{20}$/gm;

function quoted(text: string): string {
  return `"${text}"`;
}

/** One block of ports: TCP has the number of UDP, TLS the next one. */
async function portsOfItsOwn(): Promise<Ports> {
  const first = await freePorts();
  return { udp: first, tcp: first, tls: first + 1 };
}

/** Sends OPTIONS until one is answered. */
class AskingSocket {
  private readonly socket = createSocket("udp4");
  private isAnswered = false;

  constructor(private readonly port: number) {
    this.socket.on("message", () => (this.isAnswered = true));
    // Nobody listens yet.
    this.socket.on("error", () => {});
  }

  async ask(): Promise<boolean> {
    const branch = `z9hG4bK${randomBytes(8).toString("hex")}`;
    const request = [
      `OPTIONS sip:127.0.0.1:${this.port} SIP/2.0`,
      `Via: SIP/2.0/UDP 127.0.0.1;rport;branch=${branch}`,
      "Max-Forwards: 70",
      `From: <sip:test@${DOMAIN}>;tag=1`,
      `To: <sip:${DOMAIN}>`,
      `Call-ID: ${branch}`,
      "CSeq: 1 OPTIONS",
      "Content-Length: 0",
    ];
    this.socket.send(`${request.join("\r\n")}\r\n\r\n`, this.port, "127.0.0.1");
    await pause(ASK_AGAIN_MS);
    return this.isAnswered;
  }

  close(): void {
    this.socket.close();
  }
}
