// Many texts in one, as short as it gets by simple means.

/**
 * A text in which each of the texts stands, and where: {text, placeOf}. The longest come first; whatever
 * stands in a longer one needs no bytes, and each begins in the end of the one before where that fits.
 */
export function packed(texts) {
  const whole = [];
  for (const text of [...new Set(texts)].sort((a, b) => b.length - a.length || (a < b ? -1 : 1))) {
    if (!whole.some((other) => other.includes(text))) whole.push(text);
  }
  // Alike texts side by side: that makes the squeezed data shorter.
  const text = joined(whole.sort());
  return { text, placeOf: new Map(texts.map((one) => [one, text.indexOf(one)])) };
}

/** The texts behind one another, each as deep in the one before as their bytes agree; the best pairs first. */
function joined(texts) {
  const parts = [...texts];
  for (let depth = Math.max(...parts.map((part) => part.length)) - 1; depth > 0; depth--) {
    const byStart = new Map();
    for (const part of parts) {
      const start = part.slice(0, depth);
      if (part.length > depth) byStart.set(start, [...(byStart.get(start) ?? []), part]);
    }
    for (let i = 0; i < parts.length; i++) {
      if (parts[i] === null || parts[i].length <= depth) continue;
      const follower = (byStart.get(parts[i].slice(-depth)) ?? []).find(
        (part) => part !== parts[i] && parts.includes(part),
      );
      if (follower === undefined) continue;
      parts[parts.indexOf(follower)] = null;
      parts[i] += follower.slice(depth);
    }
    for (let i = parts.length - 1; i >= 0; i--) if (parts[i] === null) parts.splice(i, 1);
  }
  return parts.join("");
}
