"""Benchmarks, soak, proof and fuzz tests, and rigs that they share with the tests. The product imports none of it."""
