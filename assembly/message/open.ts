// Makes the tables and the reused objects of this room.

import { openCheck } from "./check";
import { openFaults } from "./fault";
import { openGrammar } from "./grammar";
import { openHeaders } from "./header";
import { openMethods } from "./method";
import { openUris } from "./same-uri";
import { openTags } from "./tag";

/** Once, before any other function of the room. */
export function openMessage(): void {
  openGrammar();
  openMethods();
  openHeaders();
  openFaults();
  openUris();
  openCheck();
  openTags();
}
