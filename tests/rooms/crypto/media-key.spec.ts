import { EMPTY, size, Slice, start, w } from "../../../assembly/bytes/slice";
import { putMediaKey, seedKeys } from "../../../assembly/crypto/media-key";
import { openRandom, randomBits, seedRandom } from "../../../assembly/crypto/random";
import { mark, openOutput, rewind, written } from "../../../assembly/output/output";
import { openTestArena } from "../support/arena";

/** In the specs memory lasts: the secret of before goes into the next one. */
let isFresh = true;

function key(name: u64, suite: u8): string {
  const from = mark();
  putMediaKey(name, suite);
  const said = text(written(from));
  rewind(from);
  return said;
}

function text(s: Slice): string {
  return String.UTF8.decodeUnsafe(start(s), <usize>size(s));
}

describe("keys of media", () => {
  beforeEach(() => {
    openTestArena();
    openOutput();
    openRandom();
    seedRandom(w("0123456789abcdef0123456789abcdef"));
    if (isFresh) seedKeys(w("more"));
    isFresh = false;
  });

  // Computed apart: base64 of SHA-256(secret || name || suite), the secret that of SHA-256(state || seed || zeros).
  it("are what the seeds and their names say", () => {
    expect(key(1 << 32, 48)).toBe("inline:SkgMKiH+gHcfMY5aGTfheaUH734shyWV0kQR1+YN");
    expect(key(1 << 32, 50)).toBe("inline:l6z0IDQtWau/rmc38TGjytZ8rNZNu62GegX5tHaf");
    expect(key((1 << 32) + 1, 48)).toBe("inline:ME7uCYqXlk7YUItXQUXg51fcVTUccJpPNypbqlab");
    seedKeys(EMPTY);
    expect(key(1 << 32, 48)).toBe("inline:HBZ68R9prcwtNYFrMp6L+FVDa1wz6TePdBRISuos");
  });

  it("leave the other numbers as they are", () => {
    key(1, 1);
    seedKeys(w("even more"));
    expect(randomBits()).toBe(2283370097);
  });
});
