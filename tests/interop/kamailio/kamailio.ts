// Kamailio as a child, with kamailio.cfg: a registrar and proxy on ports of its own. It forgets everything when it stops.

import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { ROOT } from "../../support/files.js";
import { selfSigned } from "../certificates.js";
import { Child, pathOf, whenReady } from "../child.js";
import { freePorts } from "../ports.js";

const CONFIG = path.join(ROOT, "tests/interop/kamailio/kamailio.cfg");
export const DOMAIN = "ringlet.test";
/** Who may register, as kamailio.cfg has it. */
export const PASSWORDS = { alice: "open sesame", bob: "open-barley", carol: "open rye" };
export type User = keyof typeof PASSWORDS;

/** What the modules of presence want to see. */
const TABLES_OF_PACKAGE = "/usr/share/kamailio/dbtext/kamailio";
const TABLES = ["version", "presentity", "active_watchers", "watchers", "xcap", "pua"];
const START_MS = 10_000;
const ASK_AGAIN_MS = 50;
const ANSWER_MS = 500;
/** Call-IDs of the tests' own OPTIONS begin with it. */
const QUESTION = "question-of-the-tests-";

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
  withoutSst?: boolean;
  /** It is a notifier too. */
  presence?: boolean;
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
    if (options.presence) emptyTables(path.join(home, "tables"));
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

  /** A mail server tells of somebody's mailbox. */
  async publishes(uri: string, summary: string): Promise<void> {
    const headers = [
      "Event: message-summary",
      "Expires: 3600",
      "Content-Type: application/simple-message-summary",
    ];
    const callId = randomBytes(8).toString("hex");
    const answer = await send(this.ports.udp, callId, "PUBLISH", uri, headers, summary);
    if (!answer?.startsWith("SIP/2.0 200 ")) throw new Error(`PUBLISH: ${answer ?? "no answer"}`);
  }

  /** Every message so far, in order. */
  async messages(): Promise<Passed[]> {
    if (this.child) await this.isWritten();
    return this.written();
  }

  /** Those whose first line matches, as they came or went. */
  async seen(direction: Passed["direction"], startLine: RegExp): Promise<Passed[]> {
    return (await this.messages()).filter(
      (message) => message.direction === direction && startLine.test(message.text.split("\r\n", 1)[0] ?? ""),
    );
  }

  /** For a test that failed. */
  told(): string {
    const last = this.written()
      .slice(-30)
      .map(({ direction, transport, text }) => `${direction} ${transport}\n${text}`);
    return [this.child?.told() ?? "---- kamailio was stopped", ...last].join("\n----\n");
  }

  private words(): string[] {
    const { cluster, algorithm, nonceSeconds, minExpires, maxExpires, minSe, withoutSst, presence } =
      this.options;
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
      WITHOUT_SST: withoutSst ? 1 : undefined,
      PRESENCE: presence ? quoted(`text://${path.join(this.folder, "tables")}`) : undefined,
      PRESENCE_URI: presence ? quoted(`sip:127.0.0.1:${this.ports.udp}`) : undefined,
    };
    const words = ["-f", CONFIG, "-w", this.folder, "-Y", this.folder, "-DD", "-E"];
    for (const [name, value] of Object.entries(defined))
      if (value !== undefined) words.push("-A", `${name}=${value}`);
    if (cluster !== undefined) words.push(`--alias=${cluster}`);
    return words;
  }

  private async answers(child: Child): Promise<void> {
    const deadline = Date.now() + START_MS;
    while (!(await ask(this.ports.udp))) {
      if (Date.now() > deadline) throw new Error(`Kamailio does not answer\n${child.told()}`);
      await Promise.race([pause(ASK_AGAIN_MS), child.exited]);
    }
  }

  /** Its writer is a process of its own, which is done with all that came before a question once it has written that. */
  private async isWritten(): Promise<void> {
    const deadline = Date.now() + START_MS;
    let callId: string | undefined;
    while (!(callId ??= await ask(this.ports.udp)) || !this.dump().includes(callId)) {
      if (Date.now() > deadline) throw new Error("Kamailio's messages are not written");
      await pause(ASK_AGAIN_MS);
    }
  }

  private written(): Passed[] {
    return [...this.dump().matchAll(PASSED)]
      .map(([, direction, at, transport, message]) => ({
        direction: direction as Passed["direction"],
        at: Number(at) * 1000,
        transport: transport ?? "",
        text: message ?? "",
      }))
      .filter(({ text }) => !text.includes(QUESTION));
  }

  private dump(): string {
    const files = readdirSync(this.folder).filter((name) => /^messages-.*\.data$/.test(name));
    return files
      .sort()
      .map((name) => readFileSync(path.join(this.folder, name), "latin1"))
      .join("");
  }
}

/** What sipdump writes: a head of "name: value" lines, the message, a line of bars. */
const PASSED =
  /^={20}\ntag: (rcv|snd)\n(?:.*\n)*?time: ([\d.]+)\n(?:.*\n)*?proto: (\w+) .*\n(?:.*\n)*?~{20}\n([^]*?)\|{20}$/gm;

function quoted(text: string): string {
  return `"${text}"`;
}

/** One block of ports: TCP has the number of UDP, TLS the next one. */
export async function portsOfItsOwn(): Promise<Ports> {
  const first = await freePorts();
  return { udp: first, tcp: first, tls: first + 1 };
}

/** As its package brings them, in a place where it may write. */
function emptyTables(folder: string): void {
  mkdirSync(folder);
  for (const name of TABLES) copyFileSync(path.join(TABLES_OF_PACKAGE, name), path.join(folder, name));
}

/** Sends OPTIONS; answers its Call-ID, or undefined when no answer came soon. */
async function ask(port: number): Promise<string | undefined> {
  const callId = `${QUESTION}${randomBytes(8).toString("hex")}`;
  const answer = await send(port, callId, "OPTIONS", `sip:127.0.0.1:${port}`, [], "");
  return answer === undefined ? undefined : callId;
}

/** A request from outside of any dialog: its answer, or undefined when none came soon. */
async function send(
  port: number,
  callId: string,
  method: string,
  uri: string,
  headers: string[],
  body: string,
): Promise<string | undefined> {
  const request = [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bK${callId}`,
    "Max-Forwards: 70",
    `From: <sip:test@${DOMAIN}>;tag=1`,
    `To: <${uri}>`,
    `Call-ID: ${callId}`,
    `CSeq: 1 ${method}`,
    ...headers,
    `Content-Length: ${body.length}`,
  ];
  const socket = createSocket("udp4");
  try {
    socket.send(`${request.join("\r\n")}\r\n\r\n${body}`, port, "127.0.0.1");
    const [answer] = (await once(socket, "message", { signal: AbortSignal.timeout(ANSWER_MS) })) as [Buffer];
    return answer.toString();
  } catch {
    // Nobody listens yet, or it is busy.
    return undefined;
  } finally {
    socket.close();
  }
}
