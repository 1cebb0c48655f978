"""Paper-free exact methods: finders that may use floats and solvers, and small checkers that use neither."""
