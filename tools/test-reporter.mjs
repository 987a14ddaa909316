// A reporter for `node --test`: one JSON line for each test that ended, for tools/test.mjs to count.
//
// A suite is no test; neither is a file, unless it broke before its first test.
export default async function* report(source) {
  for await (const { type, data } of source) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    if (data.details?.type === "suite") continue;
    const isFile = data.nesting === 0 && (data.name.endsWith(".js") || data.file === undefined);
    if (isFile && type === "test:pass") continue;
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
