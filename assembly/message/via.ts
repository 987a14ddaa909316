// Via = SIP "/" 2.0 "/" transport LWS sent-by *( ";" via-param )   (RFC 3261 §20.42, §25.1, RFC 3581)

import { reserve } from "../bytes/arena";
import { between, end, EMPTY, size, Slice, slice, start, tail, trim, w } from "../bytes/slice";
import { before, Class, skip, skipBlanks } from "./grammar";
import { hostLength, portOf } from "./host";
import { areParameters, parameter } from "./parameters";


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
  memory.fill(changetype<usize>(out), 0, offsetof<Via>());
  out.whole = element;
  const front = before(element, 0x3b);
  out.params = tail(element, size(front));
  const sentBy = takeProtocol(front, out);
  const n = hostLength(sentBy);
  out.host = slice(start(sentBy), n);
  out.port = portOf(tail(sentBy, n));
  if (n == 0 || out.port < 0 || !areParameters(out.params)) return false;
  out.branch = parameter(out.params, w("branch"));
  out.received = parameter(out.params, w("received"));
  out.rport = parameter(out.params, w("rport"));
  return true;
}

/** Takes three tokens with slashes between them and answers what follows; EMPTY if they are not there. */
function takeProtocol(s: Slice, out: Via): Slice {
  const stop = end(s);
  let p = skip(start(s), stop, Class.Token);
  for (let left = 2; left > 0; left--) {
    const slash = skipBlanks(p, stop);
    if (slash == stop || load<u8>(slash) != 0x2f) return EMPTY;
    const from = skipBlanks(slash + 1, stop);
    p = skip(from, stop, Class.Token);
    if (p == from) return EMPTY;
    out.transport = between(from, p);
  }
  return skipBlanks(p, stop) == p ? EMPTY : trim(between(p, stop));
}
