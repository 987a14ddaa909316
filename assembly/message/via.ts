// Via = SIP "/" 2.0 "/" transport LWS sent-by *( ";" via-param )   (RFC 3261 §20.42, §25.1, RFC 3581)

import { reserve } from "../bytes/arena";
import { between, end, EMPTY, Slice, start, trim } from "../bytes/slice";
import { Class, skip, skipBlanks, skipFolded } from "./grammar";
import { skipHost, takenPort, takePort } from "./host";
import { takenName, takenValue, takeParameter, takeValue } from "./parameters";

const SIP_2_0: u64 = 0x2f302e322f504953; // "SIP/2.0/" in memory
const BRANCH_IS: u64 = 0x3d68636e6172623b; // ";branch="
const NAME_BITS_5: u64 = 0x0020202020202000;
// As takenName has them.
const BRANCH: u64 = 0x68636e617262;
const RECEIVED: u64 = 0x6465766965636572;
const RPORT: u64 = 0x74726f7072;


@unmanaged
export class Via {
  whole: Slice;
  transport: Slice;
  /** With the brackets of IPv6. */
  host: Slice;
  branch: Slice;
  received: Slice;
  /** EMPTY without one; of size 0 but present where it asks to be filled in. */
  rport: Slice;
  /** With the `;` in front. */
  params: Slice;
  /** 0 if none is written. */
  port: i32;
}

export function newVia(): Via {
  return changetype<Via>(reserve(offsetof<Via>()));
}

/** One element of a Via header field. Blanks may stand round every separator. */
export function parseVia(element: Slice, out: Via): bool {
  const behind = takeVia(start(element), end(element), out);
  return behind != 0 && behind == end(element);
}

/** Takes the element that begins at p: the address of the comma behind it, or stop; 0 if it is not well formed. */
export function takeVia(from: usize, stop: usize, out: Via): usize {
  out.branch = EMPTY;
  out.received = EMPTY;
  out.rport = EMPTY;
  const p = takeProtocol(from, stop, out);
  const behindHost = skipHost(p, stop);
  out.host = between(p, behindHost);
  const behindPort = takeSentByPort(skipFolded(behindHost, stop), stop, out);
  const behind = behindHost > p && behindPort != 0 ? takeParameters(behindPort, stop, out) : 0;
  out.whole = behind == stop ? between(from, stop) : trim(between(from, behind));
  return behind;
}

/** Address behind [ ":" port ] and its blanks; 0 if it is bad. */
function takeSentByPort(p: usize, stop: usize, out: Via): usize {
  out.port = 0;
  if (p == stop || load<u8>(p) != 0x3a) return p;
  p = takePort(skipFolded(p + 1, stop), stop);
  out.port = takenPort;
  return p ? skipFolded(p, stop) : 0;
}

/** Takes three tokens with slashes between them and answers where what follows begins; stop if they are not there. */
function takeProtocol(from: usize, stop: usize, out: Via): usize {
  let p = from;
  if (from + 8 <= stop && load<u64>(from) == SIP_2_0) p = skipBlanks(from + 8, stop);
  else {
    const version = skipSlash(skip(p, stop, Class.Token), stop);
    p = skip(version, stop, Class.Token);
    if (p == version) return stop;
    p = skipSlash(p, stop);
  }
  const behindTransport = skip(p, stop, Class.Token);
  if (behindTransport == p) return stop;
  out.transport = between(p, behindTransport);
  p = skipFolded(behindTransport, stop);
  return p == behindTransport ? stop : p;
}

/** Address behind a slash and the blanks round it; stop if there is none. */
function skipSlash(p: usize, stop: usize): usize {
  const slash = skipBlanks(p, stop);
  return slash < stop && load<u8>(slash) == 0x2f ? skipBlanks(slash + 1, stop) : stop;
}

/** Up to the end of the element. Of several with the same name the first one counts. */
function takeParameters(from: usize, stop: usize, out: Via): usize {
  let p = from;
  while (p < stop && load<u8>(p) == 0x3b) {
    // Every Via has a branch: it needs no scan of its name.
    const isBranch = p + 8 < stop && (load<u64>(p) | NAME_BITS_5) == BRANCH_IS;
    p = isBranch ? takeValue(skipFolded(p + 8, stop), stop) : takeParameter(p, stop, p == from);
    if (p == 0) return 0;
    if ((isBranch || takenName == BRANCH) && out.branch == EMPTY) out.branch = takenValue;
    else if (takenName == RECEIVED && out.received == EMPTY) out.received = takenValue;
    else if (takenName == RPORT && out.rport == EMPTY) out.rport = takenValue;
  }
  out.params = p == stop ? between(from, stop) : trim(between(from, p));
  return p == stop || load<u8>(p) == 0x2c ? p : 0;
}
