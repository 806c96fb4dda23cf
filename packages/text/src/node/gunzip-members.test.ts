import { constants, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byteLines } from './byte-lines.ts';
import { type GunzipPart, gunzipMembers } from './gunzip-members.ts';

/** The lines that are whole, and what is told beside them. */
async function read(bytes: Buffer): Promise<{ lines: string[]; damages: Extract<GunzipPart, { kind: 'damage' }>[] }> {
  const file = {
    read: async (into: Buffer, offset: number, length: number, position: number) => ({
      bytesRead: bytes.copy(into, offset, position, position + length),
    }),
  };
  const damages: Extract<GunzipPart, { kind: 'damage' }>[] = [];
  async function* content(): AsyncGenerator<Uint8Array | 'cut' | 'end'> {
    for await (const part of gunzipMembers(file, bytes.length)) {
      if (part.kind === 'damage') damages.push(part);
      if (part.kind === 'damage' && !part.inside) yield 'end';
      yield part.kind === 'bytes' ? part.bytes : 'cut';
    }
  }
  const lines: string[] = [];
  for await (const line of byteLines(content(), 2 ** 20)) {
    if ('bytes' in line) lines.push(Buffer.from(line.bytes).toString('latin1'));
  }
  return { lines, damages };
}

const text = (member: number, line: number): string =>
  `document ${member}.${line} ${String.fromCharCode(97 + ((member * 7 + line * 3) % 26)).repeat((member * line) % 50)}`;
const content = (member: number, lines: number): string =>
  Array.from({ length: lines }, (_, line) => `${text(member, line)}\n`).join('');
const four = [0, 1, 2, 3].map((member) => gzipSync(content(member, 3)));
const linesOf = (...members: number[]): string[] => members.flatMap((member) => content(member, 3).slice(0, -1).split('\n'));

test('members one after another, with every field that a head may have', async () => {
  const plain = gzipSync(content(1, 3));
  const fields = Buffer.concat([
    Buffer.of(0x1f, 0x8b, 8, 4 + 8 + 16, 0, 0, 0, 0, 0, 255, 3, 0, 0x1f, 0x8b, 8),
    Buffer.from('name\0comment\0'),
    plain.subarray(10),
  ]);
  expect(await read(Buffer.concat([four[0]!, fields, four[2]!]))).toEqual({ lines: linesOf(0, 1, 2), damages: [] });
});

describe('each is told with its place, and the members around it are read', () => {
  const junk = Buffer.from('junk between members');
  const start = four[0]!.length;
  const damagedAt = (member: number, at: number): Buffer[] =>
    four.map((bytes, index) => {
      if (index !== member) return bytes;
      const copy = Buffer.from(bytes);
      copy[at < 0 ? copy.length + at : at]! ^= 0x55;
      return copy;
    });
  test.each<[string, Buffer[], number[], RegExp]>([
    [
      'junk between',
      [four[0]!, junk, ...four.slice(1)],
      [0, 1, 2, 3],
      /no gzip member begins here \(6a756e6b.* the member at byte \d+ are not read/,
    ],
    ['a NUL between', [four[0]!, Buffer.alloc(1), ...four.slice(1)], [0, 1, 2, 3], /no gzip member begins here \(00/],
    ['a changed start', damagedAt(1, 0), [0, 2, 3], /no gzip member begins here/],
    ['another method', damagedAt(1, 2), [0, 2, 3], /no gzip member begins here/],
    ['reserved flags', damagedAt(1, 3), [0, 2, 3], /head of a member|damaged/],
    ['changed data', damagedAt(1, 14), [0, 2, 3], /damaged: .*next member is at byte/],
    ['a changed checksum', damagedAt(1, -8), [0, 1, 2, 3], /its checksum is wrong/],
    ['a changed length', damagedAt(1, -1), [0, 1, 2, 3], /its length is wrong/],
    ['a member that is cut', [four[0]!, four[1]!.subarray(0, -12), four[2]!, four[3]!], [0, 2, 3], /damaged/],
  ])('%s', async (_, parts, members, problem) => {
    const { lines, damages } = await read(Buffer.concat(parts));
    expect(damages).toMatchObject([{ offset: start, problem: expect.stringMatching(problem) }]);
    const whole = new Set(linesOf(...members));
    expect(lines.filter((line) => whole.has(line))).toEqual([...whole]);
  });

  test.each<[string, Buffer, RegExp]>([
    ['trailing junk', junk, /up to the end of the file are not read/],
    ['trailing zeros', Buffer.alloc(10_000), /10000 bytes up to the end/],
    ['a head that is cut', four[1]!.subarray(0, 7), /ends in the head of a member/],
    ['data that are cut', four[1]!.subarray(0, 20), /unexpected end of file/],
    ['a checksum that is cut', four[1]!.subarray(0, -1), /ends before its checksum/],
  ])('%s at the end', async (_, tail, problem) => {
    const { lines, damages } = await read(Buffer.concat([...four, tail]));
    expect(lines.slice(0, 12)).toEqual(linesOf(0, 1, 2, 3));
    expect(damages).toMatchObject([{ offset: Buffer.concat(four).length, problem: expect.stringMatching(problem) }]);
  });
});

/** As much of `wanted`, in order, as there is. */
function subsequence(lines: readonly string[], wanted: readonly string[]): string[] {
  const found: string[] = [];
  for (const line of lines) if (line === wanted[found.length]) found.push(line);
  return found;
}

test('whatever is changed, what is intact is read, and nothing is lost unsaid; each time the same', async () => {
  const change = fc.oneof(
    fc.record({
      kind: fc.constant('flip' as const),
      member: fc.nat(5),
      at: fc.nat(9999),
      bits: fc.integer({ min: 1, max: 255 }),
    }),
    fc.record({
      kind: fc.constant('cut' as const),
      member: fc.nat(5),
      at: fc.nat(9999),
      length: fc.integer({ min: 1, max: 300 }),
    }),
    fc.record({
      kind: fc.constant('zero' as const),
      member: fc.nat(5),
      at: fc.nat(9999),
      length: fc.integer({ min: 1, max: 40 }),
    }),
    fc.record({ kind: fc.constant('junk' as const), member: fc.nat(5), bytes: fc.uint8Array({ minLength: 1, maxLength: 60 }) }),
  );
  const levels = [constants.Z_DEFAULT_COMPRESSION, 0, 1];
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(60), { minLength: 1, maxLength: 6 }),
      fc.constantFrom(...levels),
      fc.array(change, { minLength: 1, maxLength: 3 }),
      async (sizes, level, changes) => {
        const members = sizes.map((size, member) => gzipSync(content(member, 1 + size), { level }));
        const before = members.map(() => Buffer.alloc(0));
        const original = Buffer.concat(members);
        const touched = new Set<number>();
        for (const each of changes) {
          const member = each.member % members.length;
          if (each.kind === 'junk') {
            before[member] = Buffer.from(each.bytes);
            continue;
          }
          touched.add(member);
          const copy = Buffer.from(members[member]!);
          if (copy.length === 0) continue;
          const at = each.at % copy.length;
          if (each.kind === 'flip') copy[at]! ^= each.bits;
          if (each.kind === 'zero') copy.fill(0, at, Math.min(copy.length, at + each.length));
          members[member] = each.kind === 'cut' ? Buffer.concat([copy.subarray(0, at), copy.subarray(at + each.length)]) : copy;
        }
        const bytes = Buffer.concat(members.flatMap((member, index) => [before[index]!, member]));
        const found = await read(bytes);
        expect(await read(bytes)).toEqual(found);
        const all = sizes.flatMap((size, member) =>
          content(member, 1 + size)
            .slice(0, -1)
            .split('\n'),
        );
        if (found.damages.length === 0 && !bytes.equals(original)) {
          // Only a head's time or system can change unseen, or a member goes as a whole.
          expect(found.lines).toEqual(all.filter((line) => found.lines.includes(line)));
        }
        const intact = sizes.flatMap((size, member) =>
          touched.has(member)
            ? []
            : content(member, 1 + size)
                .slice(0, -1)
                .split('\n'),
        );
        // A damaged member that was stored may swallow a part of the next, whose lines then come once more.
        expect(subsequence(found.lines, intact)).toEqual(intact);
        const lost = all.filter((line) => !found.lines.includes(line));
        const wholeMemberGone = members.some((member) => member.length === 0);
        if (lost.length > 0 && !wholeMemberGone) expect(found.damages.length).toBeGreaterThan(0);
      },
    ),
    { numRuns: 400 },
  );
});

test('a file that expands to far more than text does is left', async () => {
  const file = gzipSync(Buffer.alloc(2 ** 26 + 2 ** 20, ' '), { level: 6 });
  const bytes = {
    read: async (into: Buffer, offset: number, length: number, position: number) => ({
      bytesRead: file.copy(into, offset, position, position + length),
    }),
  };
  let [total, told] = [0, ''];
  for await (const part of gunzipMembers(bytes, file.length)) {
    if (part.kind === 'bytes') total += part.bytes.length;
    else told = part.problem;
  }
  expect(total).toBeLessThanOrEqual(2 ** 26);
  expect(told).toContain('it expands to more than 67108864 bytes');
});
