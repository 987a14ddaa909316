// A computer that steers the phone by uaCSTA: the peer at 192.0.2.20 is the account's server too.

import assert from "node:assert/strict";
import { registered, type RegisteredOptions } from "./registrar.js";
import type { Connected, Datagram, Headers, PeerDialog, Wire } from "./scripted-peer.js";

export const DEVICE = "tel:4001;phone-context=dialstring;partition=west";

export const CSTA: Headers = {
  "Content-Type": "application/csta+xml",
  "Content-Disposition": "signal;handling=required",
};

export const namespace = (edition: number): string =>
  `http://www.ecma-international.org/standards/ecma-323/csta/ed${edition}`;

export function request(name: string, content = "", edition = 3): string {
  return `<?xml version="1.0"?>\r\n<${name} xmlns="${namespace(edition)}">${content}</${name}>`;
}

/** Text of the first element of that name; null without one. */
export function element(xml: string, name: string): string | null {
  return new RegExp(`<${name}>(.*?)</${name}>`).exec(xml)?.[1] ?? null;
}

export function root(xml: string): string {
  return /<([A-Za-z]+) xmlns=/.exec(xml)?.[1] ?? "";
}

export interface Steered extends Connected {
  control: PeerDialog;
  accepted: Datagram;
  /** Sends a service request in INFO; answers the document of its 200. */
  orders(name: string, content?: string): string;
  /** Takes the next INFO of the phone, says 200, and answers its document. */
  told(): string;
  /** Takes events up to the last; their names. */
  toldAll(): string[];
  monitors(): string;
}

export interface SteeredOptions extends RegisteredOptions {
  invite?: Headers;
  edition?: number;
}

/** A phone with its first control dialog. */
export function steered(options: SteeredOptions = {}): Steered {
  const { invite: headers, edition = 3, ...rest } = options;
  const config = `features.csta_control.enable = 1\n${rest.config ?? ""}`;
  const all = registered({ ...rest, config });
  const { peer } = all;
  const invite = peer.invites({
    headers: { ...CSTA, Supported: "timer", ...headers },
    body: request("RequestSystemStatus", "", edition),
    tag: "control",
  });
  const accepted = peer.expects(200);
  whole(accepted.body);
  const control = peer.dialog(invite, accepted);
  peer.acks(control);
  const take = (): string => told(all);
  const orders = (name: string, content = ""): string => {
    peer.requests(control, "INFO", { headers: CSTA, body: request(name, content, edition) });
    return answerOf(all.wire);
  };
  return {
    ...all,
    control,
    accepted,
    orders,
    told: take,
    toldAll: () => {
      const names: string[] = [];
      while (all.wire.waiting.some((each) => each.status === 0 && each.method === "INFO"))
        names.push(root(take()));
      return names;
    },
    monitors: () =>
      element(
        orders("MonitorStart", `<monitorObject><deviceObject>${DEVICE}</deviceObject></monitorObject>`),
        "monitorCrossRefID",
      ) ?? "",
  };
}

/** Takes the first of what waits that is so; other messages may stand before it. */
export function pick(wire: Wire, what: string, isIt: (each: Datagram) => boolean): Datagram {
  const place = wire.waiting.findIndex(isIt);
  const found = wire.waiting[place];
  if (!found) wire.fail(`expected ${what} among what the phone sent`);
  wire.waiting.splice(place, 1);
  return found;
}

function answerOf(wire: Wire): string {
  const taken = pick(wire, "200 to INFO", (each) => each.status === 200 && each.method === "INFO");
  assert.equal(taken.header("Content-Type"), "application/csta+xml");
  return whole(taken.body);
}

/** Nothing stands before or behind the one element. */
function whole(body: string): string {
  assert.match(body, /^<\?xml version="1\.0" encoding="UTF-8"\?>\r\n<([A-Za-z]+) xmlns="[^"]*">.*<\/\1>$/);
  return body;
}

function told({ wire, peer }: Connected): string {
  const info = pick(wire, "INFO", (each) => each.status === 0 && each.method === "INFO");
  assert.equal(info.header("Content-Type"), "application/csta+xml");
  assert.equal(info.header("Content-Disposition"), "signal;handling=required");
  peer.replies(info, 200, { tag: "" });
  return whole(info.body);
}
