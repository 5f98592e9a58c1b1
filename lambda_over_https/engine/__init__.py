"""Make a deployment, remove it, rebuild its journal: knows no AWS call and no terminal."""
