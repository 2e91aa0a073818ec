"""A fitted network as the files that the product loads."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from torch import nn

from adscan.classify.model import FILES, ModelCard
from adscan.classify.windows import cut
from adscan.training.network import Network, Outputs


class _Named(nn.Module):
    """The network with its answers as a plain tuple, as the exporter wants them."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, ...]:
        return tuple(self.network(ids, mask))


def export_network(
    network: Network, out: Path, base: Path, exact_layers: Collection[int] = ()
) -> None:
    """`model.onnx` in int8 and `tokenizer.json` in the folder `out`; `base` has the tokenizer.

    `exact_layers` keep the second matrix of their feed-forward part in floats: a few layers have
    activations so uneven that integers lose most there.

    Weights take seven of the eight bits: with all eight, processors without VNNI overflow, and the
    same text would get another answer on another machine.
    """
    out.mkdir(parents=True, exist_ok=True)
    exact = out / "exact.onnx"
    names = list(Outputs._fields)
    lengths = {0: "windows", 1: "pieces"}
    ids = torch.zeros((2, 16), dtype=torch.int64)
    torch.onnx.export(
        _Named(network.cpu().eval()),
        (ids, torch.ones_like(ids)),
        str(exact),
        input_names=["ids", "mask"],
        output_names=names,
        dynamic_axes={"ids": lengths, "mask": lengths, "words": lengths}
        | {name: {0: "windows"} for name in names if name != "words"},
        opset_version=17,
        dynamo=False,
    )
    quantize_dynamic(
        exact,
        out / "model.onnx",
        op_types_to_quantize=["MatMul", "Gemm", "Gather"],
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=_second_matrices(exact, exact_layers),
    )
    exact.unlink()
    shutil.copyfile(base / "tokenizer.json", out / "tokenizer.json")


def _second_matrices(exact: Path, layers: Collection[int]) -> list[str]:
    """The nodes that lead from the wide part of a feed-forward layer back."""
    wanted = [f"/layer.{layer}/output/dense/MatMul" for layer in layers]
    nodes = [node.name for node in onnx.load(str(exact)).graph.node]
    return [name for name in nodes if name.endswith(tuple(wanted))] if wanted else []


def write_parity(network: Network, tokenizer: Path, texts: Iterable[str], out: Path) -> None:
    """What the network itself says of some texts: the exported one is tested against it."""
    pieces = Tokenizer.from_file(str(tokenizer))
    cases = []
    for text in texts:
        (window, *_) = cut(*_pieces(pieces, text))
        ids = torch.tensor([window.ids])
        with torch.no_grad():
            outputs = network.eval()(ids, torch.ones_like(ids))
        named = {name: getattr(outputs, name)[0] for name in ("violates", "rules", "genre")}
        cases.append({"text": text} | {k: _rounded(v) for k, v in named.items()})
    out.write_text(json.dumps(cases, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _pieces(tokenizer: Tokenizer, text: str) -> tuple[list[int], list[tuple[int, int]]]:
    encoded = tokenizer.encode(text, add_special_tokens=False)
    return encoded.ids, encoded.offsets


def _rounded(values: torch.Tensor) -> Any:
    return (torch.round(values * 1000) / 1000).tolist()


def write_card(card: ModelCard, out: Path) -> None:
    """`model.json`, with the digests of the files beside it."""
    digests = {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in FILES}
    signed = card.model_copy(update={"files": digests})
    (out / "model.json").write_text(signed.model_dump_json(indent=1) + "\n", encoding="utf-8")
