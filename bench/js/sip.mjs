// `sip` of npm: parses every header that it knows with regular expressions; From, To and Contact keep their
// URIs as text until asked for.
import sip from "sip";
import { runLane } from "./lane.mjs";

function address(header) {
  const uri = sip.parseUri(header.uri);
  return { tag: header.params.tag, user: uri.user, host: uri.host };
}

function parse(text) {
  const m = sip.parse(text);
  if (!m) return null;
  const h = m.headers;
  return {
    method: m.method,
    status: m.status,
    uriHost: m.method ? sip.parseUri(m.uri).host : null,
    vias: h.via.map((via) => ({ branch: via.params.branch, host: via.host, port: via.port })),
    from: address(h.from),
    to: address(h.to),
    callId: h["call-id"],
    cseq: h.cseq.seq,
    cseqMethod: h.cseq.method,
    contacts: (h.contact ?? []).map(address),
    routes: (h.route ?? []).map((route) => route.uri.host),
    recordRoutes: (h["record-route"] ?? []).map((route) => route.uri.host),
    sessionExpires: h["session-expires"] ? Number.parseInt(h["session-expires"], 10) : -1,
    contentLength: h["content-length"],
    bodyLength: m.content.length,
  };
}

await runLane({ parse });
