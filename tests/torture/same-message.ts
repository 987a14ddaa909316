// Whether two messages say the same, read by nobody of assembly: what docs/parsing.md, "What writing
// changes", permits to differ is brought into one form, and everything else is compared byte for byte.

/** The values of each header field by its long name in lower case, an element each, and the rest. */
export interface Normal {
  startLine: string;
  fields: Record<string, string[]>;
  /** Of the body. */
  parts: string[];
}

/** Compact forms (RFC 3261 §7.3.3 and the registry). */
const LONG: Record<string, string> = {
  a: "accept-contact",
  b: "referred-by",
  c: "content-type",
  d: "request-disposition",
  f: "from",
  i: "call-id",
  j: "reject-contact",
  k: "supported",
  l: "content-length",
  m: "contact",
  o: "event",
  r: "refer-to",
  s: "subject",
  t: "to",
  u: "allow-events",
  v: "via",
  x: "session-expires",
  y: "identity",
};

const words = (text: string) => new Set(text.split(" "));
const ADDRESSES = words(
  "from to contact route record-route path service-route refer-to referred-by p-asserted-identity p-preferred-identity p-called-party-id diversion history-info remote-party-id call-info alert-info",
);
const LISTS = words(
  "via contact route record-route path service-route require supported unsupported proxy-require allow allow-events accept accept-encoding accept-language alert-info call-info content-encoding diversion history-info p-asserted-identity p-preferred-identity reason recv-info warning",
);
/** Those whose known parameters are written in front of the others. */
const ORDERED_ANEW = words(
  "contact event subscription-state content-disposition replaces join target-dialog answer-mode retry-after accept accept-encoding accept-language reason session-expires",
);
const PROOFS = words(
  "www-authenticate proxy-authenticate authorization proxy-authorization authentication-info",
);
/** Parameters that a challenge has not (RFC 7616 §3.3), and that are not written. */
const NOT_OF_A_CHALLENGE = /^(cnonce|nc)=/;
const NUMBERS = words("max-forwards expires min-expires flow-timer rseq min-se content-length");

export function normal(message: Buffer): Normal {
  const text = message.toString("latin1").replace(/^[\r\n]+/, "");
  const [, head = text, body = ""] = /^(.*?)\r?\n\r?\n(.*)$/s.exec(text) ?? [];
  const [startLine = "", ...rows] = head.replace(/\r?\n[ \t]+/g, " ").split(/\r?\n/);
  const fields: Record<string, string[]> = {};
  for (const row of rows) {
    const colon = row.indexOf(":");
    const name = row.slice(0, colon).trim().toLowerCase();
    const long = LONG[name] ?? name;
    (fields[long] ??= []).push(...elements(long, singleBlanks(row.slice(colon + 1).trim())));
  }
  if (fields["allow"]) fields["allow"].sort();
  const length = Number(fields["content-length"]?.[0] ?? body.length);
  return { startLine, fields, parts: partsOf(fields["content-type"]?.[0] ?? "", body.slice(0, length)) };
}

/** The lines of a description, the parts of a multipart body, or the body. */
function partsOf(type: string, body: string): string[] {
  if (/^application\/sdp\b/i.test(type)) {
    const lines = body.split(/\r?\n/).map((line) => line.replace(/^(.=)\s+/, "$1").trimEnd());
    return lines.filter((line) => line !== "");
  }
  const [, boundary] = /^multipart\/.*;boundary="?([^";]+)/i.exec(type) ?? [];
  if (!boundary) return [body];
  const [, ...parts] = `\r\n${body}`.split(`\r\n--${boundary}`);
  return parts.map((part) => part.replace(/^[ \t]*\r\n/, "")).filter((part) => !part.startsWith("--"));
}

function elements(name: string, value: string): string[] {
  if (name === "privacy") return split(value, /[;,]/).sort();
  const parts = LISTS.has(name) ? split(value, /,/) : [value];
  return parts.filter((part) => part !== "" || !LISTS.has(name)).map((part) => element(name, part));
}

function element(name: string, text: string): string {
  if (NUMBERS.has(name)) return text.replace(/^0+(?=\d)/, "");
  if (PROOFS.has(name)) return proof(name, text);
  if (ADDRESSES.has(name)) return address(name, text);
  if (name === "via")
    return withParameters(name, text.replace(/\s*\/\s*/g, "/").replace(/\s*:\s*(?=\d+)/, ":"));
  if (name === "cseq" || name === "rack") return text.replace(/\s+/g, " ").replace(/\b0+(?=\d)/g, "");
  if (/[;/]/.test(text) && !["user-agent", "server", "subject", "call-id"].includes(name))
    return withParameters(name, text.replace(/\s*\/\s*/g, "/"));
  return text;
}

/** [ display ] "<" uri ">" params, the display name without its quotes. */
function address(name: string, text: string): string {
  const [, display = "", uri, params = ""] =
    /^("(?:[^"\\]|\\.)*"|[^<"]*?)\s*<([^>]*)>\s*(.*)$/s.exec(text) ?? [];
  if (uri !== undefined) return `${unquoted(display.trim())}<${uri}>${parameters(name, params)}`;
  const semicolon = text.includes(";") ? text.indexOf(";") : text.length;
  const bare = text.slice(0, semicolon).trim();
  return `${bare === "*" || bare === "" ? bare : `<${bare}>`}${parameters(name, text.slice(semicolon))}`;
}

function withParameters(name: string, text: string): string {
  const [front = "", ...rest] = split(text, /;/);
  return front.replace(/\s+/g, " ") + parameters(name, rest.map((one) => `;${one}`).join(""));
}

function parameters(name: string, text: string): string {
  const all = split(text, /;/)
    .filter((one) => one !== "")
    .map((one) => one.replace(/^([^="]*?)\s*=\s*/, "$1="));
  const isContact = name === "contact" || name.startsWith("accept");
  const kept = ORDERED_ANEW.has(name)
    ? all
        .map((one) => named(one, isContact))
        .filter(Boolean)
        .sort()
    : all;
  return kept.map((one) => `;${one}`).join("");
}

/** The name in lower case, quotes off the value; a weight of 1 says nothing. */
function named(one: string, isWeighted: boolean): string {
  const equal = one.includes("=") ? one.indexOf("=") : one.length;
  const name = one.slice(0, equal).toLowerCase();
  const value = unquoted(one.slice(equal + 1));
  if (isWeighted && name === "q") return Number(value) === 1 ? "" : `q=${Number(value)}`;
  return equal === one.length ? name : `${name}=${value}`;
}

/** Scheme and parameters; `stale=false` says nothing. */
function proof(header: string, text: string): string {
  const [scheme = "", rest = ""] = /^[\w-]+\s+(?=[^=\s])/.test(text)
    ? [text.slice(0, text.search(/\s/)), text.slice(text.search(/\s/))]
    : ["", text];
  // A missing comma is tolerated: a blank behind a quote ends a parameter too.
  const all = split(rest.replace(/"\s+(?=[\w-]+\s*=)/g, '",'), /,/)
    .filter((one) => one !== "")
    .map((one) => named(one.replace(/\s*=\s*/, "="), false))
    .map((one) => (one.startsWith("stale=") ? one.toLowerCase() : one))
    .filter((one) => one !== "stale=false")
    .filter((one) => !header.endsWith("-authenticate") || !NOT_OF_A_CHALLENGE.test(one));
  return `${scheme} ${all.sort().join(",")}`;
}

/** Folds are blanks, and outside of quotes several are one. */
function singleBlanks(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|\s+/g, (piece) => (piece.startsWith('"') ? piece : " "));
}

function unquoted(text: string): string {
  return /^".*"$/s.test(text) ? text.slice(1, -1) : text;
}

/** At the separator outside quotes and angle brackets, trimmed. */
function split(text: string, separator: RegExp): string[] {
  const parts = [""];
  for (const [piece] of text.matchAll(/"(?:[^"\\]|\\.)*"?|<[^>]*>?|[^]/g)) {
    if (piece.length === 1 && separator.test(piece)) parts.push("");
    else parts[parts.length - 1] += piece;
  }
  return parts.map((part) => part.trim());
}
