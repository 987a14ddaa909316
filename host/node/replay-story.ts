// The lines of a recording in words for people: messages set in as `--trace` shows them, events as `ringlet run` does.

import type { RecordedCall } from "./recording-file.js";
import { CALLS } from "./recording-lines.js";
import { readWords, type Word } from "./recording-words.js";
import { messageLines } from "./trace.js";

/** Longer pieces are told by their size. */
const MOST_SHOWN_BYTES = 80;

/** receive 3 192.0.2.20 5060 512 bytes, and below it the message. */
export function inputStory(call: RecordedCall, result: string): string {
  const kinds = CALLS[call.name] ?? "";
  const isMessage = call.name === "sip_receive" || call.name === "sip_judge";
  let next = 0;
  const words = call.words.flatMap((word, i) => {
    if (kinds[i] === "n") return [String(word)];
    if (kinds[i] !== "p") return [];
    const isLast = next === call.pieces.length - 1;
    return [pieceStory(call.pieces[next++] ?? Buffer.alloc(0), isMessage && isLast)];
  });
  const head = [call.name.replace(/^sip_/, ""), ...words.filter((word) => word !== "")].join(" ");
  const answered = answerStory(result);
  return withMessage(head + answered, isMessage ? (call.pieces.at(-1) ?? null) : null);
}

function pieceStory(piece: Buffer, isMessage: boolean): string {
  const text = piece.toString("utf8");
  const isShort = piece.length <= MOST_SHOWN_BYTES && !/[\x00-\x1f\x7f]/.test(text);
  return isMessage || !isShort ? `${piece.length} bytes` : text;
}

function answerStory(result: string): string {
  return result === "= 0" ? "" : ` -> ${result.slice(2)}`;
}

/** The deadline says nothing to people, and is left out. */
export function outputStory(line: string): string {
  if (line.startsWith("out wake ")) return "";
  if (line.startsWith("out event "))
    return `  ${line.slice("out event ".length).replace(/^(\S+) \S+ (\d+)/, eventHead)}`;
  if (line.startsWith("out send ")) return `  ${sendStory(line)}`;
  return `  ${line.slice("out ".length)}`;
}

function eventHead(_: string, name: string, number: string): string {
  return number === "0" ? name : `${name} ${number}`;
}

function sendStory(line: string): string {
  const [flow, peer, port, bytes] = readWords(line, "out send ".length).map(said);
  const head = ["send", flow, peer, port, `${bytes?.length ?? 0} bytes`].filter((word) => word?.length !== 0);
  return withMessage(head.join(" "), bytes ?? null);
}

function said(word: Word): Buffer {
  return "bytes" in word ? word.bytes : Buffer.from(String("time" in word ? word.time : word.number));
}

function withMessage(head: string, message: Buffer | null): string {
  return message ? [head, ...messageLines(message)].join("\n") : head;
}
