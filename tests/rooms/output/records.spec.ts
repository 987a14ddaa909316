import { EMPTY, equals, size, slice, Slice, start, w } from "../../../assembly/bytes/slice";
import { EventKind, FieldType, RecordKind } from "../../../assembly/output/abi-numbers";
import {
  beginEvent,
  beginRecord,
  clearOutput,
  endEvent,
  endRecord,
  mark,
  numberField,
  openOutput,
  OUTPUT_BYTES,
  pollRecord,
  put,
  putByte,
  reference,
  rewind,
  sayBytes,
  secretField,
  textField,
  word,
  written,
} from "../../../assembly/output/output";
import { openTestArena } from "../support/arena";

/** Word `index` of a record; 0 is the kind, 1 the length in bytes. */
function wordOf(record: usize, index: i32): i32 {
  return load<i32>(record + ((<usize>index) << 2));
}

/** The bytes that words `index` and `index + 1` point at. */
function bytesOf(record: usize, index: i32): Slice {
  return slice(<usize>wordOf(record, index), wordOf(record, index + 1));
}

let base: usize = 0;

/** Puts bytes until only `left` fit. */
function fillTo(left: usize): void {
  put(slice(base, <i32>(base + OUTPUT_BYTES - mark() - left)));
}

describe("records", () => {
  beforeEach(() => {
    openTestArena();
    openOutput();
    base = mark();
  });

  it("stay when the text in front of them is taken back", () => {
    const from = mark();
    put(w("kept elsewhere"));
    beginRecord(RecordKind.Resolve);
    word(7);
    endRecord();
    rewind(from);
    put(w("what is written next"));
    const record = pollRecord();
    expect(wordOf(record, 0)).toBe(RecordKind.Resolve);
    expect(wordOf(record, 2)).toBe(7);
    expect(pollRecord()).toBe(0);
  });

  it("are read once, in the order in which they were said", () => {
    expect(pollRecord()).toBe(0);
    for (let i = 1; i <= 3; i++) {
      expect(beginRecord(RecordKind.Close)).toBe(true);
      word(i);
      endRecord();
      // Odd lengths between, so that the next one has to be aligned.
      putByte(0xff);
    }
    for (let i = 1; i <= 3; i++) {
      const record = pollRecord();
      expect(record & 3).toBe(0);
      expect(wordOf(record, 0)).toBe(RecordKind.Close);
      expect(wordOf(record, 1)).toBe(12);
      expect(wordOf(record, 2)).toBe(i);
    }
    expect(pollRecord()).toBe(0);
    expect(pollRecord()).toBe(0);
  });

  it("are forgotten when the output is cleared, read or not", () => {
    beginRecord(RecordKind.Close);
    endRecord();
    clearOutput();
    expect(pollRecord()).toBe(0);
    beginRecord(RecordKind.Open);
    endRecord();
    expect(wordOf(pollRecord(), 0)).toBe(RecordKind.Open);
    expect(pollRecord()).toBe(0);
  });

  it("point at bytes", () => {
    beginRecord(RecordKind.Value);
    reference(w("key"));
    reference(EMPTY);
    endRecord();
    const record = pollRecord();
    expect(equals(bytesOf(record, 2), w("key"))).toBe(true);
    expect(wordOf(record, 4)).toBe(0);
    expect(wordOf(record, 5)).toBe(0);
    expect(wordOf(record, 1)).toBe(24);
  });

  it("are not begun when less than a kilobyte is left", () => {
    fillTo(1024);
    expect(beginRecord(RecordKind.Close)).toBe(true);
    endRecord();
    expect(beginRecord(RecordKind.Close)).toBe(false);
    expect(pollRecord() != 0).toBe(true);
    expect(pollRecord()).toBe(0);
  });
});

describe("bytes that leave", () => {
  beforeEach(() => {
    openTestArena();
    openOutput();
    base = mark();
  });

  it("are copied when they were kept elsewhere", () => {
    const kept = heap.alloc(4);
    store<u32>(kept, 0x64636261);
    sayBytes(7, w("192.0.2.1"), 5060, slice(kept, 4));
    store<u32>(kept, 0);
    const record = pollRecord();
    expect(wordOf(record, 0)).toBe(RecordKind.Send);
    expect(wordOf(record, 1)).toBe(32);
    expect(wordOf(record, 2)).toBe(7);
    expect(equals(bytesOf(record, 3), w("192.0.2.1"))).toBe(true);
    expect(wordOf(record, 5)).toBe(5060);
    expect(equals(bytesOf(record, 6), w("abcd"))).toBe(true);
    heap.free(kept);
  });

  it("stay where they are when they were written here", () => {
    const from = mark();
    put(w("OPTIONS"));
    const bytes = written(from);
    sayBytes(7, w("192.0.2.1"), 5060, bytes);
    expect(bytesOf(pollRecord(), 6)).toBe(bytes);
  });

  it("are not said in part", () => {
    fillTo(2000);
    sayBytes(7, w("192.0.2.1"), 5060, slice(start(w("x")), 2001));
    expect(pollRecord()).toBe(0);
    sayBytes(7, w("192.0.2.1"), 5060, slice(start(w("x")), 1500));
    expect(pollRecord()).toBe(0);
    sayBytes(7, w("192.0.2.1"), 5060, w("short"));
    expect(equals(bytesOf(pollRecord(), 6), w("short"))).toBe(true);
  });
});

describe("events", () => {
  beforeEach(() => {
    openTestArena();
    openOutput();
    base = mark();
  });

  it("have a name, a call and fields", () => {
    expect(beginEvent(EventKind.CallEnded, w("call.ended"), 0x18020000, 3)).toBe(true);
    numberField(w("status"), 486);
    numberField(w("offset"), -2);
    textField(w("by"), w("remote"));
    numberField(w("long"), 0x100000002);
    endEvent();
    const event = pollRecord();
    expect(wordOf(event, 0)).toBe(RecordKind.Event);
    expect(wordOf(event, 1)).toBe((8 + 4 * 5) * 4);
    expect(wordOf(event, 2)).toBe(EventKind.CallEnded);
    expect(equals(bytesOf(event, 3), w("call.ended"))).toBe(true);
    expect(wordOf(event, 5)).toBe(0x18020000);
    expect(wordOf(event, 6)).toBe(3);
    expect(wordOf(event, 7)).toBe(4);
    expect(equals(bytesOf(event, 8), w("status"))).toBe(true);
    expect(wordOf(event, 10)).toBe(FieldType.Number);
    expect(load<i64>(event + 11 * 4)).toBe(486);
    expect(load<i64>(event + 16 * 4)).toBe(-2);
    expect(wordOf(event, 20)).toBe(FieldType.Text);
    expect(equals(bytesOf(event, 21), w("remote"))).toBe(true);
    expect(load<i64>(event + 26 * 4)).toBe(0x100000002);
    expect(pollRecord()).toBe(0);
  });

  it("copy their texts behind the record", () => {
    const text = heap.alloc(4);
    store<u32>(text, 0x64636261);
    beginEvent(EventKind.CallIncoming, w("call.incoming"));
    textField(w("from"), slice(text, 4));
    textField(w("to"), slice(text, 3));
    secretField(w("nothing"), EMPTY);
    endEvent();
    store<u32>(text, 0);
    heap.free(text);
    const event = pollRecord();
    expect(equals(bytesOf(event, 11), w("abcd"))).toBe(true);
    expect(equals(bytesOf(event, 16), w("abc"))).toBe(true);
    expect(size(bytesOf(event, 21))).toBe(0);
    expect(<usize>wordOf(event, 11) >= event + <usize>wordOf(event, 1)).toBe(true);
  });

  it("go on after a text of odd length", () => {
    for (let i = 0; i < 3; i++) {
      beginEvent(EventKind.Fault, w("fault"));
      textField(w("what"), w("odd"));
      endEvent();
    }
    let count = 0;
    for (let event = pollRecord(); event; event = pollRecord()) {
      assert((event & 3) == 0 && equals(bytesOf(event, 11), w("odd")));
      count++;
    }
    expect(count).toBe(3);
  });

  it("say a text that does not fit as an empty one", () => {
    fillTo(1200);
    beginEvent(EventKind.Fault, w("fault"));
    textField(w("what"), slice(base, 4000));
    textField(w("short"), w("fits"));
    endEvent();
    const event = pollRecord();
    expect(size(bytesOf(event, 11))).toBe(0);
    expect(equals(bytesOf(event, 16), w("fits"))).toBe(true);
  });

  it("are left out whole when no room is left", () => {
    fillTo(100);
    expect(beginEvent(EventKind.Fault, w("fault"))).toBe(false);
    const before = mark();
    textField(w("what"), w("text"));
    numberField(w("status"), 1);
    endEvent();
    expect(mark()).toBe(before);
    expect(pollRecord()).toBe(0);
  });

  it("take no field outside of one", () => {
    beginEvent(EventKind.Fault, w("fault"));
    endEvent();
    numberField(w("late"), 1);
    endEvent();
    expect(wordOf(pollRecord(), 7)).toBe(0);
  });
});
