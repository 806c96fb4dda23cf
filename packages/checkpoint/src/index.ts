export { decodeSafetensors, type SafetensorsFile } from './decode-safetensors.ts';
export { encodeSafetensors } from './encode-safetensors.ts';
