"""The layers of Mondo's networks in PyTorch: the same arithmetic, the same parameter names, PyTorch's layouts.

PyTorch puts channels first, Mondo last; `to_mondo` and `last` rearrange what goes into a fixture.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F


class AdaptiveTransformerBlock(nn.Module):
    """DiT with adaLN: x [batch, tokens, width], condition [batch, width]."""

    def __init__(self, width, heads, hidden=None):
        super().__init__()
        hidden = hidden or 4 * width
        self.heads = heads
        self.norm1 = nn.LayerNorm(width, elementwise_affine=False)
        self.norm2 = nn.LayerNorm(width, elementwise_affine=False)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, hidden), nn.Linear(hidden, width)
        self.modulation = nn.Linear(width, 6 * width)

    def forward(self, x, condition):
        s1, b1, g1, s2, b2, g2 = self.modulation(F.silu(condition))[:, None].chunk(6, -1)
        y = self.norm1(x) * (1 + s1) + b1
        batch, tokens, width = y.shape
        q, k, v = self.qkv(y).view(batch, tokens, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(batch, tokens, width)
        x = x + g1 * self.out(y)
        y = self.norm2(x) * (1 + s2) + b2
        return x + g2 * self.down(F.gelu(self.up(y), approximate="tanh"))


class CausalConvolution(nn.Conv3d):
    """Zeros before the first frame only: no frame sees a later one."""

    def __init__(self, inputs, outputs, kernel=3):
        super().__init__(inputs, outputs, kernel)
        self.before = (kernel // 2,) * 4 + (kernel - 1, 0)

    def forward(self, x):
        return super().forward(F.pad(x, self.before))


class CausalResidualBlock(nn.Module):
    """x [batch, channels, frames, height, width]."""

    def __init__(self, channels, groups):
        super().__init__()
        self.norm1, self.norm2 = nn.GroupNorm(groups, channels), nn.GroupNorm(groups, channels)
        self.convolution1 = CausalConvolution(channels, channels)
        self.convolution2 = CausalConvolution(channels, channels)

    def forward(self, x):
        h = self.convolution1(F.silu(self.norm1(x)))
        return x + self.convolution2(F.silu(self.norm2(h)))


class TinyTransformer(nn.Module):
    """Symbols in, symbols' scores out: an embedding, two adaptive blocks, RMS norm, a linear head."""

    def __init__(self, symbols=7, width=32, heads=2):
        super().__init__()
        self.embedding = nn.Embedding(symbols, width)
        self.blocks = nn.ModuleList([AdaptiveTransformerBlock(width, heads) for _ in range(2)])
        self.norm = nn.RMSNorm(width, eps=1e-6)
        self.head = nn.Linear(width, symbols)

    def forward(self, symbols, condition):
        x = self.embedding(symbols)
        for block in self.blocks:
            x = block(x, condition)
        return self.head(self.norm(x))


class TinyAutoencoder(nn.Module):
    """A strided convolution, a causal block, a transposed convolution: [batch, 3, frames, height, width] and back."""

    def __init__(self, channels=16, groups=4):
        super().__init__()
        self.encode = nn.Conv3d(3, channels, (1, 2, 2), stride=(1, 2, 2))
        self.block = CausalResidualBlock(channels, groups)
        self.decode = nn.ConvTranspose3d(channels, 3, (1, 2, 2), stride=(1, 2, 2))

    def forward(self, x):
        return self.decode(self.block(self.encode(x)))


def last(x):
    """Channels first to channels last, for activations of three and more axes."""
    return x.movedim(1, -1).contiguous()


def to_mondo(name, tensor):
    """A parameter (or its gradient) in Mondo's layout: convolution weights [out, kernel..., in]."""
    return last(tensor) if tensor.dim() > 2 else tensor.contiguous()
