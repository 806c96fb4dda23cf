/** When to stop because the validation loss no longer falls: a pure function of the losses so far, so that a resumed run decides alike. */
import { GmlpError } from '@gmlp/base';

export interface EarlyStoppingOptions {
  /** Stop after so many evaluations in a row without improvement. */
  readonly patience: number;
  /** A loss counts as an improvement when it is lower than the best by more than this. */
  readonly minDelta?: number;
}

export interface EarlyStopping {
  /** The index of the last improvement, -1 if no loss was a number. */
  readonly best: number;
  readonly stop: boolean;
}

/** The losses are those of all evaluations so far, the oldest first. NaN improves nothing. */
export function earlyStopping({ patience, minDelta = 0 }: EarlyStoppingOptions): (losses: readonly number[]) => EarlyStopping {
  if (!Number.isSafeInteger(patience) || patience < 1 || !(minDelta >= 0 && Number.isFinite(minDelta))) {
    throw new GmlpError(
      'invalid-argument',
      `earlyStopping: expected a whole patience of at least 1 and a minDelta of at least 0, got patience ${patience} and minDelta ${minDelta}`,
      { patience, minDelta },
    );
  }
  return (losses) => {
    let best = -1;
    losses.forEach((loss, index) => {
      if (best === -1 ? !Number.isNaN(loss) : loss < losses[best]! - minDelta) best = index;
    });
    return { best, stop: losses.length - 1 - best >= patience };
  };
}
