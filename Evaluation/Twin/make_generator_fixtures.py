"""Writes what PyTorch computes with the networks of `generator.py`, small, for Tests/VideoDiffusionTests to compare with.

    pip install torch safetensors
    python Evaluation/Twin/make_generator_fixtures.py

Each file holds parameters ("parameters/NAME"), inputs ("inputs/NAME"), outputs ("outputs/NAME"), seeds of the gradient ("seeds/NAME")
and the gradients of Σ seed·output ("gradients/NAME"), all in float32 and in Mondo's layout.
"""
import pathlib

import torch
from safetensors.torch import save_file

from generator import JointTransformer, NeuralShader, SoundAutoencoder, SoundShader, VideoAutoencoder
from layers import last, to_mondo

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests/VideoDiffusionTests/Fixtures"


def save(name, module, inputs, outputs, arrange):
    tensors = {"inputs/" + key: arrange(value) for key, value in inputs.items()}
    loss = 0
    for key, value in outputs.items():
        seed = torch.randn_like(value)
        loss = loss + (seed * value).sum()
        tensors["outputs/" + key], tensors["seeds/" + key] = arrange(value), arrange(seed)
    loss.backward()
    for key, value in module.named_parameters():
        tensors["parameters/" + key] = to_mondo(key, value)
        tensors["gradients/" + key] = to_mondo(key, value.grad)
    save_file({key: value.detach().float().contiguous() for key, value in tensors.items()}, FOLDER / f"{name}.safetensors")


def awake(module):
    """Nothing at zero, so that every path counts."""
    with torch.no_grad():
        for parameter in module.parameters():
            parameter += 0.05 * torch.randn_like(parameter)
    return module


if __name__ == "__main__":
    torch.manual_seed(7)
    torch.set_num_threads(1)
    FOLDER.mkdir(parents=True, exist_ok=True)

    network = awake(VideoAutoencoder(8, 16, 32, (1, 1), (1, 1)))
    x = torch.randn(1, 48, 6, 8)
    fixed = {"analysis": 0.1 * torch.randn(8, 48, 2, 2), "synthesis": 0.1 * torch.randn(8, 48, 2, 2)}
    for key, value in fixed.items():
        setattr(network.principal, key, value)
    save("video-autoencoder", network, {"x": x, **fixed}, {"x": network(x)}, last)

    network = awake(NeuralShader((8, 8, 16), (1, 1, 2), (1, 1)))
    x = torch.randn(2, 61, 8, 12)
    save("neural-shader", network, {"x": x}, {"x": network(x, torch.tensor([0, 2]))}, last)

    network = awake(SoundAutoencoder(8, (16, 24), 1))
    x = torch.randn(1, 250, 20)
    fixed = {"mean": 0.1 * torch.randn(1000), "analysis": 0.03 * torch.randn(8, 1000), "synthesis": 0.05 * torch.randn(1000, 8)}
    for key, value in fixed.items():
        setattr(network.principal, key, value)
    # Phases that are told, as a trained network's are: near zero they would turn on a rounding.
    network.decoder.exit.bias.data[250:500] += 1
    save("sound-autoencoder", network, {"x": x, **fixed}, {"x": network(x)}, lambda y: last(y) if y.dim() > 2 else y)

    network = awake(SoundShader(8, 12, 8, 16, 1))
    blows = torch.randn(3, 58), torch.randn(3, 2), torch.rand(8, 18)
    strokes = torch.randn(2, 30), torch.randn(2, 2), torch.rand(8, 2)
    x = torch.randn(6, 1000)
    given = {f"{kind}.{name}": value for kind, rows in (("blows", blows), ("strokes", strokes))
             for name, value in zip(("features", "levels", "envelopes"), rows)}
    outputs = {"logarithms": network.logarithms(blows, strokes, 4), "correction": network.correction(x)}
    save("sound-shader", network, {"differences": x, **given}, outputs, lambda y: y)

    network = awake(JointTransformer(32, 2, 2, video=2, sound=2, vocabulary=16))
    nan = float("nan")
    positions = torch.tensor(
        [[k // 6, k // 3 % 2, k % 3] for k in range(12)] + [[k / 4, nan, nan] for k in range(8)]
        + [[1, 0.3, 2], [1, nan, nan], [0.7, 1, 1]] + [[nan] * 3] * 3)
    drawn = torch.randn(1, 8, 8)
    given = {
        "video": torch.randn(1, 12, 32), "places": torch.randn(1, 12, 14), "sound": torch.randn(1, 8, 8), "base": torch.randn(1, 12, 32),
        "controls": torch.randn(1, 12, 704), "known": torch.randn(1, 12, 36), "bodies": torch.randn(1, 2, 96),
        "contacts": torch.randn(1, 1, 42),
    }
    asked = {"t": 0.4, "rate": 30, "positions": positions, "words": torch.tensor([3, 9, 15]), "style": 2}
    video, sound = network(**asked, **given)
    begun, _ = network(**asked, **(given | {"base": None}))
    flat, _ = network(**asked, **given, is_flat=True)
    _, change = network(**asked, **given, sound_base=drawn)
    outputs = {"video": video, "sound": sound, "begun": begun, "flat": flat, "change": change}
    save("joint-transformer", network, given | {"sound_base": drawn}, outputs, lambda x: x)
