"""Writes what PyTorch computes with the layers of `layers.py` as small safetensors, for Tests/NeuralNetworksTests to compare with.

    pip install torch safetensors
    python Evaluation/Twin/make_fixtures.py

Each file holds parameters ("parameters/NAME"), inputs ("inputs/NAME"), outputs ("output"), the gradients of Σ seed·output
("gradients/NAME", "input gradients/NAME"), all in float32; loss curves are ten AdamW steps.
"""
import pathlib

import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import save_file

from layers import AdaptiveTransformerBlock, CausalResidualBlock, TinyAutoencoder, TinyTransformer, last, to_mondo

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests/NeuralNetworksTests/Fixtures"


def save(name, tensors):
    save_file({key: value.detach().float().contiguous() for key, value in tensors.items()}, FOLDER / f"{name}.safetensors")


def layer(name, module, inputs, channels_first=False):
    """One forward and one backward pass through a layer."""
    for tensor in inputs.values():
        tensor.requires_grad_(tensor.is_floating_point())
    output = module(*inputs.values())
    seed = torch.randn_like(output)
    (seed * output).sum().backward()
    arrange = last if channels_first else (lambda x: x)
    tensors = {"output": arrange(output), "seed": arrange(seed)}
    for key, value in module.named_parameters():
        tensors["parameters/" + key] = to_mondo(key, value)
        tensors["gradients/" + key] = to_mondo(key, value.grad)
    for key, value in inputs.items():
        tensors["inputs/" + key] = arrange(value)
        tensors["input gradients/" + key] = arrange(value.grad)
    save(name, tensors)


def curve(name, module, inputs, loss):
    """Ten steps of AdamW: weight decay on matrices and kernels only."""
    tensors = {"parameters/" + key: to_mondo(key, value.clone()) for key, value in module.named_parameters()}
    tensors |= inputs["saved"]
    decayed = [p for p in module.parameters() if p.dim() >= 2]
    others = [p for p in module.parameters() if p.dim() < 2]
    optimizer = torch.optim.AdamW([{"params": decayed, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}], lr=3e-3)
    losses = []
    for step in range(10):
        optimizer.zero_grad()
        value = loss(module(*inputs["given"]))
        value.backward()
        nn.utils.clip_grad_norm_(module.parameters(), 1.0)
        optimizer.step()
        losses.append(value.detach())
    tensors["losses"] = torch.stack(losses)
    save(name, tensors)


if __name__ == "__main__":
    torch.manual_seed(7)
    torch.set_num_threads(1)
    FOLDER.mkdir(parents=True, exist_ok=True)

    layer("linear", nn.Linear(24, 40), {"x": torch.randn(3, 5, 24)})
    layer("layer-norm", nn.LayerNorm(40, eps=1e-6), {"x": torch.randn(3, 7, 40)})
    layer("rms-norm", nn.RMSNorm(40, eps=1e-6), {"x": torch.randn(3, 7, 40)})
    layer("group-norm", nn.GroupNorm(4, 24), {"x": torch.randn(2, 24, 3, 5, 4)}, channels_first=True)
    layer("convolution-1d", nn.Conv1d(12, 20, 5, stride=2, padding=2), {"x": torch.randn(2, 12, 31)}, channels_first=True)
    layer("convolution-2d", nn.Conv2d(12, 20, 3, padding=1), {"x": torch.randn(2, 12, 9, 11)}, channels_first=True)
    layer("transposed-2d", nn.ConvTranspose2d(12, 20, 4, stride=2, padding=1), {"x": torch.randn(2, 12, 5, 6)}, channels_first=True)
    layer("causal-block", CausalResidualBlock(16, 4), {"x": torch.randn(1, 16, 4, 6, 5)}, channels_first=True)
    layer("adaptive-block", AdaptiveTransformerBlock(64, 2), {"x": torch.randn(2, 70, 64), "condition": torch.randn(2, 64)})

    symbols = torch.randint(0, 7, (1, 20))
    condition = torch.randn(1, 32)
    targets = F.one_hot(symbols.roll(1, -1), 7).float()
    curve("tiny-transformer", TinyTransformer(),
          {"given": (symbols, condition), "saved": {"symbols": symbols.float(), "condition": condition, "targets": targets}},
          lambda scores: -(F.log_softmax(scores, -1) * targets).sum(-1).mean())

    clip = torch.rand(1, 3, 4, 12, 10)
    curve("tiny-autoencoder", TinyAutoencoder(), {"given": (clip,), "saved": {"clip": last(clip)}},
          lambda output: (output - clip).square().mean())
