"""AWS's refusals, where moto accepts a call or refuses it in other words: one module for each service."""
