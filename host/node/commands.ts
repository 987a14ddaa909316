// One line of standard input: what it says, and the command to the phone that it becomes.
//
//     call URI [ACCOUNT] | answer [CALL] | reject [CALL] [STATUS] | hangup [CALL] | hold [CALL] | resume [CALL]
//     register [ACCOUNT] | unregister [ACCOUNT] | forward URI [ACCOUNT] | forward off [ACCOUNT] | dnd on|off [ACCOUNT]
//     subscribe PACKAGE URI | unsubscribe PACKAGE URI | message URI TEXT
//     transfer URI [CALL] | transfer CALL CALL | conference CALL CALL | dtmf DIGITS [CALL]
//     media ADDRESS PORT [CALL] | set KEY = VALUE | get KEY | calls | quit

import { EventKind, RecordKind, Status } from "./abi.js";
import { type Event, type Phone, statusText } from "./phone.js";
import type { Fields } from "./records.js";

/** A line that can't be obeyed, with the reason in one line. */
export class CommandError extends Error {}

/** Obeys one line; `show` is told what the module does not say as an event. Throws CommandError. */
export function obey(phone: Phone, line: string, show: (event: Event) => void): void {
  const words = line.trim().split(/\s+/);
  const [verb = "", ...rest] = words;
  if (verb === "") return;
  const command = COMMANDS[verb];
  if (!command) throw new CommandError(`there is no command "${verb}"`);
  command(phone, rest, show, line.trim().slice(verb.length).trim());
}

type Command = (phone: Phone, words: string[], show: (event: Event) => void, text: string) => void;

const COMMANDS: Record<string, Command | undefined> = Object.assign(Object.create(null), {
  call: (phone, words) => {
    const [uri] = words;
    if (uri === undefined || words.length > 2) throw new CommandError("call needs URI [ACCOUNT]");
    must(`call ${uri}`, phone.call(uri, accountOf(words[1])));
  },
  register: (phone, words) => ofOneAccount("register", words, (account) => phone.register(account)),
  unregister: (phone, words) => ofOneAccount("unregister", words, (account) => phone.unregister(account)),
  subscribe: (phone, words) => {
    const [eventPackage, uri] = twoWords("subscribe", words);
    const handle = phone.subscribe(eventPackage, uri);
    must(`subscribe ${eventPackage} ${uri}`, handle);
    subscriptionsOf(phone).set(`${eventPackage} ${uri}`, handle);
  },
  unsubscribe: (phone, words) => {
    const [eventPackage, uri] = twoWords("unsubscribe", words);
    const known = subscriptionsOf(phone);
    const handle = known.get(`${eventPackage} ${uri}`);
    if (handle === undefined) throw new CommandError(`unsubscribe: there is no subscription to it`);
    known.delete(`${eventPackage} ${uri}`);
    must(`unsubscribe ${eventPackage} ${uri}`, phone.unsubscribe(handle));
  },
  message: (phone, _words, _show, text) => {
    const parts = /^(\S+)\s+(.+)$/.exec(text);
    if (!parts) throw new CommandError("message needs URI TEXT");
    must(`message ${parts[1]}`, phone.message(parts[1] ?? "", parts[2] ?? ""));
  },
  answer: (phone, words) => ofOneCall("answer", phone, words, true, (call) => phone.answer(call)),
  hangup: (phone, words) => ofOneCall("hangup", phone, words, false, (call) => phone.hangup(call)),
  hold: (phone, words) => ofOneCall("hold", phone, words, false, (call) => phone.hold(call)),
  resume: (phone, words) => ofOneCall("resume", phone, words, false, (call) => phone.resume(call)),
  reject: (phone, words) => {
    const [call, status] = rejectWords(words);
    ofOneCall("reject", phone, call, true, (handle) => phone.reject(handle, status));
  },
  transfer: (phone, words) => {
    if (words.length === 2 && words.every((word) => /^\d{1,5}$/.test(word)))
      return ofTwoCalls("transfer", phone, words, (call, other) => phone.transferTo(call, other));
    const [uri, ...call] = words;
    if (uri === undefined || call.length > 1)
      throw new CommandError("transfer needs URI [CALL], or CALL CALL");
    ofOneCall("transfer", phone, call, false, (handle) => phone.transfer(handle, uri));
  },
  dtmf: (phone, words) => {
    const [digits, ...call] = words;
    if (digits === undefined || call.length > 1) throw new CommandError("dtmf needs DIGITS [CALL]");
    ofOneCall("dtmf", phone, call, false, (handle) => phone.dtmf(handle, digits));
  },
  media: (phone, words) => {
    const [address, port, ...call] = words;
    if (address === undefined || port === undefined || call.length > 1)
      throw new CommandError("media needs ADDRESS PORT [CALL]");
    const number = whole(port, "PORT", 1, 65535);
    ofOneCall("media", phone, call, false, (handle) => phone.media(handle, address, number));
  },
  conference: (phone, words) => ofTwoCalls("conference", phone, words, (a, b) => phone.conference(a, b)),
  set: (phone, _words, _show, text) => {
    const parts = /^([^\s=]+)\s*=\s*(.*)$/.exec(text);
    if (!parts) throw new CommandError("set needs KEY = VALUE");
    must(`set ${parts[1]}`, phone.set(parts[1] ?? "", parts[2] ?? ""));
  },
  get: (phone, words, show) => {
    const [key] = words;
    if (key === undefined || words.length > 1) throw new CommandError("get needs KEY");
    const value = phone.get(key);
    if (typeof value === "number") throw new CommandError(`get ${key}: ${statusText(value)}`);
    show(hostEvent("setting", { key, value }));
  },
  forward: (phone, words) => {
    const [target, account, ...more] = words;
    if (target === undefined || more.length > 0)
      throw new CommandError("forward needs URI [ACCOUNT], or off");
    const isOn = target !== "off";
    const keys = ofWhom(phone, "features.fwd_mode", "forward.always", "always_fwd", account);
    if (isOn) must("forward", phone.set(`${keys}.target`, target));
    must("forward", phone.set(`${keys}.enable`, isOn ? "1" : "0"));
  },
  dnd: (phone, words) => {
    const [state = "", account, ...more] = words;
    if (!["on", "off"].includes(state) || more.length > 0)
      throw new CommandError("dnd needs on or off, and [ACCOUNT]");
    const keys = ofWhom(phone, "features.dnd_mode", "features.dnd", "dnd", account);
    must("dnd", phone.set(`${keys}.enable`, state === "on" ? "1" : "0"));
  },
  calls: (phone, words, show) => {
    if (words.length > 0) throw new CommandError("calls takes nothing more");
    let count = 0;
    const counting = (event: Event) => (count += event.event === EventKind.CallState ? 1 : 0);
    phone.on("event", counting);
    must("calls", phone.list());
    phone.off("event", counting);
    show(hostEvent("calls", { count }));
  },
} satisfies Record<string, Command>);

/** Where the keys of a switch begin: with `mode` 0 it is the phone's, with 1 that of ACCOUNT, by default 1. */
function ofWhom(phone: Phone, mode: string, ofPhone: string, ofAccount: string, word?: string): string {
  const account = word === undefined ? 1 : whole(word, "ACCOUNT", 1, 16);
  if (phone.get(mode) === "1") return `account.${account}.${ofAccount}`;
  if (word !== undefined) throw new CommandError(`ACCOUNT needs ${mode} = 1`);
  return ofPhone;
}

/** What the user of a phone has subscribed to: package and URI as they were typed, and the handle. */
const subscriptions = new WeakMap<Phone, Map<string, number>>();

function subscriptionsOf(phone: Phone): Map<string, number> {
  const known = subscriptions.get(phone) ?? new Map<string, number>();
  subscriptions.set(phone, known);
  return known;
}

function twoWords(verb: string, words: string[]): [string, string] {
  const [eventPackage, uri] = words;
  if (eventPackage === undefined || uri === undefined || words.length > 2)
    throw new CommandError(`${verb} needs PACKAGE URI`);
  return [eventPackage, uri];
}

/** [ACCOUNT], by default the lowest that is enabled. */
function ofOneAccount(verb: string, words: string[], act: (account: number) => number): void {
  if (words.length > 1) throw new CommandError(`${verb} takes no more than [ACCOUNT]`);
  must([verb, ...words].join(" "), act(accountOf(words[0])));
}

function accountOf(word: string | undefined): number {
  return word === undefined ? 0 : whole(word, "ACCOUNT", 1, 16);
}

/** [CALL], by default the newest, and for `answer` and `reject` the newest of those that ring here. */
function ofOneCall(
  verb: string,
  phone: Phone,
  words: string[],
  ringing: boolean,
  act: (handle: number) => number,
): void {
  if (words.length > 1) throw new CommandError(`${verb} takes no more than [CALL]`);
  const number = words[0] === undefined ? 0 : whole(words[0], "CALL", 1, 0x7fffffff);
  const handle = phone.find(number, ringing && number === 0);
  if (handle <= 0) throw new CommandError(`${verb}: ${missing(number, ringing)}`);
  must(number > 0 ? `${verb} ${number}` : verb, act(handle));
}

function ofTwoCalls(
  verb: string,
  phone: Phone,
  words: string[],
  act: (call: number, other: number) => number,
): void {
  const [first, second] = words;
  if (first === undefined || second === undefined || words.length > 2)
    throw new CommandError(`${verb} needs CALL CALL`);
  const handles = [first, second].map((word) => {
    const number = whole(word, "CALL", 1, 0x7fffffff);
    const handle = phone.find(number, false);
    if (handle <= 0) throw new CommandError(`${verb}: ${missing(number, false)}`);
    return handle;
  });
  must([verb, ...words].join(" "), act(handles[0] ?? 0, handles[1] ?? 0));
}

function missing(number: number, ringing: boolean): string {
  if (number > 0) return `there is no call ${number}`;
  return ringing ? "no call is ringing here" : "there is no call";
}

/** [CALL] [STATUS]; a lone 300..699 is a STATUS. Answers the words of CALL, and the status or 0. */
function rejectWords(words: string[]): [string[], number] {
  const [first, second, ...more] = words;
  if (more.length > 0) throw new CommandError("reject takes [CALL] [STATUS]");
  if (first === undefined) return [[], 0];
  if (second !== undefined) return [[first], whole(second, "STATUS", 300, 699)];
  return /^[3-6]\d\d$/.test(first) ? [[], Number(first)] : [[first], 0];
}

function whole(word: string, name: string, least: number, most: number): number {
  const value = /^\d{1,10}$/.test(word) ? Number(word) : NaN;
  if (value >= least && value <= most) return value;
  const range = most === 0x7fffffff ? `a number from ${least}` : `a number from ${least} to ${most}`;
  throw new CommandError(`${name} is ${range}, not "${word}"`);
}

/** Status.NeedsRestart is worth a line too, though the value was taken. */
function must(what: string, status: number): void {
  if (status === Status.NeedsRestart)
    throw new CommandError(`${what}: noted, takes effect at the next start`);
  if (status < 0) throw new CommandError(`${what}: ${statusText(status)}`);
}

/** What the host says in the form of an event. */
function hostEvent(name: string, fields: Fields): Event {
  return { kind: RecordKind.Event, event: 0 as EventKind, name, call: 0, number: 0, fields };
}
