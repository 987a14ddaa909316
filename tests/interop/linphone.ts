// linphonec as a child: commands on its standard input, words on its standard output.

import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Child, whenReady } from "./child.js";
import { DOMAIN, type Kamailio, PASSWORDS, type User } from "./kamailio/kamailio.js";
import { freePorts } from "./ports.js";

const START_MS = 20_000;

export class Linphone {
  private read = 0;

  private constructor(private readonly child: Child) {}

  /** Registered at this Kamailio when it resolves. It answers by itself, and asks for session timers with this interval. */
  static async start(folder: string, user: User, kamailio: Kamailio, interval = 90): Promise<Linphone> {
    const port = await freePorts();
    const home = path.join(folder, `linphone-${port}`);
    // Without the folder of its database it stops in the middle of its start, and says nothing.
    mkdirSync(path.join(home, ".local/share/linphone"), { recursive: true });
    const file = path.join(home, "linphonerc");
    writeFileSync(file, settings(port, user, kamailio.ports.udp, interval));
    // Only its log tells at once what happens: standard output is written when 4 KiB are full.
    const words = ["-c", file, "-a", "-d", "6", "-l", "/dev/stderr"];
    const linphone = new Linphone(new Child("linphonec", words, home));
    return whenReady(linphone, linphone.says(/to \[LinphoneRegistrationOk\]/, START_MS));
  }

  type(line: string): void {
    this.child.type(line);
  }

  /** Waits for words after those that were waited for before. */
  async says(pattern: RegExp, timeoutMs?: number): Promise<string> {
    const found = await this.child.says(pattern, timeoutMs, this.read);
    this.read += found.index + found[0].length;
    return found[0];
  }

  end(): Promise<void> {
    return this.child.end();
  }

  told(): string {
    return this.child.told();
  }
}

function settings(port: number, user: User, server: number, interval: number): string {
  return `[sip]
sip_port=${port}
sip_tcp_port=0
sip_tls_port=0
bind_address=127.0.0.1
default_proxy=0
guess_hostname=0
contact="${user}" <sip:${user}@127.0.0.1:${port}>
session_expires_enabled=1
session_expires_value=${interval}
session_expires_min_value=90
session_expires_refresher_value=uac

[rtp]
audio_rtp_port=${port + 6}
nortp_timeout=3600

[sound]
playback_dev_id=ANY
ringer_dev_id=ANY
capture_dev_id=ANY

[video]
enabled=0

[net]
dns_srv_enabled=0
firewall_policy=0

[auth_info_0]
username=${user}
passwd=${PASSWORDS[user]}
realm=${DOMAIN}

[proxy_0]
reg_proxy=<sip:127.0.0.1:${server}>
reg_route=<sip:127.0.0.1:${server};lr>
reg_identity=sip:${user}@${DOMAIN}
reg_expires=60
reg_sendregister=1
publish=0
`;
}
