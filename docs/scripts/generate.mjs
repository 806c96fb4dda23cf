/** Writes the pages that are made from elsewhere: the figures from measurements, the API reference from the sources. */
import { writeApiReference } from './api-reference.mjs';
import { writePerformancePage } from './performance-page.mjs';

writePerformancePage();
await writeApiReference();
