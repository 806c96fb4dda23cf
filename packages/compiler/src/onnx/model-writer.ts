/** The protocol buffer of an ONNX model: those messages of onnx.proto that we use, with their field numbers. */
import Pbf from 'pbf';
import type { OnnxAttribute, OnnxDomain } from '../kernel-rule.ts';
import { type OnnxDType, onnxTypeOf } from './types.ts';

export interface OnnxNode {
  readonly op: string;
  readonly domain: OnnxDomain;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

export interface OnnxTensor {
  readonly name: string;
  readonly dtype: OnnxDType;
  readonly shape: readonly number[];
  /** The content, or where it lies in a file beside the model. */
  readonly bytes: Uint8Array | ExternalBytes;
}

export interface ExternalBytes {
  /** The file's name, relative to the model's folder. */
  readonly location: string;
  readonly offset: number;
  readonly length: number;
}

export interface OnnxPort {
  readonly name: string;
  readonly dtype: OnnxDType;
  /** An extent that is only known at a call has a name. */
  readonly shape: readonly (number | string)[];
}

/** A port that takes any shape. */
export type AnyShapePort = Omit<OnnxPort, 'shape'>;

export interface OnnxModel<Port = OnnxPort> {
  readonly nodes: readonly OnnxNode[];
  readonly initialisers: readonly OnnxTensor[];
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

/** Operator set 20 is the first with Gelu; intermediate representation 9 came with it. */
const operatorSet = 20;
const irVersion = 9;

/** AttributeProto.AttributeType */
const attributeType = { float: 1, int: 2, string: 3, ints: 7 } as const;

function writeAttribute([name, value]: [string, OnnxAttribute], pbf: Pbf): void {
  pbf.writeStringField(1, name);
  if (typeof value === 'number') {
    pbf.writeVarintField(3, value);
    pbf.writeVarintField(20, attributeType.int);
  } else if (typeof value === 'string') {
    pbf.writeStringField(4, value);
    pbf.writeVarintField(20, attributeType.string);
  } else if ('float' in value) {
    pbf.writeFloatField(2, value.float);
    pbf.writeVarintField(20, attributeType.float);
  } else {
    for (const item of value) pbf.writeVarintField(8, item);
    pbf.writeVarintField(20, attributeType.ints);
  }
}

function writeNode(node: OnnxNode, pbf: Pbf): void {
  for (const name of node.inputs) pbf.writeStringField(1, name);
  for (const name of node.outputs) pbf.writeStringField(2, name);
  pbf.writeStringField(4, node.op);
  for (const entry of Object.entries(node.attributes)) pbf.writeMessage(5, writeAttribute, entry);
  if (node.domain !== '') pbf.writeStringField(7, node.domain);
}

function writeTensor(tensor: OnnxTensor, pbf: Pbf): void {
  for (const extent of tensor.shape) pbf.writeVarintField(1, extent);
  pbf.writeVarintField(2, onnxTypeOf(tensor.dtype));
  pbf.writeStringField(8, tensor.name);
  if (tensor.bytes instanceof Uint8Array) {
    pbf.writeBytesField(9, tensor.bytes);
    return;
  }
  for (const [key, value] of Object.entries(tensor.bytes)) {
    pbf.writeMessage(13, writeEntry, [key, String(value)]);
  }
  pbf.writeVarintField(14, 1); // DataLocation.EXTERNAL
}

function writeEntry([key, value]: [string, string], pbf: Pbf): void {
  pbf.writeStringField(1, key);
  pbf.writeStringField(2, value);
}

function writeShape(shape: OnnxPort['shape'], pbf: Pbf): void {
  for (const extent of shape) pbf.writeMessage(1, writeExtent, extent);
}

function writeExtent(extent: number | string, pbf: Pbf): void {
  if (typeof extent === 'number') pbf.writeVarintField(1, extent);
  else pbf.writeStringField(2, extent);
}

function writePort(port: OnnxPort | AnyShapePort, pbf: Pbf): void {
  pbf.writeStringField(1, port.name);
  pbf.writeMessage(
    2,
    (_, type) => {
      type.writeMessage(
        1,
        (_, tensor) => {
          tensor.writeVarintField(1, onnxTypeOf(port.dtype));
          if ('shape' in port) tensor.writeMessage(2, writeShape, port.shape);
        },
        port,
      );
    },
    port,
  );
}

/** The bytes of a `.onnx` file. */
export function writeModel(model: OnnxModel<OnnxPort | AnyShapePort>): Uint8Array {
  const pbf = new Pbf();
  pbf.writeVarintField(1, irVersion);
  pbf.writeStringField(2, 'gmlp');
  pbf.writeMessage(
    7,
    (_, graph) => {
      for (const node of model.nodes) graph.writeMessage(1, writeNode, node);
      graph.writeStringField(2, 'gmlp');
      for (const tensor of model.initialisers) graph.writeMessage(5, writeTensor, tensor);
      for (const port of model.inputs) graph.writeMessage(11, writePort, port);
      for (const port of model.outputs) graph.writeMessage(12, writePort, port);
    },
    model,
  );
  pbf.writeMessage(8, (version: number, opset) => opset.writeVarintField(2, version), operatorSet);
  if (model.nodes.some((node) => node.domain !== '')) {
    pbf.writeMessage(
      8,
      (domain: string, opset) => {
        opset.writeStringField(1, domain);
        opset.writeVarintField(2, 1);
      },
      'com.microsoft',
    );
  }
  return pbf.finish();
}
