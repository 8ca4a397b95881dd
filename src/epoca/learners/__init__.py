"""What learns, one method a file: perceptron, neuron, network; and the population that runs them side by side."""
