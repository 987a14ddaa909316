// A failed assert is a bug of ours: it traps, and the host puts the state back (docs/abi.md, "Faults").
export function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  unreachable();
}
