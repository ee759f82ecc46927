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


class EmbeddedNet(nn.Module):
    """Trunk with strides 2, 4, 8, 16 and one 1 x 1 head per tap.

    width: channels of the first layer; the trunk has 2, 4 and 8 times as many at strides 4, 8 and 16.
    heads: channels of the heads at strides 4, 8 and 16. The head at stride 4 only helps training.
    """

    STRIDES = (4, 8, 16)

    def __init__(self, width: int = 20, heads: tuple[int, int, int] = (64, 96, 128)):
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
        self.heads = nn.ModuleList(nn.Conv2d(c * w, d, 1) for c, d in zip((2, 4, 8), heads))

    def trunk(self, x: torch.Tensor) -> list[torch.Tensor]:
        """x: [B, 3, H, W] in 0..1. Returns the trunk's features at strides 4, 8, 16."""
        x = self.down4(self.stem(normalise_picture(x)))
        t4 = x + self.res4(x)
        x = self.down8(t4)
        t8 = x + self.res8(x)
        x = self.down16(t8)
        x = x + self.res16a(x)
        t16 = x + self.res16b(x)
        return [t4, t8, t16]

    def forward(self, x: torch.Tensor) -> list[torch.Tensor]:
        """x: [B, 3, H, W] in 0..1. Returns the heads' features at strides 4, 8, 16 on their own grids."""
        return [head(t) for head, t in zip(self.heads, self.trunk(x))]


def network_for(state: dict[str, torch.Tensor]) -> EmbeddedNet:
    """The network that saved weights belong to, with the weights in it."""
    net = EmbeddedNet(width=len(state["stem.0.weight"]), heads=tuple(len(state[f"heads.{i}.weight"]) for i in range(3)))
    net.load_state_dict(state)
    return net


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
