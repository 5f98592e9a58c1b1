"""What the data plane reads of the control plane's state."""
