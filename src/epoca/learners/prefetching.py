"""Asking memory for a row long before it is needed.

A shuffled row of a large table lies in no cache, and waiting for it takes longer than learning from it.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

_CACHE_LINE = 64


@intrinsic
def prefetch(typing_context: Any, array: Any, row: Any) -> Any:
    """Ask for ``array[row]`` (first axis, C-contiguous) without waiting for it: LLVM's prefetch instruction."""
    del typing_context

    def instructions(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        view = context.make_array(signature.args[0])(context, builder, arguments[0])
        stride = cgutils.unpack_tuple(builder, view.strides)[0]
        start = builder.add(builder.ptrtoint(view.data, stride.type), builder.mul(arguments[1], stride))
        stop = builder.add(start, stride)
        address, flag = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [address, flag, flag, flag])
        ask = builder.module.declare_intrinsic("llvm.prefetch", [address], kind)
        read, keep, data = flag(0), flag(3), flag(1)
        with cgutils.for_range_slice(builder, start, stop, ir.Constant(stride.type, _CACHE_LINE)) as (at, _):
            builder.call(ask, [builder.inttoptr(at, address), read, keep, data])
        return context.get_dummy_value()

    return types.void(array, row), instructions
