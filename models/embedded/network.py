"""The embedded backbone: a small residual convolutional network with taps at strides 8 and 16.

Shapes are written as [B, C, H, W]: pictures, channels, rows, columns. Pictures are RGB in 0..1.

The network is deliberately plain: 3 x 3 convolutions with batch norm (which folds into the convolutions
when exported), residual additions, heads of 1 x 1 convolutions. Nothing in it depends on the picture's size.
"""
from __future__ import annotations

from collections.abc import Callable

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


def conv_bn_relu(inputs: int, outputs: int, stride: int = 1, side: int = 3) -> nn.Sequential:
    """side x side convolution, batch norm, ReLU."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, side, stride, side // 2, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


Pool = Callable[[torch.Tensor], torch.Tensor]
"""[B, C, H, W] -> [B, C, h, w]: means over whole cells of the stride-16 grid."""


class Head(nn.Module):
    """A tap on the stride-16 grid: its cells are a linear map of the trunk's means, plus one of the means of a wider layer.

    The wider layer has a ReLU before it is averaged, so a cell tells how strong small patterns are in it, not only what they
    add up to. Its weights to the tap begin at zero.
    """

    def __init__(self, inputs: int, hidden: int, outputs: int):
        super().__init__()
        self.linear = nn.Conv2d(inputs, outputs, 1)
        self.widen = conv_bn_relu(inputs, hidden, side=1)
        self.narrow = nn.Conv2d(hidden, outputs, 1, bias=False)
        nn.init.zeros_(self.narrow.weight)
        self.outputs = outputs

    def forward(self, x: torch.Tensor, pool: Pool) -> torch.Tensor:
        """x: the trunk's features [B, inputs, H, W]. Returns [B, outputs, h, w]."""
        return self.linear(pool(x)) + self.narrow(pool(self.widen(x)))


class EmbeddedNet(nn.Module):
    """Trunk with strides 2, 4, 8, 16 and heads at strides 8 and 16.

    width: channels of the first layer; the trunk has 2, 4 and 8 times as many at strides 4, 8 and 16.
    hidden, taps: channels of the heads' wider layers, and of the taps, at strides 8 and 16.
    """

    def __init__(self, width: int = 20, hidden: tuple[int, int] = (192, 384), taps: tuple[int, int] = (96, 128)):
        super().__init__()
        w = width
        self.stem = conv_bn_relu(3, w, 2)
        self.down4 = conv_bn_relu(w, 2 * w, 2)
        self.res4 = conv_bn_relu(2 * w, 2 * w)
        self.down8 = conv_bn_relu(2 * w, 4 * w, 2)
        self.res8 = conv_bn_relu(4 * w, 4 * w)
        self.down16 = conv_bn_relu(4 * w, 8 * w, 2)
        self.res16a = conv_bn_relu(8 * w, 8 * w)
        self.res16b = conv_bn_relu(8 * w, 8 * w)
        nn.init.constant_(self.res16b[1].weight, 0.2)
        self.heads = nn.ModuleList(Head(c * w, h, t) for c, h, t in zip((4, 8), hidden, taps))

    def forward(self, x: torch.Tensor, pool: Pool) -> list[torch.Tensor]:
        """x: [B, 3, H, W] in 0..1; pool averages 2 x 2 cells of stride 8. Returns the taps [B, C, H / 16, W / 16] of strides 8 and 16."""
        x = self.down4(self.stem(normalise_picture(x)))
        x = x + self.res4(x)
        x = self.down8(x)
        t8 = x + self.res8(x)
        x = self.down16(t8)
        x = x + self.res16a(x)
        t16 = x + self.res16b(x)
        return [self.heads[0](t8, pool), self.heads[1](t16, nn.Identity())]


def network_for(state: dict[str, torch.Tensor]) -> EmbeddedNet:
    """The network that saved weights belong to, with the weights in it."""
    rows = [[len(state[f"heads.{i}.{layer}.weight"]) for i in range(2)] for layer in ("widen.0", "linear")]
    net = EmbeddedNet(len(state["stem.0.weight"]), *map(tuple, rows))
    net.load_state_dict(state)
    return net


class Exported(nn.Module):
    """What goes into the ONNX file: both taps on the stride-16 grid (20 x 20 at 320 px), and one vector per picture."""

    def __init__(self, net: EmbeddedNet):
        super().__init__()
        self.net = net

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """x: [B, 3, H, W] in 0..1. Returns (stride8 [B, C8, h, w], stride16 [B, C16, h, w], embedding [B, D])."""
        tap8, tap16 = self.net(x, lambda t: F.avg_pool2d(t, 2))
        return tap8, tap16, tap16.mean((2, 3))
