/*
 * The exports of the module that hosts call: name behind `sip_`, count of i32 parameters, and 1 where the f64 `now`
 * follows them. Each answers one i32. docs/abi.md; tests/c/library.test.ts holds it against the module.
 */
#ifndef RINGLET_EXPORTS_H
#define RINGLET_EXPORTS_H

#define ENGINE_EXPORTS(X) \
  X(accepted, 6, 1)       \
  X(answer, 1, 1)         \
  X(boot, 2, 0)           \
  X(boot_next, 0, 0)      \
  X(call, 2, 1)           \
  X(conference, 2, 1)     \
  X(counter, 1, 0)        \
  X(dtmf, 2, 1)           \
  X(end_due, 0, 1)        \
  X(export, 0, 0)         \
  X(find, 2, 0)           \
  X(flow_closed, 1, 1)    \
  X(flow_opened, 6, 1)    \
  X(get, 1, 0)            \
  X(hangup, 1, 1)         \
  X(hold, 1, 1)           \
  X(init, 1, 0)           \
  X(input, 1, 0)          \
  X(judge, 1, 0)          \
  X(list, 0, 1)           \
  X(mask, 1, 0)           \
  X(media, 3, 1)          \
  X(message, 3, 1)        \
  X(poll, 0, 0)           \
  X(provision, 2, 0)      \
  X(receive, 4, 1)        \
  X(register, 1, 1)       \
  X(reject, 2, 1)         \
  X(resolved, 2, 1)       \
  X(resume, 1, 1)         \
  X(seed, 1, 0)           \
  X(send_failed, 3, 1)    \
  X(set, 2, 1)            \
  X(start, 0, 1)          \
  X(stop, 0, 1)           \
  X(subscribe, 3, 1)      \
  X(survived, 1, 1)       \
  X(tick, 0, 1)           \
  X(transfer, 2, 1)       \
  X(transfer_to, 2, 1)    \
  X(unregister, 1, 1)     \
  X(unsubscribe, 1, 1)

#endif
