"""The parameters of torch.nn's attention and Transformer layers, or their gradients, under our names."""


def value_of(parameter):
    return parameter


def gradient_of(parameter):
    return parameter.grad


def linear(module, of):
    return {"weight": of(module.weight).T, "bias": of(module.bias)}


def norm(module, of):
    return {"scale": of(module.weight), "offset": of(module.bias)}


def attention(module, of):
    """torch packs the matrices of self-attention into one, and always the biases."""
    if module.in_proj_weight is not None:
        weights = of(module.in_proj_weight).chunk(3)
    else:
        weights = [of(weight) for weight in (module.q_proj_weight, module.k_proj_weight, module.v_proj_weight)]
    biases = of(module.in_proj_bias).chunk(3)
    projections = {name: {"weight": w.T, "bias": b} for name, w, b in zip(("query", "key", "value"), weights, biases)}
    return {**projections, "output": linear(module.out_proj, of)}


def encoder_block(layer, of):
    return {
        "attentionNorm": norm(layer.norm1, of),
        "attention": attention(layer.self_attn, of),
        "mlpNorm": norm(layer.norm2, of),
        "mlp": {"expand": linear(layer.linear1, of), "contract": linear(layer.linear2, of)},
    }


def flat(tree, prefix=""):
    named = {}
    for name, child in tree.items():
        path = f"{prefix}{name}"
        named.update(flat(child, f"{path}.") if isinstance(child, dict) else {path: child})
    return named
