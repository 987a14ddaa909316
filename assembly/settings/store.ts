// Where the values are kept: two planes of fixed size, one for the files, one for what was set since.
//
// plane = a number for each cell | a mark for each cell | the texts of the phone | those of each account, each as long as its row permits
// mark  = 0 nobody set it, or the layer (5 bits) | WAS_RESET | OLD_NAME
// A text's number is its length. A set value hides the file's until it is taken back.

import { reserve } from "../bytes/arena";
import { size, slice, Slice, start } from "../bytes/slice";
import { ACCOUNTS, FIRST_ACCOUNT_KEY, Key } from "./keys";
import { accountTextBytes, phoneTextBytes, presetOf, rowOf } from "./rows";

/** The layer above all files: what was set at run time, and the file in which a host keeps it. */
export const LOCAL_LAYER: i32 = 17;

/** The layer said %NULL%: the factory default, whatever stands below. */
export const WAS_RESET: u8 = 0x40;
/** It was set under a name of older firmware. */
export const OLD_NAME: u8 = 0x80;

export const enum Plane {
  Files = 0,
  Local = 1,
}

const ACCOUNT_KEYS: i32 = <i32>Key.End - FIRST_ACCOUNT_KEY;
const CELLS: i32 = FIRST_ACCOUNT_KEY + ACCOUNTS * ACCOUNT_KEYS;

const NUMBERS_SIZE: usize = <usize>CELLS * 4;
const TEXTS_AT: usize = NUMBERS_SIZE + <usize>((CELLS + 7) & ~7);

let planes: usize = 0;
let planeSize: usize = 0;

/** Another number after every change, for whoever has worked something out from the settings. */
export let edition: u32 = 0;

export function openStore(): void {
  planeSize = TEXTS_AT + <usize>((phoneTextBytes + ACCOUNTS * accountTextBytes + 7) & ~7);
  planes = reserve(planeSize * 2);
  edition++;
}

/** Forgets what the files said. */
export function clearFiles(): void {
  memory.fill(planes, 0, TEXTS_AT);
  edition++;
}

/** False for an account that there is not, or an account's key without account. */
export function isCell(key: Key, account: i32): bool {
  return <i32>key < FIRST_ACCOUNT_KEY || (account >= 1 && account <= ACCOUNTS);
}

export function planeOf(layer: i32): Plane {
  return layer == LOCAL_LAYER ? Plane.Local : Plane.Files;
}

export function markAt(plane: Plane, key: Key, account: i32): u8 {
  return load<u8>(markAddress(plane, key, account));
}

/** Takes the value back: a mark of 0. */
export function clearCell(plane: Plane, key: Key, account: i32): void {
  store<u8>(markAddress(plane, key, account), 0);
  edition++;
}

export function storeNumber(plane: Plane, key: Key, account: i32, mark: u8, value: i32): void {
  store<u8>(markAddress(plane, key, account), mark);
  store<i32>(numberAddress(plane, key, account), value);
  edition++;
}

/** `value` has no more bytes than the key's row permits. */
export function storeText(plane: Plane, key: Key, account: i32, mark: u8, value: Slice): void {
  assert(size(value) <= rowOf(key).most);
  memory.copy(textAddress(plane, key, account), start(value), <usize>size(value));
  storeNumber(plane, key, account, mark, size(value));
}

/** The mark that counts: the local plane's, or else the files'. */
function effectiveMark(key: Key, account: i32): u8 {
  const local = markAt(Plane.Local, key, account);
  return local ? local : markAt(Plane.Files, key, account);
}

/** Whether somebody gave it a value. */
export function isGiven(key: Key, account: i32): bool {
  const mark = effectiveMark(key, account);
  return mark != 0 && !(mark & WAS_RESET);
}

export function effectiveNumber(key: Key, account: i32): i32 {
  return numberAt(effectivePlane(key, account), key, account);
}

export function effectiveText(key: Key, account: i32): Slice {
  return textAt(effectivePlane(key, account), key, account);
}

/** The plane's number, or the default if it has none. */
export function numberAt(plane: Plane, key: Key, account: i32): i32 {
  const mark = markAt(plane, key, account);
  if (mark == 0 || mark & WAS_RESET) return presetOf(key);
  return load<i32>(numberAddress(plane, key, account));
}

export function textAt(plane: Plane, key: Key, account: i32): Slice {
  return slice(textAddress(plane, key, account), numberAt(plane, key, account));
}

function effectivePlane(key: Key, account: i32): Plane {
  return markAt(Plane.Local, key, account) ? Plane.Local : Plane.Files;
}

function cell(key: Key, account: i32): usize {
  return <usize>(<i32>key < FIRST_ACCOUNT_KEY ? <i32>key : <i32>key + (account - 1) * ACCOUNT_KEYS);
}

function numberAddress(plane: Plane, key: Key, account: i32): usize {
  return planes + <usize>plane * planeSize + cell(key, account) * 4;
}

function markAddress(plane: Plane, key: Key, account: i32): usize {
  return planes + <usize>plane * planeSize + NUMBERS_SIZE + cell(key, account);
}

function textAddress(plane: Plane, key: Key, account: i32): usize {
  let past = rowOf(key).place;
  if (<i32>key >= FIRST_ACCOUNT_KEY) past += phoneTextBytes + (account - 1) * accountTextBytes;
  return planes + <usize>plane * planeSize + TEXTS_AT + <usize>past;
}
