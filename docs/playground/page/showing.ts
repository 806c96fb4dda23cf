/** Runs a piece of work; of what goes wrong the message is shown. */
export function showing(fail: (message: string) => void): (work: () => Promise<void>) => Promise<void> {
  return async (work) => {
    try {
      await work();
    } catch (error) {
      fail((error as Error).message);
    }
  };
}
