// Draws messages between two phones as they happen, one line each, with the seconds since the start.
//
//      3.02 |  caller                                        callee
//      3.02 |    |--------------- INVITE sip:callee@... -------->|

const WIDTH = 58;
const started = performance.now();

export function heading(left: string, right: string): void {
  print(`${left}${" ".repeat(Math.max(1, WIDTH + 4 - left.length - right.length))}${right}`);
}

/** An arrow with the message's first line on it; `note` stands behind. */
export function arrow(text: string, toTheRight: boolean, note = ""): void {
  const label = ` ${text.length > WIDTH - 8 ? `${text.slice(0, WIDTH - 11)}...` : text} `;
  const left = "-".repeat(Math.floor((WIDTH - label.length - 1) / 2));
  const line = (left + label).padEnd(WIDTH - 1, "-");
  print(`  |${toTheRight ? `${line}>` : `<${line}`}|${note ? `  ${note}` : ""}`);
}

/** Words between the arrows, wrapped. */
export function say(text: string): void {
  let line = "";
  for (const word of text.split(" ")) {
    if (line.length + word.length > 92) {
      print(`    ${line}`);
      line = "";
    }
    line += line === "" ? word : ` ${word}`;
  }
  print(`    ${line}`);
}

function print(text: string): void {
  console.log(`${secondsSinceStart().toFixed(2).padStart(7)}  ${text}`);
}

export function secondsSinceStart(): number {
  return (performance.now() - started) / 1000;
}
