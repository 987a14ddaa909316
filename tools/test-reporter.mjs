// A reporter for `node --test`: one JSON line for each test that ended, for tools/test.mjs to count.
//
// A suite is no test, unless it is skipped whole; neither is a file, unless it broke before its first test.
export default async function* report(source) {
  for await (const { type, data } of source) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    const isSuite = data.details?.type === "suite" && data.skip === undefined;
    const isWholeFile = data.name === data.file && type === "test:pass";
    if (isSuite || isWholeFile) continue;
    const result =
      data.skip !== undefined || data.todo !== undefined
        ? "skipped"
        : type === "test:pass"
          ? "passed"
          : "failed";
    const why = [data.skip, data.todo].find((word) => typeof word === "string") ?? "";
    yield JSON.stringify({ file: data.file ?? data.name, name: data.name, result, why }) + "\n";
  }
}
