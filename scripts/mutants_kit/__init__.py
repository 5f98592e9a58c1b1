"""``scripts/mutants``: a mutation tester (mutmut) on chosen modules, with the tests that belong to them.

The story: ``groups`` says which modules are mutated and which tests must notice. ``workshop`` makes a copy of
the checkout, has mutmut plant every fault there, and run the tests of each; ``checker`` adds what the type
checker notices. ``verdicts`` reads what became of each fault, and sorts those that nobody noticed:
``explained.toml`` says which of them change nothing that could be noticed.
"""
