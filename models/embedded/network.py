"""The embedded backbone: a small residual convolutional network with taps at strides 8 and 16.

Shapes are written as [B, C, H, W]: pictures, channels, rows, columns. Pictures are RGB in 0..1.

The network is deliberately plain: 3 x 3 convolutions with batch norm (which folds into the convolutions
when exported), residual additions, 1 x 1 heads. Nothing in it depends on the picture's size.
"""
from __future__ import annotations

import torch
import torch.nn as nn
import torch.nn.functional as F

CONTRAST_FLOOR = 0.04
"""Added to a picture's contrast (standard deviation, 0..1) before dividing by it, so that a constant picture
becomes all zeros instead of NaN and the noise of a nearly constant one isn't blown up."""


def normalise_picture(x: torch.Tensor) -> torch.Tensor:
    """Subtract the picture's mean and divide by its contrast, over all channels and pixels at once.

    x: [B, 3, H, W] in 0..1. Returns the same shape, without unit. Colour differences survive, exposure doesn't.
    """
    centred = x - x.mean((1, 2, 3), keepdim=True)
    contrast = (centred * centred).mean((1, 2, 3), keepdim=True).sqrt()
    return centred / (contrast + CONTRAST_FLOOR)


def conv_bn_relu(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    """3 x 3 convolution, batch norm, ReLU."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


def local_contrast(x: torch.Tensor) -> torch.Tensor:
    """What a surface looks like once slow changes of light are gone.

    x: normalised pictures [B, 3, H, W]. Returns brightness minus its neighbourhood's mean, divided by the neighbourhood's
    contrast, [B, 1, H, W], clipped to -3..3. The neighbourhood is about 28 x 28 pixels, found on a 4 x smaller picture.
    """
    grey = x.mean(1, keepdim=True)
    small = F.avg_pool2d(grey, 4, ceil_mode=True)
    mean = F.avg_pool2d(small, 7, 1, 3, count_include_pad=False)
    spread = F.avg_pool2d((small - mean) ** 2, 7, 1, 3, count_include_pad=False)
    both = F.interpolate(torch.cat([mean, spread], 1), size=x.shape[-2:], mode="bilinear", align_corners=False)
    return ((grey - both[:, :1]) / (both[:, 1:].clamp(min=0) + 0.01).sqrt()).clamp(-3, 3)


class WideBlock(nn.Module):
    """Residual block that sees far: 7 x 7 depthwise convolution, batch norm, two 1 x 1 convolutions."""

    def __init__(self, channels: int, expand: int = 2):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(channels, channels, 7, 1, 3, groups=channels, bias=False),
            nn.BatchNorm2d(channels),
            nn.Conv2d(channels, expand * channels, 1),
            nn.ReLU(inplace=True),
            nn.Conv2d(expand * channels, channels, 1),
        )
        nn.init.zeros_(self.body[-1].weight)
        nn.init.zeros_(self.body[-1].bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.body(x)


class EmbeddedNet(nn.Module):
    """Trunk with strides 2, 4, 8, 16 and one 1 x 1 head per tap.

    width: channels of the first layer; the trunk has 2, 4 and 8 times as many at strides 4, 8 and 16.
    heads: channels of the heads at strides 4, 8 and 16. The head at stride 4 only helps training.
    lcn: a fourth input channel with local contrast. wide: a block with a wide view at stride 16.
    Both start as no-ops, so weights trained without them can be continued with them.
    """

    STRIDES = (4, 8, 16)

    def __init__(self, width: int = 20, heads: tuple[int, int, int] = (64, 96, 128), lcn: bool = True, wide: bool = True):
        super().__init__()
        w = width
        self.lcn = lcn
        self.stem = conv_bn_relu(4 if lcn else 3, w, 2)
        if lcn:
            nn.init.zeros_(self.stem[0].weight[:, 3:])
        self.down4 = conv_bn_relu(w, 2 * w, 2)
        self.res4 = conv_bn_relu(2 * w, 2 * w)
        self.down8 = conv_bn_relu(2 * w, 4 * w, 2)
        self.res8 = conv_bn_relu(4 * w, 4 * w)
        self.down16 = conv_bn_relu(4 * w, 8 * w, 2)
        self.res16a = conv_bn_relu(8 * w, 8 * w)
        self.res16b = conv_bn_relu(8 * w, 8 * w)
        self.wide16 = WideBlock(8 * w) if wide else nn.Identity()
        self.heads = nn.ModuleList(nn.Conv2d(c * w, d, 1) for c, d in zip((2, 4, 8), heads))

    def trunk(self, x: torch.Tensor) -> list[torch.Tensor]:
        """x: [B, 3, H, W] in 0..1. Returns the trunk's features at strides 4, 8, 16."""
        x = normalise_picture(x)
        if self.lcn:
            x = torch.cat([x, local_contrast(x)], 1)
        x = self.down4(self.stem(x))
        t4 = x + self.res4(x)
        x = self.down8(t4)
        t8 = x + self.res8(x)
        x = self.down16(t8)
        x = x + self.res16a(x)
        t16 = self.wide16(x + self.res16b(x))
        return [t4, t8, t16]

    def forward(self, x: torch.Tensor) -> list[torch.Tensor]:
        """x: [B, 3, H, W] in 0..1. Returns the heads' features at strides 4, 8, 16 on their own grids."""
        return [head(t) for head, t in zip(self.heads, self.trunk(x))]


def network_for(state: dict[str, torch.Tensor]) -> EmbeddedNet:
    """The network that saved weights belong to, with the weights in it. Knows the prototype's names too."""
    if "a.0.weight" in state:
        state = from_prototype(state)
    net = EmbeddedNet(width=len(state["stem.0.weight"]), heads=tuple(len(state[f"heads.{i}.weight"]) for i in range(3)),
                      lcn=state["stem.0.weight"].shape[1] == 4, wide="wide16.body.0.weight" in state)
    net.load_state_dict(state)
    return net


def warm_start(net: EmbeddedNet, state: dict[str, torch.Tensor]) -> None:
    """Continue from weights of the same width that may lack the local-contrast channel and the wide block."""
    if "a.0.weight" in state:
        state = from_prototype(state)
    stem = state["stem.0.weight"]
    missing = net.stem[0].in_channels - stem.shape[1]
    state = {**state, "stem.0.weight": F.pad(stem, (0, 0, 0, 0, 0, missing))}
    lost = net.load_state_dict(state, strict=False)
    assert not lost.unexpected_keys and all(k.startswith("wide16.") for k in lost.missing_keys), lost


class Exported(nn.Module):
    """What goes into the ONNX file: both taps on the stride-16 grid, and one vector per picture.

    The stride-8 tap is averaged over 2 x 2 cells, so it lands on the stride-16 grid cell by cell (20 x 20 at
    320 px), whatever the picture's size.
    """

    def __init__(self, net: EmbeddedNet):
        super().__init__()
        self.net = net

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """x: [B, 3, H, W] in 0..1. Returns (stride8 [B, C8, h, w], stride16 [B, C16, h, w], embedding [B, D])."""
        _, t8, t16 = self.net.trunk(x)
        tap8 = F.avg_pool2d(self.net.heads[1](t8), 2, ceil_mode=False)
        tap16 = self.net.heads[2](t16)
        return tap8, tap16, tap16.mean((2, 3))


_PROTOTYPE_NAMES = {
    "stem": "stem", "a": "down4", "b": "res4", "c": "down8", "d": "res8",
    "e": "down16", "f": "res16a", "g": "res16b", "h": "heads",
}


def from_prototype(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Translate the names of the project's first prototype weights into this network's."""
    out = {}
    for name, value in state.items():
        first, rest = name.split(".", 1)
        out[f"{_PROTOTYPE_NAMES[first]}.{rest}"] = value
    return out
