"""epoca trains neural networks on tables, shows them learning, and says how many epochs are ideal."""

__version__ = "0.1.0"
