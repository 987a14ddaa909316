// RCC-13: XML from the network. No DTD, no entities but the five, at most 16 elements in each other, unknown ones skipped.

import { EMPTY, equals, isPresent, size, Slice, slice, start, w } from "../../../assembly/bytes/slice";
import { openOutput } from "../../../assembly/output/output";
import { mark, written } from "../../../assembly/output/output";
import { putEscaped, putUnescaped } from "../../../assembly/xml/escapes";
import {
  attribute,
  depth,
  MOST_DEPTH,
  name,
  nextTag,
  openXml,
  Tag,
  text,
} from "../../../assembly/xml/reader";
import { begin, raw, text as document } from "../message/text";
import { openTestArena } from "../support/arena";
import { atEdge } from "../support/edge";

beforeEach(() => {
  openTestArena();
  openOutput();
});

function opens(wanted: Slice, at: i32): void {
  expect(nextTag()).toBe(Tag.Open);
  expect(equals(name, wanted)).toBe(true, "name");
  expect(depth).toBe(at);
}

function closes(wanted: Slice, at: i32): void {
  expect(nextTag()).toBe(Tag.Close);
  expect(equals(name, wanted)).toBe(true, "name");
  expect(depth).toBe(at);
}

/** How the document ends: Tag.End or Tag.Fault. It lies where memory ends. */
function verdict(bytes: Slice): Tag {
  openXml(atEdge(bytes));
  let tag = nextTag();
  let count = 0;
  while (tag > Tag.End && count++ < 100_000) tag = nextTag();
  expect(nextTag()).toBe(Tag.Fault, "nothing comes behind the end");
  return tag;
}

function elements(count: i32): Slice {
  begin();
  for (let i = 0; i < count; i++) raw(w("<a>"));
  for (let i = 0; i < count; i++) raw(w("</a>"));
  return document();
}

describe("a document", () => {
  it("is read tag by tag", () => {
    openXml(
      w(
        "<?xml version='1.0'?>\n<!-- <x> -->\n<a:one  b=\"1\" c = '>2'>\n <two/> x <three> y&amp; </three></a:one >\n",
      ),
    );
    opens(w("one"), 1);
    expect(equals(attribute(w("b")), w("1"))).toBe(true);
    expect(equals(attribute(w("c")), w(">2"))).toBe(true);
    expect(attribute(w("d")) == EMPTY).toBe(true);
    expect(size(text)).toBe(0);
    opens(w("two"), 2);
    expect(attribute(w("b")) == EMPTY).toBe(true);
    closes(w("two"), 1);
    opens(w("three"), 2);
    expect(equals(text, w("y&amp;"))).toBe(true);
    closes(w("three"), 1);
    closes(w("one"), 0);
    expect(nextTag()).toBe(Tag.End);
  });

  it("has an empty attribute that is told from none", () => {
    openXml(w('<a b=""/>'));
    opens(w("a"), 1);
    expect(isPresent(attribute(w("b")))).toBe(true);
  });

  it("may stand alone, without a declaration", () => expect(verdict(w("<a/>"))).toBe(Tag.End));
  it("may have text around its root", () => expect(verdict(w("x<a>y</a>z"))).toBe(Tag.End));
});

describe("RCC-13: what can't be read is a fault, and nothing is read behind the end", () => {
  it("nothing", () => expect(verdict(w(" "))).toBe(Tag.Fault));
  it("no root", () => expect(verdict(w("<?xml version='1.0'?> x"))).toBe(Tag.Fault));
  it("a DTD", () => expect(verdict(w("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"))).toBe(Tag.Fault));
  it("CDATA", () => expect(verdict(w("<a><![CDATA[x]]></a>"))).toBe(Tag.Fault));
  it("a root that stays open", () => expect(verdict(w("<a><b></b>"))).toBe(Tag.Fault));
  it("a tag too many", () => expect(verdict(w("<a></a></a>"))).toBe(Tag.Fault));
  it("tags that cross", () => expect(verdict(w("<a><b></a></b>"))).toBe(Tag.Fault));
  it("another prefix at the end", () => expect(verdict(w("<x:a></y:a>"))).toBe(Tag.Fault));
  it("a second root", () => expect(verdict(w("<a/><a/>"))).toBe(Tag.Fault));
  it("no name", () => expect(verdict(w("< a/>"))).toBe(Tag.Fault));
  it("an attribute without a value", () => expect(verdict(w("<a b/>"))).toBe(Tag.Fault));
  it("an attribute without quotes", () => expect(verdict(w("<a b=c/>"))).toBe(Tag.Fault));
  it("an attribute without a blank before it", () => expect(verdict(w("<a b='c'd='e'/>"))).toBe(Tag.Fault));
  it("a tag in an attribute", () => expect(verdict(w("<a b='<c>'/>"))).toBe(Tag.Fault));
  it("a slash in a tag", () => expect(verdict(w("<a / b='c'>"))).toBe(Tag.Fault));
  it("a comment without an end", () => expect(verdict(w("<!-- -- >"))).toBe(Tag.Fault));
  it("an instruction without an end", () => expect(verdict(w("<a/><?x"))).toBe(Tag.Fault));

  it("every cut of a document", () => {
    const whole = w("<?x?><!--y--><a b='c'  d=\"e\"><f/> g <h i='&lt;'>j</h ></a>");
    for (let n = 0; n < size(whole); n++) {
      expect(verdict(slice(start(whole), n))).toBe(Tag.Fault);
    }
    expect(verdict(whole)).toBe(Tag.End);
  });

  it("sixteen elements in each other are read, one more is not", () => {
    expect(verdict(elements(MOST_DEPTH))).toBe(Tag.End);
    expect(verdict(elements(MOST_DEPTH + 1))).toBe(Tag.Fault);
  });
});

describe("entities", () => {
  it("the five stand for their bytes, and no other for anything", () => {
    const from = mark();
    putUnescaped(w("a&amp;&lt;b&gt;&quot;&apos;&amp;lt;&#65;&x;&am"));
    expect(equals(written(from), w("a&<b>\"'&lt;&#65;&x;&am"))).toBe(true);
  });

  it("text is escaped so that it stands between tags and quotes", () => {
    const from = mark();
    putEscaped(w("a&<b>\"'"));
    expect(equals(written(from), w("a&amp;&lt;b&gt;&quot;&apos;"))).toBe(true);
  });
});
