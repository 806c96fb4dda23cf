"""torch-gmlp-gates: one block a gate form without the split, all on one input; out.loss is the sum of weighted outputs."""

import torch

from fixture_set import drawn, write
from gmlp_block import block, parameters

config = {"forms": ["linear", "additive", "multiplicative"], "tokens": 7, "channels": 10, "hiddenChannels": 18, "epsilon": 1e-6}
tokens, channels, hidden = config["tokens"], config["channels"], config["hiddenChannels"]

generator = torch.Generator().manual_seed(8050)
x = drawn(generator, 3, tokens, channels)
forms = {form: parameters(generator, tokens, channels, hidden, [tokens, tokens], split=False) for form in config["forms"]}
weights = {form: drawn(generator, 3, tokens, channels) for form in forms}
outputs = {form: block(form, params, x, config["epsilon"]) for form, params in forms.items()}
loss = sum((outputs[form] * weights[form]).sum() for form in forms)
loss.backward()

named = {f"{form}.{name}": value for form, params in forms.items() for name, value in params.items()}
write(
    "torch-gmlp-gates",
    config,
    param=named,
    inputs={"x": x, **{f"weights.{form}": value for form, value in weights.items()}},
    outputs={"loss": loss, **outputs},
    gradients={"x": x.grad, **{name: value.grad for name, value in named.items()}},
)
