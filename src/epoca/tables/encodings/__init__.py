"""How one column becomes numbers: one encoding a file, all behind the protocol in `encoding`."""
