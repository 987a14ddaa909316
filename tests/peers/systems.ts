// All systems of this folder.

import { asteriskLike } from "./asterisk-like.js";
import { lync2010 } from "./lync2010.js";
import { ocsR2 } from "./ocs-r2.js";
import type { System } from "./peer.js";
import { teams } from "./teams.js";
import { yealink } from "./yealink.js";

export const SYSTEMS: readonly System[] = [teams, lync2010, ocsR2, yealink, asteriskLike];
