"""AWS WAF (WAFv2, Regional) in front of the stages of REST APIs: web ACLs, IP sets, and what they block."""
