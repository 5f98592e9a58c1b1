"""AWS WAF (WAFv2, Regional) for the stages of REST APIs; moto's keeps web ACLs, but nothing acts on them."""
