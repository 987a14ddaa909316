// Real programs over real sockets on loopback: SIPp and `ringlet run`, each test with processes of its own.
//
// A refresh takes three quarters of a minute; so that all of it together takes hardly longer than two
// refreshes, everything runs side by side in this one file.

import { describe } from "node:test";
import { besideCalls } from "./beside-calls.js";
import { calls } from "./calls.js";
import { crowds } from "./crowds.js";
import { refreshes } from "./refreshes.js";
import { steering } from "./steering.js";
import { twoPhones } from "./two-phones.js";

describe("interop", { concurrency: true }, () => {
  describe("session timers with SIPp", { concurrency: true }, refreshes);
  describe("two phones", { concurrency: true }, twoPhones);
  describe("calls with SIPp", { concurrency: 3 }, calls);
  describe("beside calls with SIPp", { concurrency: 2 }, besideCalls);
  describe("steering with SIPp", steering);
  describe("many calls with SIPp", { concurrency: 2 }, crowds);
});
