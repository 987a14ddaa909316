// STUN (RFC 5389): the Binding request, and the answer that says how our packets look from outside.
//
//    0                   1                   2                   3
//   |0 0|     message type          |         message length        |
//   |                         magic cookie                          |
//   |                 transaction id, 96 bits                       |
//   | attributes: type, length, value padded to 4 bytes             |
//
// SIP never begins with two zero bits and a cookie behind them, so that both can share a socket.

import { EMPTY, size, Slice, start } from "../bytes/slice";
import { hexDigit, mark, putByte, putNumber, written } from "../output/output";

export const STUN_ID_BYTES: i32 = 12;

const HEADER: i32 = 20;
const LENGTH: usize = 2;
const COOKIE_AT: usize = 4;
const ID_AT: usize = 8;
const COOKIE: u32 = 0x2112a442;

// Message types and attributes (RFC 5389 §6, §18).
const BINDING_REQUEST: u16 = 0x0001;
const BINDING_SUCCESS: u16 = 0x0101;
const BINDING_ERROR: u16 = 0x0111;
const MAPPED_ADDRESS: u16 = 0x0001;
const XOR_MAPPED_ADDRESS: u16 = 0x0020;
/** From here on an attribute that is not known may be passed over. */
const OPTIONAL: u16 = 0x8000;

const IPV4: u8 = 1;
const IPV6: u8 = 2;
/** Bytes of an address attribute before the address: a zero, the family, the port. */
const ADDRESS_HEAD: i32 = 4;

export const enum Binding {
  /** Not the answer to this request. */
  Other = 0,
  /** `mappedAddress` and `mappedPort` say what it said. */
  Success,
  /** An error, or an answer that can't be understood: the request is over all the same. */
  Failure,
}

/** Text at the cursor of the output, good until it goes back. */
export let mappedAddress: Slice = EMPTY;
export let mappedPort: i32 = 0;

/** True for STUN, whole or not: it is no SIP. */
export function isStun(bytes: Slice): bool {
  const at = start(bytes);
  return size(bytes) >= HEADER && load<u8>(at) < 0x40 && bswap(load<u32>(at, COOKIE_AT)) == COOKIE;
}

/** Writes a Binding request. `id`: 12 bytes that nobody can guess. */
export function putBindingRequest(id: usize): void {
  putWord(BINDING_REQUEST, 2);
  putWord(0, 2);
  putWord(COOKIE, 4);
  for (let i: usize = 0; i < <usize>STUN_ID_BYTES; i++) putByte(load<u8>(id + i));
}

/** Reads the answer to the request with this id. */
export function readBinding(bytes: Slice, id: usize): Binding {
  if (!isStun(bytes)) return Binding.Other;
  const at = start(bytes);
  const type = word16(at);
  if (type != BINDING_SUCCESS && type != BINDING_ERROR) return Binding.Other;
  if (memory.compare(at + ID_AT, id, <usize>STUN_ID_BYTES) != 0) return Binding.Other;
  const length = <i32>word16(at + LENGTH);
  if (length != size(bytes) - HEADER || (length & 3) != 0) return Binding.Failure;
  if (type == BINDING_ERROR) return Binding.Failure;
  const attribute = findAddress(at + HEADER, at + HEADER + <usize>length);
  return attribute && takeAddress(attribute, at) ? Binding.Success : Binding.Failure;
}

/**
 * The attribute with our address: XOR-MAPPED-ADDRESS where there is one, because some NATs rewrite the address of the
 * other (RFC 5389 §15.2). 0 without one, or with an attribute that is cut off or has to be understood and is not.
 */
function findAddress(from: usize, stop: usize): usize {
  let found: usize = 0;
  let p = from;
  while (p < stop) {
    const type = word16(p);
    const value = p + 4;
    const length = <usize>word16(p + LENGTH);
    const next = value + ((length + 3) & ~3);
    // What has a number up to there RFC 3489 or this RFC gave out.
    if (next > stop || (type > XOR_MAPPED_ADDRESS && type < OPTIONAL)) return 0;
    if (type == XOR_MAPPED_ADDRESS || (type == MAPPED_ADDRESS && !found)) found = p;
    p = next;
  }
  return found;
}

/** Into mappedAddress and mappedPort. False if the family and the length do not fit. */
function takeAddress(attribute: usize, message: usize): bool {
  const value = attribute + 4;
  const bytes = <i32>word16(attribute + LENGTH) - ADDRESS_HEAD;
  if (bytes != 4 && bytes != 16) return false;
  const isIPv4 = bytes == 4;
  if (load<u8>(value, 1) != (isIPv4 ? IPV4 : IPV6)) return false;
  // The cookie and the transaction id lie behind each other, as the mask goes (§15.2).
  const isMasked = word16(attribute) == XOR_MAPPED_ADDRESS;
  const mask = message + COOKIE_AT;
  mappedPort = <i32>(word16(value + 2) ^ (isMasked ? word16(mask) : 0));
  for (let i: usize = 0; i < <usize>bytes; i++)
    store<u8>(plain + i, load<u8>(value + <usize>ADDRESS_HEAD + i) ^ (isMasked ? load<u8>(mask + i) : 0));
  const from = mark();
  if (isIPv4) putIPv4();
  else putIPv6();
  mappedAddress = written(from);
  return size(mappedAddress) > 0 && mappedPort > 0;
}

/** The address without its mask. */
const plain = memory.data(16);

function putIPv4(): void {
  for (let i: usize = 0; i < 4; i++) {
    if (i) putByte(0x2e);
    putNumber(load<u8>(plain + i));
  }
}

/** Eight groups without leading zeros; none is left out. */
function putIPv6(): void {
  for (let i: usize = 0; i < 16; i += 2) {
    if (i) putByte(0x3a);
    putGroup(word16(plain + i));
  }
}

function putGroup(group: u16): void {
  let shift: u16 = 12;
  while (shift > 0 && group >>> shift == 0) shift -= 4;
  for (; shift > 0; shift -= 4) putByte(hexDigit((<u8>(group >>> shift)) & 15));
  putByte(hexDigit((<u8>group) & 15));
}

/** The lowest `bytes` of a number, the highest of them first. */
function putWord(value: u32, bytes: u32): void {
  for (let shift = bytes << 3; shift > 0;) {
    shift -= 8;
    putByte(<u8>(value >>> shift));
  }
}

function word16(at: usize): u16 {
  return bswap(load<u16>(at));
}
