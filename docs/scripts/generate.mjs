/** Writes the pages that are made from elsewhere: the figures and the table of devices from measurements, the API reference from the sources. */
import { writeApiReference } from './api-reference.mjs';
import { writePerformancePage } from './performance-page.mjs';
import { writeSupportPage } from './support-page.mjs';

writePerformancePage();
writeSupportPage();
await writeApiReference();
