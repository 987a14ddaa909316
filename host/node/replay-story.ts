// The lines of a recording in words for people: messages set in as `--trace` shows them, events as `ringlet run` does.

import { Question, Status, Transport } from "./abi.js";
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
  const isShort = piece.length <= MOST_SHOWN_BYTES && !/\p{Cc}|\ufffd/u.test(text);
  return isMessage || !isShort ? `${piece.length} bytes` : text;
}

function answerStory(result: string): string {
  const number = Number(result.slice(2));
  if (Number.isNaN(number)) return " -> trapped";
  if (number === 0) return "";
  return ` -> ${number < 0 ? (Status[number] ?? number) : number}`;
}

/** The deadline says nothing to people, and is left out. */
export function outputStory(line: string): string {
  const [, kind = ""] = line.split(" ", 2);
  if (kind === "wake") return "";
  if (kind === "event") return `  ${line.slice("out event ".length).replace(/^(\S+) \S+ (\d+)/, eventHead)}`;
  return `  ${RECORDS[kind]?.(readWords(line, `out ${kind} `.length)) ?? line}`;
}

function eventHead(_: string, name: string, number: string): string {
  return number === "0" ? name : `${name} ${number}`;
}

const RECORDS: Record<string, ((words: Word[]) => string) | undefined> = {
  send: ([flow, peer, port, bytes]) =>
    withMessage(
      `send ${said(flow)} ${said(peer)} ${said(port)} ${bytesOf(bytes).length} bytes`.replace("  ", " "),
      bytesOf(bytes),
    ),
  listen: ([flow, transport, local, port]) =>
    `listen ${said(flow)} ${transportName(transport)} ${said(local)} ${said(port)}`,
  open: ([flow, transport, peer, port, name]) =>
    `open ${said(flow)} ${transportName(transport)} ${said(peer)} ${said(port)} ${said(name)}`.trimEnd(),
  resolve: ([query, question, name]) =>
    `resolve ${said(query)} ${question && "number" in question ? Question[question.number] : ""} ${said(name)}`,
};

function transportName(word: Word | undefined): string {
  return word && "number" in word ? (Transport[word.number] ?? "") : "";
}

function said(word: Word | undefined): string {
  if (!word) return "";
  if ("bytes" in word) return word.bytes.toString("utf8");
  return String("time" in word ? word.time : word.number);
}

function bytesOf(word: Word | undefined): Buffer {
  return word && "bytes" in word ? word.bytes : Buffer.alloc(0);
}

function withMessage(head: string, message: Buffer | null): string {
  return message ? [head, ...messageLines(message)].join("\n") : head;
}
