"""Layers between a call and moto, beside IAM and strictness: timing, throttles, faults, logs."""
