"""AWS's refusals where moto says yes, or says no in other words: one module a service, used by ``layer``."""
