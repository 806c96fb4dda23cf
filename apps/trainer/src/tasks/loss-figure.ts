import type { Figure } from './task.ts';

export const lossFigure: Figure = { name: 'loss', label: 'loss', better: 'lower', format: (loss) => loss.toFixed(4) };
