"""Writes golden values as packages/testing reads them: NAME.safetensors and an entry in index.json.

The oracles compute in float64 from parameters that are exactly float32, so what is written is right to the last bit of float32.
Run one with any Python that has torch and safetensors: `python tooling/oracles/gmlp_toeplitz.py`. They are not needed to test.
"""

import json
import pathlib
import sys

import numpy
import safetensors.numpy
import torch

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "packages" / "testing" / "fixtures"


def drawn(generator, *shape, scale=1.0, shift=0.0):
    """A float64 leaf whose values are float32 numbers."""
    values = torch.randn(*shape, generator=generator, dtype=torch.float32) * scale + shift
    return values.double().requires_grad_()


def write(name, config, *, param=None, inputs=None, outputs=None, gradients=None, source=None):
    groups = {"param": param, "in": inputs, "out": outputs, "grad": gradients}
    tensors = {
        f"{kind}.{key}": stored(value) for kind, group in groups.items() for key, value in sorted((group or {}).items())
    }
    safetensors.numpy.save_file(tensors, FOLDER / f"{name}.safetensors")
    index_file = FOLDER / "index.json"
    index = json.loads(index_file.read_text())
    script = pathlib.Path(sys.argv[0]).name
    source = source or f"torch {torch.__version__} float64, rounded to float32"
    index[name] = {"source": source, "script": f"tooling/oracles/{script}", "config": config}
    index_file.write_text(json.dumps(index, indent=2) + "\n")
    print(f"{name}: {len(tensors)} tensors")


def stored(value):
    array = value.detach().numpy()
    return numpy.array(array, dtype=numpy.float32 if array.dtype.kind == "f" else numpy.int32, order="C")
