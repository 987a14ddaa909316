// baresip as a child: no sound, no screen; commands and events over its control port, as JSON in netstrings.

import { mkdirSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Waiting } from "../support/waiting.js";
import { Child, whenReady } from "./child.js";
import { DOMAIN, type Kamailio, PASSWORDS, type User } from "./kamailio/kamailio.js";
import { freePorts } from "./ports.js";

/** Debian's folder of modules; its name has the machine's kind in it only for newer versions. */
const MODULES = "/usr/lib/baresip/modules";
const TIMEOUT_MS = 10_000;

/** An event of baresip's, such as CALL_ESTABLISHED. */
export interface BaresipEvent {
  type: string;
  param?: string;
}

/** How baresip encrypts: not at all, RTP/AVP with keys, or nothing but RTP/SAVP. */
export type Encryption = "none" | "srtp" | "srtp-mand";

export class Baresip {
  readonly events: BaresipEvent[] = [];
  private socket: Socket | undefined;
  private unread = "";
  private taken = 0;
  private readonly waiting = new Waiting(() => this.told());

  private constructor(private readonly child: Child) {}

  /** Registered at this Kamailio when it resolves. It answers by itself. */
  static async start(
    folder: string,
    user: User,
    kamailio: Kamailio,
    encryption: Encryption,
  ): Promise<Baresip> {
    const port = await freePorts();
    const home = path.join(folder, `baresip-${port}`);
    mkdirSync(home);
    writeFileSync(path.join(home, "config"), config(port));
    const server = `127.0.0.1:${kamailio.ports.udp}`;
    writeFileSync(
      path.join(home, "accounts"),
      `<sip:${user}@${DOMAIN}>;outbound="sip:${server}";auth_user=${user};auth_pass=${PASSWORDS[user]};` +
        `regint=60;answermode=auto${encryption === "none" ? "" : `;mediaenc=${encryption}`}\n`,
    );
    const baresip = new Baresip(new Child("baresip", ["-f", home, "-s", "-v"], home));
    const isRegistered = baresip.child.says(/200 OK .*\[1 binding\]/);
    return whenReady(baresip, Promise.all([isRegistered, baresip.control(port + 4)]));
  }

  command(command: string, params = ""): void {
    const text = JSON.stringify({ command, params });
    this.socket?.write(`${Buffer.byteLength(text)}:${text},`);
  }

  /** The next event of this type that was not yet waited for. */
  async event(type: string, timeoutMs = TIMEOUT_MS): Promise<BaresipEvent> {
    let found: BaresipEvent | undefined;
    const look = () => {
      while (!found && this.taken < this.events.length) {
        const event = this.events[this.taken++];
        if (event?.type === type) found = event;
      }
      return found !== undefined;
    };
    await this.waiting.until(`baresip's ${type}`, timeoutMs, look);
    return found as unknown as BaresipEvent;
  }

  async end(): Promise<void> {
    this.socket?.destroy();
    await this.child.end();
  }

  told(): string {
    return this.child.told();
  }

  private async control(port: number): Promise<void> {
    const deadline = Date.now() + TIMEOUT_MS;
    while (!(this.socket = await connected(port))) {
      if (Date.now() > deadline) throw new Error(`baresip has no control port\n${this.told()}`);
      await pause(50);
    }
    this.socket.on("data", (bytes) => this.read(bytes.toString("latin1")));
    this.socket.on("error", () => {});
  }

  private read(text: string): void {
    this.unread += text;
    for (;;) {
      const length = /^(\d+):/.exec(this.unread);
      if (!length) break;
      const start = length[0].length;
      const end = start + Number(length[1]);
      if (this.unread.length <= end) break;
      const message = JSON.parse(this.unread.slice(start, end)) as Partial<BaresipEvent> & {
        event?: boolean;
      };
      if (message.event && message.type !== undefined) this.events.push(message as BaresipEvent);
      this.unread = this.unread.slice(end + 1);
    }
    this.waiting.wake();
  }
}

function connected(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(socket));
    socket.once("error", () => resolve(undefined));
  });
}

function config(port: number): string {
  return `sip_listen 127.0.0.1:${port}
net_interface 127.0.0.1
call_local_timeout 120
audio_source aubridge,nil
audio_player aubridge,nil
audio_alert aubridge,nil
rtp_ports ${port + 6}-${port + 9}
rtp_timeout 0
module_path ${MODULES}
module g711.so
module aubridge.so
module srtp.so
module_tmp uuid.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:${port + 4}
`;
}
