/**
 * Writes the pages that are made from elsewhere: the figures and the table of devices from measurements, the commands and the
 * fields of a recipe from the program's own tables, the mini recipes, those for CIFAR-10 and SST-2 from their stored runs, the API reference from the sources.
 */
import { register } from 'node:module';
import { writeApiReference } from './api-reference.mjs';
import { writePerformancePage } from './performance-page.mjs';
import { writeSupportPage } from './support-page.mjs';

register('../../tooling/source-hooks.mjs', import.meta.url); // nothing need be built
const [{ writeCommandsPage }, { writeRecipePage }, { writeMiniPage }, { writeCifarPage }, { writeSst2Page }] = await Promise.all([
  import('./commands-page.mjs'),
  import('./recipe-page.mjs'),
  import('./mini-page.mjs'),
  import('./cifar-page.mjs'),
  import('./sst2-page.mjs'),
]);

writePerformancePage();
writeSupportPage();
writeCommandsPage();
writeRecipePage();
writeMiniPage();
writeCifarPage();
writeSst2Page();
await writeApiReference();
