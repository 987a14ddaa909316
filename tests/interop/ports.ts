// Ports for programs that can't be told to take any free one.

import { createSocket } from "node:dgram";

/** Below the system's own range (from 32768 on), so that nobody is given one of these by chance. */
const FIRST = 20_000;
const LAST = 32_000;
/** A program gets this many, for signalling and for media. */
const BLOCK = 10;

const taken = new Set<number>();

/** The first of a block of ports that nobody listens on. */
export async function freePorts(): Promise<number> {
  for (;;) {
    const port = FIRST + BLOCK * Math.floor((Math.random() * (LAST - FIRST)) / BLOCK);
    if (taken.has(port)) continue;
    taken.add(port);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  const socket = createSocket("udp4");
  return new Promise((resolve) => {
    socket.once("error", () => resolve(false));
    socket.bind({ port, address: "127.0.0.1", exclusive: true }, () => socket.close(() => resolve(true)));
  });
}
