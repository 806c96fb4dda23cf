"""torch-gmlp-toeplitz: a two-block gMLP language model with Toeplitz weights and BERT's head on the tied embedding."""

import torch
from torch.nn import functional

from fixture_set import drawn, write
from gmlp_block import block, norm, parameters

config = {
    "family": "gmlp-language",
    "vocabulary": 37,
    "tokens": 9,
    "channels": 12,
    "hiddenChannels": 28,
    "layers": 2,
    "gate": "split",
    "spatialWeight": "toeplitz",
    "causal": False,
    "activation": "erf",
    "epsilon": 1e-6,
    "survivalProbability": 1,
    "head": {"tied": True, "transform": True, "bias": True},
}
vocabulary, tokens, channels, hidden = (config[key] for key in ("vocabulary", "tokens", "channels", "hiddenChannels"))
epsilon = config["epsilon"]

generator = torch.Generator().manual_seed(20210517)
blocks = [parameters(generator, tokens, channels, hidden, [2 * tokens - 1], split=True) for _ in range(config["layers"])]
params = {
    "embedding.weight": drawn(generator, vocabulary, channels, scale=0.5),
    **{f"blocks.{i}.{name}": value for i, weights in enumerate(blocks) for name, value in weights.items()},
    "norm.scale": drawn(generator, channels, scale=0.2, shift=1),
    "norm.offset": drawn(generator, channels, scale=0.2),
    "head.transform.dense.weight": drawn(generator, channels, channels, scale=channels**-0.5),
    "head.transform.dense.bias": drawn(generator, channels, scale=0.2),
    "head.transform.norm.scale": drawn(generator, channels, scale=0.2, shift=1),
    "head.transform.norm.offset": drawn(generator, channels, scale=0.2),
    "head.bias": drawn(generator, vocabulary, scale=0.2),
}
ids = torch.randint(vocabulary, (3, tokens), generator=generator)
positions = torch.tensor([[0, 3, 8, 0], [2, 5, 6, 7], [1, 4, 0, 0]])  # padded, with labels that do not count
labels = torch.tensor([[5, 0, 36, -100], [11, 11, 2, 30], [7, 19, -100, -100]])

x = params["embedding.weight"][ids]
for weights in blocks:
    x = block("split", weights, x, epsilon)
hidden_states = norm(params, "norm", x, epsilon)
chosen = torch.gather(hidden_states, 1, positions[..., None].expand(-1, -1, channels))
transformed = functional.gelu(chosen @ params["head.transform.dense.weight"] + params["head.transform.dense.bias"])
logits = norm(params, "head.transform.norm", transformed, epsilon) @ params["embedding.weight"].T + params["head.bias"]
loss = functional.cross_entropy(logits.flatten(0, 1), labels.flatten())
loss.backward()

write(
    "torch-gmlp-toeplitz",
    config,
    param=params,
    inputs={"ids": ids, "positions": positions, "labels": labels},
    outputs={"hidden": hidden_states, "logits": logits, "loss": loss},
    gradients={name: value.grad for name, value in params.items()},
)
