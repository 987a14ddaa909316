// The calls of the ABI (docs/abi.md): arguments are checked here, the agent does the rest.
//
// Each call that changes something empties the output, does one thing, and ends with a Wake record; the
// host then drains sip_poll. A call that is refused says nothing but its Status.

import { arenaTop, growTo } from "../bytes/arena";
import { EMPTY, size, Slice, slice, trim } from "../bytes/slice";
import { Counter, RecordKind, Status } from "../output/abi-numbers";
import { beginRecord, clearOutput, endRecord, pollRecord, reference, word } from "../output/output";
import { finish } from "../agent/afterwards";
import { acceptConnection, receiveConnected, receiveStream } from "../agent/connection";
import * as command from "../agent/command";
import { countOf } from "../output/counters";
import { judgeMessage, receiveDatagram } from "../agent/receive";
import {
  receiveFlowClosed,
  receiveFlowOpened,
  openReaders,
  registerWhenReady,
  startPhone,
  takeSeed,
} from "../agent/start";
import { reviewAll } from "../registration/registrations";
import { receiveAnswer } from "../agent/host-answer";
import { survive } from "../agent/survive";
import { sendMessage, subscribe as subscribeTo, unsubscribeFrom } from "../agent/subscriptions";
import { endDue, fireDue } from "../agent/tick";
import { receiveFlowLoss, receiveSendFailure } from "../agent/transport-failure";
import { maskSecrets } from "../message/mask";
import { nextInclude, openBoot, overwriteMode } from "../settings/boot-file";
import { beginProvisioning, getSetting, provision, setSetting, writeLocal } from "../settings/settings";
import { advanceClock, NEVER } from "../time/clock";
import { nextDeadline } from "../time/deadlines";
import { findFlow, FlowKind } from "../transport/flow";
import { firstMessageSize } from "../transport/framing";

/** A configuration file and its name, before the start. */
const FILE_WINDOW: i32 = 257 * 1024;
/** A datagram and the address that it came from, after the start. */
const DATAGRAM_WINDOW: i32 = 66 * 1024;
const LEAST_SEED: i32 = 32;
const MOST_SEED: i32 = 1024;
/** 16 files, and the one that sip_export wrote. */
const MOST_LAYERS: i32 = 17;

const enum Life {
  Made = 0,
  Initialised,
  Started,
}

let life: Life = Life.Made;

/** Its presence says which ABI this is; it does nothing. */
export function abi1(): void {}

// ---- the window ----

function windowSize(): i32 {
  return life == Life.Started ? DATAGRAM_WINDOW : FILE_WINDOW;
}

function memoryEnd(): usize {
  return (<usize>memory.size()) << 16;
}

/** The last `length` bytes of memory, where the host has put its input. */
function input(length: i32): Slice {
  return slice(memoryEnd() - <usize>length, length);
}

function isLength(length: i32): bool {
  return length >= 0 && length <= windowSize();
}

/** Where the host puts `bytes` bytes: they end at the last byte of memory. */
export function inputWindow(bytes: i32): i32 {
  if (life == Life.Made) {
    if (bytes > MOST_SEED) return Status.WrongState;
    growTo(__heap_base + 2 * MOST_SEED);
  }
  if (!isLength(bytes)) return Status.TooLarge;
  return <i32>(memoryEnd() - <usize>bytes);
}

// ---- life ----

export function init(length: i32): Status {
  if (life != Life.Made) return Status.WrongState;
  if (length < LEAST_SEED || length > MOST_SEED) return Status.BadArgument;
  // The arena begins behind it and zeroes what it hands out: the seed must not lie in its way.
  memory.copy(__heap_base, memoryEnd() - <usize>length, length);
  openReaders(__heap_base + MOST_SEED, slice(__heap_base, length));
  memory.fill(__heap_base, 0, length);
  life = Life.Initialised;
  growTo(arenaTop() + FILE_WINDOW);
  return Status.Ok;
}

export function addSeed(length: i32): Status {
  if (life == Life.Made) return Status.WrongState;
  if (!isLength(length) || length == 0) return Status.BadArgument;
  takeSeed(input(length));
  return Status.Ok;
}

export function provisionFile(length: i32, layer: i32): Status {
  if (life != Life.Initialised) return Status.WrongState;
  if (layer < 0 || layer >= MOST_LAYERS) return Status.BadArgument;
  if (!isLength(length)) return Status.TooLarge;
  clearOutput();
  return provision(input(length), layer + 1);
}

export function start(now: f64): Status {
  if (life != Life.Initialised) return Status.WrongState;
  if (!advanceClock(now)) return Status.BadArgument;
  clearOutput();
  startPhone();
  life = Life.Started;
  growTo(arenaTop() + DATAGRAM_WINDOW);
  return wake();
}

/** Begins a call that needs a running phone and a time; Ok to go on. */
function begin(now: f64): Status {
  if (life != Life.Started) return Status.WrongState;
  if (!advanceClock(now)) return Status.BadArgument;
  clearOutput();
  return Status.Ok;
}

/** Ends every drain: when the host has to call sip_tick. */
function wake(): Status {
  finish();
  const deadline = nextDeadline();
  if (beginRecord(RecordKind.Wake)) {
    const when: f64 = deadline == NEVER ? -1 : <f64>deadline;
    const bits = reinterpret<i64>(when);
    word(<i32>bits);
    word(<i32>(bits >> 32));
    endRecord();
  }
  return Status.Ok;
}

/** Ends a command: its answer is a handle or a Status, and is handed through. */
function answered(answer: i32): i32 {
  wake();
  return answer;
}

// ---- what arrives ----

/** The peer's address and the names of its certificate come with streams; a datagram socket has none. */
export function flowOpened(
  flow: i32,
  localLength: i32,
  localPort: i32,
  peerLength: i32,
  peerPort: i32,
  namesLength: i32,
  now: f64,
): Status {
  const found = begin(now);
  if (found != Status.Ok) return found;
  const f = findFlow(flow);
  if (!f) return Status.NoSuchThing;
  const refused = checkEnds(localLength, localPort, peerLength, peerPort, namesLength);
  if (refused != Status.Ok) return refused;
  const at = <usize>input(localLength + peerLength + namesLength);
  const local = slice(at, localLength);
  if (!f.isConnection) return answered(receiveFlowOpened(f, local, localPort));
  return answered(receiveConnected(f, local, localPort, input(namesLength)));
}

/** A connection came in on a listening flow: its handle, or Full. */
export function accepted(
  listener: i32,
  localLength: i32,
  localPort: i32,
  peerLength: i32,
  peerPort: i32,
  namesLength: i32,
  now: f64,
): i32 {
  const found = begin(now);
  if (found != Status.Ok) return found;
  const f = findFlow(listener);
  if (!f || f.kind != FlowKind.Listener) return Status.NoSuchThing;
  const refused = checkEnds(localLength, localPort, peerLength, peerPort, namesLength);
  if (refused != Status.Ok) return refused;
  if (peerLength == 0) return Status.BadArgument;
  const at = <usize>input(localLength + peerLength + namesLength);
  const peer = at + localLength;
  const local = slice(at, localLength);
  return answered(
    acceptConnection(f, local, localPort, slice(peer, peerLength), peerPort, input(namesLength)),
  );
}

/** Lengths and ports of both ends of a flow, and of the names of its certificate. */
function checkEnds(
  localLength: i32,
  localPort: i32,
  peerLength: i32,
  peerPort: i32,
  namesLength: i32,
): Status {
  if (!isLength(localLength) || !isLength(peerLength) || !isLength(namesLength)) return Status.TooLarge;
  if (!isLength(localLength + peerLength + namesLength)) return Status.TooLarge;
  const isPort = localPort >= 0 && localPort <= 65535 && peerPort >= 0 && peerPort <= 65535;
  return isPort ? Status.Ok : Status.BadArgument;
}

export function flowClosed(flow: i32, now: f64): Status {
  const found = begin(now);
  if (found != Status.Ok) return found;
  const f = findFlow(flow);
  if (!f) return Status.NoSuchThing;
  receiveFlowClosed(f);
  receiveFlowLoss(flow);
  return wake();
}

export function receive(flow: i32, peerLength: i32, peerPort: i32, length: i32, now: f64): Status {
  const found = begin(now);
  if (found != Status.Ok) return found;
  const f = findFlow(flow);
  if (!f) return Status.NoSuchThing;
  if (!isLength(peerLength) || !isLength(length) || !isLength(peerLength + length)) return Status.TooLarge;
  if (f.kind == FlowKind.Listener || (f.isConnection && !f.isOpen)) return Status.WrongState;
  const whole = input(peerLength + length);
  if (f.isConnection) receiveStream(f, input(length));
  else receiveDatagram(f, slice(<usize>whole, peerLength), peerPort, input(length));
  return wake();
}

export function sendFailed(flow: i32, peerLength: i32, peerPort: i32, now: f64): Status {
  const found = begin(now);
  if (found != Status.Ok) return found;
  if (!isLength(peerLength)) return Status.TooLarge;
  receiveSendFailure(flow, input(peerLength), peerPort);
  return wake();
}

export function resolved(query: i32, length: i32, now: f64): Status {
  const found = begin(now);
  if (found != Status.Ok) return found;
  if (!isLength(length)) return Status.TooLarge;
  return answered(receiveAnswer(query, input(length)));
}

export function tick(now: f64): Status {
  const found = begin(now);
  if (found != Status.Ok) return found;
  fireDue();
  return wake();
}

/** Instead of a tick that trapped: whoever owns the deadline that is due ends. */
export function endDueNow(now: f64): Status {
  const found = begin(now);
  if (found != Status.Ok) return found;
  endDue();
  return wake();
}

/** A state that was saved goes on in this instance. */
export function survived(isMediaAlive: i32, now: f64): Status {
  const found = begin(now);
  if (found != Status.Ok) return found;
  survive(isMediaAlive == 1);
  return wake();
}

export function judge(length: i32): Status {
  if (life == Life.Made) return Status.WrongState;
  if (!isLength(length)) return Status.TooLarge;
  clearOutput();
  judgeMessage(input(length));
  return Status.Ok;
}

/** Overwrites the secrets of what stands in the window, for traces; answers the size of the first message in it. */
export function mask(length: i32): i32 {
  if (life == Life.Made) return Status.WrongState;
  if (!isLength(length)) return Status.TooLarge;
  const shown = input(length);
  maskSecrets(shown);
  return firstMessageSize(shown);
}

// ---- what the phone's application orders ----

export function call(account: i32, length: i32, now: f64): i32 {
  const found = begin(now);
  if (found != Status.Ok) return found;
  return isLength(length) ? answered(command.call(account, trim(input(length)))) : Status.TooLarge;
}

export function answer(handle: i32, now: f64): Status {
  const found = begin(now);
  return found != Status.Ok ? found : answered(command.answer(handle));
}

export function reject(handle: i32, status: i32, now: f64): Status {
  const found = begin(now);
  return found != Status.Ok ? found : answered(command.reject(handle, status));
}

export function hangup(handle: i32, now: f64): Status {
  const found = begin(now);
  return found != Status.Ok ? found : answered(command.hangup(handle));
}

export function hold(handle: i32, now: f64): Status {
  const found = begin(now);
  return found != Status.Ok ? found : answered(command.hold(handle, true));
}

export function resume(handle: i32, now: f64): Status {
  const found = begin(now);
  return found != Status.Ok ? found : answered(command.hold(handle, false));
}

/** Input: the URI or number to send the other side to. */
export function transfer(handle: i32, length: i32, now: f64): Status {
  const found = begin(now);
  if (found != Status.Ok) return found;
  return isLength(length) ? answered(command.transfer(handle, trim(input(length)))) : Status.TooLarge;
}

/** Input: the digits. */
export function dtmf(handle: i32, length: i32, now: f64): Status {
  const found = begin(now);
  if (found != Status.Ok) return found;
  return isLength(length) ? answered(command.dtmf(handle, input(length))) : Status.TooLarge;
}

/** Input: the address. */
export function media(handle: i32, addressLength: i32, port: i32, now: f64): Status {
  const found = begin(now);
  if (found != Status.Ok) return found;
  if (!isLength(addressLength)) return Status.TooLarge;
  return answered(command.media(handle, input(addressLength), port));
}

export function transferTo(handle: i32, other: i32, now: f64): Status {
  const found = begin(now);
  return found != Status.Ok ? found : answered(command.transferTo(handle, other));
}

export function conference(handle: i32, other: i32, now: f64): Status {
  const found = begin(now);
  return found != Status.Ok ? found : answered(command.conference(handle, other));
}

export function list(now: f64): Status {
  const found = begin(now);
  if (found != Status.Ok) return found;
  command.list();
  return wake();
}

export function register(account: i32, now: f64): Status {
  const found = begin(now);
  return found != Status.Ok ? found : answered(command.register(account, true));
}

export function unregister(account: i32, now: f64): Status {
  const found = begin(now);
  return found != Status.Ok ? found : answered(command.register(account, false));
}

/** Input: the event package, then the URI or number. */
export function subscribe(account: i32, packageLength: i32, uriLength: i32, now: f64): i32 {
  const found = begin(now);
  if (found != Status.Ok) return found;
  if (!isLength(packageLength) || !isLength(uriLength) || !isLength(packageLength + uriLength))
    return Status.TooLarge;
  const event = slice(<usize>input(packageLength + uriLength), packageLength);
  return answered(subscribeTo(account, event, trim(input(uriLength))));
}

export function unsubscribe(handle: i32, now: f64): Status {
  const found = begin(now);
  return found != Status.Ok ? found : answered(unsubscribeFrom(handle));
}

/** Input: the URI or number, then the text. */
export function message(account: i32, uriLength: i32, textLength: i32, now: f64): i32 {
  const found = begin(now);
  if (found != Status.Ok) return found;
  if (!isLength(uriLength) || !isLength(textLength) || !isLength(uriLength + textLength))
    return Status.TooLarge;
  const uri = trim(slice(<usize>input(uriLength + textLength), uriLength));
  return answered(sendMessage(account, uri, input(textLength)));
}

export function stop(now: f64): Status {
  const found = begin(now);
  if (found != Status.Ok) return found;
  command.stop();
  return wake();
}

export function find(number: i32, which: i32): i32 {
  if (life != Life.Started) return Status.WrongState;
  return number < 0 ? Status.BadArgument : command.find(number, which == 1);
}

export function counter(which: i32): i32 {
  return <i32>countOf(<Counter>which);
}

// ---- settings ----

/** Before the start too; then without Wake. */
export function set(keyLength: i32, valueLength: i32, now: f64): Status {
  if (life == Life.Made) return Status.WrongState;
  if (!isLength(keyLength) || !isLength(valueLength) || !isLength(keyLength + valueLength)) {
    return Status.TooLarge;
  }
  clearOutput();
  const key = slice(<usize>input(keyLength + valueLength), keyLength);
  const status = setSetting(key, input(valueLength));
  if (life != Life.Started || !advanceClock(now)) return status;
  reviewAll();
  registerWhenReady();
  wake();
  return status;
}

export function get(keyLength: i32): Status {
  if (life == Life.Made) return Status.WrongState;
  if (!isLength(keyLength)) return Status.TooLarge;
  clearOutput();
  const key = input(keyLength);
  const value = getSetting(key);
  if (!value) return Status.UnknownKey;
  return sayValue(key, value);
}

/** What was set at run time, as the text of a <mac>-local.cfg. */
export function exportLocal(): Status {
  if (life == Life.Made) return Status.WrongState;
  clearOutput();
  return sayValue(EMPTY, writeLocal());
}

/** A .boot file's text, then the phone's model; sip_boot_next answers its targets one by one. */
export function boot(length: i32, modelLength: i32): Status {
  if (life != Life.Initialised) return Status.WrongState;
  if (!isLength(length) || !isLength(modelLength) || !isLength(length + modelLength)) return Status.TooLarge;
  clearOutput();
  if (!openBoot(slice(<usize>input(length + modelLength), length), input(modelLength)))
    return Status.Unreadable;
  beginProvisioning(overwriteMode());
  return Status.Ok;
}

/** Address of a Value record with the next target; 0 when all were named. */
export function bootNext(): i32 {
  if (life != Life.Initialised) return Status.WrongState;
  clearOutput();
  const target = nextInclude();
  return size(target) && sayValue(EMPTY, target) == Status.Ok ? poll() : 0;
}

function sayValue(key: Slice, value: Slice): Status {
  if (!beginRecord(RecordKind.Value)) return Status.Full;
  reference(key);
  reference(value);
  endRecord();
  return Status.Ok;
}

export function poll(): i32 {
  return life == Life.Made ? 0 : <i32>pollRecord();
}
