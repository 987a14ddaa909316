// Finding servers (RFC 3263): from a name, with or without port and transport, to addresses to try in turn.
//
//   port given     A and AAAA
//   by DNS         NAPTR, or without it the SRV of UDP (of UDP, TCP and TLS), or without any A and AAAA
//   transport set  SRV of that transport, or without it A and AAAA
//   address        itself
//
// A Search goes as deep as the next address needs and no deeper. What was answered it keeps, so that the
// order it began with stays, whatever is learned meanwhile.

import { EMPTY, equalsIgnoringCase, isPresent, Slice, w } from "../bytes/slice";
import { keep, release } from "../bytes/blocks";
import { Kind, openPool, Pool, Pooled } from "../handle/pool";
import { before } from "../message/grammar";
import { Question, Transport } from "../output/abi-numbers";
import { mark, put, rewind, written } from "../output/output";
import { isNumeric, withoutBrackets } from "./address";
import { isBarred } from "./barred";
import { flowAt, flowPlaces } from "./flow";
import { isKnown, lastLines, rememberLines } from "./known-names";
import { chooseNaptr, naptrName, naptrTransport } from "./naptr";
import { ask, closeQuery, forgetQuery, isAsked, Query } from "./query";
import { field, MOST_RECORDS, nextRecord, openRecords } from "./resource-record";
import { chooseSrv, srvPort, srvTarget } from "./srv";

export { bar } from "./barred";

export const SIP_PORT: i32 = 5060;
export const SIPS_PORT: i32 = 5061;

/** The values of sip_server.Y.transport_type. */
export const enum Wanted {
  Udp = 0,
  Tcp = 1,
  Tls = 2,
  /** What DNS says. */
  Dns = 3,
}

export const enum Found {
  Yes = 0,
  /** The host was asked. */
  Wait,
  No,
}


@unmanaged
export class Search extends Pooled {
  // Everything from here on is zeroed when it is taken.
  /** Handle of the call or registration that wants to know; 0 for nobody. */
  owner: u32;
  /** An answer that has run out serves too, and where there is none nobody is asked. */
  takesStale: bool;
  /** Targets that are kept out are tried all the same. */
  takesBarred: bool;
  /** A target was passed over because it is kept out. */
  hasPassed: bool;
  /** A fresh answer may be used without asking. */
  usesCache: bool;

  // What was found. Good until the next target.
  address: Slice;
  port: i32;
  transport: Transport;
  /** The name that was looked for, which the peer's certificate has to bear (RFC 5922 §4). */
  serverName: Slice;

  // What is still to be looked at, from the widest to the narrowest.
  wantedPort: i32;
  /** Of the name itself, should there be no SRV. */
  hostTransport: Transport;
  asksNaptr: bool;
  /** A bit for each transport whose SRV may be asked for, where NAPTR says nothing. */
  choices: u32;
  /** Kept lines, and a bit for each record used up; the same below. */
  naptr: Slice;
  naptrUsed: u32;
  srv: Slice;
  srvUsed: u32;
  /** A and AAAA of the name itself, should there be no SRV. */
  asksHost: bool;
  addresses: Slice;
  addressesUsed: u32;
  /** The name whose addresses come next, and which families are not asked for yet. Kept. */
  name: Slice;
  families: u32;
  /** Open question; 0 for none. */
  query: u32;
}

const IPV4: u32 = 1;
const IPV6: u32 = 2;

let searches: Pool<Search> = changetype<Pool<Search>>(0);

export function openSearches(count: u32): void {
  searches = openPool<Search>(Kind.Search, count);
}

export function findSearch(handle: u32): Search | null {
  return searches.find(handle);
}

/**
 * Begins to look for a server; `goOn` finds the first target. `port` 0 finds it by DNS; `naptrBuild`: without
 * NAPTR the SRV of TCP and TLS are asked for too. null without memory.
 */
export function startSearch(
  owner: u32,
  host: Slice,
  port: i32,
  wanted: Wanted,
  naptrBuild: bool,
  usesCache: bool = true,
): Search | null {
  const name = keep(withoutBrackets(host));
  const s = isPresent(name) ? searches.take() : null;
  if (!s) {
    release(name);
    return null;
  }
  const blank = offsetof<Search>("owner");
  memory.fill(changetype<usize>(s) + blank, 0, offsetof<Search>() - blank);
  s.owner = owner;
  s.serverName = name;
  s.wantedPort = port;
  s.usesCache = usesCache;
  begin(s, wanted, naptrBuild);
  return s;
}

function begin(s: Search, wanted: Wanted, naptrBuild: bool): void {
  s.transport = wanted == Wanted.Dns ? Transport.Udp : <Transport>(wanted + 1);
  s.hostTransport = s.transport;
  if (isNumeric(s.serverName)) return takeAddresses(s, s.serverName);
  s.asksHost = true;
  if (s.wantedPort) return;
  s.asksNaptr = wanted == Wanted.Dns;
  s.choices = 1 << s.transport;
  if (wanted == Wanted.Dns && naptrBuild) s.choices |= (1 << Transport.Tcp) | (1 << Transport.Tls);
}

export function endSearch(s: Search): void {
  forgetQuery(s.query);
  release(s.serverName);
  release(s.naptr);
  release(s.srv);
  release(s.name);
  release(s.addresses);
  searches.give(s);
}

/** The present target, or the first one, as far as it is known now. */
export function goOn(s: Search): Found {
  return isPresent(s.address) ? Found.Yes : advance(s);
}

/** The target after the present one. */
export function nextTarget(s: Search): Found {
  s.address = EMPTY;
  return advance(s);
}

/** There may be a target behind the present one, by what is known. */
export function hasMore(s: Search): bool {
  if (s.families || s.choices) return true;
  return (
    hasUnused(s.addresses, s.addressesUsed) || hasUnused(s.srv, s.srvUsed) || hasUnused(s.naptr, s.naptrUsed)
  );
}

function hasUnused(lines: Slice, used: u32): bool {
  let count = 0;
  openRecords(lines);
  while (count < MOST_RECORDS && nextRecord()) count++;
  return <u64>used != ((<u64>1) << count) - 1;
}

/** The answer to the open question is overdue: goes on as if it were that there is none. */
export function skipQuestion(s: Search): Found {
  forgetQuery(s.query);
  s.query = 0;
  return goOn(s);
}

/** Takes the host's answer for a search. Whose search can go on now; 0 for nobody's. */
export function takeAnswer(query: Query, lines: Slice): u32 {
  const answer = rememberLines(query.question, query.name, lines);
  const s = searches.find(query.owner);
  if (s) {
    s.query = 0;
    takeLines(s, query.question, answer);
  }
  closeQuery(query);
  if (!s) return 0;
  if (!s.owner) goToEnd(s);
  return s.owner;
}

/** Asks for all that a search for this server would ask, so that it is known when it is needed. */
export function prefetch(host: Slice, port: i32, wanted: Wanted, naptrBuild: bool): void {
  const s = startSearch(0, host, port, wanted, naptrBuild);
  if (s) goToEnd(s);
}

function goToEnd(s: Search): void {
  let found = nextTarget(s);
  while (found == Found.Yes) found = nextTarget(s);
  if (found == Found.No) endSearch(s);
}

/** True if the address is one that a search for this server would find, by what is known. */
export function leadsTo(host: Slice, port: i32, wanted: Wanted, naptrBuild: bool, address: Slice): bool {
  const s = startSearch(0, host, port, wanted, naptrBuild);
  if (!s) return false;
  s.takesStale = true;
  s.takesBarred = true;
  let found = goOn(s);
  while (found == Found.Yes && !equalsIgnoringCase(s.address, address)) found = nextTarget(s);
  endSearch(s);
  return found == Found.Yes;
}

function advance(s: Search): Found {
  if (s.query) return Found.Wait;
  while (true) {
    if (takeAddress(s)) return Found.Yes;
    const found = widen(s);
    if (found != Found.Yes) return found;
  }
}

/** The next step towards another address; No when there is none left. */
function widen(s: Search): Found {
  if (s.families) return askAddresses(s);
  if (takeSrv(s)) return Found.Yes;
  if (s.asksNaptr) {
    s.asksNaptr = false;
    return look(s, Question.Naptr, s.serverName);
  }
  if (isPresent(s.naptr)) {
    if (takeNaptr(s)) return look(s, Question.Srv, naptrName);
  } else if (s.choices) return askSrv(s);
  if (!s.asksHost) return Found.No;
  s.asksHost = false;
  s.transport = s.hostTransport;
  aimAt(s, s.serverName, s.wantedPort);
  return Found.Yes;
}

function takeNaptr(s: Search): bool {
  const chosen = chooseNaptr(s.naptr, s.naptrUsed);
  if (chosen < 0) return false;
  s.naptrUsed |= 1 << chosen;
  s.transport = naptrTransport;
  return true;
}

/** SRV of the first transport that is left. */
function askSrv(s: Search): Found {
  s.transport = <Transport>ctz(s.choices);
  s.choices &= s.choices - 1;
  const from = mark();
  put(srvPrefix(s.transport));
  put(s.serverName);
  const found = look(s, Question.Srv, written(from));
  rewind(from);
  return found;
}

// RFC 3263 §4.1: TLS over TCP is the service of SIPS.
function srvPrefix(transport: Transport): Slice {
  if (transport == Transport.Tls) return w("_sips._tcp.");
  return transport == Transport.Tcp ? w("_sip._tcp.") : w("_sip._udp.");
}

function takeSrv(s: Search): bool {
  const chosen = chooseSrv(s.srv, s.srvUsed);
  if (chosen < 0) return false;
  s.srvUsed |= 1 << chosen;
  aimAt(s, srvTarget, srvPort);
  return true;
}

/** The addresses of this name come next. */
function aimAt(s: Search, name: Slice, port: i32): void {
  s.port = port ? port : portOf(s.transport);
  release(s.name);
  s.name = keep(name);
  s.families = isPresent(s.name) ? reachable() : 0;
}

/** The families that we have a socket for, or will have. */
function reachable(): u32 {
  let families: u32 = 0;
  for (let place: u32 = 0; place < flowPlaces(); place++) {
    const flow = flowAt(place);
    if (flow && !flow.isConnection) families |= flow.isIPv6 ? IPV6 : IPV4;
  }
  return families ? families : IPV4 | IPV6;
}

export function portOf(transport: Transport): i32 {
  return transport == Transport.Tls ? SIPS_PORT : SIP_PORT;
}

function askAddresses(s: Search): Found {
  const isIPv4 = (s.families & IPV4) != 0;
  s.families &= s.families - 1;
  return look(s, isIPv4 ? Question.A : Question.Aaaa, s.name);
}

/** Answers a question from what is known, or asks. */
function look(s: Search, question: Question, name: Slice): Found {
  const isFresh = isKnown(question, name);
  const lines = lastLines(question, name);
  if (isFresh && s.usesCache) return taken(s, question, lines);
  if (s.takesStale && isPresent(lines)) {
    if (!isFresh && !isAsked(question, name)) ask(question, name, 0);
    return taken(s, question, lines);
  }
  if (!s.owner && !s.takesStale && isAsked(question, name)) return Found.No;
  if (s.takesStale) return Found.Wait;
  s.query = ask(question, name, s.handle);
  return s.query ? Found.Wait : taken(s, question, lines);
}

function taken(s: Search, question: Question, lines: Slice): Found {
  takeLines(s, question, lines);
  return Found.Yes;
}

function takeLines(s: Search, question: Question, lines: Slice): void {
  switch (question) {
    case Question.Naptr:
      // Without one that leads anywhere it is as if there were none.
      if (chooseNaptr(lines, 0) >= 0) s.naptr = keep(lines);
      return;
    case Question.Srv:
      release(s.srv);
      s.srv = keep(lines);
      s.srvUsed = 0;
      // Even records that all say "." are an answer (RFC 2782).
      if (isPresent(s.srv)) s.asksHost = false;
      return;
    default:
      takeAddresses(s, lines);
  }
}

function takeAddresses(s: Search, lines: Slice): void {
  release(s.addresses);
  s.addresses = keep(lines);
  s.addressesUsed = 0;
}

function takeAddress(s: Search): bool {
  if (!s.port) s.port = s.wantedPort ? s.wantedPort : portOf(s.transport);
  openRecords(s.addresses);
  for (let i = 0; i < MOST_RECORDS && nextRecord(); i++) {
    if ((s.addressesUsed >>> i) & 1) continue;
    s.addressesUsed |= 1 << i;
    const address = field(0);
    // fe80::1%eth0: which link, the host alone knows (RFC 4007 §11).
    if (!isNumeric(before(address, 0x25))) continue;
    if (!s.takesBarred && isBarred(s.transport, address, s.port)) {
      s.hasPassed = true;
      continue;
    }
    s.address = address;
    return true;
  }
  return false;
}
