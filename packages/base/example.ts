import { flattenTree, key, pathName, randomNormal, split } from '@gmlp/base';

const root = key(42);
const draw = (name: string, size: number) => randomNormal(split(root, name), size); // the same name, the same numbers
const params = { blocks: [{ weight: draw('weight', 6), bias: draw('bias', 3) }], scale: draw('scale', 1) };

const leaves = flattenTree<Float32Array>(params);
console.log(leaves.map(({ path, leaf }) => `${pathName(path)} ${leaf.length}`).join(', ')); // blocks.0.weight 6, blocks.0.bias 3, scale 1
console.log(draw('bias', 3).every((value, i) => value === params.blocks[0]?.bias[i])); // true
