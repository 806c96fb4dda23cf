/**
 * Tokenizers of Hugging Face's tokenizer.json, id for id as its library `tokenizers`: added tokens are found first, the rest is
 * normalised, cut into words, and each word into pieces. How a text is cut to a length or padded (`truncation`, `padding`) is
 * its caller's.
 */

import { metaspace } from '../metaspace.ts';
import { type Tokenizer, withoutOffsets } from '../tokenizer.ts';
import { wellFormed } from '../well-formed.ts';
import { addedFinder, readAddedTokens } from './added-tokens.ts';
import { readAlignedNormalizer } from './aligned-normalizers.ts';
import { alignedText, spanOf } from './aligned-text.ts';
import { readDecoder } from './decoders.ts';
import { readFrame } from './frame.ts';
import { growingIds } from './growing-ids.ts';
import { growingPieces } from './growing-pieces.ts';
import { partOf, refusePart, shownPart } from './json-part.ts';
import { readNormalizer, type TextChange } from './normalizers.ts';
import { partWithoutOffsets } from './part-without-offsets.ts';
import { idOutside, readPieceModel } from './piece-models.ts';
import { readPreTokenizer, wholeText } from './pre-tokenizers.ts';
import { remembered } from './remembered.ts';

export function loadHuggingFace(json: unknown): Tokenizer {
  const root = partOf('the file', json);
  const model = readPieceModel(root.fields['model']);
  const added = readAddedTokens(root);
  const normalize = readNormalizer(root.fields['normalizer']);
  const cutWords = readPreTokenizer(root.fields['pre_tokenizer']);
  const { before, after } = readFrame(root.fields['post_processor']);
  const decoding = readDecoder(root.fields['decoder']);
  const idsOf = remembered((word) => model.encode(word));
  const keepsNone = partWithoutOffsets(root.fields);
  const align = keepsNone === undefined ? readAlignedNormalizer(root.fields['normalizer']) : undefined;

  const idOf = new Map(model.idOf);
  for (const { content, id } of added) idOf.set(content, id);
  const pieces: (string | undefined)[] = [];
  for (const [piece, id] of model.idOf) pieces[id] = piece;
  // As there: a token that is found in normalised text has the normalised name, and by another name it is not left out.
  for (const { content, id, normalized } of added) pieces[id] = normalized ? normalize(content) : content;
  const outside = [...before, ...after].find((id) => pieces[id] === undefined);
  if (outside !== undefined) refusePart('post_processor', `puts id ${shownPart(outside)} around a text, which no piece has`);
  const special = new Set(added.filter((each) => each.special && pieces[each.id] === each.content).map(({ id }) => id));
  const find = finders(added, normalize);
  const findPlain = finders(
    added.filter((each) => !each.special),
    normalize,
  );

  return {
    vocabularySize: pieces.length,
    specialIds: new Map(added.filter((each) => each.special).map(({ content, id }) => [content, id])),
    encode(text, { specialTokens = true } = {}) {
      const { raw, normalized } = specialTokens ? find : findPlain;
      const ids = growingIds();
      for (const section of raw(wellFormed(text))) {
        if (section.id !== undefined) ids.push(section.id);
        else {
          for (const part of normalized(normalize(section.text))) {
            if (part.id !== undefined) ids.push(part.id);
            else if (part.text !== '') {
              const first = section.from === 0 && part.from === 0;
              for (const word of cutWords(wholeText(part.text, first))) ids.append(idsOf(word.text));
            }
          }
        }
      }
      return ids.all();
    },
    encodeWithOffsets(text, { specialTokens = true } = {}) {
      if (align === undefined) throw withoutOffsets(keepsNone!);
      const { raw, normalized } = specialTokens ? find : findPlain;
      const pieces = growingPieces();
      const content = wellFormed(text);
      for (const section of raw(content)) {
        if (section.id !== undefined) {
          pieces.push(section.id, section.from, section.from + section.text.length);
          continue;
        }
        const aligned = align(alignedText(section.text));
        const push = (id: number, from: number, to: number): void => {
          const [start, end] = spanOf(aligned, from, to).map((at) => section.from + at) as [number, number];
          // The space before a word is no part of its place, nor is the ▁ that stands for one.
          const spaced = content[start] === ' ' || content[start] === metaspace;
          pieces.push(id, end - start > 1 && spaced ? start + 1 : start, end);
        };
        for (const part of normalized(aligned.text)) {
          if (part.id !== undefined) push(part.id, part.from, part.from + part.text.length);
          else if (part.text !== '') {
            for (const word of cutWords(wholeText(part.text, section.from === 0 && part.from === 0))) {
              const base = part.from + word.from - word.added;
              for (const { id, from, to } of model.spans(word.text)) {
                push(id, base + Math.max(from, Math.min(to, word.added)), base + to);
              }
            }
          }
        }
      }
      return pieces.all();
    },
    framed: (ids) => Int32Array.from([...before, ...Array.from(ids), ...after]),
    decode(ids, { skipSpecialTokens = false } = {}) {
      const parts: string[] = [];
      for (let i = 0; i < ids.length; i++) {
        const id = ids[i]!;
        const piece = pieces[id];
        if (piece === undefined) throw idOutside('decode', id, pieces.length, i);
        if (!(skipSpecialTokens && special.has(id))) parts.push(piece);
      }
      return decoding(parts).join('');
    },
    pieceOf(id) {
      const piece = pieces[id];
      if (piece === undefined) throw idOutside('pieceOf', id, pieces.length);
      return piece;
    },
    idOf: (piece) => idOf.get(piece),
  };
}

const unchanged: TextChange = (text) => text;

function finders(added: Parameters<typeof addedFinder>[0], normalize: TextChange) {
  const [normalized, raw] = [added.filter((each) => each.normalized), added.filter((each) => !each.normalized)];
  return { raw: addedFinder(raw, unchanged), normalized: addedFinder(normalized, normalize) };
}
