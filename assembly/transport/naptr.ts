// Which transport a domain wants, by its NAPTR records (RFC 3263 §4.1): the lowest order, then preference.

import { EMPTY, equalsIgnoringCase, isPresent, Slice, w } from "../bytes/slice";
import { Transport } from "../output/abi-numbers";
import { field, MOST_RECORDS, nameField, nextRecord, numberField, openRecords } from "./resource-record";

/** Transport and name of SRV of the record chosen last. */
export let naptrTransport: Transport = Transport.Udp;
export let naptrName: Slice = EMPTY;

/** `used`: a bit for each record that was chosen before. The number of the next one; -1 when none is left. */
export function chooseNaptr(lines: Slice, used: u32): i32 {
  let best = -1;
  let bestRank = i64.MAX_VALUE;
  let transport = naptrTransport;
  let name = naptrName;
  openRecords(lines);
  for (let i = 0; i < MOST_RECORDS && nextRecord(); i++) {
    if ((used >>> i) & 1 || !readService()) continue;
    const rank = ((<i64>numberField(0)) << 16) | numberField(1);
    if (rank < 0 || rank >= bestRank) continue;
    best = i;
    bestRank = rank;
    transport = naptrTransport;
    name = naptrName;
  }
  naptrTransport = transport;
  naptrName = name;
  return best;
}

/** Only what leads to SRV records, and to a transport that we have. */
function readService(): bool {
  naptrName = nameField(4);
  if (!isPresent(naptrName) || !equalsIgnoringCase(field(2), w("s"))) return false;
  const service = field(3);
  if (equalsIgnoringCase(service, w("SIP+D2U"))) naptrTransport = Transport.Udp;
  else if (equalsIgnoringCase(service, w("SIP+D2T"))) naptrTransport = Transport.Tcp;
  else if (equalsIgnoringCase(service, w("SIPS+D2T"))) naptrTransport = Transport.Tls;
  else return false;
  return true;
}
