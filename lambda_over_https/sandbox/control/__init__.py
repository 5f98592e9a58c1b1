"""The control plane: every call that is not an invocation, served by moto."""
