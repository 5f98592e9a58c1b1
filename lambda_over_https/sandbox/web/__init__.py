"""HTTP and HTTPS on loopback."""
