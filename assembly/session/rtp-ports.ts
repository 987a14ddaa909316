// Ports for media: even, one for each call, between network.port.min_rtpport and max_rtpport.

import { reserve } from "../bytes/arena";

let taken: usize = 0; // a bit for each even port
let last: i32 = 0;

export function openPorts(): void {
  taken = reserve(4096);
  last = 0;
}

/** The next free even port, or 0 if none is left. Ports go round, so that late packets meet no new call. */
export function takePort(min: i32, max: i32): i32 {
  const first = (min + 1) & ~1;
  const count = (max - first) / 2 + 1;
  if (max < first) return 0;
  let port = last < first || last + 2 > max ? first : last + 2;
  for (let i = 0; i < count; i++) {
    if (port != 0 && !(load<u8>(placeOf(port)) & bitOf(port))) {
      flip(port);
      last = port;
      return port;
    }
    port = port + 2 > max ? first : port + 2;
  }
  return 0;
}

export function givePort(port: i32): void {
  flip(port);
}

function flip(port: i32): void {
  store<u8>(placeOf(port), load<u8>(placeOf(port)) ^ bitOf(port));
}

function placeOf(port: i32): usize {
  return taken + (port >>> 4);
}

function bitOf(port: i32): u8 {
  const bit = 1 << ((port >>> 1) & 7);
  return <u8>bit;
}
