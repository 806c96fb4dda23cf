/** A SentencePiece `.model`: https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto */
import { GmlpError } from '@gmlp/base';
import { protoFields } from './protobuf.ts';

export type PieceType = 'normal' | 'unknown' | 'control' | 'user-defined' | 'unused' | 'byte';

export interface SentencePiece {
  readonly piece: string;
  readonly score: number;
  readonly type: PieceType;
}

export interface SentencePieceModel {
  readonly pieces: readonly SentencePiece[];
  readonly algorithm: 'unigram' | 'bpe';
  readonly byteFallback: boolean;
  /** What an unknown piece is in decoded text. */
  readonly unknownSurface: string;
  readonly spaceAsSuffix: boolean;
  readonly charsmap: Uint8Array;
  readonly addDummyPrefix: boolean;
  readonly removeExtraSpaces: boolean;
  readonly escapeSpaces: boolean;
}

const types: readonly (PieceType | undefined)[] = [undefined, 'normal', 'unknown', 'control', 'user-defined', 'unused', 'byte'];
const algorithms = [undefined, 'unigram', 'bpe', 'word', 'char'];
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const fail = (problem: string): never => {
  throw new GmlpError('invalid-data', `loadTokenizer: the SentencePiece model ${problem}`);
};

type Fields = ReadonlyMap<number, number | Uint8Array>;

const fieldsOf = (where: string, bytes: Uint8Array): Fields =>
  new Map(Array.from(protoFields(where, bytes), ({ number, value }) => [number, value]));

function numberIn(where: string, fields: Fields, number: number, standard: number): number {
  const value = fields.get(number) ?? standard;
  return typeof value === 'number' ? value : fail(`has bytes where ${where} has a number (field ${number})`);
}

function bytesIn(where: string, fields: Fields, number: number): Uint8Array {
  const value = fields.get(number) ?? new Uint8Array();
  return typeof value === 'number' ? fail(`has a number where ${where} has bytes (field ${number})`) : value;
}

function textIn(where: string, fields: Fields, number: number): string {
  const bytes = bytesIn(where, fields, number);
  try {
    return utf8.decode(bytes);
  } catch {
    return fail(`has ${where} that is not UTF-8`);
  }
}

export function readSentencePieceModel(bytes: Uint8Array): SentencePieceModel {
  const pieces: SentencePiece[] = [];
  let trainer: Fields = new Map();
  let normalizer: Fields = new Map();
  let denormalizer: Fields = new Map();
  for (const { number, value } of protoFields('the SentencePiece model', bytes)) {
    if (number > 5) continue;
    if (typeof value === 'number') return fail(`has a number in field ${number}, expected a message`);
    if (number === 1) pieces.push(pieceOf(pieces.length, value));
    else if (number === 2) trainer = fieldsOf('trainer_spec', value);
    else if (number === 3) normalizer = fieldsOf('normalizer_spec', value);
    else if (number === 5) denormalizer = fieldsOf('denormalizer_spec', value);
  }
  if (pieces.length === 0) fail('has no pieces');
  const kind = numberIn('trainer_spec', trainer, 3, 1);
  const algorithm = algorithms[kind];
  if (algorithm !== 'unigram' && algorithm !== 'bpe') {
    return fail(`has trainer_spec.model_type ${algorithm ?? kind}, which is not read; known are unigram, bpe`);
  }
  if (bytesIn('denormalizer_spec', denormalizer, 2).length > 0)
    fail('has denormalizer_spec.precompiled_charsmap, which is not read');
  return {
    pieces,
    algorithm,
    byteFallback: numberIn('trainer_spec', trainer, 35, 0) !== 0,
    unknownSurface: trainer.has(44) ? textIn('unk_surface', trainer, 44) : ' \u2047 ',
    spaceAsSuffix: numberIn('trainer_spec', trainer, 24, 0) !== 0,
    charsmap: bytesIn('normalizer_spec', normalizer, 2),
    addDummyPrefix: numberIn('normalizer_spec', normalizer, 3, 1) !== 0,
    removeExtraSpaces: numberIn('normalizer_spec', normalizer, 4, 1) !== 0,
    escapeSpaces: numberIn('normalizer_spec', normalizer, 5, 1) !== 0,
  };
}

function pieceOf(id: number, bytes: Uint8Array): SentencePiece {
  const where = `piece ${id}`;
  const fields = fieldsOf(where, bytes);
  const piece = textIn(where, fields, 1);
  const score = numberIn(where, fields, 2, 0);
  const kind = numberIn(where, fields, 3, 1);
  const type = types[kind];
  if (type === undefined) return fail(`has ${where} of the unknown type ${kind}`);
  if (piece === '') return fail(`has ${where} without a text`);
  return Number.isFinite(score) ? { piece, score, type } : fail(`has ${where} with the score ${score}`);
}
