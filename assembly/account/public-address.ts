// Our address as others have to write it, where a NAT stands between (RFC 3581, RFC 5389). In this order: the name or
// address that the administrator has set, what STUN said, what the server saw, our own address on the flow.

import { reserve } from "../bytes/arena";
import { EMPTY, equals, isPresent, size, Slice } from "../bytes/slice";
import { ACCOUNTS, Key } from "../settings/keys";
import { number, text } from "../settings/settings";
import { withoutBrackets } from "../transport/address";
import { Flow } from "../transport/flow";
import { replace, Way } from "./way";

/** What STUN said of a socket, for one account. */
@unmanaged
class Mapping {
  /** 0 while it has said nothing. */
  flow: u32;
  port: i32;
  /** Kept. */
  address: Slice;
}

let mappings: usize = 0;

/** What findPublicAddress found. */
export let publicHost: Slice = EMPTY;
export let publicPort: i32 = 0;

export function openPublicAddresses(): void {
  mappings = reserve(<usize>ACCOUNTS * offsetof<Mapping>());
}

function mappingOf(account: i32): Mapping {
  return changetype<Mapping>(mappings + <usize>(account - 1) * offsetof<Mapping>());
}

/** Into publicHost and publicPort, for requests on that flow; `ourAddress` is ours on it. */
export function findPublicAddress(way: Way, flow: Flow | null, ourAddress: Slice): void {
  publicHost = setAddress(way.account);
  publicPort = flow ? flow.localPort : 0;
  if (isPresent(publicHost) || !flow) {
    if (!isPresent(publicHost)) publicHost = ourAddress;
    return;
  }
  const mapping = mappingOf(way.account);
  if (number(Key.NatTraversal, way.account) && mapping.flow == flow.handle)
    take(mapping.address, mapping.port);
  else if (isPresent(way.publicAddress) && way.publicFlow == flow.handle && number(Key.NatRport, way.account))
    take(way.publicAddress, way.publicPort);
  else publicHost = ourAddress;
}

function take(address: Slice, port: i32): void {
  publicHost = address;
  publicPort = port;
}

/** What the administrator has set; EMPTY for nothing. */
function setAddress(account: i32): Slice {
  const name = text(Key.PublicName, account);
  if (size(name)) return name;
  const address = withoutBrackets(text(Key.StaticNatAddress));
  return number(Key.StaticNatEnable) && size(address) ? address : EMPTY;
}

/** What stands in Via: the account's public name (some servers want no address there), or our address on the flow. */
export function viaHost(account: i32, ourAddress: Slice): Slice {
  const name = text(Key.PublicName, account);
  return size(name) ? name : ourAddress;
}

/** The account is to ask STUN: what it says would be shown. */
export function wantsMapping(account: i32): bool {
  return (
    number(Key.NatTraversal, account) != 0 && size(stunServer(account)) > 0 && !isPresent(setAddress(account))
  );
}

/** The account's own STUN server, or the phone's where that is switched on. */
export function stunServer(account: i32): Slice {
  const own = text(Key.AccountStunServer, account);
  if (size(own)) return own;
  return number(Key.StunEnable) ? text(Key.StunServer) : EMPTY;
}

export function stunPort(account: i32): i32 {
  return size(text(Key.AccountStunServer, account))
    ? number(Key.AccountStunPort, account)
    : number(Key.StunPort);
}

/** What STUN says now of the account's socket; true if it said something else before. */
export function setMapping(account: i32, flow: u32, address: Slice, port: i32): bool {
  const mapping = mappingOf(account);
  if (mapping.flow == flow && mapping.port == port && equals(mapping.address, address)) return false;
  mapping.address = replace(mapping.address, address);
  if (!equals(mapping.address, address)) return false;
  mapping.flow = flow;
  mapping.port = port;
  return true;
}
