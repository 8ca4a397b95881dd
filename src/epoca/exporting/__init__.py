"""Models for elsewhere: as PyTorch modules and as ONNX graphs; and networks that come from elsewhere."""
