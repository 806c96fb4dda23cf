"""Golden pictures of Pillow and timm for the tests of this package: `python make-goldens.py > pictures.json`.

Needs pillow, numpy and timm; what is written names their versions. Everything here is drawn by formula, no photograph is in it.
"""
import base64
import json
import sys

import numpy as np
import PIL
import timm
from PIL import Image
from timm.data import auto_augment as aa
from timm.data.mixup import Mixup, mixup_target
import torch


def encoded(picture):
    values = np.asarray(picture, dtype=np.uint8)
    return {"width": values.shape[1], "height": values.shape[0], "rgb": base64.b64encode(values.tobytes()).decode()}


def drawn(width, height, noise):
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    random = np.random.RandomState(7)
    channels = [
        110 + 90 * np.sin(x / 4 + y / 9),
        120 + 70 * np.cos(y / 3 - x / 11),
        60 + 150 * ((x // 5 + y // 4) % 2),
    ]
    values = np.stack(channels, axis=-1) + random.uniform(-noise, noise, (height, width, 3))
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


picture = drawn(23, 19, 30)
# Of few values, so that equalize and autocontrast have something to do.
dim = Image.fromarray((np.asarray(drawn(24, 20, 10)) // 5 + 60).astype(np.uint8))
small = drawn(3, 2, 50)
fill = (12, 130, 201)
filters = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}
inputs = {"picture": picture, "dim": dim, "small": small}
cases = []


def case(kind, name, source, result, **arguments):
    cases.append({"kind": kind, "name": name, "input": source, **arguments, "output": encoded(result)})


for source, sizes in {"picture": [(11, 8), (23, 19), (40, 31), (1, 1), (9, 19)], "small": [(9, 7), (2, 1)]}.items():
    for width, height in sizes:
        for name, value in filters.items():
            case("resize", name, source, inputs[source].resize((width, height), value), size=[width, height])
box = (5, 3, 20, 16)
case("resize", "bicubic", "picture", picture.crop(box).resize((14, 20), Image.Resampling.BICUBIC), size=[14, 20], box=[5, 3, 15, 13])
case("flip", "flip", "picture", picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT))
for name, function in aa.NAME_TO_OP.items():
    if name in ("TranslateX", "TranslateY", "Desaturate", "GaussianBlur", "GaussianBlurRand"):
        continue
    level_to_argument = aa.LEVEL_TO_ARG[name]
    for source in ("picture", "dim") if name in ("AutoContrast", "Equalize", "Contrast") else ("picture",):
        for level in (3, 6.7, 10) if level_to_argument else (0,):
            for sign in (1, -1):
                aa._randomly_negate = lambda value: value * sign
                for interpolation, value in filters.items():
                    arguments = level_to_argument(level, dict(aa._HPARAMS_DEFAULT)) if level_to_argument else ()
                    result = function(inputs[source], *arguments, fillcolor=fill, resample=value)
                    # What does not depend on one of them is kept once.
                    key = (name, source, np.asarray(result).tobytes(), level if arguments else 0)
                    if key in {each["key"] for each in cases if "key" in each}:
                        continue
                    case("operation", name, source, result, level=level, sign=sign, interpolation=interpolation)
                    cases[-1]["key"] = key
for each in cases:
    each.pop("key", None)

labels = torch.tensor([2, 0, 1, 2, 3])
mixes = []
for share in (1.0, 0.83, 0.25):
    mixes.append({"share": share, "labels": labels.tolist(), "classes": 4, "smoothing": 0.1,
                  "soft": mixup_target(labels, 4, share, 0.1).flatten().tolist()})

json.dump({
    "versions": {"pillow": PIL.__version__, "timm": timm.__version__, "numpy": np.__version__},
    "fill": fill,
    "inputs": {name: encoded(value) for name, value in inputs.items()},
    "cases": cases,
    "mixes": mixes,
}, sys.stdout, separators=(",", ":"))
