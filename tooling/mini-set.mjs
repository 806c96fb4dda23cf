/** The runs of `pnpm mini`: one of each mini recipe. */
import { miniNames } from '../apps/trainer/src/recipes/mini-recipes.ts';

export function miniSet() {
  return {
    runs: miniNames.map((name) => ({ folder: name, args: ['train', name] })),
    /** All its settings, as the claim is of them. */
    kept({ claim: _claim, command: _command, ...settings }) {
      return { recipe: settings };
    },
    file: 'mini-runs',
    type: 'MiniRun',
  };
}
