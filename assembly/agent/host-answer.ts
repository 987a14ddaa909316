// What the host found out for us: the address of a name, or our own address toward another.

import { EMPTY, isPresent, size, Slice, slice, start, trim } from "../bytes/slice";
import { Kind, kindOf } from "../handle/pool";
import { before } from "../message/grammar";
import { Question, Status } from "../output/abi-numbers";
import { findCall } from "../session/call";
import { receiveLookup } from "../session/session";
import { isNumeric } from "../transport/address";
import { rememberAddress } from "../transport/known-names";
import { closeQuery, findQuery } from "../transport/query";

/** The answer to a query: "address TTL" lines, empty for nothing found. */
export function receiveAnswer(handle: u32, lines: Slice): Status {
  const query = findQuery(handle);
  if (!query) return Status.NoSuchThing;
  const address = firstAddress(lines);
  const question = query.question;
  const owner = query.owner;
  if (isPresent(address) && question != Question.LocalAddress) rememberAddress(query.name, address);
  const call = kindOf(owner) == Kind.Call ? findCall(owner) : null;
  if (call) receiveLookup(call, question, query.name, address);
  closeQuery(query);
  return Status.Ok;
}

/** EMPTY if there is none, or what stands there is no address. */
function firstAddress(lines: Slice): Slice {
  const text = trim(lines);
  let n = 0;
  while (n < size(text) && load<u8>(start(text) + n) > 32) n++;
  const address = slice(start(text), n);
  // fe80::1%eth0: which link, the host alone knows (RFC 4007 §11).
  return isNumeric(before(address, 0x25)) ? address : EMPTY;
}
