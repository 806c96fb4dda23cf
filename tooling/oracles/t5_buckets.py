"""t5-buckets: the bucket of each distance, as Hugging Face's T5 computes it (needs transformers)."""

import torch
import transformers
from transformers.models.t5.modeling_t5 import T5Attention

from fixture_set import write

config = {"buckets": 32, "maximumDistance": 128}
distance = torch.arange(-200, 201)
bucket = T5Attention._relative_position_bucket(
    distance, bidirectional=True, num_buckets=config["buckets"], max_distance=config["maximumDistance"]
)
source = f"transformers {transformers.__version__}"
write("t5-buckets", config, inputs={"distance": distance}, outputs={"bucket": bucket}, source=source)
