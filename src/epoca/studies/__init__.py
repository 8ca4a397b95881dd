"""Further trainings that answer a question about a model: is the verdict true, do more rows help, what is by heart."""
