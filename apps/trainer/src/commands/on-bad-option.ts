import { Option } from 'commander';
import { onBadChoices } from '../tasks/text/on-bad.ts';

/** `--on-bad skip` leaves out what cannot be read, with a count. */
export const onBadOption = (): Option =>
  new Option('--on-bad <what>', 'what becomes of records of the text, or of images, that cannot be read (default: stop)').choices(
    onBadChoices,
  );
