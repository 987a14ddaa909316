// The phone wakes up: tables from the capacity settings, once, and sockets from the listen settings.

import { openRedirections } from "../account/redirection";
import { openPublicAddresses } from "../account/public-address";
import { openWays } from "../account/way";
import { openArena } from "../bytes/arena";
import { openBlocks } from "../bytes/blocks";
import { EMPTY, size, slice, Slice, start, tail, w } from "../bytes/slice";
import { seedKeys } from "../crypto/media-key";
import { openRandom, seedRandom } from "../crypto/random";
import { SHA256_BYTES } from "../crypto/sha256";
import { openDialogs } from "../dialog/dialog";
import { openMessage } from "../message/message";
import { EventKind, Status, Transport } from "../output/abi-numbers";
import { beginEvent, endEvent, numberField, openOutput, textField } from "../output/output";
import { DEADLINES_PER_PROBE, PROBES } from "../probe/probe";
import { openProbing, reviewProbing } from "../probe/review";
import { isStunSettled, STUN_CLIENTS } from "../probe/stun-client";
import { openBindings } from "../registration/binding";
import { DEADLINES_PER_REGISTRATION, openRegistrations, REGISTRATIONS } from "../registration/registration";
import { beginAll } from "../registration/registrations";
import { openLinks } from "../csta/link";
import { DEADLINES_PER_CALL, openCalls, placesFor } from "../session/call";
import { openConference } from "../session/conference";
import { openDiversions } from "../session/diversion";
import { openMedia } from "../session/media";
import { openReferring } from "../session/received-refer";
import { openPorts } from "../session/rtp-ports";
import { ACCOUNTS, Key } from "../settings/keys";
import { markStarted, number, openSettings, text } from "../settings/settings";
import { beginSubscribing } from "../subscription/subscribe";
import { DEADLINES_PER_SUBSCRIPTION, openSubscriptions } from "../subscription/subscription";
import { openDeadlines } from "../time/deadlines";
import { DEADLINES_PER_TRANSACTION, openTransactions } from "../transaction/transaction";
import { withoutBrackets } from "../transport/address";
import { MOST_UNFINISHED } from "../transport/connection";
import {
  countSockets,
  DEADLINES_PER_FLOW,
  Flow,
  flowClosed,
  flowOpened,
  listen,
  openFlows,
  transportName,
} from "../transport/flow";
import { openBarred } from "../transport/barred";
import { openSearches } from "../transport/destination";
import { openKnownNames } from "../transport/known-names";
import { openQueries } from "../transport/query";
import { askForServers, isEnabled } from "./account";
import { openCommands } from "./command";
import { openFeatureCodes } from "./feature-code";
import { openCounters } from "../output/counters";
import { openReceive } from "./receive";
import { reviewSubscriptions } from "./subscriptions";

// Kept bytes for each object of a full phone; a message is about 1 KB, and not all are full at once.
const BYTES_PER_TRANSACTION: u32 = 768;
const BYTES_PER_DIALOG: u32 = 768;
const BYTES_PER_CALL: u32 = 4608;
/** Most phones have one or two of them. */
const BYTES_PER_REGISTRATION: u32 = 768;

/** Sockets of three transports in two families, and connections. */
const FLOWS: u32 = 64;
/** Ours, and those of peers. */
const CONNECTION_KINDS: u32 = 2;

// Bits, in the order of account.X.sip_server.Y.transport_type.
const WANTS_UDP: i32 = 1;
const WANTS_TCP: i32 = 2;
const WANTS_TLS: i32 = 4;
const BY_DNS: i32 = 3;

/** Lookups that may be open: one for each call, and those for the accounts' servers. */
const QUERIES_BESIDE_CALLS: u32 = 64;
/** Searches that may be open: one for each call, and those for the servers and proxies of the accounts. */
const SEARCHES_BESIDE_CALLS: u32 = 64;

/** Everything that reads: enough to judge a message and to take configuration files. */
export function openReaders(base: usize, seed: Slice): void {
  openArena(base);
  openOutput();
  openMessage();
  openRandom();
  takeSeed(seed);
  seedKeys(EMPTY);
  openSettings();
  openCounters();
  openReceive();
  openMedia();
  openReferring();
  openConference();
}

/** Its first 32 bytes are for everything that a recording has to tell again, what follows for the keys of media. */
export function takeSeed(seed: Slice): void {
  const rest = size(seed) - SHA256_BYTES;
  seedRandom(slice(start(seed), SHA256_BYTES + min(rest, 0)));
  if (rest > 0) seedKeys(tail(seed, SHA256_BYTES));
}

/** Every table and pool, and the sockets. Nothing is allocated after this. */
export function startPhone(): void {
  const calls = <u32>number(Key.CapacityCalls);
  const dialogs = <u32>number(Key.CapacityDialogs);
  const transactions = <u32>number(Key.CapacityTransactions);
  const subscriptions = <u32>number(Key.CapacitySubscriptions);
  // A call that is over keeps its place until its last message is answered: session/call.ts.
  openDeadlines(
    transactions * DEADLINES_PER_TRANSACTION +
      placesFor(calls) * DEADLINES_PER_CALL +
      FLOWS * DEADLINES_PER_FLOW +
      REGISTRATIONS * DEADLINES_PER_REGISTRATION +
      PROBES * DEADLINES_PER_PROBE +
      STUN_CLIENTS +
      subscriptions * DEADLINES_PER_SUBSCRIPTION,
  );
  openBlocks(
    transactions * BYTES_PER_TRANSACTION +
      dialogs * BYTES_PER_DIALOG +
      calls * BYTES_PER_CALL +
      REGISTRATIONS * BYTES_PER_REGISTRATION +
      subscriptions * BYTES_PER_DIALOG +
      CONNECTION_KINDS * MOST_UNFINISHED,
  );
  openFlows(FLOWS, number(Key.SignalTos));
  openQueries(calls * 2 + REGISTRATIONS + PROBES + STUN_CLIENTS + QUERIES_BESIDE_CALLS);
  openKnownNames();
  openWays();
  openPublicAddresses();
  openBarred();
  openSearches(calls * 2 + REGISTRATIONS + PROBES + STUN_CLIENTS + SEARCHES_BESIDE_CALLS);
  openTransactions(transactions);
  openDialogs(dialogs + 1 + subscriptions);
  openPorts();
  openCalls(calls);
  openRedirections();
  openDiversions();
  openRegistrations();
  openBindings();
  openSubscriptions(subscriptions);
  beginSubscribing();
  openProbing();
  openCommands();
  openFeatureCodes();
  openLinks();
  markStarted();
  listenEverywhere();
  askForServers();
  registerWhenReady();
}

function listenEverywhere(): void {
  const port = number(Key.ListenPort);
  const always = number(Key.ListenMode) != 0;
  const wanted = wantedTransports();
  if (always || !wanted || wanted & WANTS_UDP) listenFor(Transport.Udp, port);
  if (always || wanted & WANTS_TCP) listenFor(Transport.Tcp, port);
  if (wanted & WANTS_TLS && size(text(Key.TlsCertificate)))
    listenFor(Transport.Tls, number(Key.TlsListenPort));
  // TLS alone, and no certificate: the phone is reached by the connections that it makes.
  if (!countSockets(false)) sayReady(EMPTY, 0, Transport.Tls);
}

function listenFor(transport: Transport, port: i32): void {
  const address = withoutBrackets(text(Key.BindAddress));
  if (size(address)) {
    listen(transport, address, port);
    return;
  }
  listen(transport, w("0.0.0.0"), port);
  listen(transport, w("::"), port);
}

/** Those of the servers of all enabled accounts. */
function wantedTransports(): i32 {
  let wanted = 0;
  for (let account = 1; account <= ACCOUNTS; account++) {
    if (!isEnabled(account)) continue;
    wanted |= wantedOf(number(Key.ServerTransport, account));
    if (size(text(Key.SipServerAddress2, account))) wanted |= wantedOf(number(Key.ServerTransport2, account));
  }
  return wanted;
}

function wantedOf(transportType: i32): i32 {
  return transportType == BY_DNS ? WANTS_UDP | WANTS_TCP | WANTS_TLS : 1 << transportType;
}

/** A socket is there. */
export function receiveFlowOpened(flow: Flow, address: Slice, port: i32): Status {
  if (!flowOpened(flow, address, port)) return Status.Full;
  sayReady(flow.localAddress, flow.localPort, flow.transport);
  registerWhenReady();
  return Status.Ok;
}

function sayReady(address: Slice, port: i32, transport: Transport): void {
  if (!beginEvent(EventKind.PhoneReady, w("phone.ready"))) return;
  textField(w("address"), address);
  numberField(w("port"), port);
  textField(w("transport"), transportName(transport));
  endEvent();
}

/** A socket or connection is gone, or never came. The host has said why; that nothing is left is for us to say. */
export function receiveFlowClosed(flow: Flow): void {
  const wasConnection = flow.isConnection;
  flowClosed(flow);
  if (!wasConnection) registerWhenReady();
  if (wasConnection || countSockets(true) || countSockets(false)) return;
  sayFault(w("no socket is left to send and receive by"));
}

/** Not before every socket has come, or has not: a server may be reached by one of them only. */
export function registerWhenReady(): void {
  if (countSockets(false)) return;
  reviewProbing();
  // A registration that says where we are from the start need not be made twice.
  if (isStunSettled()) beginAll();
  reviewSubscriptions();
}

export function sayFault(what: Slice): void {
  if (!beginEvent(EventKind.Fault, w("fault"))) return;
  textField(w("what"), what);
  endEvent();
}
