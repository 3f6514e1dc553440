"""The generator's networks in PyTorch: the same arithmetic and parameter names as Sources/VideoDiffusion.

Channels are first here and last in Mondo; see `layers.py`.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F

BLOCK = 4


class ResidualBlock(nn.Module):
    """x + mix(silu(convolution(x))) over one or two axes."""

    def __init__(self, width, axes=2, dilation=1):
        super().__init__()
        convolution = nn.Conv1d if axes == 1 else nn.Conv2d
        self.convolution = convolution(width, width, 3, padding=dilation, dilation=dilation)
        self.mix = nn.Linear(width, width)

    def forward(self, x):
        return x + self.mix(F.silu(self.convolution(x)).movedim(1, -1)).movedim(-1, 1)


class PrincipalBlocks(nn.Module):
    """A fixed transform between blocks of 8 × 8 pixels and their principal components, measured on data by Mondo."""

    def __init__(self, latent):
        super().__init__()
        self.register_buffer("analysis", torch.zeros(latent, 48, 2, 2))
        self.register_buffer("synthesis", torch.zeros(latent, 48, 2, 2))

    def components(self, blocks):
        return F.conv2d(blocks, self.analysis, stride=2)

    def blocks(self, components):
        return F.conv_transpose2d(components, self.synthesis, stride=2)


class VideoEncoder(nn.Module):
    """Blocks of pixels [frames, 48, 2·rows, 2·columns] to what is added to their components [frames, latent, rows, columns]."""

    def __init__(self, latent, outer, inner, blocks):
        super().__init__()
        self.entry = nn.Conv2d(3 * BLOCK * BLOCK, outer, 3, padding=1)
        self.outer = nn.ModuleList([ResidualBlock(outer) for _ in range(blocks[0])])
        self.halving = nn.Conv2d(outer, inner, 2, stride=2)
        self.inner = nn.ModuleList([ResidualBlock(inner) for _ in range(blocks[1])])
        self.latent = nn.Conv2d(inner, latent, 1)

    def forward(self, x):
        x = self.entry(x)
        for block in self.outer:
            x = block(x)
        x = self.halving(x)
        for block in self.inner:
            x = block(x)
        return self.latent(x)


class VideoDecoder(nn.Module):
    """The way back."""

    def __init__(self, latent, outer, inner, blocks):
        super().__init__()
        self.latent = nn.Conv2d(latent, inner, 3, padding=1)
        self.inner = nn.ModuleList([ResidualBlock(inner) for _ in range(blocks[0])])
        self.doubling = nn.ConvTranspose2d(inner, outer, 2, stride=2)
        self.outer = nn.ModuleList([ResidualBlock(outer) for _ in range(blocks[1])])
        self.exit = nn.Conv2d(outer, 3 * BLOCK * BLOCK, 3, padding=1)

    def forward(self, x):
        x = self.latent(x)
        for block in self.inner:
            x = block(x)
        x = self.doubling(x)
        for block in self.outer:
            x = block(x)
        return self.exit(x)


class VideoAutoencoder(nn.Module):
    def __init__(self, latent=32, outer=64, inner=128, encoder=(1, 2), decoder=(3, 1)):
        super().__init__()
        self.principal = PrincipalBlocks(latent)
        self.encoder = VideoEncoder(latent, outer, inner, encoder)
        self.decoder = VideoDecoder(latent, outer, inner, decoder)

    def encode(self, x):
        return self.principal.components(x) + self.encoder(x)

    def decode(self, z):
        return self.principal.blocks(z) + self.decoder(z)

    def forward(self, x):
        return self.decode(self.encode(x))


class NeuralShader(nn.Module):
    """Plain view, or flat colours, controls and place [frames, 61, rows, columns] to pictures [frames, 48, rows, columns]: a U-net added
    to what it draws over."""

    def __init__(self, widths=(48, 96, 128), down=(1, 2, 3), up=(1, 2), controls=11, styles=3):
        super().__init__()
        steps = list(zip(widths, widths[1:]))

        def blocks(counts):
            far = lambda level, k: level == len(widths) - 1 and k % 2 == 1
            return nn.ModuleList([
                nn.ModuleList([ResidualBlock(widths[level], dilation=2 if far(level, k) else 1) for k in range(count)])
                for level, count in enumerate(counts)])

        self.entry = nn.Conv2d(48 + controls + 2, widths[0], 3, padding=1)
        self.styles = nn.Embedding(styles, widths[0])
        self.down, self.up = blocks(down), blocks(up)
        self.halving = nn.ModuleList([nn.Conv2d(a, b, 2, stride=2) for a, b in steps])
        self.doubling = nn.ModuleList([nn.ConvTranspose2d(b, a, 2, stride=2) for a, b in steps])
        self.exit = nn.Conv2d(widths[0], 48, 3, padding=1)

    def forward(self, x, styles):
        y = self.entry(x) + self.styles(styles)[:, :, None, None]
        passed = []
        for level, blocks in enumerate(self.down):
            if level > 0:
                y = self.halving[level - 1](y)
            for block in blocks:
                y = block(y)
            passed.append(y)
        for level in reversed(range(len(self.up))):
            y = self.doubling[level](y) + passed[level]
            for block in self.up[level]:
                y = block(y)
        return x[:, :48] + self.exit(y)


class ResidualPair(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.near, self.far = ResidualBlock(width, axes=1), ResidualBlock(width, axes=1, dilation=3)

    def forward(self, x):
        return self.far(self.near(x))


def overlapping_spectra():
    """Spectra of 250 samples as a matrix of unit length [cosines and sines, 250], windowed; its transpose leads back."""
    n, k = torch.arange(250, dtype=torch.float64), torch.arange(125, dtype=torch.float64)[:, None]
    window = torch.sin(torch.pi * (n + 0.5) / 250) * (2 / 250) ** 0.5
    angles = torch.pi * ((2 * k + 1) * n % 500) / 250
    return torch.cat([window * angles.cos(), -window * angles.sin()]).float()


class PrincipalSpectra(nn.Module):
    """Measured, not learnt: see `PrincipalSpectra` in Swift."""

    def __init__(self, width):
        super().__init__()
        for name, shape in ("mean", (1000,)), ("analysis", (width, 1000)), ("synthesis", (1000, width)):
            self.register_buffer(name, torch.zeros(shape))


class SoundAutoencoder(nn.Module):
    """Blocks of 125 samples, middle and side [batch, 250, 4·latents], to raw latents [batch, latent, latents] and back."""

    def __init__(self, latent=32, widths=(160, 224), decoder_pairs=2):
        super().__init__()
        high, low = widths
        self.encoder, self.decoder = nn.Module(), nn.Module()
        self.encoder.entry = nn.Conv1d(750, high, 1)
        self.encoder.blocks = nn.ModuleList([ResidualPair(w) for w in widths])
        self.encoder.slower = nn.Conv1d(high, low, 4, stride=4)
        self.encoder.latent = nn.Conv1d(low, latent, 1)
        self.decoder.latent = nn.Conv1d(latent, low, 3, padding=1)
        self.decoder.blocks = nn.ModuleList([nn.Sequential(*[ResidualPair(w) for _ in range(decoder_pairs)]) for w in widths])
        self.decoder.faster = nn.ConvTranspose1d(low, high, 4, stride=4)
        self.decoder.exit = nn.Conv1d(high, 750, 1)
        self.register_buffer("transform", overlapping_spectra(), persistent=False)
        self.principal = PrincipalSpectra(latent)

    def encode(self, x):
        e, p = self.encoder, self.principal
        blocks = x.transpose(1, 2).unflatten(2, (2, 125))
        spectra = torch.cat([blocks, F.pad(blocks[:, 1:], (0, 0, 0, 0, 0, 1))], 3) @ self.transform.T
        real, imaginary = spectra.chunk(2, 3)
        logarithms = 0.5 * torch.log(real ** 2 + imaginary ** 2 + 1e-8)
        factor = torch.exp(logarithms * (-2 / 3))
        told = torch.cat([part.flatten(2) for part in ((logarithms + 4) / 3, real * factor, imaginary * factor)], 2)
        x = e.latent(e.blocks[1](e.slower(e.blocks[0](e.entry(told.transpose(1, 2))))))
        return x + F.linear(logarithms.reshape(x.shape[0], x.shape[2], 1000) - p.mean, p.analysis).transpose(1, 2)

    def decode(self, z):
        d = self.decoder
        x = d.exit(d.blocks[0](d.faster(d.blocks[1](d.latent(z)))))
        logarithms, real, imaginary = (part.unflatten(2, (2, 125)) for part in x.transpose(1, 2).chunk(3, 2))
        told = F.linear(z.transpose(1, 2), self.principal.synthesis) + self.principal.mean
        logarithms = logarithms + told.reshape(logarithms.shape)
        scale = torch.exp(8 * torch.tanh((logarithms + 4) / 8) - 4) / torch.sqrt(real ** 2 + imaginary ** 2 + 1e-3)
        frames = torch.cat([real * scale, imaginary * scale], 3) @ self.transform
        blocks = frames[..., :125] + F.pad(frames[:, :-1, :, 125:], (0, 0, 0, 0, 1, 0))
        return blocks.flatten(2).transpose(1, 2)

    def forward(self, x):
        return self.decode(self.encode(x))


class SoundShader(nn.Module):
    """What contacts sound like. Rows of blows [rows, 58] and strokes [rows, 30] with the logarithms of their energies [rows, 2] and how
    these show in each spectrum [spectra, rows·6] and [spectra, rows]: see `SoundShader` in Swift."""

    def __init__(self, latent=32, blow=96, stroke=64, width=80, pairs=2, rates=6, places=10):
        super().__init__()
        self.blow = nn.ModuleList([nn.Linear(58, blow), nn.Linear(blow, blow), nn.Linear(blow, rates * 250)])
        self.stroke = nn.ModuleList([nn.Linear(30, stroke), nn.Linear(stroke, 250)])
        self.tone, self.places = nn.Parameter(torch.full((250,), -13.0)), nn.Embedding(places, 250)
        self.entry, self.exit = nn.Linear(1000, width), nn.Linear(width, latent)
        self.blocks = nn.ModuleList([ResidualPair(width) for _ in range(pairs)])

    def logarithms(self, blows, strokes, place):
        """Spectra [spectra, 250], middle and side."""
        energies = torch.exp(self.tone + self.places(torch.tensor([place])))
        for layers, (features, levels, envelopes) in (self.blow, blows), (self.stroke, strokes):
            x = features
            for layer in layers[:-1]:
                x = F.silu(layer(x))
            told = layers[-1](x).reshape(len(x), -1, 2, 125)
            parts = torch.exp(16 * torch.tanh(told / 16) + levels[:, None, :, None])
            energies = energies + envelopes @ parts.reshape(-1, 250)
        return 0.5 * torch.log(energies + 1e-8)

    def correction(self, differences):
        """Of spectra less their mean [latents, 1000]: what is added to latents [latents, width]."""
        x = self.entry(differences / 3).T[None]
        for block in self.blocks:
            x = block(x)
        return self.exit(x[0].T)


def rotary_tables(positions, head_width):
    """Cosines and sines [..., tokens, head_width / 2] of positions [..., tokens, 3] in time, row, column; NaN where a token is nowhere."""
    pairs = head_width // 2
    groups = [pairs // 2, pairs // 4, pairs - pairs // 2 - pairs // 4]
    speeds = [(0.01 ** (torch.arange(n, dtype=torch.float64, device=positions.device) / max(1, n - 1))).float() for n in groups]
    angles = torch.cat([positions[..., axis:axis + 1] * speed for axis, speed in enumerate(speeds)], -1).nan_to_num(0)
    return angles.cos(), angles.sin()


class JointBlock(nn.Module):
    """x [batch, tokens, width], shared [batch, 6·width]; `mask` [batch, 1, 1, tokens] says which tokens are heard."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.modulation = nn.Parameter(torch.zeros(1, 6 * width))

    def forward(self, x, shared, tables, mask=None):
        s1, b1, g1, s2, b2, g2 = (shared + self.modulation)[:, None].chunk(6, -1)
        norm = lambda y, s, b: F.layer_norm(y, y.shape[-1:], eps=1e-6) * (1 + s) + b
        batch, tokens, width = x.shape
        q, k, v = self.qkv(norm(x, s1, b1)).view(batch, tokens, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(rotated(q, tables), rotated(k, tables), v, mask).transpose(1, 2).reshape(x.shape)
        x = x + g1 * self.out(y)
        return x + g2 * self.down(F.gelu(self.up(norm(x, s2, b2)), approximate="tanh"))


def rotated(x, tables):
    """Element i of a head's first half and element i of its second turn as a pair."""
    cosines, sines = tables
    a, b = x.chunk(2, -1)
    return torch.cat([a * cosines - b * sines, a * sines + b * cosines], -1).to(x.dtype)


class JointTransformer(nn.Module):
    """All tokens in one attention: predicts the clean latents of noised ones, given what is known; pictures as residuals."""

    def __init__(self, width=256, heads=4, depth=6, video=32, sound=32, channels=11, vocabulary=2048, caption=24, styles=3,
                 bodies=96, contacts=42, places=14):
        super().__init__()
        self.width, self.heads = width, heads
        into = lambda inputs: nn.Linear(inputs, width)
        self.video, self.places, self.sound, self.base = into(16 * video), into(places), into(4 * sound), into(16 * video)
        self.sound_base, self.sound_change = into(4 * sound), nn.Linear(width, 4 * sound)
        self.flat = nn.Parameter(torch.zeros(1, width))
        self.controls, self.known = into(64 * channels), into(16 * video + 4)
        self.bodies, self.contacts = into(bodies), into(contacts)
        self.words, self.word_places = nn.Embedding(vocabulary, width), nn.Embedding(caption, width)
        self.styles, self.caption = nn.Embedding(styles, width), into(width)
        self.time = nn.ModuleList([into(130), into(width)])
        self.modulation = nn.Linear(width, 6 * width)
        self.blocks = nn.ModuleList([JointBlock(width, heads) for _ in range(depth)])
        self.last = nn.Linear(width, 2 * width)
        self.video_out, self.sound_out = nn.Linear(width, 16 * video), nn.Linear(width, 4 * sound)

    def forward(self, video, places, sound, t, rate, positions, base=None, controls=None, known=None, bodies=None, contacts=None,
                words=None, style=None, is_flat=False, sound_base=None, told=None, real=None):
        """Of a question what isn't told is None; `is_flat` says that `base` was drawn over flat colours.

        Several questions at once have a number each of t, rate, is_flat and style, and words [batch, words]. `told` then says which of them
        have a part, {"base": [batch] of 0 and 1, …}, and `real` [batch, tokens] which tokens there are; without them all have all."""
        device, batch = video.device, video.shape[0]

        def part(name, layer, x):
            """A layer's answer for the questions that are told of x; nothing for the others."""
            if x is None:
                return 0
            y = layer(x)
            return y if told is None or name not in told else y * told[name].to(y.dtype).view(batch, *[1] * (y.dim() - 1))

        def each(x, dtype):
            return torch.as_tensor(x, dtype=dtype, device=device).reshape(-1)

        pictures = self.video(video) + self.places(places) + part("base", self.base, base)
        pictures = pictures + part("controls", self.controls, controls) + part("known", self.known, known)
        if base is not None:
            # [batch, 1, width], or nothing
            pictures = pictures + each(is_flat, self.flat.dtype)[:, None, None] * self.flat
        heard = self.sound(sound) + part("sound_base", self.sound_base, sound_base)
        tokens = [pictures, heard]
        if bodies is not None:
            tokens.append(self.bodies(bodies))
        if contacts is not None:
            tokens.append(self.contacts(contacts))
        t, rate = each(t, torch.float64)[:, None], each(rate, torch.float64)[:, None]
        waves = 1000 * t * 1e-4 ** (torch.arange(64, dtype=torch.float64, device=device) / 63)
        level = torch.log2(rate / 24).expand(len(waves), 1)
        features = torch.cat([waves.sin(), waves.cos(), level, torch.ones_like(level)], 1).to(pictures.dtype)
        condition = self.time[1](F.silu(self.time[0](features)))
        if words is not None:
            meanings = self.words(words).expand(batch, -1, -1)
            tokens.append(meanings + self.word_places(torch.arange(meanings.shape[1], device=device)))
            # The mean is over the words that there are.
            there = torch.ones_like(meanings[..., :1]) if real is None else real[:, -meanings.shape[1]:, None].to(meanings.dtype)
            mean = (meanings * there).sum(1) / there.sum(1).clamp(min=1)
            condition = condition + part("words", self.caption, F.layer_norm(mean, (self.width,), eps=1e-6))
        if style is not None:
            condition = condition + part("style", self.styles, each(style, torch.int64))
        condition = F.silu(condition)
        shared = self.modulation(condition)
        tables = rotary_tables(positions if positions.dim() == 2 else positions[:, None], self.width // self.heads)
        h = torch.cat(tokens, 1)
        mask = None if real is None else real[:, None, None]
        for block in self.blocks:
            h = block(h, shared, tables, mask)
        scale, shift = self.last(condition)[:, None].chunk(2, -1)
        n, m = video.shape[1], sound.shape[1]
        h = F.layer_norm(h[:, :n + m], (self.width,), eps=1e-6) * (1 + scale) + shift
        drawn, heard = self.video_out(h[:, :n]), h[:, n:]
        if sound_base is None:
            return drawn, self.sound_out(heard)
        if told is None or "sound_base" not in told:
            return drawn, self.sound_change(heard)
        return drawn, torch.where(told["sound_base"].view(batch, 1, 1) > 0, self.sound_change(heard), self.sound_out(heard))
