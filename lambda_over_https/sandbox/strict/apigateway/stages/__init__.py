"""Stages and deployments: when they can be made, what a stage is told to have."""
