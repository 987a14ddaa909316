// Sessions to record: somebody who asks a phone, and whether a file replays.

import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { compileModule } from "../../host/node/module.js";
import { readRecording } from "../../host/node/recording-file.js";
import { replay } from "../../host/node/replay.js";

export const OPTIONS = [
  "OPTIONS sip:alice@127.0.0.1 SIP/2.0",
  "Via: SIP/2.0/UDP 127.0.0.1:PORT;branch=z9hG4bKNUMBER",
  "Max-Forwards: 70",
  "From: <sip:bob@127.0.0.1>;tag=1",
  "To: <sip:alice@127.0.0.1>",
  "Call-ID: NUMBER",
  "CSeq: 1 OPTIONS",
  'Authorization: Digest username="bob", response="0123456789abcdef"',
  "Content-Length: 0",
  "\r\n",
].join("\r\n");

/** Asks the phone again and again with long datagrams, each after the answer to the one before it. */
export async function ask(port: number, count: number, template = OPTIONS): Promise<void> {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  for (let i = 0; i < count; i++) {
    const request = template.replace("PORT", String(socket.address().port)).replaceAll("NUMBER", `a${i}`);
    socket.send(request + "x".repeat(12_000), port, "127.0.0.1");
    await once(socket, "message", { signal: AbortSignal.timeout(10_000) });
  }
  socket.close();
}

/** Replays the text of a recording in Node. */
export function assertSame(text: string): void {
  const different = [...replay(readRecording(text), compileModule())].filter(({ isSame }) => !isSame);
  assert.deepEqual(
    different.map(({ call }) => call.line),
    [],
  );
}
