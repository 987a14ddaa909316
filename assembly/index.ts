import "./abort/index";
import { openArena } from "./bytes/arena";
import { openBlocks, keep, release, blocksInUse } from "./bytes/blocks";
import { openDeadlines, newDeadline, takeDue } from "./time/deadlines";
import { openPool, Pool, Pooled, Kind } from "./handle/pool";
import { openOutput, beginEvent, textField, endEvent, putNumber } from "./output/output";
import { w } from "./bytes/slice";
@unmanaged class T extends Pooled { x: i32; }
let p: Pool<T> = changetype<Pool<T>>(0);
export function t(): i32 { openArena(__heap_base); openBlocks(1); openDeadlines(4); openOutput(); p = openPool<T>(Kind.Call, 3);
 const d = newDeadline(); d.arm(1, 5); const k = keep(w("hello")); release(k); beginEvent(1, w("a.b")); textField(w("x"), w("yy")); endEvent(); putNumber(-120); const o = p.take(); if (o) { p.give(o); return o.handle } return 0; }
