"""Positions of a ViT for images of another size, by timm, for the tests of this package: `python make-goldens.py > positions.json`.

Needs torch and timm; what is written names their versions.
"""
import json

import timm
import torch
from timm.layers import resample_abs_pos_embed

torch.manual_seed(0)
cases = []
for old, new, leading in ((3, 5, 1), (6, 4, 2), (2, 12, 1)):
    positions = torch.randn(1, leading + old * old, 2)
    resampled = resample_abs_pos_embed(positions, (new, new), (old, old), num_prefix_tokens=leading)
    values = lambda tensor: [float(f"{value:.9g}") for value in tensor.flatten().tolist()]
    cases.append(dict(old=old, new=new, leading=leading, positions=values(positions), resampled=values(resampled)))
print(json.dumps(dict(torch=torch.__version__, timm=timm.__version__, cases=cases)))
