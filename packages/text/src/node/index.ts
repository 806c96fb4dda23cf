export type { BadRecord, BadRecordReason, DocumentPosition, DocumentStream, OnBadRecord } from './bad-records.ts';
export { fingerprintOf, textFingerprint } from './fingerprint.ts';
export { fingerprintPacked } from './fingerprint-packed.ts';
export { inWords, listTextFiles, type TextListing, textExtensions } from './list-text-files.ts';
export { type OpenPackedOptions, openPacked, type PackedFile } from './open-packed.ts';
export type { PackedFingerprints, PackedHeader, PackedOrigin } from './packed-header.ts';
export { type ReadOptions, readC4 } from './read-c4.ts';
export { type ReadTextFilesOptions, readTextFiles } from './read-text-files.ts';
export { type WritePackedOptions, writePacked } from './write-packed.ts';
