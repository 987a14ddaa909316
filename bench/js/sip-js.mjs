// SIP.js: a PEG grammar, at once for the headers that it needs itself, for the others when asked for.
import { Grammar } from "sip.js/lib/grammar/grammar.js";
import { Parser } from "sip.js/lib/core/messages/parser.js";
import { runLane } from "./lane.mjs";

function address(header) {
  return { tag: header.getParam("tag"), user: header.uri.user, host: header.uri.host };
}

/** Every element of a header, parsed. */
function all(m, name, read) {
  return m.getHeaders(name).map((_, i) => read(m.parseHeader(name, i)));
}

/** Its rule for Route answers nothing; the one for Record-Route, which is the same grammar, does. */
function routesIn(value) {
  return Grammar.parse(value, "Record_Route").map(({ parsed }) => parsed.uri.host);
}

function parse(text) {
  const m = Parser.parseMessage(text, console);
  if (!m) return null;
  return {
    method: m.method,
    status: m.statusCode,
    uriHost: m.ruri?.host,
    vias: all(m, "via", (via) => ({ branch: via.branch, host: via.host, port: via.port })),
    from: address(m.from),
    to: address(m.to),
    callId: m.callId,
    cseq: m.cseq,
    cseqMethod: m.parseHeader("cseq").method,
    contacts: all(m, "contact", address),
    routes: m.getHeaders("route").flatMap(routesIn),
    recordRoutes: all(m, "record-route", (route) => route.uri.host),
    // It has no rule for Session-Expires.
    sessionExpires: Number.parseInt(m.getHeader("session-expires") ?? "-1", 10),
    contentLength: m.parseHeader("content-length"),
    bodyLength: m.body.length,
  };
}

await runLane({ parse });
