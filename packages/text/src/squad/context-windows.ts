/**
 * A long text in parts that a model can read, as BERT reads the paragraphs of SQuAD (run_squad.py of https://github.com/google-research/bert):
 * each begins `stride` pieces behind the one before, and the last reaches the end.
 */
import { GmlpError } from '@gmlp/base';

export interface ContextWindow {
  /** The first piece of the text that is in it, and how many follow, that one included. */
  readonly from: number;
  readonly length: number;
}

/** Of a text of no piece there is one window, of none. `room` is the most pieces that a window has; a stride above it would leave some out. */
export function contextWindows(pieces: number, room: number, stride: number): readonly ContextWindow[] {
  if (!(room > 0 && stride > 0)) {
    throw new GmlpError('invalid-argument', `contextWindows: expected room and a stride above 0, got ${room} and ${stride}`, {
      room,
      stride,
    });
  }
  const windows: ContextWindow[] = [];
  const step = Math.min(stride, room);
  for (let from = 0; ; from += step) {
    const length = Math.min(room, pieces - from);
    windows.push({ from, length });
    if (from + length >= pieces) return windows;
  }
}

/**
 * Of a piece that is in several windows, the number of that which shows most of what is around it: the smaller of what stands on its left and on
 * its right there, and a hundredth of the window's length; of equal ones the first.
 */
export function mostCentral(windows: readonly ContextWindow[], piece: number): number {
  let best = -1;
  let most = Number.NEGATIVE_INFINITY;
  for (const [number, { from, length }] of windows.entries()) {
    const [left, right] = [piece - from, from + length - 1 - piece];
    if (left < 0 || right < 0) continue;
    const shown = Math.min(left, right) + 0.01 * length;
    if (shown > most) [best, most] = [number, shown];
  }
  return best;
}
