"""Rigs for tests and benchmarks: a private sound server, a broker, a browser, a lifter who talks in virtual time."""
