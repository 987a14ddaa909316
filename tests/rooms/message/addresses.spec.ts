// Header fields that are addresses: From, To, Contact, Route and its kin, Via.

import { EMPTY, equals, isPresent, w } from "../../../assembly/bytes/slice";
import { nextAddress, putAddressRow, tagOf } from "../../../assembly/message/address";
import {
  Contact,
  newContact,
  parseContact,
  publicGruu,
  putContact,
  temporaryGruu,
} from "../../../assembly/message/contact";
import { featureHas, featureMethods, hasFeature } from "../../../assembly/message/feature";
import { Header } from "../../../assembly/message/header";
import { newElements } from "../../../assembly/message/list";
import { Method } from "../../../assembly/message/method";
import { NameAddr, newNameAddr, parseNameAddr } from "../../../assembly/message/name-addr";
import { parameter } from "../../../assembly/message/parameters";
import { putParametersWith } from "../../../assembly/message/put-parameters";
import { isLoose, isOutbound, parseRoute, putRoute } from "../../../assembly/message/route";
import { newUri } from "../../../assembly/message/uri";
import { newVia, parseVia, Via } from "../../../assembly/message/via";
import {
  hasAlias,
  keepOf,
  maddrOf,
  putReceivedVia,
  putVia,
  ttlOf,
} from "../../../assembly/message/via-parameters";
import { openRows, withRow, withRows, wrote, writtenValue } from "./rows";

let address: NameAddr = changetype<NameAddr>(0);
let contact: Contact = changetype<Contact>(0);
let via: Via = changetype<Via>(0);

beforeEach(() => {
  openRows();
  address = newNameAddr();
  contact = newContact();
  via = newVia();
});

describe("From and To", () => {
  it("are written as they came", () => {
    parseNameAddr(w('"A. G. Bell" <sip:agb@bell-telephone.com> ;tag=a48s'), address);
    expect(equals(tagOf(address), w("a48s"))).toBe(true);
    putAddressRow(Header.From, address);
    expect(wrote(w('From: "A. G. Bell" <sip:agb@bell-telephone.com>;tag=a48s\r\n'))).toBe(true);
    parseNameAddr(w('sip:+12125551212@server.phone2net.com;tag=887s;X="y;z"'), address);
    putAddressRow(Header.To, address);
    expect(wrote(w('To: <sip:+12125551212@server.phone2net.com>;tag=887s;X="y;z"\r\n'))).toBe(true);
    parseNameAddr(w("Anonymous <sip:c8oqz84zk7z@privacy.org>"), address);
    expect(tagOf(address)).toBe(EMPTY);
    putAddressRow(Header.From, address);
    expect(wrote(w("From: Anonymous <sip:c8oqz84zk7z@privacy.org>\r\n"))).toBe(true);
  });

  it("get the quotes that a display name lacks", () => {
    parseNameAddr(w("Bob (home) <sip:b@c>"), address);
    putAddressRow(Header.To, address);
    expect(wrote(w('To: "Bob (home)" <sip:b@c>\r\n'))).toBe(true);
  });

  it("come folded and in compact form", () => {
    const m = withRow(w('r: "Bob"\r\n <sip:bob@example.com>\r\n\t;x=1'));
    parseNameAddr(m.header(Header.ReferTo), address);
    expect(equals(address.uri, w("sip:bob@example.com"))).toBe(true);
    expect(equals(parameter(address.params, w("x")), w("1"))).toBe(true);
  });
});

describe("Contact", () => {
  it("has a weight and an expiry (RFC 3261 §20.10)", () => {
    expect(
      parseContact(w('"Mr. Watson" <sip:watson@worcester.bell-telephone.com>;q=0.7; expires=3600'), contact),
    ).toBe(true);
    expect(contact.q).toBe(700);
    expect(contact.expires).toBe(3600);
    expect(contact.isStar).toBe(false);
    expect(contact.instance).toBe(EMPTY);
    expect(contact.regId).toBe(-1);
    putContact(contact);
    const expected = w(
      'Contact: "Mr. Watson" <sip:watson@worcester.bell-telephone.com>;q=0.7;expires=3600\r\n',
    );
    expect(wrote(expected)).toBe(true);
    putContact(contact);
    expect(parseContact(writtenValue(), contact)).toBe(true);
    putContact(contact);
    expect(wrote(expected)).toBe(true);
  });

  it("has nothing that it does not say", () => {
    expect(parseContact(w("mailto:watson@bell-telephone.com"), contact)).toBe(true);
    expect(contact.q).toBe(1000);
    expect(contact.expires).toBe(-1);
    expect(parseContact(w("<sip:a@b>;expires=soon;q=2"), contact)).toBe(true);
    expect(contact.expires).toBe(3600);
    expect(contact.q).toBe(1000);
    expect(parseContact(w("<sip:a@b>;expires=0"), contact)).toBe(true);
    expect(contact.expires).toBe(0);
  });

  it("writes an instance with its escapes as they came", () => {
    expect(parseContact(w('<sip:a@b>;+sip.instance="<urn:x:\\"1\\">"'), contact)).toBe(true);
    putContact(contact);
    expect(wrote(w('Contact: <sip:a@b>;+sip.instance="<urn:x:\\"1\\">"\r\n'))).toBe(true);
  });

  it("ends no row with the blanks that stood in front of another parameter", () => {
    expect(parseContact(w("<sip:a@b>; x = 1 ; secondparam ; q = 0.33"), contact)).toBe(true);
    putContact(contact);
    expect(wrote(w("Contact: <sip:a@b>;q=0.33; x = 1; secondparam\r\n"))).toBe(true);
  });

  it("may be a star, which stands alone", () => {
    expect(parseContact(w("*"), contact)).toBe(true);
    expect(contact.isStar).toBe(true);
    expect(contact.address.uri).toBe(EMPTY);
    putContact(contact);
    expect(wrote(w("Contact: *\r\n"))).toBe(true);
    expect(parseContact(w("* "), contact)).toBe(true);
    expect(contact.isStar).toBe(false);
    expect(parseContact(w(""), contact)).toBe(false);
    expect(parseContact(w("<sip:a@b"), contact)).toBe(false);
  });

  it("names an instance and a flow (RFC 5626), and its GRUUs (RFC 5627)", () => {
    expect(
      parseContact(
        w(
          '<sip:callee@192.0.2.2;transport=tcp;ob>;x;reg-id=1;+sip.instance="<urn:uuid:00000000-0000-1000-8000-000A95A0E128>";pub-gruu="sip:callee@example.com;gr=urn:uuid:f81d-a0c91";temp-gruu="sip:tgruu.7hs@example.com;gr"',
        ),
        contact,
      ),
    ).toBe(true);
    expect(contact.regId).toBe(1);
    expect(equals(contact.instance, w("<urn:uuid:00000000-0000-1000-8000-000A95A0E128>"))).toBe(true);
    expect(equals(publicGruu(contact), w("sip:callee@example.com;gr=urn:uuid:f81d-a0c91"))).toBe(true);
    expect(equals(temporaryGruu(contact), w("sip:tgruu.7hs@example.com;gr"))).toBe(true);
    putContact(contact);
    expect(parseContact(writtenValue(), contact)).toBe(true);
    expect(contact.regId).toBe(1);
    expect(equals(contact.instance, w("<urn:uuid:00000000-0000-1000-8000-000A95A0E128>"))).toBe(true);
    expect(isPresent(parameter(contact.address.params, w("x")))).toBe(true);
  });

  it("says what its owner can do (RFC 3840)", () => {
    parseContact(
      w(
        '<sip:u1@h.example.com>;audio;video="FALSE";isfocus;+sip.x="a,B";methods="INVITE, BYE,OPTIONS,X";mobility',
      ),
      contact,
    );
    const params = contact.address.params;
    expect(hasFeature(params, w("isfocus"))).toBe(true);
    expect(hasFeature(params, w("Audio"))).toBe(true);
    expect(hasFeature(params, w("video"))).toBe(false);
    expect(hasFeature(params, w("text"))).toBe(false);
    expect(featureHas(params, w("+sip.x"), w("b"))).toBe(true);
    expect(featureHas(params, w("+sip.x"), w("c"))).toBe(false);
    expect(featureMethods(params)).toBe((1 << Method.Invite) | (1 << Method.Bye) | (1 << Method.Options));
    expect(featureMethods(EMPTY)).toBe(0);
  });

  it("is one of a list, of which bad elements are passed over", () => {
    const m = withRows(w('m: <sip:a@b>,<sip:c@d> x, "e" sip:f@g'), w("Contact: ,sip:h@i;q=0,<sip:j"));
    const all = newElements();
    all.open(m, Header.Contact);
    expect(nextAddress(all, address)).toBe(true);
    expect(equals(address.uri, w("sip:a@b"))).toBe(true);
    expect(nextAddress(all, address)).toBe(true);
    expect(equals(address.uri, w("sip:h@i"))).toBe(true);
    expect(nextAddress(all, address)).toBe(false);
  });
});

describe("Route, Record-Route, Path, Service-Route", () => {
  it("are read with their URI and written byte for byte", () => {
    const uri = newUri();
    expect(parseRoute(w("<sip:bigbox3.site3.atlanta.com;lr>"), address, uri)).toBe(true);
    expect(isLoose(uri)).toBe(true);
    expect(isOutbound(uri)).toBe(false);
    putAddressRow(Header.RecordRoute, address);
    expect(wrote(w("Record-Route: <sip:bigbox3.site3.atlanta.com;lr>\r\n"))).toBe(true);
    expect(parseRoute(w("<sip:server10.biloxi.com;LR=on;x=%41>;y"), address, uri)).toBe(true);
    expect(isLoose(uri)).toBe(true);
    putAddressRow(Header.Route, address);
    expect(wrote(w("Route: <sip:server10.biloxi.com;LR=on;x=%41>;y\r\n"))).toBe(true);
    expect(parseRoute(w("<sip:P3.EXAMPLEHOME.COM>"), address, uri)).toBe(true);
    expect(isLoose(uri)).toBe(false);
    expect(parseRoute(w("<sip:tok@pcscf.example;lr;ob>"), address, uri)).toBe(true);
    expect(isOutbound(uri)).toBe(true);
    putRoute(Header.Path, w("sip:a;lr"));
    putRoute(Header.ServiceRoute, w("sip:b;lr"));
    expect(wrote(w("Path: <sip:a;lr>\r\nService-Route: <sip:b;lr>\r\n"))).toBe(true);
  });

  it("are refused with no URI in them", () => {
    const uri = newUri();
    expect(parseRoute(w("<>"), address, uri)).toBe(false);
    expect(parseRoute(w("<p1;lr>"), address, uri)).toBe(false);
    expect(parseRoute(w("<sip:p1;lr"), address, uri)).toBe(false);
  });
});

describe("Via", () => {
  it("has every parameter", () => {
    expect(
      parseVia(
        w(
          'SIP/2.0/UDP first.example.com:4000;ttl=16;maddr=224.2.0.1 ;branch=z9hG4bKa7c6a8dlze.1;alias;keep=30;x="a;b"',
        ),
        via,
      ),
    ).toBe(true);
    expect(ttlOf(via)).toBe(16);
    expect(equals(maddrOf(via), w("224.2.0.1"))).toBe(true);
    expect(hasAlias(via)).toBe(true);
    expect(<i32>keepOf(via)).toBe(30);
    putVia(via);
    expect(
      wrote(
        w(
          'Via: SIP/2.0/UDP first.example.com:4000;ttl=16;maddr=224.2.0.1 ;branch=z9hG4bKa7c6a8dlze.1;alias;keep=30;x="a;b"\r\n',
        ),
      ),
    ).toBe(true);
  });

  it("has none of them, or a bad one", () => {
    expect(parseVia(w("SIP/2.0/TCP [2001:db8::1];ttl=256;branch=z9hG4bKx;keep"), via)).toBe(true);
    expect(ttlOf(via)).toBe(-1);
    expect(maddrOf(via)).toBe(EMPTY);
    expect(hasAlias(via)).toBe(false);
    expect(<i32>keepOf(via)).toBe(0);
    parseVia(w("SIP/2.0/TCP a;keep=x"), via);
    expect(<i32>keepOf(via)).toBe(0);
    parseVia(w("SIP/2.0/TCP a"), via);
    expect(<i32>keepOf(via)).toBe(-1);
    putVia(via);
    expect(wrote(w("Via: SIP/2.0/TCP a\r\n"))).toBe(true);
  });

  it("gets the address from which it came (RFC 3581 §4)", () => {
    parseVia(w('SIP / 2.0 / UDP 10.1.1.1:4540;received=6.6.6.6;rport;x="r,q";branch=z9hG4bKkjshdyff'), via);
    putReceivedVia(via, w("192.0.2.1"), 9988);
    expect(
      wrote(
        w('Via: SIP/2.0/UDP 10.1.1.1:4540;x="r,q";branch=z9hG4bKkjshdyff;received=192.0.2.1;rport=9988\r\n'),
      ),
    ).toBe(true);
    parseVia(w("SIP/2.0/UDP 10.1.1.1;branch=z9hG4bKkjshdyff;"), via);
    putReceivedVia(via, w("192.0.2.1"), 9988);
    expect(wrote(w("Via: SIP/2.0/UDP 10.1.1.1;branch=z9hG4bKkjshdyff;received=192.0.2.1\r\n"))).toBe(true);
  });
});

describe("one parameter among others", () => {
  it("is changed in its place, added, or taken away", () => {
    const all = w(";a=1; B = 2 ;c;b=3;");
    putParametersWith(all, w("b"), w("x"));
    expect(wrote(w(";a=1;b=x;c"))).toBe(true);
    putParametersWith(all, w("d"), w(""));
    expect(wrote(w(";a=1; B = 2;c;b=3;d"))).toBe(true);
    putParametersWith(all, w("c"), EMPTY);
    expect(wrote(w(";a=1; B = 2;b=3"))).toBe(true);
    putParametersWith(EMPTY, w("c"), w("1"));
    expect(wrote(w(";c=1"))).toBe(true);
  });
});
