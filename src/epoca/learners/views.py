"""Parts of a flat buffer seen as matrices, at no cost.

A slice that is reshaped is checked and counted as a reference, which takes longer than adding a small layer's bias;
here an address is computed and no more. The buffer must outlive its views, as those of learners do.
"""

from __future__ import annotations

from typing import Any

from numba.core import types
from numba.extending import intrinsic
from numba.np.arrayobj import populate_array


@intrinsic
def view(
    typing_context: Any,
    buffer: Any,  # C-contiguous, of whatever shape
    first: Any,  # where the view begins, counted in elements
    m: Any,
    n: Any,
) -> Any:
    """Part of a flat buffer as a matrix, (m, n), C-contiguous."""
    del typing_context, first, m, n
    matrix = types.Array(buffer.dtype, 2, "C")

    def instructions(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        whole = context.make_array(signature.args[0])(context, builder, arguments[0])
        _buffer, begin, *shape = arguments
        size = context.get_constant(types.intp, context.get_abi_sizeof(context.get_data_type(buffer.dtype)))
        part = context.make_array(matrix)(context, builder)
        populate_array(
            part,
            data=builder.gep(whole.data, [begin]),
            shape=shape,
            strides=[builder.mul(shape[1], size), size],
            itemsize=size,
            meminfo=None,
        )
        return part._getvalue()

    return matrix(buffer, types.intp, types.intp, types.intp), instructions
