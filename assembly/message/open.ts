// Makes the tables and the reused objects of this room.

import { openFaults } from "./fault";
import { openGrammar } from "./grammar";
import { openHeaders } from "./header";
import { openMethods } from "./method";

/** Once, before any other function of the room. */
export function openMessage(): void {
  openGrammar();
  openMethods();
  openHeaders();
  openFaults();
}
