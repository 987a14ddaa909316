// `sip_judge` says what the phone would do. Here the same datagrams reach a phone, and it does it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Instance } from "../support/instance.js";
import { allSamples, type Sample } from "./corpus.js";

/** Something that can be answered came from here. */
const PEER = { address: "192.0.2.99", port: 5060 };

/** The user of the Request-URI, so that the phone owns it; "" where it can't be written into a setting. */
function userOf(bytes: Buffer): string {
  const line = bytes.toString("latin1").split("\r\n", 1)[0] ?? "";
  const user = /^\S+ +<?sips?:([^@\s]*)@/i.exec(line)?.[1] ?? "";
  return /^[\x21-\x7e]{1,100}$/.test(user) ? decode(user.replace(/:.*$/, "")) : "";
}

function decode(user: string): string {
  try {
    const plain = decodeURIComponent(user);
    return /^[\x21-\x7e]*$/.test(plain) ? plain : user;
  } catch {
    return user;
  }
}

function phoneOf(user: string): Instance {
  const config = [
    "ringlet.bind.address = 192.0.2.10",
    "account.1.enable = 1",
    `account.1.user_name = ${user || "user"}`,
    "account.1.auto_answer = 1",
    "",
  ].join("\n");
  const phone = new Instance({ configs: [config] });
  phone.start();
  return phone;
}

/** "accept", "drop" or the status that left the phone. */
function done({ bytes }: Sample): string {
  const phone = phoneOf(userOf(bytes));
  const { sends, events } = phone.receive(phone.flow, PEER.address, PEER.port, bytes, 0);
  const status = Number(/^SIP\/2\.0 (\d+)/.exec(sends[0]?.bytes.toString("latin1") ?? "")?.[1] ?? 0);
  if (status >= 300) return String(status);
  return status > 0 || events.length > 0 ? "accept" : "drop";
}

function judged({ bytes }: Sample): string {
  const { status } = phoneOf("user").module.judge(bytes);
  return status === 0 ? "accept" : status < 0 ? "drop" : String(status);
}

/** What an idle phone can't know from the message alone, or has no part in. */
function isExcused({ bytes }: Sample, verdict: string, deed: string): boolean {
  const text = bytes.toString("latin1");
  // A response, or an ACK, is taken and belongs to nothing.
  if (verdict === "accept" && deed === "drop") return text.startsWith("SIP/2.0") || text.startsWith("ACK");
  // Of a call that this phone never had; the judge assumes that it had.
  if (deed === "481") return /^(to|t)\s*:[^\r]*(\r\n\s[^\r]*)*;\s*tag\s*=/im.test(text);
  // A user that can't be put into a setting.
  return deed === "404" && userOf(bytes) === "";
}

test("what sip_judge says of a message is what the phone does with it", (t) => {
  const wrong: string[] = [];
  const samples = allSamples();
  let excused = 0;
  for (const sample of samples) {
    const [verdict, deed] = [judged(sample), done(sample)];
    if (verdict === deed) continue;
    if (isExcused(sample, verdict, deed)) excused++;
    else wrong.push(`${sample.name}: judged ${verdict}, done ${deed}`);
  }
  t.diagnostic(`${samples.length} messages, ${excused} of them responses, ACKs or of unknown calls`);
  assert.deepEqual(wrong, []);
});
