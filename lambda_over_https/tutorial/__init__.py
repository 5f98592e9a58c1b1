"""The tutorial: lessons, steps, the checks of the last step, the function's requests and logs."""
