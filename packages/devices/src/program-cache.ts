/** What stays compiled on a device: of each function, and of all together, a bounded number, of which the one longest unused goes first. */
import { GmlpError } from '@gmlp/base';
import type { Program } from './program.ts';

/** The programs of one function, by the signature of its calls. */
export interface ProgramCache {
  /** The program of a signature, built where there is none. One that failed to build stays, and fails each call. */
  get(signature: string, build: () => Promise<Program>): Promise<Program>;
  /** Lets all go. */
  clear(): Promise<void>;
}

/** How many sets of shapes of a function stay compiled by default. */
const shapesOfFunction = 32;
/** Of all functions of a device together: the garbage collector does not see how much a session holds, and comes late. */
export const programsOfDevice = 128;

/**
 * Makes the cache of each function of a device. `letGo` is told of each program that no later call will use; calls that were made
 * before may not have run.
 */
export function programCaches(letGo: (program: Promise<Program>) => Promise<void>): (maximumShapes?: number) => ProgramCache {
  /** How to drop each; the last used last, as in the map of each function. */
  const all = new Map<Promise<Program>, () => void>();
  return (maximumShapes = shapesOfFunction) => {
    if (!Number.isSafeInteger(maximumShapes) || maximumShapes < 1) {
      throw new GmlpError(
        'invalid-argument',
        `compile: expected maximumShapes to be a whole number of at least 1, got ${maximumShapes}`,
        { maximumShapes },
      );
    }
    const own = new Map<string, Promise<Program>>();
    const take = (signature: string): Promise<Program> | undefined => {
      const program = own.get(signature);
      own.delete(signature);
      if (program) all.delete(program);
      return program;
    };
    const drop = async (signature: string): Promise<void> => letGo(take(signature)!);
    return {
      get(signature, build) {
        const program = take(signature) ?? build();
        own.set(signature, program);
        all.set(program, () => void drop(signature).catch(() => undefined)); // the device's end tries again
        if (own.size > maximumShapes) all.get(own.values().next().value!)!();
        if (all.size > programsOfDevice) all.values().next().value!();
        return program;
      },
      async clear() {
        await Promise.all([...own.keys()].map(drop));
      },
    };
  };
}
