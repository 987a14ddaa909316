// Remote-Party-ID = name-addr *( ";" ( party / screen / privacy / id-type / param ) ): an identity as it was
// asserted before RFC 3325, and still is (draft-ietf-sip-privacy-04 §4)

import { reserve } from "../bytes/arena";
import { equalsIgnoringCase, Slice, w } from "../bytes/slice";
import { NameAddr, newNameAddr, parseNameAddr } from "./name-addr";
import { parameter, unquote } from "./parameters";

/** putAddressRow writes its address with all it came with. */
@unmanaged
export class RemotePartyId {
  address: NameAddr;
  /** `calling` or `called`, as written, without quotes; EMPTY without one. */
  party: Slice;
  /** `full`, `name`, `uri` or `off`. */
  privacy: Slice;
  /** The network checked it. */
  isScreened: bool;
}

export function newRemotePartyId(): RemotePartyId {
  const out = changetype<RemotePartyId>(reserve(offsetof<RemotePartyId>()));
  out.address = newNameAddr();
  return out;
}

/** One element. */
export function parseRemotePartyId(element: Slice, out: RemotePartyId): bool {
  const isAddress = parseNameAddr(element, out.address);
  const params = out.address.params;
  out.party = unquote(parameter(params, w("party")));
  out.privacy = unquote(parameter(params, w("privacy")));
  out.isScreened = equalsIgnoringCase(unquote(parameter(params, w("screen"))), w("yes"));
  return isAddress;
}
