"""torch-cross-entropy: summed cross-entropy with ignored labels, plain and with label smoothing 0.1."""

import torch
from torch.nn import functional

from fixture_set import drawn, write

config = {"ignoredLabel": -100, "labelSmoothing": {"plain": 0.0, "smoothed": 0.1}}

generator = torch.Generator().manual_seed(410)
logits = drawn(generator, 4, 6, 13, scale=3)
labels = torch.randint(13, (4, 6), generator=generator)
labels[0, 1] = labels[2, 0] = labels[2, 5] = -100
labels[3] = -100  # a whole row does not count

outputs, gradients = {"count": (labels != -100).sum().double()}, {}
for name, smoothing in config["labelSmoothing"].items():
    total = functional.cross_entropy(
        logits.flatten(0, 1), labels.flatten(), ignore_index=-100, label_smoothing=smoothing, reduction="sum"
    )
    outputs[name] = total
    gradients[f"{name}.logits"] = torch.autograd.grad(total, logits)[0]

write("torch-cross-entropy", config, inputs={"logits": logits, "labels": labels}, outputs=outputs, gradients=gradients)
