"""The gMLP block in plain torch, after figure 1 and the Toeplitz listing of appendix C of "Pay Attention to MLPs"."""

import torch
from torch.nn import functional

from fixture_set import drawn


def parameters(generator, tokens, channels, hidden, spatial, split):
    """Random everywhere, by the names and in the layouts of @gmlp/layers: dense weights are [inputs, outputs]."""
    gated = hidden // 2 if split else hidden
    return {
        "norm.scale": drawn(generator, channels, scale=0.2, shift=1),
        "norm.offset": drawn(generator, channels, scale=0.2),
        "expand.weight": drawn(generator, channels, hidden, scale=channels**-0.5),
        "expand.bias": drawn(generator, hidden, scale=0.2),
        "gate.norm.scale": drawn(generator, gated, scale=0.2, shift=1),
        "gate.norm.offset": drawn(generator, gated, scale=0.2),
        "gate.spatial.weight": drawn(generator, *spatial, scale=tokens**-0.5),
        "gate.spatial.bias": drawn(generator, tokens, scale=0.2, shift=1),
        "contract.weight": drawn(generator, gated, channels, scale=gated**-0.5),
        "contract.bias": drawn(generator, channels, scale=0.2),
    }


def norm(params, name, x, epsilon):
    return functional.layer_norm(x, x.shape[-1:], params[f"{name}.scale"], params[f"{name}.offset"], epsilon)


def toeplitz(w):
    """Pad, tile, reshape, as the paper lists it."""
    n = (len(w) + 1) // 2
    r = (2 * n - 1) // 2
    t = functional.pad(w, (0, n)).repeat(n)[:-n]
    return t.reshape(n, n + (2 * n - 1) - 1)[:, r:-r]


def project(params, z, epsilon):
    """f(z) = W norm(z) + b along the tokens."""
    weight = params["gate.spatial.weight"]
    matrix = toeplitz(weight) if weight.dim() == 1 else weight
    normed = norm(params, "gate.norm", z, epsilon)
    return torch.einsum("nm,bmc->bnc", matrix, normed) + params["gate.spatial.bias"][:, None]


def gate(form, params, z, epsilon):
    if form == "split":
        z1, z2 = z.chunk(2, dim=-1)
        return z1 * project(params, z2, epsilon)
    f = project(params, z, epsilon)
    return {"linear": f, "additive": z + f, "multiplicative": z * f}[form]


def block(form, params, x, epsilon):
    z = functional.gelu(norm(params, "norm", x, epsilon) @ params["expand.weight"] + params["expand.bias"])
    return x + gate(form, params, z, epsilon) @ params["contract.weight"] + params["contract.bias"]
