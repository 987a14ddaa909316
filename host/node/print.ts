// An event as one line: readable, or as one JSON object with the same names.

import type { Event, Fields } from "./records.js";

/** call.established 1 media.address=127.0.0.1 ... */
export function readableLine(event: Event): string {
  const words = [event.name];
  if (event.number > 0) words.push(String(event.number));
  return [...words, ...readableFields(shownFields(event), "")].join(" ");
}

/** {"event":"call.established","call":1,"media":{"address":"127.0.0.1",...},...} */
export function jsonLine(event: Event): string {
  const call = event.number > 0 ? { call: event.number } : {};
  return JSON.stringify({ event: event.name, ...call, ...shownFields(event) });
}

/** With stars for what nobody may see. */
function shownFields({ fields, secrets }: Event): Fields {
  return secrets ? hidden(fields, secrets, "") : fields;
}

function hidden(fields: Fields, secrets: string[], prefix: string): Fields {
  const shown = Object.entries(fields).map(([name, value]): [string, string | number | Fields] => {
    if (typeof value === "object") return [name, hidden(value, secrets, `${prefix}${name}.`)];
    return [name, secrets.includes(prefix + name) ? "*".repeat(String(value).length) : value];
  });
  return Object.fromEntries(shown);
}

function readableFields(fields: Fields, prefix: string): string[] {
  return Object.entries(fields).flatMap(([name, value]) =>
    typeof value === "object"
      ? readableFields(value, `${prefix}${name}.`)
      : [`${prefix}${name}=${quoted(value)}`],
  );
}

/** Quotes only what would not be one word without them. */
function quoted(value: string | number): string {
  const text = String(value);
  return /^[^\s"=\p{Cc}]+$/u.test(text) ? text : JSON.stringify(text);
}
