// A real registrar and proxy, a real name server, and other phones: Kamailio, dnsmasq, baresip, linphone.
//
// A refresh takes three quarters of a minute; so everything runs side by side, a few servers at a time.

import { describe } from "node:test";
import { badPath } from "./bad-path.js";
import { lamps } from "./lamps.js";
import { otherPhones } from "./other-phones.js";
import { otherTransfers } from "./other-transfers.js";
import { outages } from "./outages.js";
import { proxiedCalls } from "./proxied-calls.js";
import { registrations } from "./registrations.js";
import { secureMedia } from "./secure-media.js";

describe("servers", { concurrency: true }, () => {
  describe("other phones at Kamailio", { concurrency: true }, otherPhones);
  describe("calls through Kamailio", { concurrency: 3 }, proxiedCalls);
  // A few seconds each: together they take no longer than a refresh.
  describe("transfers, SRTP, and what Kamailio tells", { concurrency: 2 }, () => {
    otherTransfers();
    secureMedia();
    lamps();
  });
  describe("registration at Kamailio", { concurrency: 2 }, registrations);
  describe("Kamailio goes and comes back", { concurrency: 2 }, outages);
  describe("a bad path to Kamailio", { concurrency: true }, badPath);
});
