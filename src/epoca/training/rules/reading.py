"""Rules as people write them: a name and a number."""

from __future__ import annotations

import re

from epoca.errors import OptionError
from epoca.training.rules.patience import Patience

_FORM = re.compile(r"\s*patience\s*\(\s*(\d{1,9})\s*\)\s*")


def rule_of(text: str) -> Patience:
    """The stopping rule that a text stands for.

    Parameters
    ----------
    text : str
        "patience(16)", or with another number of epochs.

    Returns
    -------
    Patience

    Raises
    ------
    OptionError
        If it is anything else.

    Examples
    --------
    >>> rule_of("patience(16)")
    Patience(epochs=16)
    """
    found = _FORM.fullmatch(text) if isinstance(text, str) else None
    if found is None or int(found[1]) < 1:
        raise OptionError(
            'A stopping rule is written like "patience(16)", with at least 1 epoch, not "{text}".', text=str(text)
        )
    return Patience(int(found[1]))
