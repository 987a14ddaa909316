// Waiting for something that another program or a socket brings about: whoever notices a change wakes those who wait.

export class Waiting {
  private readonly looks = new Set<() => void>();

  /** `told`: what there is to say of a wait that came to nothing. */
  constructor(private readonly told: () => string) {}

  /** Something has changed. */
  wake(): void {
    for (const look of [...this.looks]) look();
  }

  /**
   * Waits until it is true, which is looked at whenever something has changed. `isOver`: nothing can change any more. Rejects
   * after the time, with `what` in its words.
   */
  until(
    what: string,
    timeoutMs: number,
    isTrue: () => boolean,
    isOver: () => boolean = () => false,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (words?: string) => {
        clearTimeout(timeout);
        this.looks.delete(look);
        if (words === undefined) resolve();
        else reject(new Error(`${what}${words}\n${this.told()}`));
      };
      const look = () => {
        if (isTrue()) done();
        else if (isOver()) done(": the program ended");
      };
      const timeout = setTimeout(() => done(" did not come"), timeoutMs);
      this.looks.add(look);
      look();
    });
  }
}
