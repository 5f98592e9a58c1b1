"""Workers: processes of this machine that run one function each, and what is watched of them."""
