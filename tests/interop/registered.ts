// Phones that are registered at a Kamailio, and what they do with each other.

import assert from "node:assert/strict";
import { type Bench, fields, type RunningPhone, type Settings } from "./bench.js";
import type { DnsServer } from "./dns.js";
import { DOMAIN, type Kamailio, PASSWORDS, type User } from "./kamailio/kamailio.js";

export type Wire = "UDP" | "TCP" | "TLS";
export const WIRES: readonly Wire[] = ["UDP", "TCP", "TLS"];

/** account.X.sip_server.Y.transport_type */
const TRANSPORT_TYPE: Record<Wire, number> = { UDP: 0, TCP: 1, TLS: 2 };

export function portOf({ ports }: Kamailio, wire: Wire): number {
  return { UDP: ports.udp, TCP: ports.tcp, TLS: ports.tls }[wire];
}

/** An account of this user, anywhere. */
export function userSettings(user: User): Settings {
  return {
    "account.1.user_name": user,
    "account.1.display_name": user,
    "account.1.password": PASSWORDS[user],
  };
}

/** An account of this user at this Kamailio, by its address. */
export function accountAt(kamailio: Kamailio, user: User, wire: Wire = "UDP"): Settings {
  return {
    ...userSettings(user),
    "account.1.sip_server.1.address": "127.0.0.1",
    "account.1.sip_server.1.port": portOf(kamailio, wire),
    "account.1.sip_server.1.transport_type": TRANSPORT_TYPE[wire],
    "ringlet.tls.trusted": kamailio.certificate,
  };
}

/** A phone that has told that it is registered. */
export async function registered(bench: Bench, settings: Settings, dns?: DnsServer): Promise<RunningPhone> {
  const phone = await bench.phone(settings, dns);
  await phone.program.event("account.registered");
  return phone;
}

/** alice and bob, at one Kamailio. */
export async function aliceAndBob(
  bench: Bench,
  kamailio: Kamailio,
  wire: Wire = "UDP",
  settings: Settings = {},
): Promise<[RunningPhone, RunningPhone]> {
  return Promise.all([
    registered(bench, { ...accountAt(kamailio, "alice", wire), ...settings }),
    registered(bench, { ...accountAt(kamailio, "bob", wire), ...settings }),
  ]);
}

export function uriOf(user: User): string {
  return `sip:${user}@${DOMAIN}`;
}

/** The caller calls this user, whose phone is answered; up for both when it resolves. */
export async function connect(caller: RunningPhone, callee: RunningPhone, user: User): Promise<void> {
  caller.program.type(`call ${uriOf(user)}`);
  await callee.program.event("call.incoming");
  callee.program.type("answer");
  await Promise.all([caller.program.event("call.established"), callee.program.event("call.established")]);
}

/** One holds and resumes, and the other sees it: two requests with an offer go through. */
export async function holdAndResume(one: RunningPhone, other: RunningPhone): Promise<void> {
  one.program.type("hold");
  await media(other, "recvonly");
  one.program.type("resume");
  await media(other, "sendrecv");
}

/** The next that it tells about its media in this direction. */
async function media(phone: RunningPhone, direction: string): Promise<void> {
  for (;;) {
    const line = await phone.program.event("call.media");
    if (line["direction"] === direction) return;
  }
}

export async function hangUp(one: RunningPhone, other: RunningPhone): Promise<void> {
  one.program.type("hangup");
  await ended(one, "local", "user-hangup");
  await ended(other, "remote", "peer-bye");
}

export async function ended(phone: RunningPhone, by: string, rule: string): Promise<void> {
  const line = await phone.program.event("call.ended");
  assert.deepEqual(fields(line, "by", "rule"), [by, rule]);
}

/** How many REGISTERs it got. */
export async function registers(kamailio: Kamailio): Promise<number> {
  return (await kamailio.seen("rcv", /^REGISTER /)).length;
}
