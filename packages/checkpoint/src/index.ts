export { decodeSafetensors, encodeSafetensors, type SafetensorsFile } from './safetensors.ts';
