"""timm-lion: parameters after each of twelve steps of timm's Lion, with weight decay, in float64."""

import timm
import torch
from timm.optim import Lion

from fixture_set import drawn, write

config = {"rate": 0.01, "betas": [0.9, 0.98], "weightDecay": 0.05, "steps": 12}

generator = torch.Generator().manual_seed(2302)
start = drawn(generator, 3, 5)
gradients = [drawn(generator, 3, 5).detach() for _ in range(config["steps"])]

parameter = start.detach().clone().requires_grad_()
optimiser = Lion([parameter], lr=config["rate"], betas=config["betas"], weight_decay=config["weightDecay"])
after = []
for gradient in gradients:
    parameter.grad = gradient.clone()
    optimiser.step()
    after.append(parameter.detach().clone())

write(
    "timm-lion",
    config,
    inputs={"p0": start, "grads": torch.stack(gradients)},
    outputs={"lion": torch.stack(after)},
    source=f"timm {timm.__version__}, torch {torch.__version__} float64, rounded to float32",
)
