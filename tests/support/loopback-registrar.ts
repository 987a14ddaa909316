// A registrar on a real socket that grants everything, for tests that start phones with sockets.

import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";

export interface LoopbackRegistrar {
  socket: Socket;
  port: number;
  /** What it was sent, in order. */
  requests: string[];
}

/** `expires`: seconds that it grants. What does not begin with `first` it leaves alone; by default it answers whatever comes. */
export async function loopbackRegistrar(expires: number, first = ""): Promise<LoopbackRegistrar> {
  const socket = createSocket("udp4");
  const requests: string[] = [];
  socket.on("message", (bytes, from) => {
    const text = String(bytes);
    if (!text.startsWith(first)) return;
    requests.push(text);
    const rows = text.split("\r\n").filter((row) => /^(Via|From|To|Call-ID|CSeq):/.test(row));
    const contact = /^Contact: (<[^>]*>)/m.exec(text)?.[1] ?? "";
    const answer = [
      "SIP/2.0 200 OK",
      ...rows,
      `Contact: ${contact};expires=${expires}`,
      "Content-Length: 0",
      "",
      "",
    ];
    socket.send(answer.join("\r\n"), from.port, from.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return { socket, port: socket.address().port, requests };
}
