export { decodeSafetensors, type SafetensorsFile } from './decode-safetensors.ts';
export { encodeSafetensors } from './encode-safetensors.ts';
export {
  encodeModelFiles,
  type ModelDirectory,
  type ModelTexts,
  modelFileNames,
  modelTextFiles,
  modelTextsOf,
  parseConfigFile,
} from './model-files.ts';
export { type JsonFormat, parseVersionedJson, versionedJson } from './versioned-json.ts';
