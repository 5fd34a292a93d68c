"""What is measured, and how: each module runs with `python -m benchmarks.<name>`."""
