// Content-Type, Content-Disposition, and multipart bodies (RFC 2046 §5.1, RFC 5621).

import { EMPTY, equals, isPresent, size, slice, Slice, start, w } from "../../../assembly/bytes/slice";
import {
  defaultDisposition,
  newContentDisposition,
  parseContentDisposition,
  putContentDisposition,
} from "../../../assembly/message/content-disposition";
import {
  boundaryOf,
  isContentType,
  newContentType,
  parseContentType,
  putContentType,
} from "../../../assembly/message/content-type";
import { BodySearch, findBody, newBodySearch } from "../../../assembly/message/find-body";
import {
  DEEPEST,
  Multipart,
  newMultipart,
  nextPart,
  openMultipart,
  openNested,
} from "../../../assembly/message/multipart";
import { putClosing, putMultipart, putTypedPart } from "../../../assembly/message/put-multipart";
import { mark, put, written } from "../../../assembly/output/output";
import { openRows, withRow, wrote, writtenValue } from "./rows";
import { begin, byte, copied, raw, text } from "./text";

let parts: Multipart = changetype<Multipart>(0);
let search: BodySearch = changetype<BodySearch>(0);

beforeEach(() => {
  openRows();
  parts = newMultipart();
  search = newBodySearch();
});

function opened(body: Slice): bool {
  return openMultipart(parts, w("multipart/mixed;boundary=unique-boundary-1"), body);
}

function partIs(head: Slice, content: Slice): bool {
  return nextPart(parts) && equals(parts.head, head) && equals(parts.content, content);
}

/** Bodies in bodies: `depth` times multipart, and a line of text in the last one. */
function nested(depth: i32): Slice {
  begin();
  for (let i = 0; i < depth; i++) {
    raw(w("--b"));
    byte(<u8>(48 + i));
    raw(w("\r\nContent-Type: "));
    if (i == depth - 1) raw(w("text/plain\r\n\r\nhello"));
    else {
      raw(w("multipart/mixed;boundary=b"));
      byte(<u8>(49 + i));
      raw(w("\r\n\r\n"));
    }
  }
  for (let i = depth; i > 0; i--) {
    raw(w("\r\n--b"));
    byte(<u8>(47 + i));
    raw(w("--"));
  }
  return text();
}

describe("Content-Type", () => {
  it("comes apart and is written as it came", () => {
    const type = newContentType();
    expect(parseContentType(w('multipart/mixed ;boundary="a b";Charset=UTF-8'), type)).toBe(true);
    expect(equals(type.type, w("multipart"))).toBe(true);
    expect(equals(type.subtype, w("mixed"))).toBe(true);
    putContentType(type);
    expect(parseContentType(writtenValue(), type)).toBe(true);
    putContentType(type);
    expect(wrote(w('Content-Type: multipart/mixed;boundary="a b";Charset=UTF-8\r\n'))).toBe(true);
    expect(parseContentType(w("text / html; charset=ISO-8859-4"), type)).toBe(true);
    expect(parseContentType(w("text"), type)).toBe(false);
    expect(parseContentType(w("text/"), type)).toBe(false);
    expect(parseContentType(w("/html"), type)).toBe(false);
    expect(parseContentType(w("text/html/x"), type)).toBe(false);
    expect(parseContentType(w("text/html;;"), type)).toBe(false);
    expect(parseContentType(w(""), type)).toBe(false);
  });

  it("is compared without its parameters", () => {
    expect(isContentType(w("Application/SDP;x=y"), w("application/sdp"))).toBe(true);
    expect(isContentType(w("application/sdpx"), w("application/sdp"))).toBe(false);
    expect(equals(boundaryOf(w('multipart/mixed;x="boundary=no";Boundary="yes"')), w("yes"))).toBe(true);
    expect(boundaryOf(w("multipart/mixed"))).toBe(EMPTY);
    expect(equals(withRow(w("c: text/plain")).header(11), w("text/plain"))).toBe(true);
  });
});

describe("Content-Disposition", () => {
  it("says what a body is for and whether it may be ignored", () => {
    const disposition = newContentDisposition();
    expect(parseContentDisposition(w("session"), disposition)).toBe(true);
    expect(equals(disposition.type, w("session"))).toBe(true);
    expect(disposition.isOptional).toBe(false);
    expect(parseContentDisposition(w('icon ;filename="a;b"; handling=Optional'), disposition)).toBe(true);
    expect(disposition.isOptional).toBe(true);
    putContentDisposition(disposition);
    expect(parseContentDisposition(writtenValue(), disposition)).toBe(true);
    putContentDisposition(disposition);
    expect(wrote(w('Content-Disposition: icon;handling=Optional;filename="a;b"\r\n'))).toBe(true);
    expect(parseContentDisposition(w(""), disposition)).toBe(false);
    expect(parseContentDisposition(w(";handling=required"), disposition)).toBe(false);
  });

  it("is session for SDP and render for all else (RFC 3261 §20.11)", () => {
    expect(equals(defaultDisposition(w("application/sdp")), w("session"))).toBe(true);
    expect(equals(defaultDisposition(w("text/plain")), w("render"))).toBe(true);
  });
});

describe("a multipart body", () => {
  it("has parts with and without a header, a preamble and an epilogue (RFC 2046 §5.1.1)", () => {
    expect(
      opened(
        w(
          "This is the preamble.\r\nIt is ignored.\r\n--unique-boundary-1\r\n\r\nNo line end at the end.\r\n--unique-boundary-1 \t\r\nContent-type: text/plain;\r\n charset=us-ascii\r\nX: y\r\n\r\nOne at the end.\r\n\r\n--unique-boundary-1--\r\nThis is the epilogue.\r\n",
        ),
      ),
    ).toBe(true);
    expect(equals(parts.preamble, w("This is the preamble.\r\nIt is ignored."))).toBe(true);
    expect(partIs(EMPTY, w("No line end at the end."))).toBe(true);
    expect(parts.field(w("Content-Type"))).toBe(EMPTY);
    expect(
      partIs(w("Content-type: text/plain;\r\n charset=us-ascii\r\nX: y\r\n"), w("One at the end.\r\n")),
    ).toBe(true);
    expect(equals(parts.field(w("Content-Type")), w("text/plain;\r\n charset=us-ascii"))).toBe(true);
    expect(isContentType(parts.field(w("Content-Type")), w("text/plain"))).toBe(true);
    expect(equals(parts.field(w("x")), w("y"))).toBe(true);
    expect(parts.field(w("charset"))).toBe(EMPTY);
    expect(nextPart(parts)).toBe(false);
    expect(nextPart(parts)).toBe(false);
    expect(parts.isClosed).toBe(true);
    expect(equals(parts.epilogue, w("This is the epilogue.\r\n"))).toBe(true);
  });

  it("may have LF alone at the ends of its lines, and any byte in its parts", () => {
    expect(opened(w("--unique-boundary-1\nA: b\n\n\0\r\r--\n--unique-boundary-1--"))).toBe(true);
    expect(partIs(w("A: b\n"), w("\0\r\r--"))).toBe(true);
    expect(nextPart(parts)).toBe(false);
    expect(parts.isClosed).toBe(true);
    expect(size(parts.epilogue)).toBe(0);
  });

  it("is cut at whole delimiter lines only", () => {
    expect(
      opened(
        w(
          "--unique-boundary-1\r\n\r\n--unique-boundary-12\r\n --unique-boundary-1\r\n--unique-boundary-1-\r\n--UNIQUE-boundary-1\r\n--unique-boundary-1\rx\r\n--unique-boundary-1--x\r\n--unique-boundary-1--",
        ),
      ),
    ).toBe(true);
    expect(nextPart(parts)).toBe(true);
    expect(size(parts.content)).toBe(132);
    expect(nextPart(parts)).toBe(false);
    expect(parts.isClosed).toBe(true);
  });

  it("may be empty of parts, and of everything", () => {
    expect(opened(w("--unique-boundary-1--\r\n"))).toBe(true);
    expect(nextPart(parts)).toBe(false);
    expect(parts.isClosed).toBe(true);
    expect(opened(EMPTY)).toBe(true);
    expect(nextPart(parts)).toBe(false);
    expect(parts.isClosed).toBe(false);
    expect(opened(w("nothing of the kind"))).toBe(true);
    expect(equals(parts.preamble, w("nothing of the kind"))).toBe(true);
    expect(nextPart(parts)).toBe(false);
    expect(opened(w("--unique-boundary-1\r\n--unique-boundary-1\r\n--unique-boundary-1--"))).toBe(true);
    expect(partIs(EMPTY, EMPTY)).toBe(true);
    expect(partIs(EMPTY, EMPTY)).toBe(true);
    expect(nextPart(parts)).toBe(false);
    expect(parts.isClosed).toBe(true);
  });

  it("gives what is there when its end is missing", () => {
    expect(opened(w("--unique-boundary-1\r\nA: b\r\n\r\ncut sho"))).toBe(true);
    expect(partIs(w("A: b\r\n"), w("cut sho"))).toBe(true);
    expect(nextPart(parts)).toBe(false);
    expect(parts.isClosed).toBe(false);
    expect(opened(w("--unique-boundary-1\r\nA: b"))).toBe(true);
    expect(partIs(w("A: b"), EMPTY)).toBe(true);
    expect(equals(parts.field(w("a")), w("b"))).toBe(true);
    expect(opened(w("--unique-boundary-1"))).toBe(true);
    expect(nextPart(parts)).toBe(false);
    expect(parts.isClosed).toBe(false);
  });

  it("needs a boundary that is one", () => {
    const body = w("--a--");
    expect(openMultipart(parts, w('Multipart/Mixed; boundary="a"'), body)).toBe(true);
    expect(openMultipart(parts, w('multipart/mixed;boundary="a b:c?\'()+_,-./="'), body)).toBe(true);
    expect(openMultipart(parts, w("multipart/mixed"), body)).toBe(false);
    expect(openMultipart(parts, w('multipart/mixed;boundary=""'), body)).toBe(false);
    expect(openMultipart(parts, w('multipart/mixed;boundary="a "'), body)).toBe(false);
    expect(openMultipart(parts, w('multipart/mixed;boundary="a\\b"'), body)).toBe(false);
    expect(openMultipart(parts, w("text/plain;boundary=a"), body)).toBe(false);
    expect(
      openMultipart(
        parts,
        w("multipart/mixed;boundary=0123456789012345678901234567890123456789012345678901234567890123456789"),
        body,
      ),
    ).toBe(true);
    expect(
      openMultipart(
        parts,
        w("multipart/mixed;boundary=01234567890123456789012345678901234567890123456789012345678901234567890"),
        body,
      ),
    ).toBe(false);
  });

  it("may hold others, four deep", () => {
    const inner = newMultipart();
    expect(openMultipart(parts, w("multipart/mixed;boundary=b0"), copied(nested(2)))).toBe(true);
    expect(nextPart(parts)).toBe(true);
    expect(openNested(inner, parts)).toBe(true);
    expect(inner.depth).toBe(2);
    expect(nextPart(inner)).toBe(true);
    expect(equals(inner.content, w("hello"))).toBe(true);
    expect(openNested(parts, inner)).toBe(false);
    for (let depth = 1; depth < 7; depth++) {
      const isFound = findBody(search, w("multipart/mixed;boundary=b0"), nested(depth), w("text/plain"));
      expect(isFound).toBe(depth <= DEEPEST);
      if (isFound) expect(equals(search.content, w("hello"))).toBe(true);
    }
  });

  it("is searched for the first body of a type", () => {
    expect(findBody(search, w("application/sdp"), w("v=0"), w("application/sdp"))).toBe(true);
    expect(equals(search.content, w("v=0"))).toBe(true);
    expect(search.head).toBe(EMPTY);
    expect(findBody(search, w("text/plain"), w("v=0"), w("application/sdp"))).toBe(false);
    const body = w(
      "--o\r\nContent-Type: multipart/alternative;\r\n\tboundary=i\r\n\r\n--i\r\nContent-Type: text/html\r\n\r\nx\r\n--i--\r\n--o\r\nContent-Disposition: session\r\ncontent-type: application/sdp\r\n\r\nv=0\r\n\r\n--o--\r\n",
    );
    expect(findBody(search, w("multipart/mixed;boundary=o"), body, w("application/sdp"))).toBe(true);
    expect(equals(search.content, w("v=0\r\n"))).toBe(true);
    expect(isPresent(search.head)).toBe(true);
    expect(findBody(search, w("multipart/mixed;boundary=o"), body, w("text/html"))).toBe(true);
    expect(equals(search.contentType, w("text/html"))).toBe(true);
    expect(findBody(search, w("multipart/mixed;boundary=o"), body, w("text/plain"))).toBe(false);
  });

  it("is written, read and written again", () => {
    const from = mark();
    putTypedPart(w("b1"), w("application/sdp"), w("Content-Disposition: session\r\n"), w("v=0\r\n"));
    putTypedPart(w("b1"), w("text/plain"), EMPTY, EMPTY);
    putClosing(w("b1"));
    const body = written(from);
    expect(
      equals(
        body,
        w(
          "--b1\r\nContent-Type: application/sdp\r\nContent-Disposition: session\r\n\r\nv=0\r\n\r\n--b1\r\nContent-Type: text/plain\r\n\r\n\r\n--b1--\r\n",
        ),
      ),
    ).toBe(true);
    openMultipart(parts, w("multipart/mixed;boundary=b1"), body);
    const again = mark();
    putMultipart(parts);
    expect(equals(written(again), body)).toBe(true);
  });
});

describe("malformed input", () => {
  it("rows 1 and 3: a multipart body cut at every byte ends where it ends", () => {
    const whole = copied(nested(4));
    const inner = newMultipart();
    for (let n = 0; n <= size(whole); n++) {
      const body = slice(start(whole), n);
      if (!openMultipart(parts, w("multipart/mixed;boundary=b0"), body)) continue;
      while (nextPart(parts)) {
        expect(start(parts.content) + size(parts.content) <= start(body) + n).toBe(true);
        if (openNested(inner, parts)) {
          while (nextPart(inner)) expect(start(inner.part) + size(inner.part) <= start(body) + n).toBe(true);
        }
      }
      expect(parts.isClosed).toBe(n == size(whole));
      findBody(search, w("multipart/mixed;boundary=b0"), body, w("text/none"));
    }
  });

  it("row 2: a body without parts is written as one without parts", () => {
    openMultipart(parts, w("multipart/mixed;boundary=z"), w("--z--\r\n"));
    putMultipart(parts);
    expect(wrote(w("--z--\r\n"))).toBe(true);
    openMultipart(parts, w("multipart/mixed;boundary=z"), EMPTY);
    putMultipart(parts);
    expect(wrote(w("--z--\r\n"))).toBe(true);
    put(EMPTY);
    expect(wrote(EMPTY)).toBe(true);
  });
});
